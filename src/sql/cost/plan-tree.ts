// Reads the lines of a plan as the tree that they are.
import type { PlanLine } from "../engine/compiled.ts";

/** The common table expressions that a plan runs recursively. */
export function recursiveIn(plan: readonly PlanLine[]): readonly string[] {
	return plan
		.filter(({ detail }) => detail === "RECURSIVE STEP")
		.map(({ parent }) => plan.find(({ id }) => id === parent)?.detail.split(" ")[1] ?? "");
}

/** Whether a plan goes through the elements of a JSON text. */
export function readsElements(plan: readonly PlanLine[]): boolean {
	return plan.some(({ detail }) => detail.includes(" VIRTUAL TABLE "));
}

export interface Node extends PlanLine {
	readonly children: readonly Node[];
}

export function tree(plan: readonly PlanLine[]): readonly Node[] {
	const children = (parent: number): readonly Node[] =>
		plan.filter((line) => line.parent === parent).map((line) => ({ ...line, children: children(line.id) }));
	return children(0);
}

/** What EXCEPT and INTERSECT leave of the arms before them is not more than those had. */
export function rowsOfArms(detail: string, arms: readonly Node[], counts: readonly number[]): number {
	const isMerged = detail.startsWith("MERGE");
	return counts.reduce((rows, count, at) => {
		const operator = isMerged ? detail : (arms[at]?.detail ?? "");
		if (at === 0 || !/^(?:MERGE \()?(?:EXCEPT|INTERSECT)/.test(operator)) return rows + count;
		return operator.includes("EXCEPT") ? rows : Math.min(rows, count);
	}, 0);
}
