// The timeline of an answer: events by code in buckets of its interval.

import type { Cell } from "../../source/index.ts";
import { textOrNull } from "../events.ts";
import { bucketCount, type Interval, intervalSeconds, type Window } from "../window.ts";

/** Which counts are read: buckets of `width` seconds from `start` (a multiple of it) to the window's end. */
export interface SeriesPlan {
	readonly start: number;
	readonly width: number;
}

/** Counts of one code by slot: buckets from the plan's start. */
export interface Series {
	readonly code: string | null;
	readonly slots: ReadonlyMap<number, number>;
}

export interface Timeline {
	readonly interval: Interval | "week";
	/** The interval in seconds. */
	readonly width: number;
	/** The first bucket's start, epoch seconds; it may be earlier than the window's. */
	readonly start: number;
	readonly counts: readonly number[];
	/** The same a code, the most frequent first; null where the code is empty. */
	readonly byCode: readonly { readonly code: string | null; readonly counts: readonly number[] }[];
}

export function planSeries({ from }: Window, interval: Interval | "week"): SeriesPlan {
	const width = intervalSeconds(interval);
	return { start: Math.floor(from / width) * width, width };
}

/** `slot:count` pairs. */
export function readSeries(code: Cell | undefined, pairs: Cell | undefined): Series {
	const slots = new Map<number, number>();
	for (const pair of String(pairs ?? "").split(" ")) {
		const [slot, count] = pair.split(":").map(Number);
		if (slot !== undefined && count !== undefined) slots.set(slot, count);
	}
	return { code: textOrNull(code), slots };
}

/** All codes together and one by one, zeros included; it sums to the window's total. */
export function readTimeline(
	series: readonly Series[],
	{ start, width }: SeriesPlan,
	window: Window,
	interval: Interval | "week",
): Timeline {
	const length = bucketCount(window, width);
	const counts = new Array<number>(length).fill(0);
	const byCode = series.flatMap(({ code, slots }) => {
		const own = new Array<number>(length).fill(0);
		let total = 0;
		for (const [slot, count] of slots) {
			own[slot] = (own[slot] ?? 0) + count;
			counts[slot] = (counts[slot] ?? 0) + count;
			total += count;
		}
		return total === 0 ? [] : [{ code, counts: own, total }];
	});
	byCode.sort((one, other) => other.total - one.total || ((one.code ?? "") < (other.code ?? "") ? -1 : 1));
	return {
		interval,
		width,
		start,
		counts,
		byCode: byCode.map(({ code, counts: own }) => ({ code, counts: own })),
	};
}
