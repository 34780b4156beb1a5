// How busy each five minutes are, of what is past and of what is to come: what one unit of a level makes of them.
import { calendarOf, hourCounts, withGaps } from "./calendar.ts";
import { recordingGaps } from "./gaps.ts";
import { bucketSeconds, dayBuckets, hourBuckets } from "./grid.ts";
import { spreadOf } from "./spread.ts";
import type { Counts, History } from "./types.ts";
import { bucketBusyness, dayFactors, ownShape, sharedShape } from "./week-shape.ts";

export interface UsualLoad {
	/** Number of the first bucket since the epoch. */
	readonly first: number;
	/** By bucket, from the history's first hour to `until`; 0 where nothing was recorded. */
	readonly load: Float64Array;
	/** How far off it may be, a squared coefficient of variation. */
	readonly variance: Float64Array;
}

export interface LoadAsked {
	readonly history: History;
	/** Hours of every code of the production: they make the day's shape, and tell silence from what was not recorded. */
	readonly codes: readonly Counts[];
	/** The series whose own day corrects the shared one, in the hours before `quietUntil`. */
	readonly own: Counts;
	readonly quietUntil: number;
	/** The end of what is wanted, epoch seconds; may lie after the history. Days to come are taken as usual ones. */
	readonly until: number;
}

/** @throws {RangeError} where the history is empty */
export function usualLoad({ history, codes, own, quietUntil, until }: LoadAsked): UsualLoad {
	const held = calendarOf(history);
	const hours = codes.map((counts) => hourCounts(held, counts));
	const all = new Float64Array(held.hours);
	for (const one of hours) for (const [hour, count] of one.entries()) all[hour] = (all[hour] ?? 0) + count;
	const calendar = withGaps(held, recordingGaps(all));
	const shared = sharedShape(hours, calendar);
	const days = dayFactors(hours, calendar, shared);
	const kept = calendar.hourExtent.slice();
	kept.fill(0, Math.max(0, Math.floor((quietUntil / bucketSeconds - held.first) / hourBuckets)));
	const shape = ownShape(hourCounts(held, own), kept, calendar, shared, 1.5);
	const whole = calendarOf({ start: history.start, now: Math.max(until, history.now) });
	const busyness = bucketBusyness(shape, whole);
	const lastDay = Math.floor((held.length - 1) / dayBuckets);
	const variance = new Float64Array(whole.length);
	const load = busyness.map((one, bucket) => {
		variance[bucket] = shape.variance[whole.slots[Math.floor(bucket / hourBuckets)] ?? 0] ?? 0;
		// The bucket that now cuts goes on: what is to come of it is no part of the past.
		const extent = bucket < calendar.length ? (calendar.extent[bucket] ?? 0) : (whole.extent[bucket] ?? 0);
		const day = Math.floor(bucket / dayBuckets);
		return one * extent * (day > lastDay ? 1 : (days[day] ?? 1));
	});
	return { first: held.first, load, variance };
}

/** How far five-minute counts scatter, before a bucket: variance = dispersion × mean + volatility × mean². */
export function scatterOf(counts: Float64Array, before: number) {
	const masked = new Uint8Array(counts.length);
	masked.fill(1, Math.max(0, before));
	const cells = { counts, isEven: new Uint8Array(counts.length), perHour: hourBuckets };
	return spreadOf(cells, masked);
}
