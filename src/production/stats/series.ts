import type { Cell } from "../../source/index.ts";
import { textOrNull } from "../events.ts";
import { bucketSeconds } from "../spikes/grid.ts";
import { baselineStart, type SpikeInput } from "../spikes/spikes.ts";
import { bucketCount, daySeconds, type Interval, intervalSeconds, type Window } from "../window.ts";

/** In longer windows no spikes are looked for: a series of five-minute counts would cost more than it tells. */
export const maxSpikeDays = 31;

/** Which counts are read: buckets of `width` seconds from `start` (a multiple of it) to the window's end. */
export interface SeriesPlan {
	readonly start: number;
	readonly width: number;
	/** Where the spikes' baseline begins (a multiple of `width`), and since when spikes can be told; undefined where none are looked for. */
	readonly spikes: { readonly start: number; readonly from: number } | undefined;
}

/** Counts of one code by slot: buckets from the plan's start, the one in which the window begins split in two. */
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

/**
 * Five-minute counts from the spikes' baseline on: every timeline's buckets are made of them. Where production's records
 * begin later, so does the baseline: what was not recorded is not zero.
 *
 * @param recordedFrom epoch seconds of the oldest event
 */
export function planSeries(window: Window, interval: Interval | "week", recordedFrom: number): SeriesPlan {
	const { from, to } = window;
	if (to - from > maxSpikeDays * daySeconds) {
		const width = intervalSeconds(interval);
		return { start: onGrid(from, width), width, spikes: undefined };
	}
	const recorded = recordedFrom < to ? recordedFrom : from;
	const start = Math.max(baselineStart(from), onGrid(recorded, bucketSeconds));
	return {
		start: Math.min(start, onGrid(from, bucketSeconds)),
		width: bucketSeconds,
		spikes: { start, from: Math.max(from, recorded) },
	};
}

function onGrid(instant: number, width: number): number {
	return Math.floor(instant / width) * width;
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

/** The slots before the window's own: the last of them ends where the window begins. */
function slotsBefore(plan: SeriesPlan, window: Window): number {
	return Math.floor((window.from - plan.start) / plan.width) + 1;
}

/** All codes together and one by one, zeros included; it sums to the window's total. */
export function readTimeline(
	series: readonly Series[],
	plan: SeriesPlan,
	window: Window,
	interval: Interval | "week",
): Timeline {
	const width = intervalSeconds(interval);
	const start = onGrid(window.from, width);
	const length = bucketCount(window, width);
	const before = slotsBefore(plan, window);
	const counts = new Array<number>(length).fill(0);
	const byCode = series.flatMap(({ code, slots }) => {
		const own = new Array<number>(length).fill(0);
		let total = 0;
		for (const [slot, count] of slots) {
			if (slot < before) continue;
			const bucket = Math.floor((plan.start + (slot - 1) * plan.width - start) / width);
			own[bucket] = (own[bucket] ?? 0) + count;
			counts[bucket] = (counts[bucket] ?? 0) + count;
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

/** What spikes are looked for in; undefined where none are. */
export function spikeInput(
	series: readonly Series[],
	plan: SeriesPlan,
	window: Window,
): SpikeInput | undefined {
	if (plan.spikes === undefined) return undefined;
	const skipped = (plan.spikes.start - plan.start) / plan.width;
	const before = slotsBefore(plan, window);
	return {
		start: plan.spikes.start,
		windowFrom: plan.spikes.from,
		windowTo: window.to,
		series: series.flatMap(({ code, slots }) => {
			if (code === null) return [];
			const counts: number[] = [];
			for (const [slot, count] of slots) {
				const bucket = (slot < before ? slot : slot - 1) - skipped;
				if (bucket < 0) continue;
				while (counts.length <= bucket) counts.push(0);
				counts[bucket] = (counts[bucket] ?? 0) + count;
			}
			return [{ code, counts }];
		}),
	};
}
