// Keyset paging by time and id.

import type { Row } from "../source/index.ts";
import { number, type Sql, sql, text } from "../sql/index.ts";

/** Where a page ended: the stored time and the id of its last row. */
export interface Position {
	readonly at: string | number;
	readonly id: string;
}

export type Order = "newest" | "oldest";

/** A row's position in the order of time and id; the query must select `stored` and `id`. */
export function positionOf(row: Row): Position {
	return { at: typeof row.stored === "number" ? row.stored : String(row.stored), id: String(row.id) };
}

/**
 * The rows after a position, in the order of time and id, so that rows of the same second are neither lost nor repeated;
 * empty without a position. The first comparison is by time alone, for which the index is used.
 */
export function beyond(table: Sql, order: Order, after: Position | undefined): Sql {
	if (after === undefined) return sql``;
	const at = typeof after.at === "number" ? number(after.at) : text(after.at);
	const id = text(after.id);
	return order === "newest"
		? sql` AND ${table}.created_at <= ${at} AND (${table}.created_at < ${at} OR ${table}.id < ${id})`
		: sql` AND ${table}.created_at >= ${at} AND (${table}.created_at > ${at} OR ${table}.id > ${id})`;
}
