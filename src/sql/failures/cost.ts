// A query that would take production too long.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

export interface Cost {
	/** About how long production would work, on the safe side. */
	readonly seconds: number;
	/** About how much it would keep at once. */
	readonly bytes: number;
	/** What is read whole. */
	readonly scans: readonly string[];
	/** Each large table that it reads has a window on created_at. */
	readonly isWindowed?: boolean;
	/** It reads a table under two names. */
	readonly isPaired?: boolean;
	/** How much more a production of this size is asked to do than an ordinary one. */
	readonly allowance: number;
	/** Where recursions have no LIMIT: the cost is that of so many rows of each. */
	readonly unlimited?: { readonly names: readonly string[]; readonly rows: number } | undefined;
}

const forAll = "Put a window on created_at (> unixepoch('now', '-1 day')) of each table.";
const forMemory = "Name fewer columns, or count in a subquery (GROUP BY) before you sort or join.";
const forTime =
	"Group before you join, and in place of a subquery that runs for each row: JOIN (SELECT user_id, count(*) AS n, min(created_at) AS since FROM error_events GROUP BY user_id) x ON x.user_id = u.id.";
const forPairs =
	"Rows of one table that follow one another need no join: lag(x) OVER (PARTITION BY y ORDER BY created_at).";

/** It would take too long, by its plan. */
export class PlanUnbounded extends Failure {
	readonly kind = "plan_unbounded";

	constructor(readonly cost: Cost) {
		super();
	}

	explain(): Explanation {
		const { seconds, bytes, scans, allowance, unlimited, isWindowed = false, isPaired = false } = this.cost;
		const isMemory = bytes / 64e6 > seconds / 2;
		const cost = isMemory ? `keep up to ${rough(bytes / 1e6)} MB at once` : `take up to ${rough(seconds)} s`;
		const because = scans.length === 0 ? "its parts repeat one another" : `it reads all of ${listOf(scans)}`;
		const allowed = `about ${rough(2 * allowance)} s and ${rough(64 * allowance)} MB are allowed`;
		if (unlimited !== undefined)
			return {
				problem: `The recursion ${listOf(unlimited.names)} has no LIMIT, so how many rows it makes is not known; even with ${unlimited.rows} production might ${cost}, since ${because}; ${allowed}.`,
				next: "Put LIMIT n, as many rows as you need, at the end of the recursive SELECT inside its parentheses (a WHERE on its counter is not enough), and count in a subquery (GROUP BY) before you join it.",
			};
		return {
			problem: `Production might ${cost} for it, since ${because}; ${allowed}.`,
			next: [
				...(isWindowed ? [] : [forAll]),
				isMemory ? forMemory : forTime,
				...(isPaired && !isMemory ? [forPairs] : []),
			].join(" "),
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
