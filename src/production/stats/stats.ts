// What error_stats counts: one query, and one more where there are spikes.
import type { Cell, Row } from "../../source/index.ts";
import type { TimeStorage } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { textOrNull } from "../events.ts";
import type { Dimension, EventFilters } from "../filters.ts";
import { findSpikes } from "../spikes/spikes.ts";
import { chooseInterval, type Interval, previousWindow, type Window } from "../window.ts";
import { maxStatsRows, statsQuery } from "./query.ts";
import { planSeries, readSeries, readTimeline, spikeInput, type Timeline } from "./series.ts";
import { readSpikeSpans, type SpikeSpan } from "./spike-spans.ts";

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
	readonly topSkill: string | null;
	readonly topProvider: string | null;
	readonly firstSeen: number;
	readonly lastSeen: number;
}

/** Who or what has more than half of one code's events. */
export interface Concentration {
	readonly by: "user" | "session" | "organization" | "skill" | "provider";
	readonly code: string;
	readonly who: string;
	/** Its events of this code, and of all codes. */
	readonly count: number;
	readonly ofAllCodes: number;
}

export interface CodeCount {
	readonly code: string;
	readonly count: number;
	readonly previous: number;
	readonly isNew: boolean;
}

export interface ErrorStats {
	readonly window: Window;
	readonly previous: Window;
	readonly total: number;
	readonly previousTotal: number;
	readonly uniqueCodes: number;
	readonly sessions: number;
	readonly users: number;
	readonly organizations: number;
	readonly groups: readonly Group[];
	/** How many groups there are in all. */
	readonly groupCount: number;
	readonly timeline: Timeline;
	/** Undefined where the window is too long to look for any. */
	readonly spikes: readonly SpikeSpan[] | undefined;
	/** The most frequent codes, whatever the groups are. */
	readonly codes: readonly CodeCount[];
	readonly concentrations: readonly Concentration[];
	/** Events that fit the filters and are dated in the future, beyond what clocks may differ; in any window. */
	readonly datedInFuture: number;
}

export interface StatsRequest {
	readonly window: Window;
	readonly filters: EventFilters;
	readonly groupBy: readonly Dimension[];
	readonly limit: number;
	readonly interval: Interval | "auto";
	readonly storage: TimeStorage;
	/** Production's time, epoch seconds. */
	readonly now: number;
	/** The oldest event's time, epoch seconds. */
	readonly recordedFrom: number;
}

/** Clients' clocks may be so far ahead, in seconds, before a row counts as dated in the future. */
const clockSlackSeconds = 300;

/** What fails, how much, since when, for whom. */
export async function readStats(
	database: Database,
	request: StatsRequest,
	signal: AbortSignal,
): Promise<ErrorStats> {
	const { window, filters, groupBy, limit, storage, now, recordedFrom } = request;
	const previous = previousWindow(window);
	const interval = chooseInterval(window, request.interval);
	const plan = planSeries(window, interval, recordedFrom);
	const future = now + clockSlackSeconds;
	const rows = await database.rows(
		{
			query: statsQuery({ window, previous, filters, groupBy, limit, storage, series: plan, future }),
			maxRows: maxStatsRows(limit),
		},
		signal,
	);
	const of = (kind: string) => rows.filter((row) => row.kind === kind);
	const series = of("series").map((row) => readSeries(row.d1, row.x));
	const input = spikeInput(series, plan, window);
	const spikes = input === undefined ? undefined : findSpikes(input);
	return {
		window,
		previous,
		...readTotals(of("total")[0]),
		groups: of("group").map((row) => readGroup(row, groupBy.length)),
		timeline: readTimeline(series, plan, window, interval),
		spikes:
			spikes === undefined ? undefined : await readSpikeSpans(database, spikes, filters, storage, signal),
		codes: of("code").map(readCode),
		concentrations: concentratedIn.flatMap((by) => of(`by ${by}`).map((row) => readConcentration(row, by))),
		datedInFuture: count(of("future")[0]?.n),
	};
}

function readTotals(row: Row | undefined) {
	return {
		total: count(row?.n),
		previousTotal: count(row?.m),
		uniqueCodes: count(row?.y),
		sessions: count(row?.sessions),
		users: count(row?.users),
		organizations: count(row?.x),
		groupCount: count(row?.g),
	};
}

function readGroup(row: Row, dimensions: number): Group {
	return {
		key: [row.d1, row.d2].slice(0, dimensions).map(keyCell),
		count: count(row.n),
		previous: count(row.m),
		isNew: count(row.g) === 0,
		sessions: count(row.sessions),
		users: count(row.users),
		topSkill: textOrNull(row.x),
		topProvider: textOrNull(row.y),
		firstSeen: count(row.first_seen),
		lastSeen: count(row.last_seen),
	};
}

function readCode(row: Row): CodeCount {
	return {
		code: String(row.d1 ?? ""),
		count: count(row.n),
		previous: count(row.m),
		isNew: count(row.g) === 0,
	};
}

const concentratedIn = ["user", "session", "organization", "skill", "provider"] as const;

function readConcentration(row: Row, by: Concentration["by"]): Concentration {
	return {
		by,
		code: String(row.d1 ?? ""),
		who: String(row.d2 ?? ""),
		count: count(row.n),
		ofAllCodes: count(row.m),
	};
}

function count(cell: Cell | undefined): number {
	return Number(cell ?? 0);
}

function keyCell(cell: Cell | undefined): string | number | null {
	return typeof cell === "number" ? cell : textOrNull(cell);
}
