import { Failure } from "../failure.ts";

/** The time for a whole call is over. */
export class DeadlineExceeded extends Failure {
	readonly kind = "deadline_exceeded";
	constructor(readonly timeoutMs: number) {
		super(`over the deadline of ${timeoutMs} ms`);
	}
}

const ends = new WeakMap<AbortSignal, number>();

/**
 * A signal that aborts with `signal`, or with `DeadlineExceeded` after `timeoutMs`.
 * Whoever waits can ask `remainingMs` of it whether a wait is worth beginning.
 */
export function withDeadline(signal: AbortSignal, timeoutMs: number): AbortSignal {
	const timer = new AbortController();
	const timeout = setTimeout(() => timer.abort(new DeadlineExceeded(timeoutMs)), timeoutMs);
	timeout.unref();
	const both = AbortSignal.any([signal, timer.signal]);
	ends.set(both, performance.now() + timeoutMs);
	return both;
}

/** Gives `to` the deadline of `from`, for a request that several callers share. */
export function carryDeadline(from: AbortSignal, to: AbortSignal): void {
	const end = ends.get(from);
	if (end !== undefined) ends.set(to, end);
}

/** Milliseconds until the signal's deadline; infinite for a signal that has none. */
export function remainingMs(signal: AbortSignal): number {
	const end = ends.get(signal);
	return end === undefined ? Number.POSITIVE_INFINITY : Math.max(0, end - performance.now());
}

/** Waits. @throws the signal's reason as soon as it aborts */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal.aborted) return reject(signal.reason);
		const onAbort = () => {
			clearTimeout(timeout);
			reject(signal.reason);
		};
		const timeout = setTimeout(() => {
			signal.removeEventListener("abort", onAbort);
			resolve();
		}, milliseconds);
		signal.addEventListener("abort", onAbort, { once: true });
	});
}
