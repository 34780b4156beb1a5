// The SQL that feeds the search for episodes of skills: runs and failures by hour and by five minutes.

import {
	epochSeconds,
	instant,
	integer,
	join,
	type Sql,
	sql,
	type TimeStorage,
	text,
} from "../../sql/index.ts";
import { isFailure, type RunStatus, slug } from "../runs/filters.ts";
import { fineSeconds, type HistorySpan, hourSeconds } from "./history-query.ts";

/** Skills of which counts are read: those with the most failures. */
const maxSkills = 40;
/** Skills with fewer failures in the history cannot be an episode. */
export const leastFailures = 3;

/** The most rows that `runHistoryQuery` yields. */
export const maxRunHistoryRows = 2 * maxSkills;

const at = sql`r.created_at`;
const logged = sql`skill_usage_logs AS r LEFT JOIN skills AS s ON s.id = r.skill_id`;
/** `place:runs`, and `:failures` where there are some. */
const triple = (place: Sql) =>
	sql`group_concat(${place} || ':' || n || CASE WHEN m > 0 THEN ':' || m ELSE '' END, ' ')`;

/**
 * Rows are tagged by `kind`: `hours` and `fine` (since `fineFrom`), each with a skill and its counts. A place counts
 * hours, or five minutes, from `from` and `fineFrom`.
 *
 * @param least skills with fewer failures are left out; 0: all skills with runs
 */
export function runHistoryQuery(
	{ storage, from, to, fineFrom }: HistorySpan,
	status: RunStatus,
	least: number,
): Sql {
	const seconds = epochSeconds(storage, at);
	const perHour = hourSeconds / fineSeconds;
	const slot = sql`${seconds} / ${integer(fineSeconds)} - ${integer(from / fineSeconds)}`;
	const firstFine = (fineFrom - from) / fineSeconds;
	return sql`SELECT * FROM (WITH base AS MATERIALIZED (SELECT ${slug} AS k, ${slot} AS f, count(*) AS n, sum(${isFailure(status)}) AS m FROM ${logged} WHERE ${at} >= ${instant(storage, from)} AND ${at} < ${instant(storage, to)} GROUP BY ${slug}, ${slot}), failing AS MATERIALIZED (SELECT k FROM base WHERE k <> '' GROUP BY k HAVING sum(m) >= ${integer(least)} ORDER BY sum(m) DESC, k LIMIT ${integer(maxSkills)}) SELECT 'hours' AS kind, k, ${triple(sql`h`)} AS counts FROM (SELECT k, f / ${integer(perHour)} AS h, sum(n) AS n, sum(m) AS m FROM base WHERE k IN (SELECT k FROM failing) GROUP BY k, f / ${integer(perHour)}) GROUP BY k UNION ALL SELECT 'fine', k, ${triple(sql`f - ${integer(firstFine)}`)} FROM base WHERE k IN (SELECT k FROM failing) AND f >= ${integer(firstFine)} GROUP BY k) LIMIT ${integer(maxRunHistoryRows)}`;
}

/** A stretch of one skill of which five minutes are wanted; whole hours in epoch seconds. */
export interface FineRunsWish {
	readonly skill: string;
	readonly from: number;
	readonly to: number;
}

/** Five-minute counts of some stretches: one row each, numbered. */
export function fineRunsQuery(
	wishes: readonly FineRunsWish[],
	{ storage, status }: { readonly storage: TimeStorage; readonly status: RunStatus },
): Sql {
	const branches = wishes.map(({ skill, from, to }, index) => {
		const slot = sql`${epochSeconds(storage, at)} / ${integer(fineSeconds)} - ${integer(from / fineSeconds)}`;
		return sql`SELECT ${integer(index)} AS number, (SELECT ${triple(sql`f`)} FROM (SELECT ${slot} AS f, count(*) AS n, sum(${isFailure(status)}) AS m FROM ${logged} WHERE ${at} >= ${instant(storage, from)} AND ${at} < ${instant(storage, to)} AND ${slug} = ${text(skill)} GROUP BY ${slot})) AS counts`;
	});
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(wishes.length)}`;
}
