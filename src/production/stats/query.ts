import { integer, join, type Sql, sql } from "../../sql/sql.ts";
import { epochSeconds, instant, type TimeStorage } from "../../sql/time.ts";
import { column, type Dimension, type EventFilters, eventColumns, eventConditions } from "../filters.ts";
import type { Window } from "../window.ts";

export interface StatsQuery {
	readonly window: Window;
	readonly previous: Window;
	readonly filters: EventFilters;
	readonly groupBy: readonly Dimension[];
	/** Groups to return. */
	readonly limit: number;
	readonly storage: TimeStorage;
}

/** Codes whose events are looked at for who and what is behind them. */
export const examinedCodes = 10;

const e = sql`e`;

/** An empty text is as good as none. */
function value(dimension: Dimension): Sql {
	const of = column(e, eventColumns[dimension]);
	return dimension === "http_status" ? of : sql`nullif(${of}, '')`;
}

/**
 * Everything but the timeline in one pass over both windows: events are first counted by what tells them apart
 * (`base`), and all else is made from those counts.
 *
 * Rows come tagged: `total` (one), `group`, `code` (the most frequent), and for those codes `by user`,
 * `by session`, `by organization`: who has most of it. In `n` stands the window's count, in `m` the previous window's,
 * in `g` that of all the time from the previous window's start to this one's.
 *
 * The API refuses a text that begins with WITH, and takes one inside a SELECT.
 */
export function statsQuery({ window, previous, filters, groupBy, limit, storage }: StatsQuery): Sql {
	const at = sql`e.created_at`;
	const [from, to] = [instant(storage, window.from), instant(storage, window.to)];
	const [earliest, before] = [instant(storage, previous.from), instant(storage, previous.to)];
	const first = groupBy[0] ?? "error_code";
	const second = groupBy[1];
	const d1 = value(first);
	const d2 = second === undefined ? sql`NULL` : value(second);
	const keys = [d1, ...(second === undefined ? [] : [d2])];
	const details = (["error_code", "session", "user", "organization", "skill", "provider"] as const).map(
		value,
	);
	const base = sql`SELECT ${d1} AS d1, ${d2} AS d2, ${join(
		details.map((detail, index) => sql`${detail} AS ${detailNames[index] ?? sql``}`),
		", ",
	)}, sum(${at} >= ${from}) AS n, sum(${at} < ${before}) AS m, sum(${at} < ${from}) AS g, min(CASE WHEN ${at} >= ${from} THEN ${at} END) AS f, max(CASE WHEN ${at} >= ${from} THEN ${at} END) AS l FROM error_events AS e WHERE ${at} >= ${earliest} AND ${at} < ${to}${eventConditions(filters, e)} GROUP BY ${join([...keys, ...details], ", ")}`;
	const seconds = (of: Sql) => epochSeconds(storage, of);
	return sql`SELECT * FROM (WITH base AS MATERIALIZED (${base}), groups AS (SELECT d1, d2, sum(n) AS n, sum(m) AS m, sum(g) AS g, count(DISTINCT CASE WHEN n > 0 THEN s END) AS sessions, count(DISTINCT CASE WHEN n > 0 THEN u END) AS users, min(f) AS f, max(l) AS l FROM base GROUP BY d1, d2 HAVING sum(n) > 0), leading AS (SELECT * FROM groups ORDER BY n DESC, d1, d2 LIMIT ${integer(limit)}), codes AS (SELECT c, sum(n) AS n, sum(m) AS m, sum(g) AS g FROM base GROUP BY c HAVING sum(n) > 0 ORDER BY 2 DESC, c LIMIT ${integer(examinedCodes)}) ${join(
		[
			sql`SELECT 'total' AS kind, NULL AS d1, NULL AS d2, coalesce(sum(n), 0) AS n, coalesce(sum(m), 0) AS m, (SELECT count(*) FROM groups) AS g, count(DISTINCT CASE WHEN n > 0 THEN s END) AS sessions, count(DISTINCT CASE WHEN n > 0 THEN u END) AS users, count(DISTINCT CASE WHEN n > 0 THEN o END) AS x, count(DISTINCT CASE WHEN n > 0 THEN c END) AS y, NULL AS first_seen, NULL AS last_seen FROM base`,
			sql`SELECT 'group', w.d1, w.d2, w.n, w.m, w.g, w.sessions, w.users, ${top(sql`k`)}, ${top(sql`p`)}, ${seconds(sql`w.f`)}, ${seconds(sql`w.l`)} FROM leading AS w`,
			sql`SELECT 'code', c, NULL, n, m, g, NULL, NULL, NULL, NULL, NULL, NULL FROM codes`,
			most(sql`'by user'`, sql`u`),
			most(sql`'by session'`, sql`s`),
			most(sql`'by organization'`, sql`o`),
			most(sql`'by skill'`, sql`k`),
			most(sql`'by provider'`, sql`p`),
		],
		" UNION ALL ",
	)}) LIMIT ${integer(maxStatsRows(limit))}`;
}

const detailNames = [sql`c`, sql`s`, sql`u`, sql`o`, sql`k`, sql`p`];

/** The value of `of` that most of a group's events have; the first by name among equals. */
function top(of: Sql): Sql {
	return sql`(SELECT b.${of} FROM base AS b WHERE b.d1 IS w.d1 AND b.d2 IS w.d2 AND b.n > 0 AND b.${of} IS NOT NULL GROUP BY b.${of} ORDER BY sum(b.n) DESC, b.${of} LIMIT 1)`;
}

/** For each examined code, the one that has most of its events (n), of how many others there are (m: its events of all codes). */
function most(kind: Sql, of: Sql): Sql {
	return sql`SELECT ${kind}, c, ${of}, n, (SELECT sum(b.n) FROM base AS b WHERE b.${of} IS ranked.${of}), NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM (SELECT c, ${of}, sum(n) AS n, row_number() OVER (PARTITION BY c ORDER BY sum(n) DESC, ${of}) AS place FROM base WHERE n > 0 AND c IN (SELECT c FROM codes) GROUP BY c, ${of}) AS ranked WHERE place = 1 AND ${of} IS NOT NULL`;
}

/** The most rows that `statsQuery` yields. */
export function maxStatsRows(limit: number): number {
	return 1 + limit + examinedCodes * 6;
}

/**
 * Events by code and bucket of `width` seconds, a row a code: `offset:count` pairs, the offset in buckets from `from`.
 * So a day of five-minute buckets of all codes is one short answer.
 *
 * @param from epoch seconds; the window of the series may begin before the one that is asked about
 */
export function seriesQuery(
	series: { readonly from: number; readonly to: number; readonly width: number },
	filters: EventFilters,
	storage: TimeStorage,
): Sql {
	const { from, to, width } = series;
	const first = Math.floor(from / width);
	const bucket = sql`${epochSeconds(storage, sql`e.created_at`)} / ${integer(width)} - ${integer(first)}`;
	return sql`SELECT code, group_concat(bucket || ':' || n, ' ') AS series FROM (SELECT e.error_code AS code, ${bucket} AS bucket, count(*) AS n FROM error_events AS e WHERE e.created_at >= ${instant(storage, from)} AND e.created_at < ${instant(storage, to)}${eventConditions(filters, e)} GROUP BY 1, 2) GROUP BY code ORDER BY sum(n) DESC, code LIMIT ${integer(maxSeries)}`;
}

/** Codes of which a series is read: the server accepts 25, and a code it does not know yet must still be shown. */
export const maxSeries = 200;
