// Runs and failures over time, in buckets.

import {
	bucketCount,
	chooseInterval,
	type Interval,
	intervalSeconds,
	intervals,
	maxBuckets,
	type Window,
} from "../window.ts";
import type { Bucket } from "./overview.ts";

export interface RunsTimeline {
	readonly interval: Interval | "week";
	/** The first bucket's start, epoch seconds; it may be earlier than the window's. */
	readonly start: number;
	readonly runs: readonly number[];
	readonly failures: readonly number[];
}

/**
 * Hours for windows of up to 8 days, six hours up to 49 days: these show what fails every morning, which buckets of a
 * day hide. Shorter windows have finer buckets.
 */
export function runsInterval(window: Window): Interval | "week" {
	const auto = chooseInterval(window, "auto");
	if (intervalSeconds(auto) <= intervals.hour) return auto;
	const fitting = (["hour", "6h"] as const).find(
		(name) => bucketCount(window, intervals[name]) <= maxBuckets,
	);
	return fitting ?? auto;
}

/** Zeros included; it sums to the window's runs and failures. */
export function readTimeline(
	buckets: readonly Bucket[],
	window: Window,
	interval: Interval | "week",
): RunsTimeline {
	const width = intervalSeconds(interval);
	const runs = new Array<number>(bucketCount(window, width)).fill(0);
	const failures = [...runs];
	for (const bucket of buckets) {
		if (bucket.place >= runs.length) continue;
		runs[bucket.place] = bucket.runs;
		failures[bucket.place] = bucket.failures;
	}
	return { interval, start: Math.floor(window.from / width) * width, runs, failures };
}
