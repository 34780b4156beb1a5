// The SQL of who and what holds much of a code, in the window and in the one before.

import { integer, join, name, type Sql, sql, type TimeStorage, text } from "../../sql/index.ts";
import { column, type EventFilters, eventColumns, eventConditions, inWindow } from "../filters.ts";
import type { Window } from "../window.ts";

/** What `statsQuery` counts by itself, and its column there. */
const counted = {
	user: sql`u`,
	session: sql`s`,
	organization: sql`o`,
	skill: sql`k`,
	provider: sql`p`,
} as const;
type Counted = keyof typeof counted;
export const countedKinds: readonly Counted[] = ["user", "session", "organization", "skill", "provider"];
/** What only some codes are asked about. */
export type SharedBy = Counted | "action" | "http_status";
/** A session is of one window, so that it has no past. */
const comparedKinds = ["user", "organization", "skill", "provider", "action", "http_status"] as const;

/** A code with fewer events has no share worth telling. */
const leastEvents = 5;
/** A value holds at least this part of a code: a third. */
const parts = 3;
/** By so much its share must be above its share of everything else; what is not can be left out here already. */
const above = sql`1.3`;

/** The most rows that a code yields in `statsQuery`: three values hold a third each, of every kind. */
export const maxShareRows = 3 * 5;
/** Codes that are asked about again. */
export const maxCompared = 6;
/** Values of a kind in a code, the most frequent of both windows. */
const maxValues = 8;
export const maxPastRows = maxCompared * comparedKinds.length * maxValues;

const e = sql`e`;

/** `shares`: how many events of each code each value has. */
export function shareTable(): Sql {
	const from = (kind: Counted) => (kind === "user" || kind === "session" ? sql`base` : sql`kinds`);
	const share = (kind: Counted) =>
		sql`SELECT ${text(kind)} AS kind, c, ${counted[kind]} AS v, sum(n) AS n FROM ${from(kind)} WHERE ${counted[kind]} IS NOT NULL GROUP BY ${counted[kind]}, c`;
	return sql`shares AS MATERIALIZED (${join(countedKinds.map(share), " UNION ALL ")})`;
}

/**
 * Values with a third of a code or more, above their share of everything else: `n` of the code, `m` of all codes.
 *
 * @param shownName an organization's name for its id
 */
export function shareRows(shownName: (id: Sql) => Sql): Sql {
	const all = sql`(SELECT sum(b.n) FROM shares AS b WHERE b.kind = r.kind AND +b.v = r.v)`;
	const named = sql`CASE kind WHEN 'organization' THEN ${shownName(sql`v`)} ELSE v END`;
	const large = sql`SELECT r.kind AS kind, r.c AS c, r.v AS v, r.n AS n, codes.n AS total, ${all} AS m FROM shares AS r JOIN codes ON codes.c = r.c WHERE codes.n >= ${integer(leastEvents)} AND r.n * ${integer(parts)} >= codes.n`;
	const everything = sql`(SELECT sum(n) FROM codes)`;
	return sql`SELECT 'by ' || kind, c, ${named}, n, m, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM (${large}) WHERE ${everything} = total OR 1.0 * n * (${everything} - total) > ${above} * (m - n) * total`;
}

/**
 * Of some codes, in one pass: the values that hold most of each, with their events in the window (`n`) and in the
 * previous one (`m`).
 */
export function pastQuery({
	codes,
	window,
	previous,
	filters,
	storage,
	shownName,
}: {
	readonly codes: readonly string[];
	readonly window: Window;
	readonly previous: Window;
	readonly filters: EventFilters;
	readonly storage: TimeStorage;
	readonly shownName: (id: Sql) => Sql;
}): Sql {
	const columns = join(
		comparedKinds.map((kind) => column(e, eventColumns[kind])),
		", ",
	);
	const one = sql`+e.error_code IN (${join(codes.map(text), ", ")})`;
	const isNow = inWindow(window, storage, e);
	const counts = sql`x AS MATERIALIZED (SELECT e.error_code AS c, ${columns}, sum(${isNow}) AS n, sum(NOT (${isNow})) AS m FROM error_events AS e WHERE ${inWindow({ from: previous.from, to: window.to }, storage, e)} AND (${isNow} OR ${inWindow(previous, storage, e)}) AND ${one}${eventConditions(filters, e)} GROUP BY e.error_code, ${columns})`;
	const rows = comparedKinds.map((kind) => {
		const of = name(eventColumns[kind]);
		const shown = kind === "organization" ? shownName(of) : of;
		return sql`SELECT * FROM (SELECT ${text(kind)} AS kind, c, ${shown} AS v, sum(n) AS n, sum(m) AS m, row_number() OVER (PARTITION BY c ORDER BY sum(n) DESC, ${of}) AS place FROM x WHERE ${of} <> '' GROUP BY c, ${of}) WHERE place <= ${integer(maxValues)}`;
	});
	return sql`SELECT kind, c, v, n, m FROM (WITH ${counts} ${join(rows, " UNION ALL ")}) LIMIT ${integer(maxPastRows)}`;
}
