// Whom a failing skill's episode hit: its runs, failures and users under the filters of the question.

import type { RunEpisode } from "../../episodes/index.ts";
import {
	epochSeconds,
	instant,
	integer,
	join,
	type Sql,
	sql,
	storedInstant,
	type TimeStorage,
	text,
} from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { inWindow, sameName } from "../filters.ts";
import type { Window } from "../window.ts";
import { isFailure, joined, type RunFilters, type RunStatus, r, runConditions, slug } from "./filters.ts";
import { correlationSeconds } from "./related.ts";

/** The most episodes that are counted for an answer. */
const maxCounted = 20;
/** The newest failures of an episode that are held against the error events. */
const maxHeldAgainst = 200;

/** An episode as a question sees it: whole, whatever the window, under the question's filters. */
export interface CountedRunEpisode extends RunEpisode {
	readonly users: number;
	/** Of its newest failures so many were held against the error events. */
	readonly heldAgainst: number;
	/** Those of them without an error event of the same user within 60 seconds. */
	readonly silent: number;
}

export interface RunEpisodesAsked {
	readonly window: Window;
	readonly filters: RunFilters;
	readonly status: RunStatus;
	readonly storage: TimeStorage;
	/** How error_events stores time; undefined: the failures are not held against it. */
	readonly events: TimeStorage | undefined;
}

/**
 * Counts episodes under the filters, all in one query; those without a failure in the window are left out.
 *
 * @returns those that go on first, then the least likely by chance
 */
export async function countRunEpisodes(
	database: Database,
	episodes: readonly RunEpisode[],
	asked: RunEpisodesAsked,
	signal: AbortSignal,
): Promise<readonly CountedRunEpisode[]> {
	const { window, filters } = asked;
	const near = episodes
		.filter(
			({ spans, until, skill }) =>
				isOfSkill(filters.skill, skill) &&
				spans.some(({ from, to }) => from < window.to && (to > window.from || until === undefined)),
		)
		.sort((one, other) => place(one) - place(other) || one.logChance - other.logChance)
		.slice(0, maxCounted);
	if (near.length === 0) return [];
	const query = runEpisodesQuery(near, asked);
	const rows = await database.rows({ query, maxRows: near.length }, signal);
	return near.flatMap((episode, index) => {
		const row = rows.find(({ episode: number }) => number === index);
		const of = (cell: string) => Number(row?.[cell] ?? 0);
		if (of("in_window") === 0) return [];
		const { factor: _, ...rest } = episode;
		const runs = of("runs");
		const count = of("failures");
		const expected = runs * episode.usualRate;
		return [
			{
				...rest,
				runs,
				count,
				rate: count / runs,
				expected,
				...(expected >= 1 ? { factor: count / expected } : {}),
				users: of("users"),
				heldAgainst: of("held_against"),
				silent: of("silent"),
			},
		];
	});
}

function isOfSkill(wanted: RunFilters["skill"], skill: string): boolean {
	return wanted === undefined || (wanted !== null && sameName(wanted, skill));
}

/** What goes on comes first. */
function place({ until }: RunEpisode): number {
	return until === undefined ? 0 : 1;
}

/** One row an episode, numbered. */
export function runEpisodesQuery(
	episodes: readonly RunEpisode[],
	{ window, filters, status, storage, events }: RunEpisodesAsked,
): Sql {
	const failed = isFailure(status);
	const conditions = runConditions(filters);
	const branches = episodes.map((episode, index) => {
		const inSpans = join(
			episode.spans.map((span) => sql`(${inWindow(span, storage, r)})`),
			" OR ",
		);
		const last = episode.spans.at(-1)?.to ?? episode.since;
		const around = sql`r.created_at >= ${instant(storage, episode.since)} AND r.created_at < ${instant(storage, last)}`;
		const rows = sql`FROM ${joined} WHERE ${around} AND (${inSpans}) AND ${slug} = ${text(episode.skill)}${conditions}`;
		const [held, silent] =
			events === undefined ? [sql`0`, sql`0`] : silentSql(sql`${rows} AND ${failed}`, storage, events);
		return sql`SELECT ${integer(index)} AS episode, (SELECT count(*) ${rows}) AS runs, (SELECT count(*) ${rows} AND ${failed}) AS failures, (SELECT count(*) ${rows} AND ${failed} AND ${inWindow(window, storage, r)}) AS in_window, (SELECT count(DISTINCT nullif(r.user_id, '')) ${rows} AND ${failed}) AS users, ${held} AS held_against, ${silent} AS silent`;
	});
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(episodes.length)}`;
}

/** How many of the newest failures are looked at, and how many of them have no error event of their user nearby. */
function silentSql(failures: Sql, storage: TimeStorage, events: TimeStorage): readonly [Sql, Sql] {
	const at = epochSeconds(storage, sql`r.created_at`);
	const newest = sql`SELECT r.user_id AS who, ${at} AS t ${failures} AND r.user_id <> '' ORDER BY r.created_at DESC LIMIT ${integer(maxHeldAgainst)}`;
	const from = storedInstant(events, sql`f.t - ${integer(correlationSeconds)}`);
	const to = storedInstant(events, sql`f.t + ${integer(correlationSeconds + 1)}`);
	return [
		sql`(SELECT count(*) FROM (${newest}))`,
		sql`(SELECT count(*) FROM (${newest}) AS f WHERE NOT EXISTS (SELECT 1 FROM error_events AS e WHERE e.created_at >= ${from} AND e.created_at < ${to} AND e.user_id = f.who))`,
	];
}
