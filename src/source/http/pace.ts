// Paces requests: by this server's own budget and by production's rate limit.

import PQueue from "p-queue";
import { pause, remainingMs } from "../../system/index.ts";
import { BudgetUsedUp, RateLimited } from "../failures/index.ts";
import type { Wait } from "./meter.ts";

/** The rate limit as the server last reported it. */
export interface RateLimit {
	readonly limit: number;
	readonly remaining: number;
	/** Seconds until the window ends. */
	readonly resetSeconds: number;
}

/** Requests in flight at once. */
export const maxInFlight = 4;

const minuteMs = 60_000;
/** Upper bound of a reported window, in seconds: the API's has 60. */
const maxWindowSeconds = 120;
/** The last part of a window's requests is spread over its remaining time. */
const nearLimit = 0.1;
/** Upper bound of the gap between two requests near the limit, as a share of the call's time: several must fit. */
const maxGapPart = 1 / 8;
const maxGapMs = 2000;

/**
 * Protects production: upper bounds on requests in flight and per minute. Near production's own limit, requests are
 * sent more slowly, and none once it is reached. Another host may share the key, so production's headers count, not our
 * own counter.
 */
export class Pace {
	readonly #queue = new PQueue({ concurrency: maxInFlight });
	/** When the requests of the last minute were sent, oldest first. */
	readonly #sent: number[] = [];
	/** The current window: as last reported, minus the requests sent since. */
	#window: { readonly limit: number; remaining: number; readonly endsAt: number } | undefined;
	#said: RateLimit | undefined;

	constructor(readonly callsPerMinute: number) {}

	get rateLimit(): RateLimit | undefined {
		return this.#said;
	}

	/**
	 * Runs one request as soon as it may be sent.
	 *
	 * @param onWait called at the beginning of a wait
	 * @throws {RateLimited} {BudgetUsedUp} immediately, if the wait does not fit into the signal's deadline
	 */
	async run<T>(signal: AbortSignal, onWait: (wait: Wait) => void, request: () => Promise<T>): Promise<T> {
		for (;;) {
			const wait = this.#wait(remainingMs(signal));
			if (wait !== undefined) {
				if (wait.ms >= remainingMs(signal)) throw this.#refusal(wait);
				onWait(wait);
				await pause(wait.ms, signal);
			}
			const done = await this.#queue.add(
				async () => {
					signal.throwIfAborted();
					// Others may have been sent first while this one was queued.
					if (this.#wait(remainingMs(signal)) !== undefined) return undefined;
					this.#goesOut();
					return { value: await request() };
				},
				{ signal },
			);
			if (done !== undefined) return done.value;
		}
	}

	/** Reads the rate limit from a response's headers. */
	observe(headers: Readonly<Record<string, string>>): void {
		const [limit, remaining, resetSeconds] = ["limit", "remaining", "reset"].map((part) =>
			wholeNumber(headers[`x-ratelimit-${part}`]),
		);
		if (limit === undefined || remaining === undefined || resetSeconds === undefined) return;
		this.#said = { limit, remaining, resetSeconds };
		if (resetSeconds > maxWindowSeconds) return;
		this.#window = { limit, remaining, endsAt: performance.now() + resetSeconds * 1000 };
	}

	/** Blocks all requests after a 429, for at most two minutes. */
	hold(seconds: number): void {
		const endsAt = performance.now() + Math.min(seconds, maxWindowSeconds) * 1000;
		this.#window = { limit: this.#said?.limit ?? 0, remaining: 0, endsAt };
	}

	#goesOut(): void {
		const now = performance.now();
		while ((this.#sent[0] ?? now) <= now - minuteMs) this.#sent.shift();
		this.#sent.push(now);
		if (this.#window !== undefined) this.#window.remaining -= 1;
	}

	/**
	 * The wait before the next request may be sent; undefined if it may be sent now.
	 *
	 * @param leftMs until the call's deadline
	 */
	#wait(leftMs: number): Wait | undefined {
		const now = performance.now();
		const oldest = this.#sent.at(-this.callsPerMinute);
		const budgetEnds =
			this.#sent.length < this.callsPerMinute || oldest === undefined ? 0 : oldest + minuteMs;
		const budgetMs = budgetEnds - now;
		const limitMs = this.#limitMs(now, leftMs);
		if (budgetMs <= 0 && limitMs <= 0) return undefined;
		if (budgetMs >= limitMs) return { reason: "own_budget", ms: Math.ceil(budgetMs) };
		const left = { requests: Math.max(0, this.#window?.remaining ?? 0), ofLimit: this.#window?.limit ?? 0 };
		return { reason: "rate_limit", ms: Math.ceil(limitMs), left };
	}

	#limitMs(now: number, leftMs: number): number {
		const window = this.#window;
		if (window === undefined || window.endsAt <= now) return 0;
		if (window.remaining <= 0) return window.endsAt - now;
		if (window.remaining > Math.max(maxInFlight, window.limit * nearLimit)) return 0;
		const gap = Math.min(maxGapMs, leftMs * maxGapPart, (window.endsAt - now) / window.remaining);
		return (this.#sent.at(-1) ?? Number.NEGATIVE_INFINITY) + gap - now;
	}

	#refusal(wait: Wait): RateLimited | BudgetUsedUp {
		const seconds = Math.ceil(wait.ms / 1000);
		return wait.reason === "rate_limit"
			? new RateLimited(seconds)
			: new BudgetUsedUp(this.callsPerMinute, seconds);
	}
}

function wholeNumber(header: string | undefined): number | undefined {
	return header !== undefined && /^\s{0,4}\d{1,12}\s{0,4}$/.test(header) ? Number(header) : undefined;
}
