// The SQL that feeds the search for episodes: events by hour for each code, and for those of its parts that moved.

import {
	epochSeconds,
	instant,
	integer,
	join,
	name,
	type Sql,
	sql,
	type TimeStorage,
	text,
} from "../../sql/index.ts";
import { eventColumns } from "../filters.ts";

/** The dimensions that may single out a part of a code. */
export const partDimensions = ["skill", "provider", "action", "http_status", "organization"] as const;
export type PartDimension = (typeof partDimensions)[number];

export const hourSeconds = 3600;
export const fineSeconds = 300;
/** Codes of which counts are read, the most frequent first. */
const maxCodes = 100;
/** Parts whose hours are read, those that moved most first. */
const maxParts = 60;
/** Parts that did not move, of which only the busiest hour is read. */
const maxQuiet = 300;
/** A part of fewer events cannot be an episode of its own. */
const leastEvents = 20;
/** An hour of fewer events of a part is not remarkable. */
export const leastHour = 8;

export interface HistorySpan {
	readonly storage: TimeStorage;
	/** Epoch seconds, a whole hour: where the counts begin. */
	readonly from: number;
	/** Epoch seconds, excluded. */
	readonly to: number;
	/** Epoch seconds, a whole hour: from here on there are counts of five minutes too. */
	readonly fineFrom: number;
}

/** The most rows that a query of this file yields. */
export const maxHistoryRows = 2 * maxCodes + maxParts + maxQuiet;

const at = sql`e.created_at`;

/**
 * All of the history. Rows are tagged by `kind`: `hours` and `fine` (a code, its counts), `part` (a code, a dimension,
 * a value, its counts by hour) and `quiet` (the same with the busiest hour's count). Counts are `place:count` pairs;
 * a place counts hours, or five minutes, from `from` and `fineFrom`.
 *
 * A part is read where a day has over twice the events of its ordinary day (the 40th percentile, which week-ends and
 * an episode of a week leave alone), or an hour thrice those of an ordinary hour: 1.6 times is the top of a day's shape.
 */
export function historyQuery(span: HistorySpan): Sql {
	const days = Math.max(1, Math.ceil((span.to - span.from) / (24 * hourSeconds)));
	const ordinary = Math.max(1, Math.floor(days * 0.4));
	const tables = [
		...cellTables(span),
		sql`days AS MATERIALIZED (SELECT c, d, v, h / 24 AS y, sum(n) AS n, max(n) AS top FROM cells GROUP BY c, d, v, h / 24)`,
		// Days without an event have no row; they come before all others.
		sql`ranked AS (SELECT c, d, v, n, top, ${integer(days)} - count(*) OVER (PARTITION BY c, d, v) + row_number() OVER (PARTITION BY c, d, v ORDER BY n) AS place FROM days)`,
		sql`measured AS (SELECT c, d, v, sum(n) AS total, max(n) AS top_day, max(top) AS top_hour, coalesce(max(CASE WHEN place <= ${integer(ordinary)} THEN n END), 0) AS usual FROM ranked GROUP BY c, d, v)`,
		sql`moved AS MATERIALIZED (SELECT c, d, v, top_hour, usual, total >= ${integer(leastEvents)} AND (top_day > 2 * usual + 8 OR top_hour > usual / 8 + 6) AS has_moved FROM measured)`,
		sql`chosen AS MATERIALIZED (SELECT c, d, v FROM moved WHERE has_moved ORDER BY top_hour * 24.0 / (usual + 8) DESC, c, d, v LIMIT ${integer(maxParts)})`,
	];
	const rows = [
		...codeRows(span),
		sql`SELECT 'part', c, d, v, group_concat(h || ':' || n, ' ') FROM (SELECT cells.c, cells.d, cells.v, h, n FROM chosen JOIN cells ON cells.c = chosen.c AND cells.d = chosen.d AND cells.v = chosen.v) GROUP BY c, d, v`,
		sql`SELECT * FROM (SELECT 'quiet', c, d, v, top_hour FROM moved WHERE NOT has_moved AND top_hour >= ${integer(leastHour)} ORDER BY top_hour DESC LIMIT ${integer(maxQuiet)})`,
	];
	return assembled(tables, rows);
}

/** What came since: the same without a choice of parts, for some hours at most. */
export function newsQuery(span: HistorySpan): Sql {
	const rows = [
		...codeRows(span),
		sql`SELECT * FROM (SELECT 'part', c, d, v, group_concat(h || ':' || n, ' ') FROM cells GROUP BY c, d, v ORDER BY sum(n) DESC, c, d, v LIMIT ${integer(maxParts + maxQuiet)})`,
	];
	return assembled(cellTables(span), rows);
}

function assembled(tables: readonly Sql[], rows: readonly Sql[]): Sql {
	return sql`SELECT * FROM (WITH ${join(tables, ", ")} ${join(rows, " UNION ALL ")}) LIMIT ${integer(maxHistoryRows)}`;
}

/** `base` counts by everything that distinguishes events; `cells` by the hour and one dimension each. */
function cellTables({ storage, from, to }: HistorySpan): readonly Sql[] {
	const within = sql`${at} >= ${instant(storage, from)} AND ${at} < ${instant(storage, to)}`;
	const columns = partDimensions.map((dimension) => sql`e.${name(eventColumns[dimension])}`);
	const hour = placeOf(storage, from, hourSeconds);
	return [
		sql`base AS MATERIALIZED (SELECT h, error_code AS c, ${join(
			partDimensions.map((dimension) => name(eventColumns[dimension])),
			", ",
		)}, n FROM (SELECT ${hour} AS h, e.error_code, ${join(columns, ", ")}, count(*) AS n FROM error_events AS e WHERE ${within} AND e.error_code <> '' GROUP BY ${hour}, e.error_code, ${join(columns, ", ")}))`,
		sql`cells AS MATERIALIZED (${join(partDimensions.map(cellsOf), " UNION ALL ")})`,
	];
}

function cellsOf(dimension: PartDimension): Sql {
	const of = name(eventColumns[dimension]);
	return sql`SELECT c, ${text(dimension)} AS d, ${of} AS v, h, sum(n) AS n FROM base WHERE ${of} <> '' GROUP BY c, ${of}, h`;
}

/** Counts of codes by hour, and by five minutes since `fineFrom`. */
function codeRows({ storage, to, fineFrom }: HistorySpan): readonly Sql[] {
	const slot = placeOf(storage, fineFrom, fineSeconds);
	return [
		sql`SELECT 'hours' AS kind, c, NULL AS d, NULL AS v, group_concat(h || ':' || n, ' ') AS counts FROM (SELECT c, h, sum(n) AS n FROM base WHERE c IN (SELECT c FROM base GROUP BY c ORDER BY sum(n) DESC, c LIMIT ${integer(maxCodes)}) GROUP BY c, h) GROUP BY c`,
		sql`SELECT * FROM (SELECT 'fine', c, NULL, NULL, group_concat(slot || ':' || n, ' ') FROM (SELECT e.error_code AS c, ${slot} AS slot, count(*) AS n FROM error_events AS e WHERE ${at} >= ${instant(storage, fineFrom)} AND ${at} < ${instant(storage, to)} AND e.error_code <> '' GROUP BY e.error_code, ${slot}) GROUP BY c ORDER BY sum(n) DESC, c LIMIT ${integer(maxCodes)})`,
	];
}

function placeOf(storage: TimeStorage, from: number, width: number): Sql {
	return sql`${epochSeconds(storage, at)} / ${integer(width)} - ${integer(from / width)}`;
}

/** A series whose five-minute counts are wanted around some instants. */
export interface FineWish {
	readonly code: string;
	readonly parts: readonly { readonly dimension: PartDimension; readonly value: string }[];
	/** Epoch seconds, whole hours. */
	readonly from: number;
	readonly to: number;
}

/** Five-minute counts of some stretches: one row each, numbered. */
export function fineQuery(wishes: readonly FineWish[], storage: TimeStorage): Sql {
	const branches = wishes.map(({ code, parts, from, to }, index) => {
		const slot = placeOf(storage, from, fineSeconds);
		const conditions = parts.map(
			({ dimension, value }) => sql` AND e.${name(eventColumns[dimension])} = ${valueSql(dimension, value)}`,
		);
		return sql`SELECT ${integer(index)} AS number, group_concat(slot || ':' || n, ' ') AS counts FROM (SELECT ${slot} AS slot, count(*) AS n FROM error_events AS e WHERE ${at} >= ${instant(storage, from)} AND ${at} < ${instant(storage, to)} AND e.error_code = ${text(code)}${join(conditions, "")} GROUP BY ${slot})`;
	});
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(Math.max(1, wishes.length))}`;
}

function valueSql(dimension: PartDimension, value: string): Sql {
	return dimension === "http_status" && /^-?\d{1,9}$/.test(value) ? integer(Number(value)) : text(value);
}
