import { contains, integer, join, type Sql, sql, text } from "../../sql/sql.ts";
import { epochSeconds, instant, type TimeStorage } from "../../sql/time.ts";
import type { Position } from "../cursor.ts";
import { column, inWindow, type Wanted } from "../filters.ts";
import { maxBuckets, type Window } from "../window.ts";

export type RunStatus = "error" | "partial" | "any_failure";

/** What the runs of an answer have in common, after ids were resolved. */
export interface RunFilters {
	/** By slug, or by id where a run's skill is not in `skills`. */
	readonly skill?: Wanted;
	readonly user?: Wanted;
	readonly organization?: Wanted;
}

export interface RunsQuery {
	readonly window: Window;
	readonly previous: Window;
	readonly filters: RunFilters;
	readonly status: RunStatus;
	/** Narrows the lists only. */
	readonly messageContains: string | undefined;
	readonly storage: TimeStorage;
}

const r = sql`r`;

/** A run's skill by its slug, and its organization: the user's where its own is empty. */
const slug = sql`coalesce(s.slug, r.skill_id)`;
const organization = sql`coalesce(nullif(r.organization_id, ''), u.organization_id)`;
const joined = sql`skill_usage_logs AS r LEFT JOIN skills AS s ON s.id = r.skill_id LEFT JOIN users AS u ON u.id = r.user_id`;

function conditions(filters: RunFilters): Sql {
	const parts: Sql[] = [];
	const add = (of: Sql, wanted: Wanted | undefined) => {
		if (wanted === undefined) return;
		parts.push(wanted === null ? sql`(${of} IS NULL OR ${of} = '')` : sql`${of} = ${text(wanted)}`);
	};
	add(slug, filters.skill);
	add(column(r, "user_id"), filters.user);
	add(organization, filters.organization);
	return parts.length === 0 ? sql`` : sql` AND ${join(parts, " AND ")}`;
}

function isFailure(status: RunStatus): Sql {
	return status === "any_failure" ? sql`r.status IN ('error', 'partial')` : sql`r.status = ${text(status)}`;
}

function listed(query: RunsQuery): Sql {
	const narrowed =
		query.messageContains === undefined
			? sql``
			: sql` AND ${contains(sql`r.error_message`, query.messageContains)}`;
	return sql`${inWindow(query.window, query.storage, r)} AND ${isFailure(query.status)}${conditions(query.filters)}${narrowed}`;
}

/** Skills in the table of rates. */
const maxSkills = 50;

/** The most rows that `ratesQuery` yields. */
export const maxRateRows = 1 + maxSkills + maxBuckets;

/**
 * Runs, failures and durations by skill, with the previous window beside: rows tagged `total` (one), `skill`, and
 * `bucket` (of `width` seconds; `skill` is then the offset in buckets from the window's start).
 * Percentiles are nearest rank: the duration at place ⌈p·n⌉ of the n runs that have one.
 */
export function ratesQuery({ window, previous, filters, status, storage }: RunsQuery, width: number): Sql {
	const current = inWindow(window, storage, r);
	const bucket = sql`${epochSeconds(storage, sql`r.created_at`)} / ${integer(width)} - ${integer(Math.floor(window.from / width))}`;
	const base = sql`SELECT ${slug} AS k, r.duration_ms AS d, ${isFailure(status)} AS failed, ${current} AS now, ${bucket} AS b FROM ${joined} WHERE (${current} OR ${inWindow(previous, storage, r)})${conditions(filters)}`;
	const counts = sql`sum(now) AS runs, sum(now AND failed) AS failures, sum(NOT now) AS before_runs, sum(NOT now AND failed) AS before_failures`;
	return sql`SELECT * FROM (WITH base AS MATERIALIZED (${base}), rates AS (SELECT k, ${counts} FROM base GROUP BY k), timed AS (SELECT k, d, failed, row_number() OVER (PARTITION BY k ORDER BY d) AS place, count(*) OVER (PARTITION BY k) AS of, row_number() OVER (PARTITION BY k, failed ORDER BY d) AS failed_place, count(*) OVER (PARTITION BY k, failed) AS failed_of FROM base WHERE now AND d IS NOT NULL) SELECT 'total' AS kind, NULL AS skill, ${counts}, NULL AS p50, NULL AS p95, NULL AS failed_p50 FROM base UNION ALL SELECT * FROM (SELECT 'skill', k, runs, failures, before_runs, before_failures, (SELECT d FROM timed AS t WHERE t.k IS rates.k AND t.place = (t.of * 50 + 99) / 100), (SELECT d FROM timed AS t WHERE t.k IS rates.k AND t.place = (t.of * 95 + 99) / 100), (SELECT d FROM timed AS t WHERE t.k IS rates.k AND t.failed AND t.failed_place = (t.failed_of * 50 + 99) / 100) FROM rates WHERE failures > 0 ORDER BY failures DESC, k LIMIT ${integer(maxSkills)}) UNION ALL SELECT 'bucket', b, ${counts}, NULL, NULL, NULL FROM base WHERE now GROUP BY b) LIMIT ${integer(maxRateRows)}`;
}

/** Distinct messages that are folded into patterns. */
export const maxMessages = 2000;

/** The most frequent messages of the failures listed; the number of all of them goes along. */
export function messagesQuery(query: RunsQuery): Sql {
	return sql`SELECT message, n, skills, ${epochSeconds(query.storage, sql`last`)} AS last_seen, count(*) OVER () AS distinct_messages, sum(n) OVER () AS failures FROM (SELECT substr(r.error_message, 1, 500) AS message, count(*) AS n, group_concat(DISTINCT ${slug}) AS skills, max(r.created_at) AS last FROM ${joined} WHERE ${listed(query)} GROUP BY 1) ORDER BY n DESC, last_seen DESC, message LIMIT ${integer(maxMessages)}`;
}

/** One page of the runs, newest first, and how many there are in all. */
export function runsPageQuery(query: RunsQuery, limit: number, after: Position | undefined): Sql {
	const beyond =
		after === undefined
			? sql``
			: (() => {
					const at = typeof after.at === "number" ? integer(after.at) : text(after.at);
					return sql` AND r.created_at <= ${at} AND (r.created_at < ${at} OR r.id < ${text(after.id)})`;
				})();
	return sql`SELECT r.id, r.created_at AS stored, ${epochSeconds(query.storage, sql`r.created_at`)} AS at, ${slug} AS skill, r.status, r.duration_ms, r.user_id, coalesce(o.name, ${organization}) AS organization, substr(r.error_message, 1, 500) AS error_message, substr(r.input_summary, 1, 300) AS input_summary FROM ${joined} LEFT JOIN organizations AS o ON o.id = ${organization} WHERE ${listed(query)}${beyond} ORDER BY r.created_at DESC, r.id DESC LIMIT ${integer(limit + 1)}`;
}

/** How far from a run an error event of the same user may be, in seconds. */
export const correlationSeconds = 60;
/** Events shown a run. */
export const maxRelated = 5;

/**
 * The error events of the same user around each of the runs, nearest first, those of the same skill before the
 * others (the two tables' slugs differ, so the skill ranks and never filters).
 *
 * @param runs at most 100
 */
export function relatedQuery(
	runs: readonly {
		readonly id: string;
		readonly at: number;
		readonly user: string;
		readonly skill: string | null;
	}[],
	storage: TimeStorage,
): Sql {
	const at = epochSeconds(storage, sql`e.created_at`);
	const near = runs.map(
		(run) =>
			sql`SELECT * FROM (SELECT ${text(run.id)} AS run, e.error_code AS code, ${at} - ${integer(run.at)} AS seconds, nullif(e.provider, '') AS provider, e.skill_slug IS ${text(run.skill ?? "")} AS same FROM error_events AS e WHERE e.created_at >= ${instant(storage, run.at - correlationSeconds)} AND e.created_at < ${instant(storage, run.at + correlationSeconds + 1)} AND e.user_id = ${text(run.user)} ORDER BY same DESC, abs(seconds), e.id LIMIT ${integer(maxRelated)})`,
	);
	return sql`SELECT * FROM (${join(near, " UNION ALL ")}) LIMIT ${integer(runs.length * maxRelated)}`;
}
