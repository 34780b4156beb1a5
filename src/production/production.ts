// Production's questions: error statistics, events, failed runs.

import type { Clock } from "../system/index.ts";
import { eventFilters, type FilterArguments, type RunsArguments, runFilters } from "./arguments.ts";
import { cursorAfter, readPageCursor, runCursors, writePageCursor } from "./cursor.ts";
import { type Database, type StoredTime, TableMissing } from "./database.ts";
import { type Emptiness, explainEmpty } from "./empty.ts";
import { type EventsAnswer, type EventsArguments, fetchEvents } from "./fetch-events.ts";
import type { Dimension } from "./filters.ts";
import { askFix, type FixAnswer, type FixArguments } from "./fix/ask-fix.ts";
import { ErrorHistory } from "./history/error-history.ts";
import { RunHistory } from "./history/run-history.ts";
import { Lookups } from "./lookups.ts";
import { eventsBeside } from "./other-table.ts";
import { type CountAsked, type CountNow, countNow } from "./profiles/counts-now.ts";
import { readProfiles, type Stretch, type TroubleProfile } from "./profiles/profiles.ts";
import type { RunStatus } from "./runs/filters.ts";
import { type FailedRuns, readFailedRuns } from "./runs/runs.ts";
import { type EventShapes, readShapes } from "./shapes.ts";
import { type ErrorStats, readStats } from "./stats/stats.ts";
import {
	endingNow,
	type Interval,
	previousWindow,
	resolveWindow,
	type Timed,
	type WindowArguments,
} from "./window.ts";

export interface StatsArguments extends WindowArguments, FilterArguments {
	readonly group_by?: readonly Dimension[] | undefined;
	readonly interval?: Interval | "auto" | undefined;
	readonly limit?: number | undefined;
}

export interface StatsAnswer extends ErrorStats, Timed {
	/** Why no event matches. */
	readonly empty?: Emptiness;
}

export interface RunsAnswer extends FailedRuns, Timed {
	/** The arguments of the first page, where a cursor is given. */
	readonly asked: Pick<RunsArguments, "skill" | "status" | "user" | "organization">;
	/** Production's time, epoch seconds. */
	readonly now: number;
	/** This deployment has no table of error events. */
	readonly eventsMissing: boolean;
	/** Error events in the window with the same filters, where no failure is listed and filters were given. */
	readonly eventsBeside?: number;
	/** The cursor after this number of runs; undefined at the end. */
	cursorAfter(shown: number): string | undefined;
}

export interface Production {
	/** @throws {InvalidArgument} where the fix is older than the rows that there are */
	checkFix(request: FixArguments, signal: AbortSignal): Promise<FixAnswer>;
	failedSkillRuns(request: RunsArguments, signal: AbortSignal): Promise<RunsAnswer>;
	errorStats(request: StatsArguments, signal: AbortSignal): Promise<StatsAnswer>;
	fetchErrors(request: EventsArguments, signal: AbortSignal): Promise<EventsAnswer>;
	/** What the events of a code say of themselves, over the last 7 days. */
	eventShapes(errorCode: string, signal: AbortSignal): Promise<EventShapes>;
	/** What each trouble is bound to, in their order; undefined where nothing is in a stretch. */
	profiles(
		stretches: readonly Stretch[],
		signal: AbortSignal,
	): Promise<readonly (TroubleProfile | undefined)[]>;
	/** How often each came in the last 24 hours, in their order. */
	countNow(asked: readonly CountAsked[], signal: AbortSignal): Promise<readonly CountNow[]>;
}

interface ProductionParts {
	readonly database: Database;
	readonly clock: Clock;
	/** Its name, where several are configured: its cursors bear it. */
	readonly environment?: string | undefined;
}

/** Asks production, and keeps what does not change: how time is stored, names, the history of errors. */
class AskedProduction implements Production {
	readonly #database: Database;
	readonly #lookups: Lookups;
	readonly #history: ErrorHistory;
	readonly #runHistories: Readonly<Record<RunStatus, RunHistory>>;

	readonly #environment: string | undefined;

	constructor({ database, clock, environment }: ProductionParts) {
		this.#database = database;
		this.#environment = environment;
		this.#lookups = new Lookups(database, clock);
		this.#history = new ErrorHistory(database);
		this.#runHistories = {
			error: new RunHistory(database, "error"),
			partial: new RunHistory(database, "partial"),
			any_failure: new RunHistory(database, "any_failure"),
		};
	}

	/** The window and the filters of a request about error events; a later page has the first one's window. */
	async #prepare(
		request: WindowArguments & FilterArguments,
		signal: AbortSignal,
		{ future, firstNow }: { readonly future: "cut" | "kept"; readonly firstNow?: number | undefined },
	) {
		const { user, organization, session } = request;
		const stored = await this.#database.storedTime("error_events", signal);
		// Production's time is known only now.
		const { seconds, clockDifferenceSeconds } = this.#database.now();
		const asked = resolveWindow(request, firstNow ?? seconds);
		const window = future === "cut" ? endingNow(asked, seconds) : asked;
		const scope = {
			window: { from: previousWindow(window).from, to: window.to },
			storage: stored.storage,
		};
		const resolved = await this.#lookups.resolve({ user, organization, session }, scope, signal);
		return {
			now: seconds,
			window,
			filters: eventFilters(request, resolved),
			stored,
			tableEmpty: stored.empty,
			...(clockDifferenceSeconds === undefined ? {} : { clockDifferenceSeconds }),
		};
	}

	/** Runs are useful even without the events around them. */
	async #eventTime(signal: AbortSignal): Promise<StoredTime | "missing"> {
		try {
			return await this.#database.storedTime("error_events", signal);
		} catch (error) {
			if (error instanceof TableMissing) return "missing";
			throw error;
		}
	}

	checkFix(request: FixArguments, signal: AbortSignal): Promise<FixAnswer> {
		const sources = {
			database: this.#database,
			lookups: this.#lookups,
			history: this.#history,
			runHistory: this.#runHistories.error,
		};
		return askFix(sources, request, signal);
	}

	async errorStats(request: StatsArguments, signal: AbortSignal): Promise<StatsAnswer> {
		const { now, window, filters, stored, ...timed } = await this.#prepare(request, signal, {
			future: "cut",
		});
		const stats = await readStats(
			{ database: this.#database, history: this.#history, runHistory: this.#runHistories.error },
			{
				window,
				filters,
				stored,
				now,
				groupBy: request.group_by ?? ["error_code"],
				limit: request.limit ?? 15,
				interval: request.interval ?? "auto",
			},
			signal,
		);
		if (stats.total > 0) return { ...stats, ...timed };
		const { tableEmpty } = timed;
		const { storage } = stored;
		await this.#lookups.refuseUnknown(request, { window, storage }, signal);
		const empty = await explainEmpty(this.#database, { window, filters, storage, tableEmpty, now }, signal);
		return { ...stats, ...timed, empty };
	}

	async failedSkillRuns(request: RunsArguments, signal: AbortSignal): Promise<RunsAnswer> {
		const { limit = 20, cursor: given, correlate = true, ...first } = request;
		const cursor =
			given === undefined ? undefined : readPageCursor(runCursors, given, first, this.#environment);
		const asked = cursor?.given ?? first;
		const [stored, events, resolved] = await Promise.all([
			this.#database.storedTime("skill_usage_logs", signal),
			correlate ? this.#eventTime(signal) : undefined,
			this.#lookups.resolve({ user: asked.user, organization: asked.organization }, undefined, signal),
		]);
		const { seconds, clockDifferenceSeconds } = this.#database.now();
		const firstNow = cursor?.now ?? seconds;
		const window = endingNow(resolveWindow(asked, firstNow), firstNow);
		const status = asked.status ?? "error";
		const filters = runFilters(asked.skill, resolved);
		const runs = await readFailedRuns(
			{ database: this.#database, history: this.#runHistories[status] },
			{
				window,
				previous: previousWindow(window),
				filters,
				status,
				messageContains: asked.message_contains,
				storage: stored.storage,
				stored,
				limit,
				after: cursor?.positions[0],
				correlate: events === "missing" ? undefined : events?.storage,
			},
			signal,
		);
		if (runs.total.runs === 0) await this.#lookups.refuseUnknown({ user: asked.user }, undefined, signal);
		const beside =
			runs.listed === 0 ? await eventsBeside(this.#database, { window, filters }, signal) : undefined;
		return {
			...runs,
			...(beside === undefined ? {} : { eventsBeside: beside }),
			now: seconds,
			eventsMissing: events === "missing",
			tableEmpty: stored.empty,
			...(clockDifferenceSeconds === undefined ? {} : { clockDifferenceSeconds }),
			asked,
			cursorAfter: cursorAfter(runs.runs, runs.more, (position) =>
				writePageCursor(runCursors, asked, { now: firstNow, positions: [position] }, this.#environment),
			),
		};
	}

	eventShapes(errorCode: string, signal: AbortSignal): Promise<EventShapes> {
		return readShapes(this.#database, errorCode, signal);
	}

	profiles(
		stretches: readonly Stretch[],
		signal: AbortSignal,
	): Promise<readonly (TroubleProfile | undefined)[]> {
		return readProfiles(this.#database, stretches, signal);
	}

	countNow(asked: readonly CountAsked[], signal: AbortSignal): Promise<readonly CountNow[]> {
		return countNow(this.#database, asked, signal);
	}

	fetchErrors(request: EventsArguments, signal: AbortSignal): Promise<EventsAnswer> {
		return fetchEvents(
			{
				database: this.#database,
				lookups: this.#lookups,
				environment: this.#environment,
				// Rows dated in the future can be looked at.
				prepare: (asked, firstNow) => this.#prepare(asked, signal, { future: "kept", firstNow }),
			},
			request,
			signal,
		);
	}
}

export function createProduction(parts: ProductionParts): Production {
	return new AskedProduction(parts);
}
