// The SQL of error_stats: all of its numbers in one query.

import {
	epochSeconds,
	instant,
	integer,
	join,
	name,
	type Sql,
	sql,
	type TimeStorage,
} from "../../sql/index.ts";
import { column, type Dimension, type EventFilters, eventColumns, eventConditions } from "../filters.ts";
import type { Window } from "../window.ts";
import { echoRows, echoTables, maxEchoes } from "./echoes-query.ts";
import type { SeriesPlan } from "./series.ts";
import { maxShareRows, shareRows, shareTable } from "./shares-query.ts";

export interface StatsQuery {
	readonly window: Window;
	readonly previous: Window;
	readonly filters: EventFilters;
	readonly groupBy: readonly Dimension[];
	/** Groups to return. */
	readonly limit: number;
	readonly storage: TimeStorage;
	readonly series: SeriesPlan;
	/** Epoch seconds: what is dated at or after it is dated in the future. */
	readonly future: number;
}

/** Codes that are listed one by one, the most frequent first: the server accepts 25, and may hold others. */
const maxCodes = 60;

/** Codes of which a series is read: the server accepts 25, and a code it does not know yet must still be shown. */
const maxSeries = 200;

/** What has few values: sessions and users have many. */
const few: readonly Dimension[] = ["error_code", "skill", "provider", "organization"];

const e = sql`e`;
const at = sql`e.created_at`;
/** Of ticks in phases 1 and 2. */
const earlier = sql`sum(CASE WHEN phase = 1 THEN n END) AS m, sum(n) AS g`;

/**
 * Everything in two passes over the index on `created_at`, and all else from what they counted.
 *
 * `ticks` counts both windows by bucket and group, distinguished by `phase`: 1 is the previous window, 2
 * what lies between it and this one, 3 the window. `base` counts the window by everything that distinguishes events,
 * `kinds` the same without sessions and users, which are many. `shares` has how many events of a code each user, session,
 * organization, skill and provider has. The unary plus keeps SQLite from making an index for a handful of look-ups.
 *
 * Rows come tagged: `total` (one), `future` (one), `group`, `code` (the most frequent), `by user` … `by provider` (what
 * holds a third of such a code), `echo`, `series`. In `n` stands the window's count, in `m` the previous window's (of
 * `by …`: its events of all codes), in `g` that of all the time from the previous window's start to this one's. `x` and `y`
 * of a group are its most frequent skill and provider, none counted as one, with their events in `xn` and `yn`.
 *
 * The API refuses a text that begins with WITH, and takes one inside a SELECT.
 */
export function statsQuery(query: StatsQuery): Sql {
	const { limit, storage, filters, future } = query;
	const [first, second] = query.groupBy;
	const seconds = (of: Sql) => epochSeconds(storage, of);
	const branches = [
		sql`SELECT 'total' AS kind, NULL AS d1, NULL AS d2, (SELECT coalesce(sum(n), 0) FROM kinds) AS n, (SELECT coalesce(sum(n), 0) FROM ticks WHERE phase = 1) AS m, (SELECT count(*) FROM groups) AS g, ${distinct(sql`'session'`)} AS sessions, ${distinct(sql`'user'`)} AS users, ${distinct(sql`'organization'`)} AS x, (SELECT count(DISTINCT c) FROM kinds) AS y, (SELECT coalesce(sum(n), 0) FROM base WHERE u IS NULL) AS xn, NULL AS yn, NULL AS first_seen, NULL AS last_seen`,
		sql`SELECT 'future', NULL, NULL, count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM error_events AS e WHERE ${at} >= ${instant(storage, future)}${eventConditions(filters, e)}`,
		sql`SELECT 'group', ${shown(first, sql`w.d1`)}, ${shown(second, sql`w.d2`)}, w.n, coalesce(before.m, 0), coalesce(before.g, 0), counted.sessions, counted.users, skills.v, providers.v, skills.n, providers.n, ${seconds(sql`w.f`)}, ${seconds(sql`w.l`)} FROM (SELECT * FROM groups ORDER BY n DESC, d1, d2 LIMIT ${integer(limit)}) AS w${join(
			["before", "counted", "skills", "providers"].map(joined),
			"",
		)}`,
		sql`SELECT 'code', codes.c, NULL, codes.n, coalesce(t.m, 0), coalesce(t.g, 0), whose.sessions, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM codes LEFT JOIN (SELECT c, count(DISTINCT s) AS sessions FROM base GROUP BY c) AS whose ON whose.c = codes.c LEFT JOIN (SELECT c, ${earlier} FROM ticks WHERE phase IN (1, 2) GROUP BY c) AS t ON t.c = codes.c`,
		shareRows(organizationName),
		echoRows(),
		sql`SELECT 'series', c, NULL, sum(n), NULL, NULL, NULL, NULL, group_concat(slot || ':' || n, ' '), NULL, NULL, NULL, NULL, NULL FROM (SELECT c, slot, sum(n) AS n FROM ticks WHERE phase = 3 GROUP BY slot, c) GROUP BY c`,
	];
	return sql`SELECT * FROM (WITH ${join(counts(query), ", ")} ${join(branches, " UNION ALL ")}) LIMIT ${integer(maxStatsRows(limit))}`;
}

/** The most rows that `statsQuery` yields. */
export function maxStatsRows(limit: number): number {
	return 2 + limit + maxEchoes + maxCodes * (1 + maxShareRows) + maxSeries;
}

/** The tables that the answer is made of. */
function counts({ window, previous, filters, groupBy, storage, series }: StatsQuery): readonly Sql[] {
	const [from, to] = [instant(storage, window.from), instant(storage, window.to)];
	const [earliest, before] = [instant(storage, previous.from), instant(storage, previous.to)];
	const within = (start: Sql) => sql`${at} >= ${start} AND ${at} < ${to}${eventConditions(filters, e)}`;
	const slot = sql`${epochSeconds(storage, at)} / ${integer(series.width)} - ${integer(series.start / series.width)}`;
	const keys = keyColumns(groupBy, ["error_code"]);
	const details = keyColumns(groupBy, ["session", "user", ...few]);
	const kinds = [
		sql`k, p, o, c`,
		...(["d1", "d2"] as const).flatMap((key, index) => {
			const dimension = groupBy[index];
			return dimension === undefined || few.includes(dimension) ? [] : [name(key)];
		}),
	];
	const pair = sql`${keyed(groupBy[0])} AS d1, ${keyed(groupBy[1])} AS d2, ${keyed("error_code")} AS c`;
	return [
		sql`ticks AS MATERIALIZED (SELECT slot, phase, ${pair}, n FROM (SELECT ${slot} AS slot, (${at} >= ${earliest}) + (${at} >= ${before}) + (${at} >= ${from}) AS phase, ${join(keys, ", ")}, count(*) AS n FROM error_events AS e WHERE ${within(earliest)} GROUP BY slot, phase, ${join(keys, ", ")}))`,
		sql`base AS MATERIALIZED (SELECT ${pair}, ${keyed("session")} AS s, ${keyed("user")} AS u, ${keyed("skill")} AS k, ${keyed("provider")} AS p, ${keyed("organization")} AS o, n, f, l FROM (SELECT ${join(details, ", ")}, count(*) AS n, min(${at}) AS f, max(${at}) AS l FROM error_events AS e WHERE ${within(from)} GROUP BY ${join(details, ", ")}))`,
		sql`kinds AS MATERIALIZED (SELECT d1, d2, c, k, p, o, sum(n) AS n, min(f) AS f, max(l) AS l FROM base GROUP BY ${join(kinds, ", ")})`,
		shareTable(),
		...echoTables(filters, window, storage),
		sql`groups AS MATERIALIZED (SELECT d1, d2, sum(n) AS n, min(f) AS f, max(l) AS l FROM kinds GROUP BY d1, d2)`,
		sql`codes AS MATERIALIZED (SELECT c, sum(n) AS n FROM kinds WHERE c IS NOT NULL GROUP BY c ORDER BY 2 DESC, c LIMIT ${integer(maxCodes)})`,
		sql`before AS (SELECT d1, d2, ${earlier} FROM ticks WHERE phase IN (1, 2) GROUP BY d1, d2)`,
		sql`counted AS (SELECT d1, d2, count(DISTINCT s) AS sessions, count(DISTINCT u) AS users FROM base GROUP BY d1, d2)`,
		sql`skills AS (${top(sql`k`)})`,
		sql`providers AS (${top(sql`p`)})`,
	];
}

/** The columns to group by, each once, as error_events names them. */
function keyColumns(groupBy: readonly Dimension[], others: readonly Dimension[]): readonly Sql[] {
	return [...new Set([...others, ...groupBy])].map((dimension) => column(e, eventColumns[dimension]));
}

/** A grouped column; an empty text is as good as none. */
function keyed(dimension: Dimension | undefined): Sql {
	if (dimension === undefined) return sql`NULL`;
	const of = name(eventColumns[dimension]);
	return dimension === "http_status" ? of : sql`nullif(${of}, '')`;
}

/** One row a group: the value that most of its events have, none counted as one; the first by name among equals, none last. */
function top(of: Sql): Sql {
	return sql`SELECT d1, d2, v, n FROM (SELECT d1, d2, ${of} AS v, sum(n) AS n, row_number() OVER (PARTITION BY d1, d2 ORDER BY sum(n) DESC, ${of} IS NULL, ${of}) AS place FROM kinds GROUP BY d1, d2, ${of}) WHERE place = 1`;
}

/** NULL is a group too. */
function joined(table: string): Sql {
	const of = name(table);
	return sql` LEFT JOIN ${of} ON ${of}.d1 IS w.d1 AND ${of}.d2 IS w.d2`;
}

function distinct(kind: Sql): Sql {
	return sql`(SELECT count(DISTINCT v) FROM shares WHERE kind = ${kind})`;
}

/** Organizations are shown by name. */
function shown(dimension: Dimension | undefined, of: Sql): Sql {
	return dimension === "organization" ? organizationName(of) : of;
}

export function organizationName(id: Sql): Sql {
	return sql`coalesce((SELECT nullif(o.name, '') FROM organizations AS o WHERE o.id = ${id}), ${id})`;
}
