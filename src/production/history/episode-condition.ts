// Whether an event is of an episode's code and part, in SQL.

import type { CodeEpisode } from "../../episodes/index.ts";
import { integer, join, name, type Sql, sql, text } from "../../sql/index.ts";
import { eventColumns } from "../filters.ts";

/** On error_events as `e`. The pluses keep SQLite from an index on a column other than the time. */
export function episodeCondition({ code, where = [] }: Pick<CodeEpisode, "code" | "where">): Sql {
	return sql`+e.error_code = ${text(code)}${join(
		where.map(({ dimension, value }) =>
			dimension === "http_status" && /^-?\d{1,9}$/.test(value)
				? sql` AND +e.http_status = ${integer(Number(value))}`
				: sql` AND +e.${name(eventColumns[dimension])} = ${text(value)}`,
		),
		"",
	)}`;
}
