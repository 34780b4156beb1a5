// The plan of what is sent, with the names that its text gives to tables.

import { type CompileCheck, NameMissing } from "../engine/compile-check.ts";
import type { PlanLine } from "../engine/compiled.ts";
import { SqlInvalid } from "../failures/index.ts";
import type { Source } from "../text/structure.ts";

export interface NamedPlan {
	readonly lines: readonly PlanLine[];
	/** Each table goes by the name that the text gives it there, and by no other's. */
	readonly isNamed: boolean;
}

/**
 * Through the definitions of its tables a plan knows only the tables. Of a table that is read once the name is clear;
 * otherwise the text without the definitions is planned as well, and counts where its plan is the same but for names.
 *
 * @param bare the text without the definitions
 */
export function namedPlan(
	check: CompileCheck,
	text: string,
	sources: readonly Source[],
	bare: () => string,
): NamedPlan {
	const lines = check.plan(text);
	const aliases = new Map<string, string>();
	let isOnce = true;
	for (const { kind, name, alias } of sources) {
		if (kind !== "table") continue;
		isOnce &&= !aliases.has(name.toLowerCase());
		aliases.set(name.toLowerCase(), alias ?? name);
	}
	if (isOnce)
		return {
			lines: lines.map((line) => ({ ...line, detail: renamed(line.detail, aliases) })),
			isNamed: true,
		};
	const named = planWithout(check, bare());
	if (named === undefined || shapeOf(named) !== shapeOf(lines)) return { lines, isNamed: false };
	const names = named.flatMap(({ detail }) => ofSource.exec(detail)?.[2] ?? []);
	let at = -1;
	const renaming = (_: string, verb: string) => {
		at += 1;
		return `${verb} ${names[at]}`;
	};
	return {
		lines: lines.map((line) => ({ ...line, detail: line.detail.replace(ofSource, renaming) })),
		isNamed: true,
	};
}

const ofSource = /^(BLOOM FILTER ON|SCAN|SEARCH|CO-ROUTINE|MATERIALIZE) (\S+)/;

function renamed(detail: string, aliases: ReadonlyMap<string, string>): string {
	return detail.replace(
		/^(SCAN|SEARCH) (\S+)/,
		(_, verb: string, name: string) => `${verb} ${aliases.get(name.toLowerCase()) ?? name}`,
	);
}

function planWithout(check: CompileCheck, text: string): readonly PlanLine[] | undefined {
	try {
		return check.plan(text);
	} catch (error) {
		// Without the definitions a name may be ambiguous.
		if (error instanceof NameMissing || error instanceof SqlInvalid) return undefined;
		throw error;
	}
}

/** What has to exist may be a loop in one of the plans, and a subquery in the other. */
function shapeOf(plan: readonly PlanLine[]): string {
	return plan
		.map(({ detail }) =>
			detail
				.replace(/SUBQUERY \d+/, "SUBQUERY")
				.replace(ofSource, "$1")
				.replace(/^(SCAN|SEARCH) EXISTS/, "CORRELATED SCALAR SUBQUERY\n$1"),
		)
		.join("\n");
}
