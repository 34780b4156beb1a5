import { hourBuckets } from "./grid.ts";

/** Longer than the burst of one session. */
const halfHour = hourBuckets / 2;

/**
 * What a few minutes of an unlucky session make of counts: the least by which the variance is taken to exceed a
 * Poisson law's, whatever the estimate says.
 */
export const leastDispersion = 1.2;
/** Prior: a session that fails tends to fail again. Weighs as much as this many pairs of half hours. */
const priorDispersion = 1.5;
const priorPairs = 60;

/** Prior: an hour is 7 % off by chance. Weighs as much as 10 triples of hours with very many events. */
const priorVolatility = 0.005;
const priorWeight = 1000;
/** Hours two apart: what lifts an hour by chance may lift a part of the next. */
const apart = 2;
const mostVolatility = 0.25;

/** Blocks that differ most are left out, so that a spike's edges do not pass for burstiness. */
const trimmedShare = 0.08;
const leastTrimmed = 2;
/** What trimming leaves of the mean of χ² with one degree of freedom: P(χ²₃ < 3.06) / 0.92. */
const trimmedMean = 0.672;

/** How far a code's counts scatter: variance = dispersion × mean + volatility × mean². */
export interface Spread {
	/** From events that come together. */
	readonly dispersion: number;
	/** From a rate that changes by chance: squared coefficient of variation of an hour's rate. */
	readonly volatility: number;
}

/** A difference squared, and what a Poisson law and a volatility of 1 make of it on average. */
interface Difference {
	readonly square: number;
	readonly poisson: number;
	readonly volatile: number;
}

/**
 * Estimates each code's scatter from the differences of neighbouring blocks (von Neumann's successive differences), which
 * needs no model of the rate: of two Poisson counts with the sum s, the difference has the mean square s. Half hours give
 * the dispersion. Hours give the volatility: how far an hour is from the mean of those two hours before and after it, beyond
 * what the dispersion explains; the slope of the day cancels. Codes with few events lean on what all codes show.
 *
 * @param series counts a bucket
 * @param masked buckets not to look at, a series each
 */
export function spreads(
	series: readonly (readonly number[])[],
	masked: readonly Uint8Array[],
): readonly Spread[] {
	const dispersion = shrunk(
		series.map((counts, index) => ownDispersion(blocks(counts, masked[index], halfHour))),
		{ value: priorDispersion, weight: priorPairs },
	).map((value) => Math.max(leastDispersion, value));
	const volatility = shrunk(
		series.map((counts, index) =>
			ownVolatility(blocks(counts, masked[index], hourBuckets), dispersion[index] ?? 1),
		),
		{ value: priorVolatility, weight: priorWeight },
	);
	return dispersion.map((value, index) => ({
		dispersion: value,
		volatility: Math.min(mostVolatility, Math.max(0, volatility[index] ?? 0)),
	}));
}

interface Weighted {
	readonly value: number;
	readonly weight: number;
}

/** Each value drawn towards the mean of all, and that towards the prior. */
function shrunk(values: readonly Weighted[], prior: Weighted): readonly number[] {
	const weight = values.reduce((sum, one) => sum + one.weight, prior.weight);
	const mean = values.reduce((sum, one) => sum + one.weight * one.value, prior.weight * prior.value) / weight;
	return values.map((one) => (one.weight * one.value + prior.weight * mean) / (one.weight + prior.weight));
}

function ownDispersion(counts: readonly (number | undefined)[]): Weighted {
	const found = trimmed(
		counts.slice(1).flatMap((count, index) => {
			const before = counts[index];
			if (count === undefined || before === undefined || count + before === 0) return [];
			return [{ square: (count - before) ** 2, poisson: count + before, volatile: 0 }];
		}),
	);
	const { square, poisson } = total(found);
	return { value: poisson === 0 ? 0 : square / trimmedMean / poisson, weight: found.length };
}

function ownVolatility(counts: readonly (number | undefined)[], dispersion: number): Weighted {
	const found = trimmed(
		counts.slice(2 * apart).flatMap((after, index) => {
			const [before, count] = [counts[index], counts[index + apart]];
			if (before === undefined || count === undefined || after === undefined) return [];
			const mean = (before + count + after) / 3;
			if (mean === 0) return [];
			return [
				{ square: (count - (before + after) / 2) ** 2, poisson: 1.5 * mean, volatile: 1.5 * mean ** 2 },
			];
		}),
	);
	const { square, poisson, volatile } = total(found);
	if (poisson === 0) return { value: 0, weight: 0 };
	const noise = (1.5 * dispersion * found.length) / poisson;
	return {
		value: (square / trimmedMean - dispersion * poisson) / volatile,
		weight: found.length / (noise + 0.05) ** 2,
	};
}

function total(found: readonly Difference[]): Difference {
	return found.reduce(
		(sum, one) => ({
			square: sum.square + one.square,
			poisson: sum.poisson + one.poisson,
			volatile: sum.volatile + one.volatile,
		}),
		{ square: 0, poisson: 0, volatile: 0 },
	);
}

function trimmed(found: readonly Difference[]): readonly Difference[] {
	const count = Math.max(leastTrimmed, Math.round(found.length * trimmedShare));
	return [...found]
		.sort((one, other) => one.square / one.poisson - other.square / other.poisson)
		.slice(0, Math.max(0, found.length - count));
}

/** Counts of whole blocks; undefined where a bucket is masked. */
function blocks(
	counts: readonly number[],
	masked: Uint8Array | undefined,
	length: number,
): readonly (number | undefined)[] {
	return Array.from({ length: Math.floor(counts.length / length) }, (_, block) => {
		let count = 0;
		for (let index = block * length; index < (block + 1) * length; index++) {
			if (masked?.[index] === 1) return undefined;
			count += counts[index] ?? 0;
		}
		return count;
	});
}
