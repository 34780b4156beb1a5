import type { OnRequest } from "./trace.ts";

/** Why a request had to wait before it went out. */
export type WaitReason = "rate_limit" | "own_budget";

/** One wait before a request went out. */
export interface Wait {
	readonly reason: WaitReason;
	readonly ms: number;
	/** What production's last answer left of its rate limit; only where that was the reason. */
	readonly left?: { readonly requests: number; readonly ofLimit: number };
}

/** What one tool call has cost production, and how long it waited for leave to ask. */
export interface CallMeter {
	/** Requests that went out for this call, retries included; one shared with another call counts for the first. */
	roundTrips: number;
	/** Every wait of the call, those for requests that it shared with others too. */
	readonly waits: Wait[];
	/** Told at the beginning of each wait. */
	readonly onWait: (wait: Wait) => void;
	/** Told of each request of the call when it is over; undefined where nobody wants to know. */
	readonly onRequest: OnRequest | undefined;
}

const meters = new WeakMap<AbortSignal, CallMeter>();

/** Counts what is asked under `signal`, which goes along with every question of one call. */
export function startMeter(
	signal: AbortSignal,
	onWait: (wait: Wait) => void,
	onRequest?: OnRequest,
): CallMeter {
	const meter: CallMeter = { roundTrips: 0, waits: [], onWait, onRequest };
	meters.set(signal, meter);
	return meter;
}

export function meterOf(signal: AbortSignal): CallMeter | undefined {
	return meters.get(signal);
}
