// The SQL that compares two episodes: the people and the parts that they share.

import type { CodeEpisode } from "../../episodes/index.ts";
import { integer, join, name, type Sql, sql, type TimeStorage, text } from "../../sql/index.ts";
import { eventColumns, inWindow } from "../filters.ts";
import { episodeCondition } from "./episode-condition.ts";

export interface EpisodePair {
	readonly one: CodeEpisode;
	readonly other: CodeEpisode;
}

/** Values of a dimension that are compared, the most frequent of the two episodes. */
const maxValues = 20;
/** What is compared of a long trouble: its first day. */
const maxSeconds = 86_400;

export const sharedDimensions = ["skill", "provider", "organization"] as const;

/** The most rows that so many pairs yield. */
export function pairRows(pairs: number): number {
	return pairs * (2 + sharedDimensions.length * maxValues);
}

/**
 * Rows are tagged by `pair` and `kind`. `users` and `sessions`: how many have any error in the time of both (n), one of
 * the first code (a), of the second (b), of both (ab), and in how many the first or the second comes first. A dimension:
 * a value, its events of the first code, of the second, and of all others.
 */
export function pairsQuery(pairs: readonly EpisodePair[], storage: TimeStorage): Sql {
	const branches = pairs.flatMap((pair, index) => {
		const { one, other } = pair;
		const from = Math.min(one.since, other.since);
		const last = Math.max(one.spans.at(-1)?.to ?? one.since, other.spans.at(-1)?.to ?? other.since);
		const to = Math.min(last, from + maxSeconds);
		const within = inWindow({ from, to }, storage, sql`e`);
		const a = sql`coalesce(${episodeCondition(one)}, 0)`;
		const b = sql`coalesce(${episodeCondition(other)}, 0)`;
		return [
			...(["user", "session"] as const).map((dimension) => {
				const of = sql`e.${name(eventColumns[dimension])}`;
				const by = sql`SELECT max(${a}) AS a, max(${b}) AS b, min(CASE WHEN ${a} THEN e.created_at END) AS ta, min(CASE WHEN ${b} THEN e.created_at END) AS tb FROM error_events AS e WHERE ${within} AND ${of} <> '' GROUP BY ${of}`;
				const kind = dimension === "user" ? sql`'users'` : sql`'sessions'`;
				return sql`SELECT ${integer(index)} AS pair, ${kind} AS kind, NULL AS v, count(*) AS n, coalesce(sum(a), 0) AS a, coalesce(sum(b), 0) AS b, coalesce(sum(a AND b), 0) AS ab, coalesce(sum(a AND b AND ta < tb), 0) AS a_first, coalesce(sum(a AND b AND tb < ta), 0) AS b_first FROM (${by})`;
			}),
			...sharedDimensions.map((dimension) => {
				const of = sql`e.${name(eventColumns[dimension])}`;
				return sql`SELECT * FROM (SELECT ${integer(index)}, ${text(dimension)}, ${of}, sum(NOT ${a} AND NOT ${b}), sum(${a}) AS a, sum(${b}) AS b, 0, 0, 0 FROM error_events AS e WHERE ${within} GROUP BY ${of} ORDER BY a + b DESC, 3 LIMIT ${integer(maxValues)})`;
			}),
		];
	});
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(pairRows(pairs.length))}`;
}
