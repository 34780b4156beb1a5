// Production by two ways: its API, and its database itself where the API is down.

import type { CheckedSelect } from "../sql/index.ts";
import { type Clock, DeadlineExceeded } from "../system/index.ts";
import { Failure } from "../text/index.ts";
import { BothFailed, ConnectionFailed, DatabaseError, ServerFault } from "./failures/index.ts";
import { meterOf } from "./http/meter.ts";
import type { AskOptions } from "./http/requests.ts";
import type { Source } from "./source.ts";
import { couldNotBeAsked, whyDown } from "./why-down.ts";

/** For how long the API is not tried again after it was found to be down. */
const avoidedMs = 60_000;

export interface Ways {
	/** Undefined where no API key is set. */
	readonly api: Source | undefined;
	/** Undefined where the user has set none. */
	readonly database: Source | undefined;
	readonly clock: Clock;
}

/** @throws {RangeError} where there is no way at all */
export function createSource({ api, database, clock }: Ways): Source {
	if (database === undefined) {
		if (api === undefined) throw new RangeError("no way to production");
		return api;
	}
	return api === undefined ? databaseAlone(database) : new Failover(api, database, clock);
}

/** What an answer says that did not come from the API. */
function sourceWords(why: string): string {
	return `Production's database itself was asked, since ${why}.`;
}

function noteSource({ signal }: AskOptions, why: string): void {
	const meter = meterOf(signal);
	if (meter !== undefined) meter.source = sourceWords(why);
}

function databaseAlone(database: Source): Source {
	const noted = (ask: AskOptions) => {
		noteSource(ask, "no API key is set that could be used");
		return ask;
	};
	return {
		...database,
		query: (select, ask) => database.query(select, noted(ask)),
		stats: (ask) => database.stats(noted(ask)),
		tables: (ask) => database.tables(noted(ask)),
		columns: (table, ask) => database.columns(table, noted(ask)),
	};
}

/**
 * The API first. The database at once where the API cannot be reached or answers 5xx, and for a minute; then the API is
 * tried again. After a call's time-out the database is asked by the next call only, since the query may still be running
 * there; after a second one in a row, for a minute as well.
 */
class Failover implements Source {
	/** Why the API is not asked, and since when, epoch milliseconds. */
	#down: { readonly why: string; readonly failure: Failure; readonly since: number } | undefined;
	/** Set by one time-out, until the next call. */
	#nextCall: DeadlineExceeded | undefined;
	#timeouts = 0;
	/** Calls that ask the database, and why: a call stays with it. */
	readonly #moved = new WeakMap<AbortSignal, { readonly why: string; readonly failure: Failure }>();
	#last: Source;

	constructor(
		private readonly api: Source,
		private readonly database: Source,
		private readonly clock: Clock,
	) {
		this.#last = api;
	}

	query(select: CheckedSelect, ask: AskOptions) {
		return this.#ask(ask, "query", (source, options) => source.query(select, options));
	}

	stats(ask: AskOptions) {
		return this.#ask(ask, "other", (source, options) => source.stats(options));
	}

	tables(ask: AskOptions) {
		return this.#ask(ask, "other", (source, options) => source.tables(options));
	}

	columns(table: string, ask: AskOptions) {
		return this.#ask(ask, "other", (source, options) => source.columns(table, options));
	}

	/** By the clock of what answered last. */
	clockOffsetMs(): number {
		return this.#last.clockOffsetMs();
	}

	/** Of the API: Turso states none. */
	rateLimit() {
		return this.api.rateLimit();
	}

	requestsSent(): number {
		return this.api.requestsSent() + this.database.requestsSent();
	}

	async close(): Promise<void> {
		await Promise.all([this.api.close(), this.database.close()]);
	}

	async #ask<T>(
		ask: AskOptions,
		route: "query" | "other",
		send: (source: Source, options: AskOptions) => Promise<T>,
	): Promise<T> {
		const { signal } = ask;
		signal.throwIfAborted();
		this.#move(signal);
		if (this.#moved.has(signal)) return this.#askDatabase(ask, send);
		try {
			const answer = await send(this.api, { ...ask, retry: "only_if_limited" });
			this.#answered();
			return answer;
		} catch (error) {
			if (signal.aborted) {
				if (signal.reason instanceof DeadlineExceeded) this.#timedOut(signal.reason);
				throw error;
			}
			const why = whyDown(error, route);
			if (why === undefined || !(error instanceof Failure)) {
				this.#answered();
				throw error;
			}
			this.#down = { why, failure: error, since: this.clock.now() };
			// An agent's query that may have begun there is not started again by the same call.
			if (ask.retry === "if_not_running" && mayStillRun(error)) throw error;
			this.#moved.set(signal, this.#down);
			return this.#askDatabase(ask, send);
		}
	}

	async #askDatabase<T>(
		ask: AskOptions,
		send: (source: Source, options: AskOptions) => Promise<T>,
	): Promise<T> {
		const moved = this.#moved.get(ask.signal);
		try {
			const answer = await send(this.database, ask);
			this.#last = this.database;
			if (moved !== undefined) noteSource(ask, moved.why);
			return answer;
		} catch (error) {
			if (ask.signal.aborted || moved === undefined || !couldNotBeAsked(error)) throw error;
			// The API is the better choice again.
			this.#down = undefined;
			throw error instanceof Failure ? new BothFailed(moved.failure, error) : error;
		}
	}

	/** Decides for a call which way it takes, where that is to be decided. */
	#move(signal: AbortSignal): void {
		if (this.#moved.has(signal)) return;
		const elapsed = this.#down === undefined ? avoidedMs : this.clock.now() - this.#down.since;
		// A clock that was set back does not keep the API away for longer.
		if (this.#down !== undefined && elapsed >= 0 && elapsed < avoidedMs) {
			this.#moved.set(signal, this.#down);
			return;
		}
		this.#down = undefined;
		if (this.#nextCall === undefined) return;
		this.#moved.set(signal, {
			why: "its API did not answer the call before in time",
			failure: this.#nextCall,
		});
		this.#nextCall = undefined;
	}

	#answered(): void {
		this.#last = this.api;
		this.#timeouts = 0;
		this.#nextCall = undefined;
	}

	#timedOut(reason: DeadlineExceeded): void {
		// Each of a call's requests is told of its time-out.
		if (this.#nextCall === reason || this.#down?.failure === reason) return;
		this.#timeouts += 1;
		if (this.#timeouts === 1) this.#nextCall = reason;
		else
			this.#down = {
				why: "its API has not answered in time, twice in a row",
				failure: reason,
				since: this.clock.now(),
			};
	}
}

/** Whether a request that failed may have started its query. */
function mayStillRun(error: Failure): boolean {
	if (error instanceof ConnectionFailed) return error.sent;
	return error instanceof ServerFault ? error.status === 504 : error instanceof DatabaseError;
}
