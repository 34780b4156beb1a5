import pRetry from "p-retry";
import { pause, remainingMs } from "../system/deadline.ts";
import { ConnectionFailed, RateLimited, ServerFault } from "./errors.ts";

/**
 * Whether a read may be made again after a failure.
 * `always`: a read of our own. `if_not_running`: an agent's SQL, which may still be running on the server
 * after a time-out, a 504 or a broken connection, and must not be started a second time.
 */
export type RetryPolicy = "always" | "if_not_running";

const attempts = 3;

/**
 * Makes a request again where that helps: no connection, 502, 503, 504, and 429 when its wait fits into the
 * deadline. Never after a 500 (that is SQL's own word) or another 4xx. Waits grow from 200 ms and are jittered.
 *
 * @param onWait told how long, when there is a wait of a second and more
 */
export function withRetries<T>(
	policy: RetryPolicy,
	signal: AbortSignal,
	onWait: (seconds: number) => void,
	request: () => Promise<T>,
): Promise<T> {
	return pRetry(request, {
		retries: attempts - 1,
		minTimeout: 200,
		maxTimeout: 2000,
		randomize: true,
		signal,
		shouldRetry: ({ error }) => mayRetry(error, policy, remainingMs(signal)),
		onFailedAttempt: async ({ error, retriesLeft }) => {
			if (!(error instanceof RateLimited) || retriesLeft === 0) return;
			const seconds = error.waitSeconds;
			if (seconds === undefined || seconds * 1000 >= remainingMs(signal)) return;
			if (seconds >= 1) onWait(seconds);
			await pause(seconds * 1000, signal);
		},
	});
}

function mayRetry(error: Error, policy: RetryPolicy, leftMs: number): boolean {
	if (error instanceof RateLimited)
		return error.waitSeconds !== undefined && error.waitSeconds * 1000 < leftMs;
	if (error instanceof ConnectionFailed) return policy === "always" || !error.sent;
	if (!(error instanceof ServerFault)) return false;
	if (error.status === 502 || error.status === 503) return true;
	return error.status === 504 && policy === "always";
}
