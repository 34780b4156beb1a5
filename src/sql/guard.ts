import { Failure } from "../failure.ts";
import type { CheckedSelect } from "./checked-select.ts";
import type { Sql } from "./sql.ts";

/** A query of ours does not keep our own rules: a fault of this server. */
export class OwnQueryUnsound extends Failure {
	readonly kind = "own_query_unsound";
	constructor(readonly problem: string) {
		super(`own query: ${problem}`);
	}
}

export interface OwnQueryOptions {
	/** The most rows that the query's own outer LIMIT may let through. */
	readonly maxRows: number;
	readonly signal: AbortSignal;
	/** Withheld columns that this query may read for an exact look-up, as `table.column`. */
	readonly reads?: readonly string[];
}

/** Judges SQL before it is sent. It alone makes a `CheckedSelect`. */
export interface Guard {
	/**
	 * Lets a query pass that this server built with the `sql` template.
	 *
	 * @throws {OwnQueryUnsound}
	 */
	checkOwn(query: Sql, options: OwnQueryOptions): Promise<CheckedSelect>;
}

/**
 * The guard for our own queries. Their values are escaped literals by construction (`Sql`); what is left to
 * check is that the query is a SELECT and bounds itself: a `LIMIT` inside a subquery stops the server from
 * appending its own, and then nothing bounds the result.
 */
export function createGuard(): Guard {
	return {
		async checkOwn(query, { maxRows }) {
			if (!/^SELECT\b/.test(query)) throw new OwnQueryUnsound("it does not start with SELECT");
			const limit = /\bLIMIT (\d{1,6})$/.exec(query)?.[1];
			if (limit === undefined) throw new OwnQueryUnsound("it has no outer LIMIT of its own");
			if (Number(limit) > maxRows) throw new OwnQueryUnsound(`its LIMIT ${limit} is over ${maxRows}`);
			return { text: query, columns: [], maxRows } as unknown as CheckedSelect;
		},
	};
}
