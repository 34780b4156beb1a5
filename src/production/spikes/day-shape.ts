import type { Spread } from "./dispersion.ts";
import { dayBuckets, hourBuckets } from "./grid.ts";

/** How far (squared coefficient of variation) an hour may be from the day's mean: day and night 4 to 1 give 0.18. */
const hourVariance = 0.18;
/** How far one code's day may be from the shape that all codes share. */
const codeVariance = 0.06;

/** How busy each 5 minutes of the day are. */
export interface DayShape {
	/** Busyness of a bucket of the grid, 1 being the mean. */
	readonly busyness: Float64Array;
	/** How well it is known: the shape of a gamma law around it, by bucket of the grid. */
	readonly certainty: Float64Array;
}

interface HourSums {
	readonly seen: Float64Array;
	readonly expected: Float64Array;
}

/**
 * The day's shape for each code, taken from the other codes: a code's own spike cannot bend what is expected of it.
 * Each hour of the day (its neighbours count half) is a gamma-Poisson estimate that leans towards a flat day. One
 * busy code weighs at most 1 / codeVariance events an hour, so that its spike does not bend the others' either.
 *
 * @param series counts a bucket, all of one length
 * @param exposures how much of each bucket is looked at, 0 to 1, a series each
 * @param spread a series each
 * @param firstBucket the first bucket's number since the epoch
 */
export function dayShapes(
	series: readonly (readonly number[])[],
	exposures: readonly Float64Array[],
	spread: readonly Spread[],
	firstBucket: number,
): readonly DayShape[] {
	const sums = series.map((counts, index) =>
		hourSums(counts, exposures[index] ?? new Float64Array(0), spread[index]?.dispersion ?? 1, firstBucket),
	);
	const all = emptySums();
	for (const one of sums) add(all, one, 1);
	return sums.map((own, index) => {
		const others = emptySums();
		add(others, all, 1);
		add(others, own, -1);
		return shapeOf(others, series[index]?.length ?? 0, firstBucket);
	});
}

/** A flat day of which nothing is known. */
export function flatDay(length: number): DayShape {
	return {
		busyness: new Float64Array(length).fill(1),
		certainty: new Float64Array(length).fill(1 / (codeVariance + hourVariance)),
	};
}

function emptySums(): HourSums {
	return { seen: new Float64Array(24), expected: new Float64Array(24) };
}

function add(to: HourSums, from: HourSums, sign: 1 | -1): void {
	for (let hour = 0; hour < 24; hour++) {
		to.seen[hour] = (to.seen[hour] ?? 0) + sign * (from.seen[hour] ?? 0);
		to.expected[hour] = (to.expected[hour] ?? 0) + sign * (from.expected[hour] ?? 0);
	}
}

function hourOf(bucket: number): number {
	return Math.floor((bucket % dayBuckets) / hourBuckets);
}

function hourSums(
	counts: readonly number[],
	exposure: Float64Array,
	dispersion: number,
	firstBucket: number,
): HourSums {
	const seen = new Float64Array(24);
	const exposed = new Float64Array(24);
	for (let index = 0; index < counts.length; index++) {
		const looked = exposure[index] ?? 0;
		if (looked === 0) continue;
		const hour = hourOf(firstBucket + index);
		seen[hour] = (seen[hour] ?? 0) + (counts[index] ?? 0);
		exposed[hour] = (exposed[hour] ?? 0) + looked;
	}
	const total = seen.reduce((sum, count) => sum + count, 0);
	const time = exposed.reduce((sum, hour) => sum + hour, 0);
	if (total === 0) return emptySums();
	const weight = 1 / (1 + (codeVariance * total) / 24 / dispersion) / dispersion;
	return {
		seen: seen.map((count) => count * weight),
		expected: exposed.map((hour) => (hour * total * weight) / time),
	};
}

function shapeOf(sums: HourSums, length: number, firstBucket: number): DayShape {
	const prior = 1 / hourVariance;
	const busy = new Float64Array(24);
	const certain = new Float64Array(24);
	for (let hour = 0; hour < 24; hour++) {
		const near = [
			[(hour + 23) % 24, 0.5],
			[hour, 1],
			[(hour + 1) % 24, 0.5],
		] as const;
		const seen = near.reduce((sum, [at, weight]) => sum + weight * Math.max(0, sums.seen[at] ?? 0), 0);
		const expected = near.reduce(
			(sum, [at, weight]) => sum + weight * Math.max(0, sums.expected[at] ?? 0),
			0,
		);
		busy[hour] = (prior + seen) / (prior + expected);
		certain[hour] = 1 / (codeVariance + 1 / (prior + seen));
	}
	const busyness = new Float64Array(length);
	const certainty = new Float64Array(length);
	for (let index = 0; index < length; index++) {
		// Straight lines between the middles of the hours.
		const place = (((firstBucket + index + 0.5) % dayBuckets) / hourBuckets + 23.5) % 24;
		const hour = Math.floor(place);
		const part = place - hour;
		const next = (hour + 1) % 24;
		busyness[index] = (busy[hour] ?? 1) * (1 - part) + (busy[next] ?? 1) * part;
		certainty[index] = (certain[hour] ?? 1) * (1 - part) + (certain[next] ?? 1) * part;
	}
	return { busyness, certainty };
}
