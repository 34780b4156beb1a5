// A query that would take production too long.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** It would take too long, by its plan. */
export class PlanUnbounded extends Failure {
	readonly kind = "plan_unbounded";

	/**
	 * @param seconds about how long production would work, on the safe side
	 * @param bytes about how much it would keep at once
	 * @param scans what is read whole
	 */
	constructor(
		readonly seconds: number,
		readonly bytes: number,
		readonly scans: readonly string[],
		/** How much more a production of this size is asked to do than an ordinary one. */
		readonly allowance = 1,
	) {
		super();
	}

	explain(): Explanation {
		const { seconds, bytes, scans, allowance } = this;
		const isMemory = bytes / 64e6 > seconds / 2;
		const cost = isMemory ? `keep up to ${rough(bytes / 1e6)} MB at once` : `take up to ${rough(seconds)} s`;
		const because = scans.length === 0 ? "its parts repeat one another" : `it reads all of ${listOf(scans)}`;
		return {
			problem: `Production might ${cost} for it, since ${because}; about ${rough(2 * allowance)} s and ${rough(64 * allowance)} MB are allowed.`,
			next: isMemory
				? "Put a window on created_at (> unixepoch('now', '-1 day')), name fewer columns, or count in a subquery (GROUP BY) before you sort or join."
				: "Put a window on created_at (> unixepoch('now', '-1 day')) of each table, join on an id, or count in a subquery (GROUP BY) before you join.",
		};
	}
}

/** Two digits, and no exponent up to a billion. */
function rough(value: number): string {
	return Number(value.toPrecision(2)).toString();
}

function listOf(names: readonly string[]): string {
	const shown = [...new Set(names)].slice(0, 6).map((name) => quoteUntrusted(name, 40).slice(1, -1));
	return shown.join(" and ");
}
