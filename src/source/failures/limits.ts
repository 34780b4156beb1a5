// A rate limit is reached: production's, or this server's own.

import { type Explanation, Failure, isoInstant } from "../../text/index.ts";
import { apiPeer, type Peer } from "./peer.ts";

/** 429. */
export class RateLimited extends Failure {
	readonly kind = "rate_limited";

	/**
	 * @param waitSeconds until the server accepts requests again; undefined if it did not say
	 * @param now epoch seconds, for a wait that is told by its end
	 */
	constructor(
		readonly waitSeconds: number | undefined,
		readonly now?: number,
		readonly peer: Peer = apiPeer,
	) {
		super();
	}

	explain(): Explanation {
		const limit =
			this.peer === apiPeer
				? "Production's rate limit is reached (100 requests a minute per key)"
				: `${this.peer.name} accepts no more requests for now (HTTP 429)`;
		if (this.waitSeconds === undefined) {
			return { problem: `${limit}, and it did not say for how long.`, next: "Try again in a minute." };
		}
		return { problem: `${limit}.`, next: `Try again ${waitWords(this.waitSeconds, this.now)}.` };
	}
}

/** `in 40 s`, `in 15 min`, `in 26 h (at 2026-11-24T22:00:00Z)`. @param now epoch seconds */
export function waitWords(seconds: number, now?: number): string {
	if (seconds <= 120) return `in ${seconds} s`;
	const ends = now === undefined ? "" : ` (at ${isoInstant(now + seconds)})`;
	return seconds <= 7200
		? `in ${Math.ceil(seconds / 60)} min${ends}`
		: `in ${Math.ceil(seconds / 3600)} h${ends}`;
}

/** This server's own budget of requests is exhausted for longer than the call may wait. */
export class BudgetUsedUp extends Failure {
	readonly kind = "budget_used_up";

	/** @param waitSeconds until the next request may go out */
	constructor(
		readonly callsPerMinute: number,
		readonly waitSeconds: number,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `This server has exhausted its own budget of ${this.callsPerMinute} requests a minute to production.`,
			next: `Try again in ${this.waitSeconds} s, and ask fewer, broader questions (the user can raise PROD_DEBUGGER_MAX_CALLS_PER_MINUTE).`,
		};
	}
}
