import type { Cell, Row } from "../../skillomatic/answers.ts";
import type { TimeStorage } from "../../sql/time.ts";
import type { Position } from "../cursor.ts";
import type { Database } from "../database.ts";
import { textOrNull } from "../events.ts";
import { bucketCount, chooseInterval, type Interval, intervalSeconds, type Window } from "../window.ts";
import { foldMessages, type MessagePattern } from "./patterns.ts";
import {
	maxMessages,
	maxRateRows,
	maxRelated,
	messagesQuery,
	type RunsQuery,
	ratesQuery,
	relatedQuery,
	runsPageQuery,
} from "./query.ts";

/** Runs and failures of one skill, or of all (`skill` null), in the window and in the one before. */
export interface Rates {
	readonly skill: string | null;
	readonly runs: number;
	readonly failures: number;
	readonly previousRuns: number;
	readonly previousFailures: number;
	/** Milliseconds, nearest rank; null where no run has a duration. */
	readonly p50: number | null;
	readonly p95: number | null;
	readonly failedP50: number | null;
}

/** An error event of the same user near a run. */
export interface RelatedEvent {
	readonly code: string;
	/** Seconds after the run was logged; negative before. */
	readonly seconds: number;
	readonly provider: string | null;
}

export interface FailedRun {
	readonly id: string;
	readonly at: number;
	readonly skill: string | null;
	readonly status: string | null;
	readonly durationMs: number | null;
	readonly user: string | null;
	readonly organization: string | null;
	readonly errorMessage: string | null;
	readonly inputSummary: string | null;
	readonly related: readonly RelatedEvent[];
	readonly position: Position;
}

export interface RunsTimeline {
	readonly interval: Interval | "week";
	readonly start: number;
	readonly runs: readonly number[];
	readonly failures: readonly number[];
}

export interface FailedRuns {
	readonly window: Window;
	readonly previous: Window;
	readonly total: Rates;
	readonly bySkill: readonly Rates[];
	readonly messages: readonly MessagePattern[];
	/** Failures whose messages were too rare to be folded; 0 where all were. */
	readonly unfolded: number;
	readonly timeline: RunsTimeline;
	readonly runs: readonly FailedRun[];
	/** Runs that the lists are about. */
	readonly listed: number;
	readonly more: boolean;
}

export interface RunsRequest extends RunsQuery {
	readonly limit: number;
	readonly after?: Position | undefined;
	/** How error_events stores time; undefined: no correlation. */
	readonly correlate?: TimeStorage | undefined;
}

/** Which skills fail, how, and what else happened then. */
export async function readFailedRuns(
	database: Database,
	request: RunsRequest,
	signal: AbortSignal,
): Promise<FailedRuns> {
	const { window, previous, limit, after, correlate } = request;
	const interval = chooseInterval(window, "auto");
	const width = intervalSeconds(interval);
	const [rates, messages, rows] = await Promise.all([
		database.rows({ query: ratesQuery(request, width), maxRows: maxRateRows }, signal),
		database.rows({ query: messagesQuery(request), maxRows: maxMessages }, signal),
		database.rows({ query: runsPageQuery(request, limit, after), maxRows: limit + 1 }, signal),
	]);
	const page = rows.slice(0, limit).map(readRun);
	const related = correlate === undefined ? new Map() : await readRelated(database, page, correlate, signal);
	const folded = messages.reduce((sum, row) => sum + Number(row.n), 0);
	const failures = Number(messages[0]?.failures ?? 0);
	return {
		window,
		previous,
		total: readRates(rates.find(({ kind }) => kind === "total")),
		bySkill: rates.filter(({ kind }) => kind === "skill").map(readRates),
		messages: foldMessages(
			messages
				.filter(({ message }) => textOrNull(message) !== null)
				.map((row) => ({
					message: String(row.message),
					count: Number(row.n),
					skills: String(row.skills ?? "")
						.split(",")
						.filter((skill) => skill !== ""),
					lastSeen: Number(row.last_seen),
				})),
		),
		unfolded: failures - folded,
		timeline: readTimeline(rates, window, interval, width),
		runs: page.map((run) => ({ ...run, related: related.get(run.id) ?? [] })),
		listed: failures,
		more: rows.length > limit,
	};
}

function readRates(row: Row | undefined): Rates {
	return {
		skill: textOrNull(row?.skill),
		runs: Number(row?.runs ?? 0),
		failures: Number(row?.failures ?? 0),
		previousRuns: Number(row?.before_runs ?? 0),
		previousFailures: Number(row?.before_failures ?? 0),
		p50: numberOrNull(row?.p50),
		p95: numberOrNull(row?.p95),
		failedP50: numberOrNull(row?.failed_p50),
	};
}

function numberOrNull(cell: Cell | undefined): number | null {
	return cell === null || cell === undefined ? null : Number(cell);
}

function readTimeline(
	rows: readonly Row[],
	window: Window,
	interval: Interval | "week",
	width: number,
): RunsTimeline {
	const runs = new Array<number>(bucketCount(window, width)).fill(0);
	const failures = [...runs];
	for (const row of rows) {
		const bucket = Number(row.skill);
		if (row.kind !== "bucket" || bucket >= runs.length) continue;
		runs[bucket] = Number(row.runs);
		failures[bucket] = Number(row.failures);
	}
	return { interval, start: Math.floor(window.from / width) * width, runs, failures };
}

function readRun(row: Row): Omit<FailedRun, "related"> {
	return {
		id: String(row.id),
		at: Number(row.at),
		skill: textOrNull(row.skill),
		status: textOrNull(row.status),
		durationMs: numberOrNull(row.duration_ms),
		user: textOrNull(row.user_id),
		organization: textOrNull(row.organization),
		errorMessage: textOrNull(row.error_message),
		inputSummary: textOrNull(row.input_summary),
		position: { at: typeof row.stored === "number" ? row.stored : String(row.stored), id: String(row.id) },
	};
}

async function readRelated(
	database: Database,
	runs: readonly Omit<FailedRun, "related">[],
	storage: TimeStorage,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly RelatedEvent[]>> {
	const withUser = runs.flatMap(({ id, at, user, skill }) =>
		user === null ? [] : [{ id, at, user, skill }],
	);
	if (withUser.length === 0) return new Map();
	const rows = await database.rows(
		{ query: relatedQuery(withUser, storage), maxRows: withUser.length * maxRelated },
		signal,
	);
	const related = new Map<string, RelatedEvent[]>();
	for (const row of rows) {
		const run = String(row.run);
		const events = related.get(run) ?? [];
		events.push({ code: String(row.code), seconds: Number(row.seconds), provider: textOrNull(row.provider) });
		related.set(run, events);
	}
	return related;
}
