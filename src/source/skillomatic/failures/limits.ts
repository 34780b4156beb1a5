// A rate limit is reached: production's, or this server's own.

import { type Explanation, Failure } from "../../../text/index.ts";

/** 429. */
export class RateLimited extends Failure {
	readonly kind = "rate_limited";

	/** @param waitSeconds until the server accepts requests again; undefined if it did not say */
	constructor(readonly waitSeconds: number | undefined) {
		super();
	}

	explain(): Explanation {
		const limit = "Production's rate limit is reached (100 requests a minute per key)";
		if (this.waitSeconds === undefined) {
			return { problem: `${limit}, and it did not say for how long.`, next: "Try again in a minute." };
		}
		return { problem: `${limit}.`, next: `Try again in ${this.waitSeconds} s.` };
	}
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
