import PQueue from "p-queue";
import { DeadlineExceeded, pause, remainingMs } from "../system/deadline.ts";
import { BudgetUsedUp, RateLimited } from "./errors.ts";

/** What the server last said of its rate limit. */
export interface RateLimit {
	readonly limit: number;
	readonly remaining: number;
	/** Seconds until the window ends. */
	readonly resetSeconds: number;
}

/** Requests in flight at once. */
export const maxInFlight = 4;

/**
 * Keeps this server from hurting production: so many requests in flight and a minute, and a wait where the
 * server says that its limit is nearly reached (another host may share the key, so its headers are believed).
 */
export class Pace {
	readonly #queue: PQueue;
	#heldUntil = 0;
	#rateLimit: RateLimit | undefined;

	constructor(readonly callsPerMinute: number) {
		this.#queue = new PQueue({
			concurrency: maxInFlight,
			interval: 60_000,
			intervalCap: callsPerMinute,
			strict: true,
		});
	}

	get rateLimit(): RateLimit | undefined {
		return this.#rateLimit;
	}

	/**
	 * Runs one request when it may go out.
	 *
	 * @param onWait told how long, when there is a wait of a second and more
	 * @throws {RateLimited} {BudgetUsedUp} when the wait does not fit into the signal's deadline
	 */
	async run<T>(
		signal: AbortSignal,
		onWait: (seconds: number) => void,
		request: () => Promise<T>,
	): Promise<T> {
		const hold = this.#heldUntil - performance.now();
		if (hold > 0) {
			if (hold >= remainingMs(signal)) throw new RateLimited(Math.ceil(hold / 1000));
			if (hold >= 1000) onWait(Math.ceil(hold / 1000));
			await pause(hold, signal);
		}
		let started = false;
		try {
			return await this.#queue.add(
				() => {
					started = true;
					signal.throwIfAborted();
					return request();
				},
				{ signal },
			);
		} catch (error) {
			if (!started && this.#queue.isRateLimited && error instanceof DeadlineExceeded) {
				throw new BudgetUsedUp(this.callsPerMinute);
			}
			throw error;
		}
	}

	/** Takes in what an answer's headers say. At the last few requests of a window, the rest waits for the next. */
	observe(headers: Readonly<Record<string, string>>): void {
		const [limit, remaining, resetSeconds] = ["limit", "remaining", "reset"].map((part) =>
			Number.parseInt(headers[`x-ratelimit-${part}`] ?? "", 10),
		);
		if (limit === undefined || remaining === undefined || resetSeconds === undefined) return;
		if (![limit, remaining, resetSeconds].every(Number.isFinite)) return;
		this.#rateLimit = { limit, remaining, resetSeconds };
		if (remaining < maxInFlight && resetSeconds <= 120) {
			this.#heldUntil = Math.max(this.#heldUntil, performance.now() + resetSeconds * 1000);
		}
	}
}
