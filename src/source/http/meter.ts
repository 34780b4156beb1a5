// Counts one tool call's requests and waits.

import type { OnRequest } from "./trace.ts";

/** Why a request had to wait before it was sent. */
export type WaitReason = "rate_limit" | "own_budget";

/** One wait before a request was sent. */
export interface Wait {
	readonly reason: WaitReason;
	readonly ms: number;
	/** What remained of production's rate limit; only if that was the reason. */
	readonly left?: { readonly requests: number; readonly ofLimit: number };
}

/** One tool call's requests to production, and its waits before them. */
export interface CallMeter {
	/** The tool that is called; undefined on the command line. */
	readonly tool: string | undefined;
	/** Requests sent for this call, retries included; a request shared with another call counts for the first. */
	roundTrips: number;
	/** All waits of the call, including those of shared requests. */
	readonly waits: Wait[];
	/** One sentence, where an answer did not come from the API. */
	source?: string;
	/** The environment that is asked, where several are configured. */
	environment?: string;
	/** Called at the beginning of each wait. */
	readonly onWait: (wait: Wait) => void;
	/** Called after each request of the call; undefined if nobody listens. */
	readonly onRequest: OnRequest | undefined;
}

const meters = new WeakMap<AbortSignal, CallMeter>();

/** Counts the requests made under `signal`, which all requests of one call share. */
export function startMeter(
	signal: AbortSignal,
	onWait: (wait: Wait) => void,
	onRequest?: OnRequest,
	tool?: string,
): CallMeter {
	const meter: CallMeter = { tool, roundTrips: 0, waits: [], onWait, onRequest };
	meters.set(signal, meter);
	return meter;
}

/** Counts what is asked under `to` for the call of `from`: a part of the call that may take less time. */
export function carryMeter(from: AbortSignal, to: AbortSignal): void {
	const meter = meters.get(from);
	if (meter !== undefined) meters.set(to, meter);
}

export function meterOf(signal: AbortSignal): CallMeter | undefined {
	return meters.get(signal);
}
