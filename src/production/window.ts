// Resolves the time window, its previous window, and the timeline's interval.

import { InvalidArgument } from "../text/index.ts";
import { daySeconds, resolveInstant } from "./instant.ts";

export { daySeconds } from "./instant.ts";

/** A span of time in whole epoch seconds: `from` included, `to` excluded. */
export interface Window {
	readonly from: number;
	readonly to: number;
	/** The end that was asked for, where it lay in the future. */
	readonly cutFrom?: number;
}

/** The times that every answer states. */
export interface Timed {
	readonly window: Window;
	/** Production's clock minus ours; only if production's is used. */
	readonly clockDifferenceSeconds?: number;
	/** The table has no rows at all. */
	readonly tableEmpty: boolean;
}

export interface WindowArguments {
	readonly since?: string | undefined;
	readonly until?: string | undefined;
}

export const defaultSince = "24h";

/** Clients' clocks may be so far ahead, in seconds, before a row counts as dated in the future. */
export const clockSlackSeconds = 300;

/** Upper bound of a window, in days. */
export const maxWindowDays = 400;

/**
 * Resolves `since` and `until` against production's time.
 *
 * @param now epoch seconds
 * @throws {InvalidArgument} for an invalid instant, and for a window that is empty or too long
 */
export function resolveWindow({ since, until }: WindowArguments, now: number): Window {
	const from = resolveInstant("since", since ?? defaultSince, now);
	const to = until === undefined ? now : resolveInstant("until", until, now);
	if (from >= to) {
		const end = until === undefined ? "now, which is the end of the window" : "until";
		throw new InvalidArgument(
			"since",
			`it is not before ${end}.`,
			"Give a since that is earlier (such as 24h), or a later until.",
		);
	}
	if (to - from > maxWindowDays * daySeconds) {
		throw new InvalidArgument(
			"since",
			`the window is longer than ${maxWindowDays} days.`,
			"Ask for a shorter one, or for several.",
		);
	}
	return { from, to };
}

/** Nothing has happened yet after `now`: counts over a longer window would look like a fall. A window that lies in the future stays. */
export function endingNow(window: Window, now: number): Window {
	return window.to > now && window.from < now ? { from: window.from, to: now, cutFrom: window.to } : window;
}

/** Of the same length, and earlier by the fewest whole days without overlap, so that the same hours are compared. */
export function previousWindow({ from, to }: Window): Window {
	const shift = Math.ceil((to - from) / daySeconds) * daySeconds;
	return { from: from - shift, to: to - shift };
}

/** The widths that a timeline can have, in seconds. */
export const intervals = { "5m": 300, "15m": 900, hour: 3600, "6h": 6 * 3600, day: daySeconds } as const;
export type Interval = keyof typeof intervals;

/** Upper bound of a timeline's buckets. */
export const maxBuckets = 200;

/** Buckets are aligned to the epoch in UTC; the first and the last are clipped by the window. */
export function bucketCount({ from, to }: Window, width: number): number {
	return Math.ceil(to / width) - Math.floor(from / width);
}

/**
 * The requested width; for `auto` the finest with at most 60 buckets, else with at most 200.
 *
 * @throws {InvalidArgument} if the requested width makes more than 200 buckets
 */
export function chooseInterval(window: Window, asked: Interval | "auto"): Interval | "week" {
	const names = Object.keys(intervals) as Interval[];
	if (asked !== "auto") {
		if (bucketCount(window, intervals[asked]) <= maxBuckets) return asked;
		const wider = names.find((name) => bucketCount(window, intervals[name]) <= maxBuckets);
		throw new InvalidArgument(
			"interval",
			`${asked} makes more than ${maxBuckets} buckets in this window.`,
			wider === undefined ? "Use auto, or a shorter window." : `Use ${wider} or auto, or a shorter window.`,
		);
	}
	return (
		names.find((name) => bucketCount(window, intervals[name]) <= 60) ??
		names.find((name) => bucketCount(window, intervals[name]) <= maxBuckets) ??
		"week"
	);
}

/** A width in seconds; only `auto` chooses `week`, for windows over 200 days. */
export function intervalSeconds(interval: Interval | "week"): number {
	return interval === "week" ? 7 * daySeconds : intervals[interval];
}
