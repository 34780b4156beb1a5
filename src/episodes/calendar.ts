// The history's buckets: how much of each is held, and which hour of which kind of day it is.
import { bucketSeconds, hourBuckets, slotOfHour } from "./grid.ts";
import type { Counts, History } from "./types.ts";

export interface Calendar {
	readonly start: number;
	readonly now: number;
	/** Number of the first bucket since the epoch; the first of an hour, so that hours are whole. */
	readonly first: number;
	readonly length: number;
	readonly hours: number;
	/** How much of each bucket is held, 0 to 1: less than 1 at the ends, 0 where nothing was recorded. */
	readonly extent: Float64Array;
	/** The same of each hour, in buckets. */
	readonly hourExtent: Float64Array;
	/** The slot of each hour. */
	readonly slots: Uint8Array;
}

/** @throws {RangeError} where the history is empty */
export function calendarOf({ start, now }: History): Calendar {
	if (!(start < now)) throw new RangeError("episodes: a history has start < now");
	const first = Math.floor(start / 3600) * hourBuckets;
	const length = Math.ceil(now / bucketSeconds) - first;
	const hours = Math.ceil(length / hourBuckets);
	const extent = new Float64Array(length);
	const hourExtent = new Float64Array(hours);
	const slots = new Uint8Array(hours);
	for (let index = 0; index < length; index++) {
		const from = (first + index) * bucketSeconds;
		const held = Math.min(now, from + bucketSeconds) - Math.max(start, from);
		extent[index] = Math.max(0, held) / bucketSeconds;
		const hour = Math.floor(index / hourBuckets);
		hourExtent[hour] = (hourExtent[hour] ?? 0) + (extent[index] ?? 0);
	}
	for (let hour = 0; hour < hours; hour++) slots[hour] = slotOfHour(first / hourBuckets + hour);
	return { start, now, first, length, hours, extent, hourExtent, slots };
}

/** The same with nothing held in the hours marked. */
export function withGaps(calendar: Calendar, gaps: Uint8Array): Calendar {
	if (!gaps.includes(1)) return calendar;
	return {
		...calendar,
		extent: calendar.extent.map((part, index) => (gaps[Math.floor(index / hourBuckets)] === 1 ? 0 : part)),
		hourExtent: calendar.hourExtent.map((part, hour) => (gaps[hour] === 1 ? 0 : part)),
	};
}

/** Epoch seconds of a bucket's beginning; may lie between buckets. */
export function timeOf({ first, start, now }: Calendar, bucket: number): number {
	return Math.round(Math.min(now, Math.max(start, (first + bucket) * bucketSeconds)));
}

export function hourCounts({ first, hours }: Calendar, counts: Counts): Float64Array {
	const found = new Float64Array(hours);
	for (const [hour, count] of counts.hours) {
		const index = hour - first / hourBuckets;
		if (index >= 0 && index < hours) found[index] = count;
	}
	return found;
}

export interface Series {
	readonly counts: Float64Array;
	/** 1 for buckets whose hour's count is spread evenly, since its five minutes were not read. */
	readonly isEven: Uint8Array;
}

/**
 * Counts of every bucket. An hour's five minutes are taken where they add up to the hour's count, as they do where
 * all of them were read; another hour is spread evenly.
 */
export function seriesOf(calendar: Calendar, counts: Counts): Series {
	const { first, length, extent, hourExtent } = calendar;
	const found = new Float64Array(length);
	const isEven = new Uint8Array(length);
	const fine = counts.fine ?? new Map<number, number>();
	for (const [index, count] of hourCounts(calendar, counts).entries()) {
		if (count === 0) continue;
		const [from, to] = [index * hourBuckets, Math.min(length, (index + 1) * hourBuckets)];
		let sum = 0;
		for (let bucket = from; bucket < to; bucket++) sum += fine.get(first + bucket) ?? 0;
		const held = hourExtent[index] ?? 0;
		for (let bucket = from; bucket < to; bucket++) {
			if (sum === count) found[bucket] = fine.get(first + bucket) ?? 0;
			else if (held > 0) {
				found[bucket] = (count * (extent[bucket] ?? 0)) / held;
				isEven[bucket] = 1;
			}
		}
	}
	return { counts: found, isEven };
}
