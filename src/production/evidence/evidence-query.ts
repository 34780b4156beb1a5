// The SQL that an episode is held against: its own newest events, those before it, and the runs that the server logged.

import type { CodeEpisode } from "../../episodes/index.ts";
import {
	epochSeconds,
	instant,
	integer,
	join,
	type Sql,
	sql,
	storedInstant,
	type TimeStorage,
} from "../../sql/index.ts";
import { type EventFilters, inWindow } from "../filters.ts";
import { episodeCondition } from "../history/episode-condition.ts";
import { correlationSeconds } from "../runs/related.ts";
import { daySeconds } from "../window.ts";
import { commonRows, maxCommonRows } from "./common-query.ts";
import type { EvidenceStorage } from "./storage.ts";

/** Events of a sample, the newest. */
const maxSampled = 200;
/** The newest failed runs that are held against an episode. */
export const maxFailedRuns = 300;
/** How far before an episode its ordinary events are looked for. */
const beforeDays = 14;
const e = sql`e`;
const failed = sql`+r.status IN ('error', 'partial')`;

/** `whole`, and three samples: `inside`, `before` of the same code, `skill` of its most frequent skill, `any` of all codes. */
const evidenceRows = 5;

/** The most rows of an answer about so many episodes. */
export function maxEvidenceRows(episodes: number): number {
	return episodes * evidenceRows + maxCommonRows;
}

/** Rows tagged by `episode` and `kind`. */
export function evidenceQuery(
	episodes: readonly CodeEpisode[],
	filters: EventFilters,
	storage: EvidenceStorage,
): Sql {
	const branches = episodes.flatMap((episode, index) => {
		const { since, spans } = episode;
		const { events } = storage;
		const last = spans.at(-1)?.to ?? since;
		const of = episodeCondition(episode);
		const inSpans = join(
			spans.map((span) => sql`(${inWindow(span, events, e)})`),
			" OR ",
		);
		const own = sql`e.created_at >= ${instant(events, since)} AND e.created_at < ${instant(events, last)} AND (${inSpans}) AND ${of}`;
		const before = inWindow({ from: since - beforeDays * daySeconds, to: since }, events, e);
		const skill = sql`+e.skill_slug = (SELECT e.skill_slug FROM error_events AS e WHERE ${own} AND e.skill_slug <> '' GROUP BY e.skill_slug ORDER BY count(*) DESC LIMIT 1)`;
		const tag = (kind: Sql) => sql`${integer(index)} AS episode, ${kind} AS kind`;
		return [
			sql`SELECT ${tag(sql`'whole'`)}, coalesce(sum(n), 0) AS n, coalesce(max(CASE WHEN s IS NOT NULL THEN n END), 0) AS a, count(s) AS b, ${borneRuns(own, { since, last }, storage)} AS c, NULL AS d, NULL AS f, NULL AS g, NULL AS times FROM (SELECT nullif(e.session_id, '') AS s, count(*) AS n FROM error_events AS e WHERE ${own} GROUP BY nullif(e.session_id, ''))`,
			sample(tag(sql`'inside'`), own, storage),
			sample(tag(sql`'before'`), sql`${before} AND ${of}`, storage),
			sample(tag(sql`'skill'`), sql`${before} AND ${skill}`, storage),
			sample(tag(sql`'any'`), before, storage),
		];
	});
	const all = [...branches, ...commonRows(episodes, filters, storage)];
	return sql`SELECT * FROM (${join(all, " UNION ALL ")}) LIMIT ${integer(maxEvidenceRows(episodes.length))}`;
}

/**
 * Of the newest events: how many (`n`), with a session (`a`), sessions (`b`), with a user (`c`), with one that `users` does
 * not have (`d`), with one of another organization (`f`), with a failed run of the user near them (`g`), and when the
 * sessions began.
 */
function sample(tag: Sql, rows: Sql, { events, runs }: EvidenceStorage): Sql {
	const at = epochSeconds(events, sql`e.created_at`);
	const near = runs === undefined ? sql`0` : failedNear(runs, sql`x.w`, sql`x.t`);
	const newest = sql`SELECT nullif(e.session_id, '') AS s, nullif(e.user_id, '') AS w, nullif(e.organization_id, '') AS o, ${at} AS t FROM error_events AS e WHERE ${rows} ORDER BY e.created_at DESC LIMIT ${integer(maxSampled)}`;
	const known = sql`SELECT s, w, t, (w IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users AS u WHERE u.id = x.w)) AS unknown, coalesce(o <> (SELECT nullif(u.organization_id, '') FROM users AS u WHERE u.id = x.w), 0) AS misfit, (w IS NOT NULL AND ${near}) AS borne, (s IS NULL OR row_number() OVER (PARTITION BY s ORDER BY t) = 1) AS first FROM (${newest}) AS x`;
	return sql`SELECT ${tag}, count(*), count(s), count(DISTINCT s), count(w), coalesce(sum(unknown), 0), coalesce(sum(misfit), 0), coalesce(sum(borne), 0), group_concat(t || ':' || first, ' ') FROM (${known})`;
}

/** Whether a run of the user failed within a minute, by the index on user and time. */
function failedNear(runs: TimeStorage, user: Sql, at: Sql): Sql {
	const from = storedInstant(runs, sql`${at} - ${integer(correlationSeconds)}`);
	const to = storedInstant(runs, sql`${at} + ${integer(correlationSeconds + 1)}`);
	return sql`EXISTS (SELECT 1 FROM skill_usage_logs AS r WHERE r.user_id = ${user} AND r.created_at >= ${from} AND r.created_at < ${to} AND ${failed})`;
}

/** Failed runs with an event of the episode near them, of the newest. */
function borneRuns(
	own: Sql,
	{ since, last }: { readonly since: number; readonly last: number },
	{ events, runs }: EvidenceStorage,
): Sql {
	if (runs === undefined) return sql`0`;
	const at = epochSeconds(runs, sql`r.created_at`);
	const r = sql`r`;
	const within = inWindow({ from: since - correlationSeconds, to: last + correlationSeconds }, runs, r);
	const newest = sql`SELECT r.user_id AS who, ${at} AS t FROM skill_usage_logs AS r WHERE ${within} AND ${failed} AND r.user_id <> '' ORDER BY r.created_at DESC LIMIT ${integer(maxFailedRuns)}`;
	const from = storedInstant(events, sql`f.t - ${integer(correlationSeconds)}`);
	const to = storedInstant(events, sql`f.t + ${integer(correlationSeconds + 1)}`);
	return sql`(SELECT count(*) FROM (${newest}) AS f WHERE EXISTS (SELECT 1 FROM error_events AS e WHERE e.created_at >= ${from} AND e.created_at < ${to} AND +e.user_id = f.who AND ${own}))`;
}
