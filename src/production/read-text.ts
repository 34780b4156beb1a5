// Text columns are cut where they are stored.

import { integer, type Sql, sql } from "../sql/index.ts";
import { maxReadLength } from "../text/index.ts";

/** A text column, cut in production. */
export function readText(column: Sql): Sql {
	return sql`substr(${column}, 1, ${integer(maxReadLength)})`;
}
