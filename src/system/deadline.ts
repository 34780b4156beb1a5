// Deadlines for whole calls, as abort signals.

import { setMaxListeners } from "node:events";
import { type Explanation, Failure } from "../text/index.ts";

/** A call's deadline has passed. */
export class DeadlineExceeded extends Failure {
	readonly kind = "deadline_exceeded";

	constructor(readonly timeoutMs: number) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `Production did not answer within ${this.timeoutMs / 1000} s.`,
			next: "Try a shorter window or a narrower filter, or try again (the user can check the network, or raise PROD_DEBUGGER_TIMEOUT_MS).",
		};
	}
}

/** The abort reason for work that a finished call no longer needs. */
class Done extends Error {}

interface Deadline {
	/** On the clock of `performance.now()`. */
	readonly at: number;
	/** Removes the timer and the listener, and aborts. */
	readonly end: () => void;
}

const deadlines = new WeakMap<AbortSignal, Deadline>();

/**
 * A signal that aborts with `signal`, or with `DeadlineExceeded` after `timeoutMs` (infinite: never by itself). Before a
 * wait, `remainingMs` says whether it fits; call `endDeadline` when the work is done.
 */
export function withDeadline(signal: AbortSignal, timeoutMs: number): AbortSignal {
	const controller = new AbortController();
	// Each of a call's requests adds a listener until it is over: many are not a leak.
	setMaxListeners(0, controller.signal);
	const end = (reason: unknown) => {
		clearTimeout(timeout);
		signal.removeEventListener("abort", onAbort);
		controller.abort(reason);
	};
	const onAbort = () => end(signal.reason);
	const timeout = Number.isFinite(timeoutMs)
		? setTimeout(() => end(new DeadlineExceeded(timeoutMs)), timeoutMs)
		: undefined;
	timeout?.unref();
	deadlines.set(controller.signal, { at: performance.now() + timeoutMs, end: () => end(new Done()) });
	if (signal.aborted) onAbort();
	else signal.addEventListener("abort", onAbort, { once: true });
	return controller.signal;
}

/**
 * Ends work under a deadline once its outcome is known: removes timer and listeners, and if one of several requests
 * failed, aborts the others.
 */
export function endDeadline(signal: AbortSignal): void {
	deadlines.get(signal)?.end();
}

/** Extends the deadline of `to` to that of `from`, if later, for a request that several callers share. */
export function carryDeadline(from: AbortSignal, to: AbortSignal): void {
	const at = deadlines.get(from)?.at ?? Number.POSITIVE_INFINITY;
	if (at > (deadlines.get(to)?.at ?? 0)) deadlines.set(to, { at, end: () => {} });
}

/** Milliseconds until the signal's deadline; infinite for a signal that has none. */
export function remainingMs(signal: AbortSignal): number {
	const at = deadlines.get(signal)?.at ?? Number.POSITIVE_INFINITY;
	return Math.max(0, at - performance.now());
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
