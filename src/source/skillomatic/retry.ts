import pRetry from "p-retry";
import { remainingMs } from "../../system/index.ts";
import { ConnectionFailed, RateLimited, ServerFault } from "./failures/index.ts";

/**
 * Whether a read may be made again after a failure.
 * `always`: a read of our own. `if_not_running`: an agent's SQL, which may still be running on the server
 * after a time-out, a 504 or a broken connection, and must not be started a second time.
 */
export type RetryPolicy = "always" | "if_not_running";

const attempts = 3;
/** Before the second attempt; doubled before each further one, and stretched by up to twice at random. */
const firstWaitMs = 200;
/** What an attempt needs to be worth making. */
const leastAttemptMs = 100;

/**
 * Makes a request again where that helps: no connection, 502, 503, 504, and 429 when its wait fits into the
 * deadline. Never after a 500 (that is SQL's own word) or another 4xx. When the next attempt would not fit into the
 * deadline, the failure itself is told, which says more than that the time is over.
 *
 * @throws what `request` threw last, or the signal's reason
 */
export function withRetries<T>(
	policy: RetryPolicy,
	signal: AbortSignal,
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
	// The wait itself is kept by the pace, for every request at once.
	if (error instanceof RateLimited)
		return error.waitSeconds !== undefined && error.waitSeconds * 1000 < leftMs;
	if (error instanceof ConnectionFailed) return policy === "always" || !error.sent;
	if (!(error instanceof ServerFault)) return false;
	if (error.status === 502 || error.status === 503) return true;
	return error.status === 504 && policy === "always";
}
