// The SQL that a fix is judged by: counts by five minutes, and whom it hit before and since.

import { epochSeconds, integer, type Sql, sql, type TimeStorage } from "../../sql/index.ts";
import { type EventFilters, eventConditions, inWindow } from "../filters.ts";
import { isFailure, joined, type RunFilters, r, runConditions } from "../runs/filters.ts";
import type { Window } from "../window.ts";

export const fineSeconds = 300;
/** Sessions with an event so long before the fix began before it. */
const sessionSeconds = 2 * 86_400;
/** Users hit before who are looked for since, at most. */
const maxVictims = 2000;

const e = sql`e`;

/** What is asked: events of a code, or failures among a skill's runs. */
export type FixSubject =
	| { readonly of: "events"; readonly filters: EventFilters }
	| { readonly of: "runs"; readonly filters: RunFilters };

export interface FixSpan {
	readonly window: Window;
	readonly storage: TimeStorage;
}

/** One row, `counts`: `place:count`, and for runs `place:runs:failures`, places counting five minutes from the window's. */
export function fixCountsQuery(subject: FixSubject, { window, storage }: FixSpan): Sql {
	const first = integer(Math.floor(window.from / fineSeconds));
	if (subject.of === "events") {
		const slot = sql`${epochSeconds(storage, sql`e.created_at`)} / ${integer(fineSeconds)} - ${first}`;
		return sql`SELECT (SELECT group_concat(f || ':' || n, ' ') FROM (SELECT ${slot} AS f, count(*) AS n FROM error_events AS e WHERE ${inWindow(window, storage, e)}${eventConditions(subject.filters, e)} GROUP BY ${slot})) AS counts LIMIT 1`;
	}
	const slot = sql`${epochSeconds(storage, sql`r.created_at`)} / ${integer(fineSeconds)} - ${first}`;
	return sql`SELECT (SELECT group_concat(f || ':' || n || CASE WHEN m > 0 THEN ':' || m ELSE '' END, ' ') FROM (SELECT ${slot} AS f, count(*) AS n, sum(${isFailure("error")}) AS m FROM ${joined} WHERE ${inWindow(window, storage, r)}${runConditions(subject.filters)} GROUP BY ${slot})) AS counts LIMIT 1`;
}

export interface FixWindows {
	/** The trouble, up to the fix. */
	readonly before: Window;
	readonly after: Window;
	readonly storage: TimeStorage;
	/** How the other table stores time; undefined where the deployment has none. */
	readonly runStorage: TimeStorage | undefined;
}

/** One row: counts, users and sessions before and after, the users hit before who were seen and hit since, and the tail. */
export function fixPeopleQuery(subject: FixSubject, windows: FixWindows): Sql {
	return subject.of === "events"
		? eventPeople(subject.filters, windows)
		: runPeople(subject.filters, windows);
}

function eventPeople(filters: EventFilters, { before, after, storage, runStorage }: FixWindows): Sql {
	const rows = (window: Window) =>
		sql`SELECT e.user_id AS who, e.session_id AS s FROM error_events AS e WHERE ${inWindow(window, storage, e)}${eventConditions(filters, e)}`;
	const anyEvent = sql`SELECT e.user_id FROM error_events AS e WHERE ${inWindow(after, storage, e)} AND e.user_id <> ''`;
	const ran = (status: Sql) =>
		runStorage === undefined
			? sql`SELECT NULL WHERE 0`
			: sql`SELECT r.user_id FROM skill_usage_logs AS r WHERE ${inWindow(after, runStorage, r)}${status}`;
	const early = {
		from:
			before.to < after.from
				? after.from - sessionSeconds
				: Math.min(before.from, after.from - sessionSeconds),
		to: after.from,
	};
	return sql`SELECT * FROM (WITH b AS MATERIALIZED (${rows(before)}), a AS MATERIALIZED (${rows(after)}), hit AS MATERIALIZED (SELECT DISTINCT who FROM b WHERE who <> '' LIMIT ${integer(maxVictims)}) SELECT (SELECT count(*) FROM b) AS count_before, (SELECT count(DISTINCT nullif(who, '')) FROM b) AS users_before, (SELECT count(DISTINCT nullif(s, '')) FROM b) AS sessions_before, (SELECT count(*) FROM a) AS count_after, (SELECT count(DISTINCT nullif(who, '')) FROM a) AS users_after, (SELECT count(DISTINCT nullif(s, '')) FROM a) AS sessions_after, (SELECT count(*) FROM hit) AS victims, (SELECT count(*) FROM hit WHERE who IN (${anyEvent}) OR who IN (${ran(sql``)})) AS seen, (SELECT count(*) FROM hit WHERE who IN (SELECT who FROM a)) AS hit_again, (SELECT count(*) FROM hit WHERE who IN (${ran(sql` AND +r.status = 'success'`)})) AS well, (SELECT count(*) FROM a WHERE s <> '' AND s IN (SELECT e.session_id FROM error_events AS e WHERE ${inWindow(early, storage, e)})) AS tail) LIMIT 1`;
}

function runPeople(filters: RunFilters, { before, after, storage }: FixWindows): Sql {
	const rows = (window: Window) =>
		sql`SELECT r.user_id AS who, (${isFailure("error")}) AS failed, (+r.status = 'success') AS fine FROM ${joined} WHERE ${inWindow(window, storage, r)}${runConditions(filters)}`;
	return sql`SELECT * FROM (WITH b AS MATERIALIZED (${rows(before)}), a AS MATERIALIZED (${rows(after)}), hit AS MATERIALIZED (SELECT who, count(*) AS n, sum(failed) AS m FROM b WHERE who <> '' GROUP BY who HAVING sum(failed) > 0 LIMIT ${integer(maxVictims)}) SELECT (SELECT count(*) FROM b) AS runs_before, (SELECT count(*) FROM b WHERE failed) AS count_before, (SELECT count(DISTINCT nullif(who, '')) FROM b WHERE failed) AS users_before, (SELECT count(*) FROM a) AS runs_after, (SELECT count(*) FROM a WHERE failed) AS count_after, (SELECT count(DISTINCT nullif(who, '')) FROM a WHERE failed) AS users_after, (SELECT count(*) FROM hit) AS victims, (SELECT sum(n) FROM hit) AS victim_runs, (SELECT sum(m) FROM hit) AS victim_failures, (SELECT count(*) FROM hit WHERE who IN (SELECT who FROM a)) AS seen, (SELECT count(*) FROM hit WHERE who IN (SELECT who FROM a WHERE failed)) AS hit_again, (SELECT count(*) FROM hit WHERE who IN (SELECT who FROM a WHERE fine)) AS well) LIMIT 1`;
}
