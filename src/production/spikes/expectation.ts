import type { DayShape } from "./day-shape.ts";
import type { Spread } from "./dispersion.ts";
import { dayBuckets, hourBuckets, PrefixSums, type Span } from "./grid.ts";

/** How far (squared coefficient of variation) the same hours of two ordinary days may be from each other: 14 %. */
const dayVariance = 0.02;
/** How far an hour is from the next: at the steepest, a day and night of 4 to 1, or an office that opens. */
const besideVariance = 0.18;
/** Beside a span this much is left out: a spike's edges are not on the grid. */
const guardBuckets = 1;
/** How much wider than the span the same hours of the day before are taken, and how much beside the span is compared. */
const beside = hourBuckets;
/** A span needs at least so many buckets to compare with, and half as many as it has. */
const leastReference = 6;
/** A recurring burst may come a bucket earlier or later. */
const jitterBuckets = 1;

/** A gamma law of the rate made into a negative binomial of the count: mean, and shape (variance = mean + mean² / shape). */
export interface Expected {
	readonly mean: number;
	readonly shape: number;
}

export interface BaselineInput {
	readonly counts: readonly number[];
	/** How much of each bucket is evidence, 0 to 1: 0 where a spike was found or nothing was recorded. */
	readonly exposure: Float64Array;
	/** How much of each bucket is in the data at all: less than 1 for the last one only. */
	readonly extent: Float64Array;
	readonly day: DayShape;
	readonly spread: Spread;
}

/** What one code's counts make likely in any span, from everything but the span. */
export class Baseline {
	readonly #counts: PrefixSums;
	readonly #evidence: PrefixSums;
	/** Bucket lengths weighed by how busy the day is there: in all, and where there is evidence. */
	readonly #load: PrefixSums;
	readonly #evidenceLoad: PrefixSums;
	readonly #exposure: PrefixSums;
	readonly #certainty: Float64Array;
	readonly #spread: Spread;

	constructor({ counts, exposure, extent, day, spread }: BaselineInput) {
		this.#counts = new PrefixSums(counts);
		this.#evidence = new PrefixSums(counts.map((count, index) => ((exposure[index] ?? 0) > 0 ? count : 0)));
		this.#load = new PrefixSums(extent.map((part, index) => part * (day.busyness[index] ?? 1)));
		this.#evidenceLoad = new PrefixSums(exposure.map((part, index) => part * (day.busyness[index] ?? 1)));
		this.#exposure = new PrefixSums(exposure);
		this.#certainty = day.certainty;
		this.#spread = spread;
	}

	count({ from, to }: Span): number {
		return this.#counts.between(from, to);
	}

	/** The most that the same time of the day before had; of the day after, where nothing is known of the day before. */
	sameTimeOfDay({ from, to }: Span): number {
		const shift = this.#neighbourDay(from, to);
		let most = 0;
		for (let jitter = -jitterBuckets; jitter <= jitterBuckets; jitter++) {
			const moved = this.#counts.between(
				Math.max(from + shift + jitter, shift > 0 ? to : 0),
				shift > 0 ? to + shift + jitter : Math.min(to + shift + jitter, from),
			);
			if (moved > most) most = moved;
		}
		return most;
	}

	/**
	 * The count's predictive law, in three gamma-Poisson steps: the code's level over all that is not the span; the
	 * day's shape as a prior around it; and that prior corrected by the code's own counts at the same hours of the
	 * day before, an hour wider, and in the hour on either side. Each step's uncertainty adds to the law's variance, as do
	 * burstiness and what one ordinary day differs from the next.
	 *
	 * @returns undefined where there is too little to compare with
	 */
	expected({ from, to }: Span): Expected | undefined {
		const left = from - guardBuckets;
		const right = to + guardBuckets;
		const reference = this.#exposure.total - this.#exposure.between(left, right);
		if (reference < Math.max(leastReference, (to - from) / 2)) return undefined;
		const referenceCount = this.#evidence.total - this.#evidence.between(left, right);
		const referenceLoad = this.#evidenceLoad.total - this.#evidenceLoad.between(left, right);
		const level = (referenceCount + 0.5) / referenceLoad;

		const shift = this.#neighbourDay(from, to);
		const dayFrom = shift > 0 ? Math.max(right, from + shift - beside) : from + shift - beside;
		const dayTo = shift > 0 ? to + shift + beside : Math.min(left, to + shift + beside);
		const beforeFrom = shift > 0 ? left - beside : Math.max(dayTo, left - beside);
		const afterTo = shift > 0 ? Math.min(dayFrom, right + beside) : right + beside;
		const nearDay = this.#evidence.between(dayFrom, dayTo);
		const nearDayMean = level * this.#evidenceLoad.between(dayFrom, dayTo);
		const nearBy = this.#evidence.between(beforeFrom, left) + this.#evidence.between(right, afterTo);
		const nearByMean =
			level * (this.#evidenceLoad.between(beforeFrom, left) + this.#evidenceLoad.between(right, afterTo));

		// Evidence that is itself uncertain counts for less the more of it there is.
		const { dispersion, volatility } = this.#spread;
		const hours = (to - from) / hourBuckets;
		const dayWeight = 1 / (dispersion + (dayVariance + volatility / (hours + 2)) * nearDayMean);
		const byWeight = 1 / (dispersion + besideVariance * nearByMean);
		const prior = this.#certainty[(from + to) >> 1] ?? 1;
		const known = prior + dayWeight * nearDay + byWeight * nearBy;
		const correction = known / (prior + dayWeight * nearDayMean + byWeight * nearByMean);
		const mean = level * this.#load.between(from, to) * correction;
		const variation =
			dispersion / (referenceCount + 0.5) + 1 / known + dayVariance + volatility / Math.max(1, hours / 2);
		return { mean, shape: mean / (dispersion - 1 + variation * mean) };
	}

	/** Minus a day; plus a day where the day before is not known and the day after is. */
	#neighbourDay(from: number, to: number): number {
		const half = (to - from) / 2;
		const before = this.#exposure.between(from - dayBuckets, Math.min(from, to - dayBuckets));
		if (before >= half) return -dayBuckets;
		return this.#exposure.between(Math.max(to, from + dayBuckets), to + dayBuckets) >= half
			? dayBuckets
			: -dayBuckets;
	}
}
