// Retries reads where that may help.

import pRetry from "p-retry";
import { remainingMs } from "../../system/index.ts";
import { ConnectionFailed, RateLimited, ServerFault } from "../failures/index.ts";

/**
 * Whether a read may be retried after a failure.
 * `always`: our own reads. `if_not_running`: an agent's SQL, which may still be running on the server after a time-out,
 * a 504 or a broken connection, and must not be started again. `only_if_limited`: a read that can be asked elsewhere at
 * once, and waits for nothing but a rate limit.
 */
export type RetryPolicy = "always" | "if_not_running" | "only_if_limited";

const defaultAttempts = 3;
/** The wait before the second attempt; doubled before each further one, and multiplied by a random factor of up to 2. */
const firstWaitMs = 200;
/** The minimum time left for another attempt. */
const leastAttemptMs = 100;

/**
 * Retries if there was no connection, after 502, 503, 504, and after 429 if its wait fits into the deadline. Never after
 * a 500 (an SQL error) or another 4xx. If the next attempt would not fit into the deadline, the failure itself is thrown,
 * which says more than a time-out.
 *
 * @throws what `request` threw last, or the signal's reason
 */
export function withRetries<T>(
	policy: RetryPolicy,
	signal: AbortSignal,
	attempts = defaultAttempts,
	request: () => Promise<T>,
): Promise<T> {
	return pRetry(request, {
		retries: attempts - 1,
		minTimeout: firstWaitMs,
		factor: 2,
		randomize: true,
		signal,
		shouldRetry: ({ error, attemptNumber }) => {
			const neededMs = 2 * firstWaitMs * 2 ** (attemptNumber - 1) + leastAttemptMs;
			return mayRetry(error, policy, remainingMs(signal) - neededMs);
		},
	});
}

function mayRetry(error: Error, policy: RetryPolicy, leftMs: number): boolean {
	if (leftMs <= 0) return false;
	// The pace enforces the wait, for all requests.
	if (error instanceof RateLimited)
		return error.waitSeconds !== undefined && error.waitSeconds * 1000 < leftMs;
	if (policy === "only_if_limited") return false;
	if (error instanceof ConnectionFailed) return policy === "always" || !error.sent;
	if (!(error instanceof ServerFault)) return false;
	// The pace enforces a wait that the server asks for.
	if (error.waitSeconds !== undefined) return error.waitSeconds * 1000 < leftMs;
	if (error.status === 502 || error.status === 503) return true;
	return error.status === 504 && policy === "always";
}
