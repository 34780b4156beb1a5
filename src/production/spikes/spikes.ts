import { dayShapes, flatDay } from "./day-shape.ts";
import { spreads } from "./dispersion.ts";
import { Baseline } from "./expectation.ts";
import { recordingGaps } from "./gaps.ts";
import { bucketSeconds, dayBuckets, hourBuckets, type Span } from "./grid.ts";
import { type Candidate, likeliestSpike } from "./scan.ts";

export interface CodeSeries {
	readonly code: string;
	/** Events in each 5-minute bucket, epoch-aligned, from `start` on; what is missing at the end is 0. */
	readonly counts: readonly number[];
}

export interface SpikeInput {
	/** Epoch seconds, a multiple of 300: the first bucket, where the baseline begins. */
	readonly start: number;
	/** Epoch seconds. A span may begin at the first bucket that lies wholly in the window. */
	readonly windowFrom: number;
	/** Epoch seconds, excluded. Nothing at or after it may be counted in the series. */
	readonly windowTo: number;
	/** The codes that have events in the window, or more. */
	readonly series: readonly CodeSeries[];
}

export interface Spike {
	readonly code: string;
	/** Epoch seconds. */
	readonly from: number;
	/** Epoch seconds, excluded. */
	readonly to: number;
	/** Events of the code in the span. */
	readonly count: number;
	/** What the baseline makes likely there. */
	readonly expected: number;
	/** count / expected. */
	readonly factor: number;
	/** The chance of so many or more, times the number of spans and codes looked at; at most 1. 0 where it is below 1e-308. */
	readonly pValue: number;
}

/** The most spikes that are told. */
export const maxSpikes = 10;

/**
 * The chance that a window without a spike shows one, if counts followed the law that is supposed. Spans overlap, so
 * that it comes out lower: `bench/spikes.ts` measures it.
 */
const falseChance = 0.03;
/** Spikes as unlikely as this are no evidence for the baseline of others. */
const grossChance = 0.005;
/**
 * Possible spikes are left out where the scatter is estimated, and kept where the level is: a rare code without its few
 * clumps would seem rarer than it is.
 */
const suspectChance = 1;

/**
 * Where the history begins that the rule wants: the same hours of the day before, and an hour more. It is the same for
 * windows of every length: a longer one holds the days before its later days.
 *
 * @param windowFrom epoch seconds
 * @returns epoch seconds, a multiple of 300
 */
export function baselineStart(windowFrom: number): number {
	return Math.floor(windowFrom / bucketSeconds - dayBuckets - hourBuckets) * bucketSeconds;
}

/**
 * Spans of 5 minutes to a day with far more events of a code than the same hours before make likely.
 *
 * The rule is a scan statistic: every span of the grid, in lengths that grow by a quarter, is held against what is
 * expected of it (Kulldorff, A spatial scan statistic, 1997; with an expectation from history: Neill, Expectation-based
 * scan statistics for monitoring spatial time series, 2009). A count's law is the gamma-Poisson predictive, a negative
 * binomial (Neill, Moore and Cooper, A Bayesian spatial scan statistic, 2005); `expectation.ts` says how it is
 * made from the same hours of the day before, the hours beside, the code's level and the day that all codes share.
 *
 * A spike cannot hide in its baseline: the span and a bucket on either side are no part of it, nor are other spikes,
 * in the baseline's days too (three rounds: gross ones, then by the day's shape, then the answer), nor the code's own part in the
 * day's shape.
 *
 * It is far when its tail, times the codes and spans looked at (Bonferroni, `looks`), is below 3 %, and the count is 5
 * or more, at least twice what is expected, and at least twice what the same time of the day before had: a job
 * that fails every morning is no spike. A quiet window is one for which nothing is answered.
 *
 * What it compares with is the day before: what a Monday has more than a Sunday is told, and where the day before had
 * a spike at the same time as great, today's is not.
 *
 * Buckets a code, history included: 313 for a window of 1 h, 589 for 24 h, 2,317 for 7 d.
 *
 * @returns at most 10, the least likely first; spans of one code neither overlap nor touch
 * @throws {RangeError} where start is not on the grid or after windowFrom, or the window is empty
 */
export function findSpikes({ start, windowFrom, windowTo, series }: SpikeInput): readonly Spike[] {
	if (start % bucketSeconds !== 0 || start > windowFrom || windowFrom >= windowTo) {
		throw new RangeError("findSpikes: start on the grid, start <= windowFrom < windowTo");
	}
	const firstBucket = start / bucketSeconds;
	const length = Math.ceil(windowTo / bucketSeconds) - firstBucket;
	const window: Span = { from: Math.ceil(windowFrom / bucketSeconds) - firstBucket, to: length };
	const codes = series
		.map(({ code, counts }) => ({
			code,
			counts: Array.from({ length }, (_, index) => counts[index] ?? 0),
		}))
		.filter(({ counts }) => counts.some((count, index) => count > 0 && index >= window.from));
	if (codes.length === 0 || window.from >= length) return [];

	const extent = new Float64Array(length).fill(1);
	extent[length - 1] = windowTo / bucketSeconds - Math.floor((windowTo - 1) / bucketSeconds);
	const counts = codes.map((one) => one.counts);
	const gaps = recordingGaps(counts, length);
	const known: Known = { counts, extent, gaps, firstBucket };

	const everywhere = { from: 0, to: length };
	const nothing = codes.map(() => new Uint8Array(length));
	const gross = scanAll(known, nothing, nothing, everywhere, false, grossChance);
	const grossMasks = masksOf(gross, length, grossChance);
	const suspected = scanAll(known, grossMasks, grossMasks, everywhere, true, suspectChance);
	const masks = masksOf(suspected, length, grossChance);
	return scanAll(known, masks, masksOf(suspected, length, suspectChance), window, true, falseChance)
		.flatMap((found, index) => found.map((candidate) => ({ code: codes[index]?.code ?? "", candidate })))
		.sort((one, other) => one.candidate.logChance - other.candidate.logChance)
		.slice(0, maxSpikes)
		.map(({ code, candidate }) => ({
			code,
			from: start + candidate.from * bucketSeconds,
			to: Math.min(windowTo, start + candidate.to * bucketSeconds),
			count: candidate.count,
			expected: candidate.expected,
			factor: candidate.count / candidate.expected,
			pValue: Math.min(1, Math.exp(candidate.logChance) * codes.length),
		}));
}

interface Known {
	readonly counts: readonly (readonly number[])[];
	readonly extent: Float64Array;
	readonly gaps: Uint8Array;
	readonly firstBucket: number;
}

/** Every code's spikes, found one after the other: each is left out of the baseline of the next. */
function scanAll(
	{ counts, extent, gaps, firstBucket }: Known,
	masks: readonly Uint8Array[],
	scatterMasks: readonly Uint8Array[],
	within: Span,
	withDay: boolean,
	chance: number,
): readonly (readonly Candidate[])[] {
	const exposures = masks.map((mask) =>
		extent.map((part, index) => (mask[index] === 1 || gaps[index] === 1 ? 0 : part)),
	);
	const spread = spreads(counts, scatterMasks);
	const days = withDay ? dayShapes(counts, exposures, spread, firstBucket) : [];
	const logThreshold = Math.log(chance / counts.length);
	return counts.map((own, index) => {
		const exposure = exposures[index] ?? extent;
		const day = days[index] ?? flatDay(own.length);
		const ownSpread = spread[index] ?? { dispersion: 1, volatility: 0 };
		const taken = new Uint8Array(own.length);
		const found: Candidate[] = [];
		while (found.length < maxSpikes) {
			const baseline = new Baseline({
				counts: own,
				exposure,
				extent,
				day,
				spread: ownSpread,
			});
			const candidate = likeliestSpike(baseline, within, taken, logThreshold);
			if (candidate === undefined) break;
			found.push(candidate);
			exposure.fill(0, candidate.from, candidate.to);
			taken.fill(1, Math.max(0, candidate.from - 1), candidate.to + 1);
		}
		return found;
	});
}

function masksOf(
	found: readonly (readonly Candidate[])[],
	length: number,
	chance: number,
): readonly Uint8Array[] {
	const logThreshold = Math.log(chance / found.length);
	return found.map((candidates) => {
		const mask = new Uint8Array(length);
		for (const { from, to, logChance } of candidates) {
			if (logChance < logThreshold) mask.fill(1, from, to);
		}
		return mask;
	});
}
