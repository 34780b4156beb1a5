import type { Baseline, Expected } from "./expectation.ts";
import { dayBuckets, type Span } from "./grid.ts";
import { logTail } from "./tail.ts";

/** Less than this many times the expected count is not far above it, however certain. */
export const leastFactor = 2;
/** Fewer events than these are no spike, however rare the code. */
export const leastCount = 5;

/** Lengths looked at, in buckets: each about a quarter longer than the one before, from 5 minutes to a day. */
export const lengths: readonly number[] = makeLengths();

/** A span that is far above what is expected. */
export interface Candidate extends Span {
	readonly count: number;
	readonly expected: number;
	/** ln of P(X ≥ count) times the looks. */
	readonly logChance: number;
}

interface Measured extends Span {
	readonly count: number;
	readonly expected: Expected;
	readonly ratio: number;
}

function makeLengths(): readonly number[] {
	const found: number[] = [];
	for (let length = 1; length < dayBuckets; length = Math.max(length + 1, Math.round(length * 1.25))) {
		found.push(length);
	}
	return [...found, dayBuckets];
}

/**
 * By how much a tail is to be multiplied for all the spans looked at in a stretch of so many buckets (Bonferroni): each
 * length has an equal share of the chance to err, and spans of one length that overlap by three quarters or
 * more count as one look, as they show nearly the same events.
 */
export function looks(length: number, buckets: number): number {
	const lengthsThatFit = lengths.findLastIndex((one) => one <= buckets) + 1;
	return lengthsThatFit * Math.max(1, Math.min(buckets - length + 1, (4 * buckets) / length));
}

/**
 * The likeliest spike of one code: among the spans whose corrected tail is below the threshold, the one with the largest
 * likelihood ratio (Kulldorff, A spatial scan statistic, 1997), its edges then moved bucket by bucket to where the ratio is
 * largest. The tail decides whether there is a spike, the ratio where: the tail alone would pick the densest part.
 *
 * @param within the buckets that a span may lie in
 * @param taken buckets that a span may not touch
 * @param logThreshold ln of the chance, corrected for the spans looked at, that a span must be below
 */
export function likeliestSpike(
	baseline: Baseline,
	within: Span,
	taken: Uint8Array,
	logThreshold: number,
): Candidate | undefined {
	const buckets = within.to - within.from;
	const stretches = freeStretches(within, taken);
	const measured = stretches.flatMap((stretch) => measureAll(baseline, stretch, -logThreshold));
	measured.sort((one, other) => other.ratio - one.ratio);
	for (const span of measured) {
		const candidate = judge(span, buckets);
		if (candidate.logChance >= logThreshold) continue;
		const stretch = stretches.find(({ from, to }) => from <= span.from && span.to <= to);
		const refined = stretch === undefined ? undefined : judge(refine(baseline, span, stretch), buckets);
		return refined !== undefined && refined.logChance < logThreshold ? refined : candidate;
	}
	return undefined;
}

function freeStretches({ from, to }: Span, taken: Uint8Array): readonly Span[] {
	const found: Span[] = [];
	let start = from;
	for (let index = from; index <= to; index++) {
		if (index < to && taken[index] !== 1) continue;
		if (index > start) found.push({ from: start, to: index });
		start = index + 1;
	}
	return found;
}

function measureAll(baseline: Baseline, { from, to }: Span, nats: number): readonly Measured[] {
	const found: Measured[] = [];
	for (const length of lengths) {
		// Steps of an eighth of the length: the edges are moved to their place later.
		const step = Math.max(1, length >> 3);
		for (let start = from; start + length <= to; start += step) {
			const measured = measure(baseline, { from: start, to: start + length });
			// A Poisson tail is about exp(-ratio) / √(2πn), and a negative binomial's is never below it.
			if (measured !== undefined && measured.ratio + 0.5 * Math.log(measured.count) + 2 > nats) {
				found.push(measured);
			}
		}
	}
	return found;
}

function measure(baseline: Baseline, span: Span): Measured | undefined {
	const count = baseline.count(span);
	if (count < leastCount || count < leastFactor * baseline.sameTimeOfDay(span)) return undefined;
	const expected = baseline.expected(span);
	if (expected === undefined || count < leastFactor * expected.mean) return undefined;
	const ratio = count * Math.log(count / expected.mean) - (count - expected.mean);
	return { from: span.from, to: span.to, count, expected, ratio };
}

function judge({ from, to, count, expected }: Measured, buckets: number): Candidate {
	return {
		from,
		to,
		count,
		expected: expected.mean,
		logChance: logTail(count, expected.mean, expected.shape) + Math.log(looks(to - from, buckets)),
	};
}

function refine(baseline: Baseline, start: Measured, stretch: Span): Measured {
	let best = start;
	for (;;) {
		const better = steps(best, stretch)
			.map((span) => measure(baseline, span))
			.reduce<Measured>((most, one) => (one !== undefined && one.ratio > most.ratio ? one : most), best);
		if (better === best) return best;
		best = better;
	}
}

/**
 * Either edge, moved by one to three buckets, or farther by up to a third of the span: an edge can have a bucket in which by
 * chance little happened, and a few events by chance can stand hours before a long spike.
 */
function steps({ from, to }: Span, stretch: Span): readonly Span[] {
	const offsets = [1, 2, 3];
	for (let far = 4; far <= (to - from) / 3; far = Math.round(far * 1.5)) offsets.push(far);
	return offsets
		.flatMap((far) => [far, -far])
		.flatMap((step) => [
			{ from: from + step, to },
			{ from, to: to + step },
		])
		.filter(
			(span) =>
				span.from >= stretch.from &&
				span.to <= stretch.to &&
				span.to > span.from &&
				span.to - span.from <= dayBuckets,
		);
}
