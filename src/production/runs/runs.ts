// Collects everything that failed_skill_runs answers.

import type { TimeStorage } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import type { Position } from "../keyset.ts";
import { intervalSeconds, type Window } from "../window.ts";
import { explainNoRuns, type NoRuns } from "./empty.ts";
import type { RunsQuery } from "./filters.ts";
import { maxOverviewRows, type Overview, overviewQuery, readOverview } from "./overview.ts";
import { type FailedRun, readRun, runsPageQuery } from "./page.ts";
import { type RelatedEvents, readRelated } from "./related.ts";
import { type RunsTimeline, readTimeline, runsInterval } from "./timeline.ts";

export interface FailedRuns extends Omit<Overview, "buckets"> {
	readonly window: Window;
	readonly previous: Window;
	readonly timeline: RunsTimeline;
	readonly runs: readonly FailedRun[];
	/** By a run's id. */
	readonly related: ReadonlyMap<string, RelatedEvents>;
	readonly more: boolean;
	/** Only if no run is listed, although the table has some. */
	readonly none?: NoRuns;
}

export interface RunsRequest extends RunsQuery {
	/** Then no query looks for the reason. */
	readonly tableEmpty: boolean;
	readonly limit: number;
	readonly after?: Position | undefined;
	/** How error_events stores time; undefined: no correlation. */
	readonly correlate?: TimeStorage | undefined;
}

/**
 * Two parallel queries, then one for the events around the runs, or one for why there are none.
 */
export async function readFailedRuns(
	database: Database,
	request: RunsRequest,
	signal: AbortSignal,
): Promise<FailedRuns> {
	const { window, previous, limit, after, correlate } = request;
	const interval = runsInterval(window);
	const [counted, rows] = await Promise.all([
		database.rows(
			{ query: overviewQuery(request, intervalSeconds(interval)), maxRows: maxOverviewRows },
			signal,
		),
		database.rows({ query: runsPageQuery(request, limit, after), maxRows: limit + 1 }, signal),
	]);
	const { buckets, ...overview } = readOverview(counted);
	const runs = rows.slice(0, limit).map(readRun);
	return {
		...overview,
		window,
		previous,
		timeline: readTimeline(buckets, window, interval),
		runs,
		related: correlate === undefined ? new Map() : await readRelated(database, runs, correlate, signal),
		more: rows.length > limit,
		...(overview.listed === 0 && !request.tableEmpty
			? { none: await explainNoRuns(database, request, signal) }
			: {}),
	};
}
