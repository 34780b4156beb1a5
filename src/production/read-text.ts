// Limits the length of text columns in the query itself.

import { integer, type Sql, sql } from "../sql/index.ts";
import { maxReadLength } from "../text/index.ts";

/** A text column, cut by production itself. */
export function readText(column: Sql): Sql {
	return sql`substr(${column}, 1, ${integer(maxReadLength)})`;
}
