// What error_stats counts, and the episodes that the counts belong to.
import type { Cell, Row } from "../../source/index.ts";
import type { Database, StoredTime } from "../database.ts";
import { textOrNull } from "../events.ts";
import { type ToldEpisode, tellEpisodes } from "../evidence/told.ts";
import type { Dimension, EventFilters } from "../filters.ts";
import type { ErrorHistory } from "../history/error-history.ts";
import type { RunHistory } from "../history/run-history.ts";
import type { CountedRunEpisode } from "../runs/episode-counts.ts";
import { chooseInterval, clockSlackSeconds, type Interval, previousWindow, type Window } from "../window.ts";
import { type CodeCount, type Concentration, compareWithPast, readConcentrations } from "./concentrations.ts";
import { type Echo, readEchoes } from "./echoes.ts";
import { countEpisodes } from "./episode-counts.ts";
import { type OverBefore, overBefore } from "./lately.ts";
import { maxStatsRows, statsQuery } from "./query.ts";
import { planSeries, readSeries, readTimeline, type Timeline } from "./series.ts";
import { silentSkills } from "./silent-skills.ts";

/** One group of events, in the window unless said otherwise. Instants in epoch seconds. */
export interface Group {
	/** The values of the dimensions asked for, in their order; null where the field is empty. */
	readonly key: readonly (string | number | null)[];
	readonly count: number;
	/** In the previous window. */
	readonly previous: number;
	/** None from the previous window's start to this window's. */
	readonly isNew: boolean;
	readonly sessions: number;
	readonly users: number;
	readonly topSkill: TopValue;
	readonly topProvider: TopValue;
	readonly firstSeen: number;
	readonly lastSeen: number;
}

/** The most frequent value of a group's events, null where the empty field is, and its share, 0 to 1. */
export interface TopValue {
	readonly value: string | null;
	readonly share: number;
}

export interface ErrorStats {
	/** What the filters fix: that all events share it is no finding. */
	readonly filtered: readonly Dimension[];
	readonly window: Window;
	readonly previous: Window;
	readonly total: number;
	readonly previousTotal: number;
	readonly uniqueCodes: number;
	readonly sessions: number;
	readonly users: number;
	readonly organizations: number;
	/** Events that name no user: they are in no count of users. */
	readonly withoutUser: number;
	readonly groups: readonly Group[];
	/** How many groups there are in all. */
	readonly groupCount: number;
	readonly timeline: Timeline;
	/** Those with events in the window: what goes on first, then the least likely by chance. */
	readonly episodes: readonly ToldEpisode[];
	/** What ended in the week before the window; only where nothing is in it, and without filters. */
	readonly lately: readonly OverBefore[];
	/** Episodes of skills whose runs fail with no error event beside most of them. */
	readonly silentSkills: readonly CountedRunEpisode[];
	/** Where the history that episodes are looked for in begins, epoch seconds. */
	readonly historyFrom: number;
	/** How much of the previous window the table holds, 0 to 1: rows older than its oldest are deleted. */
	readonly previousHeld: number;
	/** The most frequent codes, whatever the groups are. */
	readonly codes: readonly CodeCount[];
	readonly concentrations: readonly Concentration[];
	/** Likely ones and others. */
	readonly echoes: readonly Echo[];
	/** The hour in which a code was first seen in that history, epoch seconds, whatever the filters. */
	readonly firstHours: ReadonlyMap<string, number>;
	/** Events that fit the filters and are dated in the future, beyond what clocks may differ; in any window. */
	readonly datedInFuture: number;
}

export interface StatsRequest {
	readonly window: Window;
	readonly filters: EventFilters;
	readonly groupBy: readonly Dimension[];
	readonly limit: number;
	readonly interval: Interval | "auto";
	/** How the table stores time, and how old its oldest row is. */
	readonly stored: StoredTime;
	/** Production's time, epoch seconds. */
	readonly now: number;
}

/** Of the previous window so much must be held before anything is called new. */
const leastHeld = 0.5;

export interface StatsSources {
	readonly database: Database;
	readonly history: ErrorHistory;
	readonly runHistory: RunHistory;
}

/** What fails, how much, since when, for whom. */
export async function readStats(
	{ database, history, runHistory }: StatsSources,
	request: StatsRequest,
	signal: AbortSignal,
): Promise<ErrorStats> {
	const { window, filters, groupBy, limit, stored, now } = request;
	const { storage, since: recordedFrom } = stored;
	const previous = previousWindow(window);
	const interval = chooseInterval(window, request.interval);
	const plan = planSeries(window, interval);
	const future = now + clockSlackSeconds;
	const query = statsQuery({ window, previous, filters, groupBy, limit, storage, series: plan, future });
	const counted = async () => {
		const found = await history.episodes(stored, signal);
		const counted = await countEpisodes(database, found, { window, filters, storage }, signal);
		const asked = { filters, filtered: filteredBy(filters), storage };
		const episodes = await tellEpisodes(database, counted, asked, signal);
		const lately =
			episodes.length > 0 || filteredBy(filters).length > 0 ? [] : overBefore(found.episodes, window);
		return { episodes, lately, historyFrom: found.from, firstHours: history.firstHours() };
	};
	const [rows, { episodes, lately, historyFrom, firstHours }, silent] = await Promise.all([
		database.rows({ query, maxRows: maxStatsRows(limit) }, signal),
		counted(),
		silentSkills({ database, runHistory }, { window, filters, storage }, signal),
	]);
	const of = (kind: string) => rows.filter((row) => row.kind === kind);
	const previousHeld = heldOf(previous, recordedFrom);
	const isComparable = previousHeld >= leastHeld;
	const codes = of("code").map((row) => readCode(row, isComparable));
	const told = new Set(episodes.map(({ code }) => code));
	const concentrations = await compareWithPast(
		database,
		readConcentrations(rows),
		{ codes, told, window, previous, filters, storage },
		signal,
	);
	const series = of("series").map((row) => readSeries(row.d1, row.x));
	return {
		window,
		previous,
		filtered: filteredBy(filters),
		...readTotals(of("total")[0]),
		groups: of("group").map((row) => readGroup(row, groupBy.length, isComparable)),
		timeline: readTimeline(series, plan, window, interval),
		episodes,
		lately,
		silentSkills: silent,
		historyFrom,
		firstHours,
		previousHeld,
		codes,
		concentrations,
		echoes: readEchoes(rows),
		datedInFuture: count(of("future")[0]?.n),
	};
}

function filteredBy({ errorCodes, httpStatus, ...others }: EventFilters): readonly Dimension[] {
	const names = ["category", "skill", "provider", "action", "session", "user", "organization"] as const;
	return [
		...(errorCodes === undefined ? [] : ["error_code" as const]),
		...(httpStatus === undefined ? [] : ["http_status" as const]),
		...names.filter((one) => others[one] !== undefined),
	];
}

/** The share of a window in which the table may have rows. */
function heldOf({ from, to }: Window, recordedFrom: number): number {
	return Math.min(1, Math.max(0, to - Math.max(from, recordedFrom)) / (to - from));
}

function readTotals(row: Row | undefined) {
	return {
		total: count(row?.n),
		previousTotal: count(row?.m),
		uniqueCodes: count(row?.y),
		sessions: count(row?.sessions),
		users: count(row?.users),
		organizations: count(row?.x),
		withoutUser: count(row?.xn),
		groupCount: count(row?.g),
	};
}

/** @param isComparable whether enough of the time before is held to call anything new */
function readGroup(row: Row, dimensions: number, isComparable: boolean): Group {
	return {
		key: [row.d1, row.d2].slice(0, dimensions).map(keyCell),
		count: count(row.n),
		previous: count(row.m),
		isNew: isComparable && count(row.g) === 0,
		sessions: count(row.sessions),
		users: count(row.users),
		topSkill: { value: textOrNull(row.x), share: count(row.xn) / count(row.n) },
		topProvider: { value: textOrNull(row.y), share: count(row.yn) / count(row.n) },
		firstSeen: count(row.first_seen),
		lastSeen: count(row.last_seen),
	};
}

function readCode(row: Row, isComparable: boolean): CodeCount {
	return {
		code: String(row.d1 ?? ""),
		count: count(row.n),
		previous: count(row.m),
		isNew: isComparable && count(row.g) === 0,
		sessions: count(row.sessions),
	};
}

function count(cell: Cell | undefined): number {
	return Number(cell ?? 0);
}

function keyCell(cell: Cell | undefined): string | number | null {
	return typeof cell === "number" ? cell : textOrNull(cell);
}
