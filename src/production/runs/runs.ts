// Collects everything that failed_skill_runs answers.

import type { UsualHours } from "../../episodes/index.ts";
import type { TimeStorage } from "../../sql/index.ts";
import type { Database, StoredTime } from "../database.ts";
import type { RunHistory } from "../history/run-history.ts";
import type { Position } from "../keyset.ts";
import { intervalSeconds, type Window } from "../window.ts";
import { explainNoRuns, type NoRuns } from "./empty.ts";
import { type CountedRunEpisode, countRunEpisodes } from "./episode-counts.ts";
import type { RunsQuery } from "./filters.ts";
import { maxOverviewRows, type Overview, overviewQuery, readOverview } from "./overview.ts";
import { type FailedRun, readRun, runsPageQuery } from "./page.ts";
import { type RelatedEvents, readRelated } from "./related.ts";
import { type RunsTimeline, readTimeline, runsInterval } from "./timeline.ts";

export interface FailedRuns extends Omit<Overview, "buckets"> {
	readonly window: Window;
	readonly previous: Window;
	readonly timeline: RunsTimeline;
	/** Those with failures in the window: what goes on first, then the least likely by chance. */
	readonly episodes: readonly CountedRunEpisode[];
	/** Skills with failures in the window that have always failed at certain hours, whatever the filters. */
	readonly usualHours: readonly UsualHours[];
	/** Where the history that episodes are looked for in begins, epoch seconds. */
	readonly historyFrom: number;
	readonly runs: readonly FailedRun[];
	/** By a run's id. */
	readonly related: ReadonlyMap<string, RelatedEvents>;
	readonly more: boolean;
	/** Only if no run is listed, although the table has some. */
	readonly none?: NoRuns;
}

export interface RunsRequest extends RunsQuery {
	/** How the table stores time; where it is empty, no query looks for the reason of an empty answer. */
	readonly stored: StoredTime;
	readonly limit: number;
	readonly after?: Position | undefined;
	/** How error_events stores time; undefined: no correlation. */
	readonly correlate?: TimeStorage | undefined;
}

export interface RunsSources {
	readonly database: Database;
	readonly history: RunHistory;
}

/**
 * Two parallel queries beside the history; then one for the episodes, beside one for the events around the runs or one
 * for why there are none.
 */
export async function readFailedRuns(
	{ database, history }: RunsSources,
	request: RunsRequest,
	signal: AbortSignal,
): Promise<FailedRuns> {
	const { window, previous, limit, after, correlate, stored } = request;
	const interval = runsInterval(window);
	const [counted, rows, found] = await Promise.all([
		database.rows(
			{ query: overviewQuery(request, intervalSeconds(interval)), maxRows: maxOverviewRows },
			signal,
		),
		database.rows({ query: runsPageQuery(request, limit, after), maxRows: limit + 1 }, signal),
		history.episodes(stored, signal),
	]);
	const { buckets, ...overview } = readOverview(counted);
	const runs = rows.slice(0, limit).map(readRun);
	const [episodes, related, none] = await Promise.all([
		countRunEpisodes(database, found.episodes, { ...request, events: correlate }, signal),
		correlate === undefined
			? new Map<string, RelatedEvents>()
			: readRelated(database, runs, correlate, signal),
		overview.listed === 0 && !stored.empty ? explainNoRuns(database, request, signal) : undefined,
	]);
	return {
		...overview,
		window,
		previous,
		timeline: readTimeline(buckets, window, interval),
		runs,
		episodes,
		usualHours: found.usualHours.filter(({ skill }) =>
			overview.bySkill.some((rates) => rates.skill === skill && rates.failures > 0),
		),
		historyFrom: found.from,
		related,
		more: rows.length > limit,
		...(none === undefined ? {} : { none }),
	};
}
