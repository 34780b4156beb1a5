// The SQL of echoes: events of one code that follow another's within seconds in the same session.

import {
	epochSeconds,
	integer,
	join,
	type Sql,
	sql,
	storedInstant,
	type TimeStorage,
} from "../../sql/index.ts";
import { type EventFilters, eventConditions, inWindow } from "../filters.ts";
import type { Window } from "../window.ts";

/** An event follows another within so many seconds. */
export const echoSeconds = 5;
/** As long, so far before and after: how often the other code is near by chance. */
const apart = 20;
/** The newest events of the window that are looked at, and of each code. */
const maxLooked = 20_000;
const maxOfCode = 60;
/** Pairs of codes. */
export const maxEchoes = 20;

const e = sql`e`;

/** `heard`: the newest events of each code, `bare` where they tell neither provider nor status, as a client's own do. */
export function echoTables(filters: EventFilters, window: Window, storage: TimeStorage): readonly Sql[] {
	const at = epochSeconds(storage, sql`e.created_at`);
	const bare = sql`coalesce(e.provider, '') = '' AND coalesce(e.http_status, 0) = 0`;
	const newest = sql`SELECT e.error_code AS c, nullif(e.session_id, '') AS s, ${at} AS t, (${bare}) AS bare FROM error_events AS e WHERE ${inWindow(window, storage, e)}${eventConditions(filters, e)} ORDER BY e.created_at DESC LIMIT ${integer(maxLooked)}`;
	const between = (from: number, to: number) =>
		sql`max(${epochSeconds(storage, sql`a.created_at`)} - h.t BETWEEN ${integer(from)} AND ${integer(to)})`;
	const reach = integer(apart + echoSeconds);
	// What a server refused tells a provider or a status.
	const told = sql`(a.provider <> '' OR a.http_status > 0)`;
	return [
		sql`heard AS MATERIALIZED (SELECT * FROM (SELECT c, s, t, bare, row_number() OVER (PARTITION BY c ORDER BY t DESC) AS place FROM (${newest})) WHERE place <= ${integer(maxOfCode)})`,
		sql`beside AS (SELECT h.c AS c, h.s AS s, h.place AS place, a.error_code AS a, ${between(-echoSeconds, 0)} AS near, ${between(-apart - echoSeconds, -apart)} + ${between(apart, apart + echoSeconds)} AS far FROM heard AS h JOIN error_events AS a ON a.created_at >= ${storedInstant(storage, sql`h.t - ${reach}`)} AND a.created_at < ${storedInstant(storage, sql`h.t + ${reach} + 1`)} AND +a.session_id = h.s AND +a.error_code <> h.c AND ${told} WHERE h.bare AND h.s IS NOT NULL GROUP BY h.c, h.place, h.s, a.error_code)`,
	];
}

/** `d1` follows `d2`: `n` times of the `g` looked at, in so many sessions; by chance `m` times of twice as many. */
export function echoRows(): Sql {
	const heard = sql`(SELECT count(*) FROM heard WHERE heard.c = beside.c)`;
	return sql`SELECT * FROM (SELECT 'echo', c, a, sum(near) AS n, sum(far), ${heard} AS g, count(DISTINCT CASE WHEN near THEN s END), ${join(
		Array.from({ length: 7 }, () => sql`NULL`),
		", ",
	)} FROM beside GROUP BY c, a HAVING sum(near) * 2 >= g ORDER BY n DESC, c, a LIMIT ${integer(maxEchoes)})`;
}
