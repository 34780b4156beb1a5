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
/** Parts that are read, those that moved most first. */
const maxParts = 40;
/** Parts that did not move, of which only the busiest hour is read. */
const maxQuiet = 300;
/** Counts of five minutes that are read of the whole history, three bytes each: of codes, and of parts. */
const maxFineOfCodes = 32_000;
const maxFineOfParts = 24_000;
/** Up to so many events all are looked at for parts that moved; of more, so many in all, the rare codes' first. */
const allLookedAt = 250_000;
const mostLookedAt = 120_000;
/** A part of fewer events cannot be an episode of its own. */
const leastEvents = 20;
/** Squared standard deviations that a part must have moved. */
const leastScore = 16;
/** Fewer events of an hour or a day do not count as moved. */
const leastTop = 3;
/** Events that a third of the history is drawn towards the mean by. */
const shareEvents = 64;
/** How far (squared coefficient of variation) a part's share of its code may be off on an ordinary day. */
const dayVariance = sql`0.03`;
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
 * The history of all codes. Rows are tagged by `kind`: `hours` and `fine`, counts by the hour and by five minutes. Counts
 * are as `readPlaces` reads them, from `from` on: hours by the day, five minutes by the hour. Five minutes are read of all
 * codes since `fineFrom`, and of the whole history for the codes with the fewest of them.
 */
export function codesQuery(span: HistorySpan): Sql {
	return assembled(codeTables(span), codeRows(span));
}

/** A value of a dimension, as a row has it, of a code. */
export interface ChosenPart {
	readonly code: string;
	readonly dimension: PartDimension;
	readonly value: string | number;
}

/**
 * The parts that may be looked at, a row each of `kind` `moved` (those to read) or `quiet`: its code, the number of a
 * dimension, a value and the count of its busiest hour.
 */
export function movedQuery(span: HistorySpan, steps: Steps): Sql {
	return assembled(movedTables(span, steps), [
		sql`SELECT * FROM (SELECT CASE WHEN score > ${integer(leastScore)} AND row_number() OVER (ORDER BY score DESC, c, d, v) <= ${integer(maxParts)} THEN 'moved' ELSE 'quiet' END AS kind, c, d, v, top AS counts FROM moved WHERE score > ${integer(leastScore)} OR top >= ${integer(leastHour)} ORDER BY score > ${integer(leastScore)} DESC, top DESC LIMIT ${integer(maxParts + maxQuiet)})`,
	]);
}

/** The history of some parts: `part_fine` of those with the fewest five minutes, `part_hours` of the others. */
export function partsQuery({ storage, from, to }: HistorySpan, chosen: readonly ChosenPart[]): Sql {
	const slot = placeOf(storage, from, fineSeconds);
	const parts = chosen.map(
		({ code, dimension, value }) =>
			sql`SELECT ${text(code)} AS c, ${integer(partDimensions.indexOf(dimension))} AS d, ${typeof value === "number" ? integer(value) : text(value)} AS v`,
	);
	const tables = [
		sql`chosen AS MATERIALIZED (${join(parts, " UNION ALL ")})`,
		// The plus keeps numbers numbers where they are compared with texts.
		sql`parts AS MATERIALIZED (SELECT ${slot} AS f, p.c AS c, p.d AS d, p.v AS v, count(*) AS n FROM error_events AS e JOIN chosen AS p ON p.c = e.error_code WHERE ${within(storage, from, to)} AND +p.v = ${valueOfPart} GROUP BY ${slot}, p.c, p.d, p.v)`,
		sql`closely AS MATERIALIZED (SELECT c, d, v FROM (SELECT c, d, v, sum(cells) OVER (ORDER BY cells, c, d, v) AS upto FROM (SELECT c, d, v, count(*) AS cells FROM parts GROUP BY c, d, v)) WHERE upto <= ${integer(maxFineOfParts)})`,
	];
	const isClose = sql`(c, d, v) IN (SELECT c, d, v FROM closely)`;
	const hours = sql`SELECT c, d, v, f / ${integer(perHour)} AS p, sum(n) AS n FROM parts WHERE NOT ${isClose} GROUP BY f / ${integer(perHour)}, c, d, v`;
	const fine = sql`SELECT c, d, v, f AS p, n FROM parts WHERE ${isClose}`;
	return assembled(tables, [
		sql`SELECT 'part_hours' AS kind, c, d, v, ${told} AS counts FROM (${byGroup(sql`c, d, v`, perDay, hours)}) GROUP BY c, d, v`,
		sql`SELECT 'part_fine', c, d, v, ${told} FROM (${byGroup(sql`c, d, v`, perHour, fine)}) GROUP BY c, d, v`,
	]);
}

/**
 * `moved`: of every value of a dimension how far its busiest hour or day is above its share of its code's events then, in
 * squared standard deviations of a binomial count. Against its own code neither the day's shape nor a slow week counts,
 * nor a trouble of the whole code, which is none of a part. Of a production of many events the frequent codes are thinned
 * by a hash of the second, so that this costs no more however many there are.
 */
function movedTables({ storage, from, to }: HistorySpan, steps: Steps): readonly Sql[] {
	const columns = join(
		partDimensions.map((dimension) => sql`e.${name(eventColumns[dimension])}`),
		", ",
	);
	const hour = placeOf(storage, from, hourSeconds);
	const days = Math.max(1, Math.ceil((to - from) / (perDay * hourSeconds)));
	const thinned =
		steps.size === 0
			? sql``
			: sql` AND (${epochSeconds(storage, at)} * 48271) % 65537 % ${stepOf(sql`e.error_code`, steps)} = 0`;
	const above = (usual: Sql, variance: Sql) =>
		sql`max((x.n - ${usual}) * (x.n - ${usual}) / (1 + ${usual} * (1 - s.share) + ${variance} * ${usual} * ${usual}))`;
	const most = (table: string, time: string, all: string, variance: Sql) =>
		sql`SELECT x.c, x.d, x.v, ${above(sql`(a.n * s.share)`, variance)} AS score FROM ${name(table)} AS x JOIN shares AS s ON s.c = x.c AND s.d = x.d AND s.v = x.v JOIN ${name(all)} AS a ON a.c = x.c AND a.${name(time)} = x.${name(time)} WHERE x.n >= ${integer(leastTop)} AND x.n > a.n * s.share GROUP BY x.c, x.d, x.v`;
	return [
		sql`picked AS MATERIALIZED (SELECT ${hour} AS h, e.error_code AS c, ${columns}, count(*) AS n FROM error_events AS e WHERE ${within(storage, from, to)} AND e.error_code <> ''${thinned} GROUP BY ${hour}, e.error_code, ${columns})`,
		// Each use of a table is one more copy of it to compile: the five dimensions are one select here.
		sql`cells AS MATERIALIZED (SELECT h, c, d, v, sum(n) AS n FROM (SELECT h, c, d, ${valueOfCell} AS v, n FROM picked, (${numbers})) WHERE v <> '' GROUP BY h, c, d, v)`,
		sql`hourly AS MATERIALIZED (SELECT h, c, sum(n) AS n FROM picked GROUP BY h, c)`,
		sql`daily AS MATERIALIZED (SELECT h / ${integer(perDay)} AS day, c, sum(n) AS n FROM hourly GROUP BY h / ${integer(perDay)}, c)`,
		sql`days AS MATERIALIZED (SELECT h / ${integer(perDay)} AS day, c, d, v, sum(n) AS n, max(n) AS top FROM cells GROUP BY h / ${integer(perDay)}, c, d, v)`,
		// A share is the least mean of the days' in a third of the history, those without the code at 0: a trouble of days lifts the mean of all, and would hide itself.
		sql`shares AS MATERIALIZED (SELECT c, d, v, top, ${leastOfThirds(days)} AS share FROM (SELECT x.c AS c, x.d AS d, x.v AS v, max(x.top) AS top, 1 + ${integer(shareEvents * days)} * 1.0 / sum(x.n) AS weight, ${sumsOfThirds(days)} FROM days AS x JOIN daily AS a ON a.c = x.c AND a.day = x.day GROUP BY x.c, x.d, x.v HAVING sum(x.n) >= ${integer(leastEvents)}))`,
		sql`scores AS MATERIALIZED (SELECT c, d, v, max(score) AS score FROM (${most("cells", "h", "hourly", sql`0`)} UNION ALL ${most("days", "day", "daily", dayVariance)}) GROUP BY c, d, v)`,
		sql`moved AS MATERIALIZED (SELECT s.c AS c, s.d AS d, s.v AS v, s.top * ${stepOf(sql`s.c`, steps)} AS top, coalesce(m.score, 0) AS score FROM shares AS s LEFT JOIN scores AS m ON m.c = s.c AND m.d = s.d AND m.v = s.v)`,
	];
}

const thirds = [0, 1, 2] as const;

/** Of the days' shares, by the third of the history that the day is in. */
function sumsOfThirds(days: number): Sql {
	const share = sql`x.n * 1.0 / a.n`;
	return join(
		thirds.map(
			(third) =>
				sql`sum(CASE WHEN x.day * 3 / ${integer(days)} = ${integer(third)} THEN ${share} ELSE 0 END) AS ${name(`third${third}`)}`,
		),
		", ",
	);
}

/** The least of the thirds' means, each drawn towards the mean of all by one day and some events: few say little. */
function leastOfThirds(days: number): Sql {
	const all = sql`(third0 + third1 + third2) / ${integer(days)}`;
	const means = thirds.map((third) => {
		const length = Array.from({ length: days }, (_, day) => day).filter(
			(day) => Math.floor((3 * day) / days) === third,
		).length;
		return sql`(${name(`third${third}`)} + weight * ${all}) / (${integer(length)} + weight)`;
	});
	return sql`min(${join(means, ", ")})`;
}

/** Of a thinned code one event in so many is looked at. */
export type Steps = ReadonlyMap<string, number>;

/** @param totals the events of each code */
export function stepsOf(totals: ReadonlyMap<string, number>): Steps {
	const all = [...totals.values()].reduce((sum, total) => sum + total, 0);
	if (all <= allLookedAt) return new Map();
	const each = mostLookedAt / totals.size;
	return new Map(
		[...totals].filter(([, total]) => total > each).map(([code, total]) => [code, Math.ceil(total / each)]),
	);
}

function stepOf(code: Sql, steps: Steps): Sql {
	if (steps.size === 0) return sql`1`;
	const each = [...steps].map(([of, step]) => sql`WHEN ${text(of)} THEN ${integer(step)}`);
	return sql`CASE ${code} ${join(each, " ")} ELSE 1 END`;
}

/** What came since: the same without a choice of parts, for some hours at most. */
export function newsQuery(span: HistorySpan): Sql {
	const { storage, from, to } = span;
	const slot = placeOf(storage, from, fineSeconds);
	const all = partDimensions.map((dimension, number) => {
		const of = sql`e.${name(eventColumns[dimension])}`;
		return sql`SELECT e.error_code AS c, ${integer(number)} AS d, ${of} AS v, ${slot} AS p, count(*) AS n FROM error_events AS e WHERE ${within(storage, from, to)} AND e.error_code <> '' AND ${of} <> '' GROUP BY ${slot}, e.error_code, ${of}`;
	});
	const rows = [
		...codeRows(span),
		sql`SELECT * FROM (SELECT 'part_fine', c, d, v, ${told} FROM (${byGroup(sql`c, d, v`, perHour, join(all, " UNION ALL "))}) GROUP BY c, d, v ORDER BY sum(n) DESC, c, d, v LIMIT ${integer(maxParts + maxQuiet)})`,
	];
	return assembled(codeTables(span), rows);
}

function assembled(tables: readonly Sql[], rows: readonly Sql[]): Sql {
	return sql`SELECT * FROM (WITH ${join(tables, ", ")} ${join(rows, " UNION ALL ")}) LIMIT ${integer(maxHistoryRows)}`;
}

/** `codes` counts by five minutes; the `known` of them, and those whose history is read by five minutes. */
function codeTables({ storage, from, to }: HistorySpan): readonly Sql[] {
	const slot = placeOf(storage, from, fineSeconds);
	return [
		sql`codes AS MATERIALIZED (SELECT ${slot} AS f, e.error_code AS c, count(*) AS n FROM error_events AS e WHERE ${within(storage, from, to)} AND e.error_code <> '' GROUP BY ${slot}, e.error_code)`,
		sql`known AS MATERIALIZED (SELECT c, sum(n) AS total, count(*) AS cells FROM codes GROUP BY c ORDER BY sum(n) DESC, c LIMIT ${integer(maxCodes)})`,
		sql`whole AS MATERIALIZED (SELECT c FROM (SELECT c, sum(cells) OVER (ORDER BY cells, c) AS upto FROM known) WHERE upto <= ${integer(maxFineOfCodes)})`,
	];
}

function within(storage: TimeStorage, from: number, to: number): Sql {
	return sql`${at} >= ${instant(storage, from)} AND ${at} < ${instant(storage, to)}`;
}

const numbers = join(
	partDimensions.map((_, number) => sql`SELECT ${integer(number)} AS d`),
	" UNION ALL ",
);

/** The value of the dimension of a number. */
function valueIn(number: Sql, of: (dimension: PartDimension) => Sql): Sql {
	return sql`CASE ${number} ${join(
		partDimensions.map((dimension, index) => sql`WHEN ${integer(index)} THEN ${of(dimension)}`),
		" ",
	)} END`;
}

const valueOfPart = valueIn(sql`p.d`, (dimension) => sql`e.${name(eventColumns[dimension])}`);
const valueOfCell = valueIn(sql`d`, (dimension) => name(eventColumns[dimension]));

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
