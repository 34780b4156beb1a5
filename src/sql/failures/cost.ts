// A query that would take production too long.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** It would take too long, by its plan. */
export class PlanUnbounded extends Failure {
	readonly kind = "plan_unbounded";

	/**
	 * @param rows about how many rows it would visit
	 * @param scans what is read whole inside one another
	 */
	constructor(
		readonly rows: number,
		readonly scans: readonly string[],
	) {
		super();
	}

	explain(): Explanation {
		const because =
			this.scans.length === 0
				? "its parts repeat one another"
				: `${listOf(this.scans)} ${this.scans.length === 1 ? "is" : "are"} read whole inside one another`;
		return {
			problem: `It would visit about ${this.rows.toPrecision(2)} rows, since ${because}; at most 20 million are allowed.`,
			next: "Narrow each by created_at, join on an id, or count in a subquery (GROUP BY) before you join.",
		};
	}
}

function listOf(names: readonly string[]): string {
	const shown = [...new Set(names)].slice(0, 6).map((name) => quoteUntrusted(name, 40).slice(1, -1));
	return shown.join(" and ");
}
