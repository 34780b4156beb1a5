// Runs and failures over time, in buckets.

import { bucketCount, chooseInterval, type Interval, intervalSeconds, type Window } from "../window.ts";
import type { Bucket } from "./overview.ts";

export interface RunsTimeline {
	readonly interval: Interval | "week";
	/** The first bucket's start, epoch seconds; it may be earlier than the window's. */
	readonly start: number;
	readonly runs: readonly number[];
	readonly failures: readonly number[];
}

/** The most buckets: an answer of more is mostly zeros. `episodes` say what fails every morning. */
const maxRunBuckets = 60;

/** The finest with at most 60 buckets: weeks for windows of more than 60 days. */
export function runsInterval(window: Window): Interval | "week" {
	const auto = chooseInterval(window, "auto");
	return bucketCount(window, intervalSeconds(auto)) <= maxRunBuckets ? auto : "week";
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
