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
export const maxCodes = 100;
/** Parts whose hours are read, those that moved most first. */
const maxParts = 90;
/** Parts that did not move, of which only the busiest hour is read. */
const maxQuiet = 300;
/**
 * Counts of five minutes that are read of the whole history, three bytes each: of codes, and of parts. Of parts none:
 * with them a slow rise of a part passes for one that recurs at five hours of the day.
 */
const maxFineOfCodes = 32_000;
const maxFineOfParts = 0;
/** A part of fewer events cannot be an episode of its own. */
const leastEvents = 20;
/** Squared standard deviations that a part must have moved. */
const leastScore = 16;
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
export const maxHistoryRows = 2 * maxCodes + 2 * maxParts + maxQuiet;

const at = sql`e.created_at`;
/** Places of a group: five minutes of an hour, and hours of a day. */
export const perHour = hourSeconds / fineSeconds;
export const perDay = 24;

/**
 * All of the history. Rows are tagged by `kind`: `hours` and `fine` (counts of a code, by the hour and by five minutes),
 * `part_hours` or `part_fine` (of a code, the number of a dimension and a value) and `quiet` (the busiest hour's count of
 * a part that is not read). Counts are as `readPlaces` reads them, from `from` on: hours by the day, five minutes by
 * the hour. Five minutes are read of all codes since `fineFrom`, and of the whole history for the codes with the fewest of
 * them; so it is with parts. There are as many as some 300 KB hold.
 *
 * Those parts are read whose busiest day or hour is furthest above the ordinary one, in standard deviations of a Poisson
 * count with days that differ by a sixth: the ordinary day is the 40th percentile, which week-ends and an episode of a
 * week leave alone, and an ordinary hour has 1.6 times the day's mean, the top of a day's shape.
 *
 * Groups are by time first: rows come nearly in that order, and numbers are compared faster than texts.
 */
export function historyQuery(span: HistorySpan): Sql {
	const days = Math.max(1, Math.ceil((span.to - span.from) / (perDay * hourSeconds)));
	const ordinary = Math.max(1, Math.floor(days * 0.4));
	const tables = [
		...codeTables(span),
		hoursTable(),
		sql`days AS MATERIALIZED (${join(partDimensions.map(daysOf), " UNION ALL ")})`,
		// Days without an event have no row; they come before all others.
		sql`ranked AS (SELECT c, d, v, n, top, ${integer(days)} - count(*) OVER (PARTITION BY c, d, v) + row_number() OVER (PARTITION BY c, d, v ORDER BY n) AS place FROM days)`,
		sql`measured AS (SELECT c, d, v, sum(n) AS total, max(n) AS top_day, max(top) AS top_hour, coalesce(max(CASE WHEN place <= ${integer(ordinary)} THEN n END), 0) AS usual FROM ranked GROUP BY c, d, v)`,
		sql`scored AS (SELECT c, d, v, total, top_hour, max(0, top_hour - usual / 15.0) AS hours, usual / 15.0 + 1 AS of_hours, max(0, top_day - 1.3 * usual) AS days, 1.3 * usual + 0.03 * usual * usual + 1 AS of_days FROM measured)`,
		sql`moved AS MATERIALIZED (SELECT c, d, v, top_hour, total, max(hours * hours / of_hours, days * days / of_days) AS score FROM scored)`,
		sql`chosen AS MATERIALIZED (SELECT c, d, v FROM moved WHERE ${hasMoved} ORDER BY score DESC, c, d, v LIMIT ${integer(maxParts)})`,
		// Each use of a table is one more copy of it to compile: the five dimensions are one select here.
		sql`parts AS MATERIALIZED (SELECT f, c, d, v, sum(n) AS n FROM (SELECT f, c, d, ${valueOfPart} AS v, n FROM base, (${numbers})) WHERE (c, d, v) IN (SELECT c, d, v FROM chosen) GROUP BY f, c, d, v)`,
		sql`closely AS MATERIALIZED (SELECT c, d, v FROM (SELECT c, d, v, sum(cells) OVER (ORDER BY cells, c, d, v) AS upto FROM (SELECT c, d, v, count(*) AS cells FROM parts GROUP BY c, d, v)) WHERE upto <= ${integer(maxFineOfParts)})`,
	];
	const isClose = sql`(c, d, v) IN (SELECT c, d, v FROM closely)`;
	const hours = sql`SELECT c, d, v, f / ${integer(perHour)} AS p, sum(n) AS n FROM parts WHERE NOT ${isClose} GROUP BY f / ${integer(perHour)}, c, d, v`;
	const fine = sql`SELECT c, d, v, f AS p, n FROM parts WHERE ${isClose}`;
	const rows = [
		...codeRows(span),
		sql`SELECT 'part_hours', c, d, v, ${told} FROM (${byGroup(sql`c, d, v`, perDay, hours)}) GROUP BY c, d, v`,
		sql`SELECT 'part_fine', c, d, v, ${told} FROM (${byGroup(sql`c, d, v`, perHour, fine)}) GROUP BY c, d, v`,
		sql`SELECT * FROM (SELECT 'quiet', c, d, v, top_hour FROM moved WHERE NOT (${hasMoved}) AND top_hour >= ${integer(leastHour)} ORDER BY top_hour DESC LIMIT ${integer(maxQuiet)})`,
	];
	return assembled(tables, rows);
}

/** What came since: the same without a choice of parts, for some hours at most. */
export function newsQuery(span: HistorySpan): Sql {
	const all = partDimensions.map((dimension, number) => {
		const of = name(eventColumns[dimension]);
		return sql`SELECT c, ${integer(number)} AS d, ${of} AS v, f AS p, sum(n) AS n FROM base WHERE ${of} <> '' GROUP BY f, c, ${of}`;
	});
	const rows = [
		...codeRows(span),
		sql`SELECT * FROM (SELECT 'part_fine', c, d, v, ${told} FROM (${byGroup(sql`c, d, v`, perHour, join(all, " UNION ALL "))}) GROUP BY c, d, v ORDER BY sum(n) DESC, c, d, v LIMIT ${integer(maxParts + maxQuiet)})`,
	];
	return assembled(codeTables(span), rows);
}

const hasMoved = sql`total >= ${integer(leastEvents)} AND score > ${integer(leastScore)}`;

function assembled(tables: readonly Sql[], rows: readonly Sql[]): Sql {
	return sql`SELECT * FROM (WITH ${join(tables, ", ")} ${join(rows, " UNION ALL ")}) LIMIT ${integer(maxHistoryRows)}`;
}

/**
 * `base` counts by five minutes and everything that distinguishes events; `codes` by five minutes; the `known` of them,
 * and those whose history is read by five minutes.
 */
function codeTables({ storage, from, to }: HistorySpan): readonly Sql[] {
	const within = sql`${at} >= ${instant(storage, from)} AND ${at} < ${instant(storage, to)}`;
	const columns = join(
		partDimensions.map((dimension) => sql`e.${name(eventColumns[dimension])}`),
		", ",
	);
	const slot = placeOf(storage, from, fineSeconds);
	return [
		sql`base AS MATERIALIZED (SELECT ${slot} AS f, e.error_code AS c, ${columns}, count(*) AS n FROM error_events AS e WHERE ${within} AND e.error_code <> '' GROUP BY ${slot}, e.error_code, ${columns})`,
		sql`codes AS MATERIALIZED (SELECT f, c, sum(n) AS n FROM base GROUP BY f, c)`,
		sql`known AS MATERIALIZED (SELECT c, count(*) AS cells FROM codes GROUP BY c ORDER BY sum(n) DESC, c LIMIT ${integer(maxCodes)})`,
		sql`whole AS MATERIALIZED (SELECT c FROM (SELECT c, sum(cells) OVER (ORDER BY cells, c) AS upto FROM known) WHERE upto <= ${integer(maxFineOfCodes)})`,
	];
}

/** A client's organizations are many, and all else goes together: without them the hours have far fewer rows. */
const apart: PartDimension = "organization";

/** `hours` counts by the hour and everything that distinguishes events, but for the organization. */
function hoursTable(): Sql {
	const columns = join(
		partDimensions
			.filter((dimension) => dimension !== apart)
			.map((dimension) => name(eventColumns[dimension])),
		", ",
	);
	const hour = sql`f / ${integer(perHour)}`;
	return sql`hours AS MATERIALIZED (SELECT ${hour} AS h, c, ${columns}, sum(n) AS n FROM base GROUP BY ${hour}, c, ${columns})`;
}

/** Of each value of a dimension, the events of each day and of its busiest hour. */
function daysOf(dimension: PartDimension, number: number): Sql {
	const of = name(eventColumns[dimension]);
	const [from, hour] = dimension === apart ? [sql`base`, sql`f / ${integer(perHour)}`] : [sql`hours`, sql`h`];
	return sql`SELECT c, ${integer(number)} AS d, v, sum(n) AS n, max(n) AS top FROM (SELECT ${hour} AS h, c, ${of} AS v, sum(n) AS n FROM ${from} WHERE ${of} <> '' GROUP BY ${hour}, c, ${of}) GROUP BY h / ${integer(perDay)}, c, v`;
}

const numbers = join(
	partDimensions.map((_, number) => sql`SELECT ${integer(number)} AS d`),
	" UNION ALL ",
);

/** The value of the dimension of the number `d`. */
const valueOfPart = sql`CASE d ${join(
	partDimensions.map(
		(dimension, number) => sql`WHEN ${integer(number)} THEN ${name(eventColumns[dimension])}`,
	),
	" ",
)} END`;

/** Counts of codes by hour, and by five minutes since `fineFrom` or of all. */
function codeRows({ from, fineFrom }: HistorySpan): readonly Sql[] {
	const hours = sql`SELECT c, f / ${integer(perHour)} AS p, sum(n) AS n FROM codes WHERE c IN (SELECT c FROM known) GROUP BY f / ${integer(perHour)}, c`;
	const fine = sql`SELECT c, f AS p, n FROM codes WHERE c IN (SELECT c FROM known) AND (f >= ${integer((fineFrom - from) / fineSeconds)} OR c IN (SELECT c FROM whole))`;
	return [
		sql`SELECT 'hours' AS kind, c, NULL AS d, NULL AS v, ${told} AS counts FROM (${byGroup(sql`c`, perDay, hours)}) GROUP BY c`,
		sql`SELECT 'fine', c, NULL, NULL, ${told} FROM (${byGroup(sql`c`, perHour, fine)}) GROUP BY c`,
	];
}

const told = sql`group_concat(t, ' ')`;

/**
 * Counts at places `p`, so many of which are one group: `t` is the group's number, and for each of its places that has
 * any a letter and the count, but for 1.
 */
function byGroup(keys: Sql, size: number, counts: Sql): Sql {
	const group = sql`(p / ${integer(size)})`;
	return sql`SELECT ${keys}, sum(n) AS n, ${group} || group_concat(char(97 + p % ${integer(size)}) || CASE n WHEN 1 THEN '' ELSE n END, '') AS t FROM (${counts}) GROUP BY ${group}, ${keys}`;
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
		const counts = sql`SELECT ${integer(index)} AS number, ${slot} AS p, count(*) AS n FROM error_events AS e WHERE ${at} >= ${instant(storage, from)} AND ${at} < ${instant(storage, to)} AND e.error_code = ${text(code)}${join(conditions, "")} GROUP BY ${slot}`;
		return sql`SELECT number, ${told} AS counts FROM (${byGroup(sql`number`, perHour, counts)}) GROUP BY number`;
	});
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(Math.max(1, wishes.length))}`;
}

function valueSql(dimension: PartDimension, value: string): Sql {
	return dimension === "http_status" && /^-?\d{1,9}$/.test(value) ? integer(Number(value)) : text(value);
}
