// Finds the spans of a series that stand far above what is usual before them.
import type { Span } from "./grid.ts";
import { gain } from "./law.ts";
import type { Spread } from "./spread.ts";
import { Baseline, baselineDays, type Track, type Usual } from "./track.ts";
import { robustLevel } from "./week-shape.ts";

/** Less than this many times the usual is not far above it, however certain. */
const leastFactor = 2;
/** A span so many times as long as what is known before it is not held against it: the days before it may be the unusual. */
const mostTimesBefore = 3;
/** Multiples of the usual that a span is looked for at. */
const factors = [2, 3, 5, 8, 14, 25, 50, 120, 400, 2000, 20000];
/** A score that falls by so much since its peak has left the span: e^12 against going on. */
const leave = 12;
/** Lower scores are not looked at twice. */
const leastScore = 6;

export interface ScanOptions {
	/** Passes over the series, each with the spans of those before left out of what is usual. */
	readonly passes: number;
	/** Fewer events than these are not an episode, however rare the code. */
	readonly leastCount: number;
}

const usualOptions: ScanOptions = { passes: 6, leastCount: 5 };

export interface Found extends Span {
	readonly count: number;
	readonly expected: number;
	readonly usual: Usual;
	/** ln of how much likelier the count is at its own rate than at the usual one, in independent events. */
	readonly gain: number;
	/** ln of the tail times the looks. */
	readonly logChance: number;
}

export interface Scanned {
	readonly baseline: Baseline;
	/** In order, none overlap. */
	readonly found: readonly Found[];
}

/**
 * A scan statistic (Kulldorff, A spatial scan statistic, 1997) with an expectation from history (Neill, Expectation-based
 * scan statistics for monitoring spatial time series, 2009). For each of a few multiples of the usual rate, the spans
 * with the largest likelihood ratio come from one pass of cumulative sums (Page, Continuous inspection schemes, 1954),
 * not from looking at all spans. Of those, the ones whose tail is small after correction for all spans there are
 * (Bonferroni) are taken, the largest ratio first; they are left out of what is usual, and the search is repeated.
 *
 * @param suspects cells that are left out of what is usual at first
 * @param logThreshold ln of the chance to err in this series
 */
export function scan(
	track: Track,
	suspects: Uint8Array,
	spread: Spread,
	logThreshold: number,
	{ passes, leastCount }: ScanOptions = usualOptions,
): Scanned {
	const taken = new Uint8Array(track.counts.length);
	const found: Found[] = [];
	let mask = suspects;
	let baseline = new Baseline(track, mask, spread);
	for (let pass = 0; pass < passes; pass++) {
		const fresh = best(candidates(baseline, taken), baseline, logThreshold, leastCount);
		if (fresh.length === 0) break;
		found.push(...fresh);
		for (const { from, to } of fresh) taken.fill(1, from, to);
		mask = suspects.map((one, cell) => (one === 1 || taken[cell] === 1 ? 1 : 0));
		baseline = new Baseline(track, mask, spread, baseline);
	}
	return standing(baseline, found, logThreshold, leastCount);
}

/**
 * What was found first was held against a level that the others had bent, or that lacked the suspects: all are judged
 * again, and what falls is a part of the usual for the rest. Else the gaps between chance crowds of a rare code would pass
 * for its usual rate, and each crowd would excuse the next.
 */
function standing(
	before: Baseline,
	found: readonly Found[],
	logThreshold: number,
	leastCount: number,
): Scanned {
	let baseline = before;
	let left = found;
	for (;;) {
		const mask = new Uint8Array(before.track.counts.length);
		for (const { from, to } of left) mask.fill(1, from, to);
		baseline = new Baseline(before.track, mask, before.spread, baseline);
		const held = baseline;
		const judged = left
			.map((one) => judge(held, one, leastCount))
			.filter((one): one is Found => one !== undefined && one.logChance < logThreshold);
		if (judged.length === left.length)
			return { baseline, found: judged.sort((one, other) => one.from - other.from) };
		left = judged;
	}
}

/** How likely a span's count is by chance, after correction; undefined where it is not far above the usual. */
function judge(baseline: Baseline, span: Span, leastCount: number): Found | undefined {
	const usual = baseline.usualBefore(span.from);
	if (usual === undefined) return undefined;
	if (span.to - span.from > mostTimesBefore * usual.days * baseline.perDay) return undefined;
	const count = baseline.count(span);
	const load = baseline.load(span);
	const expected = load * usual.level;
	if (count < leastCount || count < leastFactor * expected || load === 0) return undefined;
	const { law } = baseline.track;
	return {
		from: span.from,
		to: span.to,
		count,
		expected,
		usual,
		gain: gain(law.weights(usual.level, count / expected), count, load) / baseline.spread.dispersion,
		logChance: baseline.logTail(span, usual) + logLooks(span.to - span.from, baseline.track.counts.length),
	};
}

/**
 * Spans that overlap by three quarters or more count as one look, and so do lengths that differ by less than two times:
 * their counts share most of their events. Quiet productions still show fewer than the bound.
 */
export function logLooks(length: number, cells: number): number {
	return Math.log(((4 * cells) / length) * Math.log2(cells));
}

function best(
	spans: readonly Span[],
	baseline: Baseline,
	logThreshold: number,
	leastCount: number,
): readonly Found[] {
	const judged = spans
		.map((span) => judge(baseline, span, leastCount))
		.filter((one): one is Found => one !== undefined && one.logChance < logThreshold)
		.sort((one, other) => other.gain - one.gain);
	const taken: Found[] = [];
	for (const one of judged) {
		if (taken.every((other) => one.to <= other.from || one.from >= other.to)) taken.push(one);
	}
	return taken;
}

/** Cells that have events and are free, with what is usual up to each. */
interface Events {
	readonly cells: Int32Array;
	readonly counts: Float64Array;
	/** What is usual in all cells before each, and before the one after it. */
	readonly before: Float64Array;
	readonly after: Float64Array;
	/** Number of the free stretch that each is in. */
	readonly stretch: Int32Array;
	/** The largest ratio of a count to what is usual. */
	readonly most: number;
}

function candidates(baseline: Baseline, taken: Uint8Array): readonly Span[] {
	const events = eventsOf(baseline, taken);
	return factors
		.filter((factor) => factor <= 2 * events.most)
		.flatMap((factor) => excursions(events, factor, baseline.spread.dispersion));
}

function eventsOf(baseline: Baseline, taken: Uint8Array): Events {
	const levels = roughLevels(baseline);
	const { counts, load } = baseline.track;
	const { perDay } = baseline;
	const length = counts.length;
	let room = 0;
	for (const count of counts) if (count > 0) room++;
	const found = {
		cells: new Int32Array(room),
		counts: new Float64Array(room),
		before: new Float64Array(room),
		after: new Float64Array(room),
		stretch: new Int32Array(room),
	};
	let [size, usual, stretch, most, level] = [0, 0, 0, 0, 0];
	for (let cell = 0; cell < length; cell++) {
		if (cell % perDay === 0) level = levels[cell / perDay] ?? 0;
		if (taken[cell] === 1) {
			stretch++;
			continue;
		}
		const own = (load[cell] ?? 0) * level;
		const count = counts[cell] ?? 0;
		if (count > 0) {
			found.cells[size] = cell;
			found.counts[size] = count;
			found.before[size] = usual;
			found.after[size] = usual + own;
			found.stretch[size] = stretch;
			most = Math.max(most, count / Math.max(own, 1e-12));
			size++;
		}
		usual += own;
	}
	return {
		cells: found.cells.subarray(0, size),
		counts: found.counts.subarray(0, size),
		before: found.before.subarray(0, size),
		after: found.after.subarray(0, size),
		stretch: found.stretch.subarray(0, size),
		most,
	};
}

/**
 * The spans in which the score of one multiple rises from nothing to its peak. Only cells with events are walked: the
 * score falls by what is usual in between.
 */
function excursions(
	{ cells, counts, before, after, stretch }: Events,
	factor: number,
	dispersion: number,
): readonly Span[] {
	const perCount = Math.log(factor) / dispersion;
	const perUsual = (factor - 1) / dispersion;
	const found: Span[] = [];
	let [score, peak, first, last] = [0, 0, 0, -1];
	for (let event = 0; event <= cells.length; event++) {
		const isSame = event > first && event < cells.length && stretch[event] === stretch[event - 1];
		if (isSame) score -= perUsual * ((before[event] ?? 0) - (after[event - 1] ?? 0));
		const hasLeft = event > first && (!isSame || score <= 0 || peak - score >= leave);
		if (hasLeft) {
			if (peak >= leastScore) {
				found.push({ from: cells[first] ?? 0, to: (cells[last] ?? 0) + 1 });
				// What lies after the peak is looked at anew.
				event = last + 1;
			}
			score = 0;
			peak = 0;
			first = event;
			last = event - 1;
		}
		if (event >= cells.length) break;
		score += perCount * (counts[event] ?? 0) - perUsual * ((after[event] ?? 0) - (before[event] ?? 0));
		if (score > peak) {
			peak = score;
			last = event;
		} else if (score <= 0) {
			score = 0;
			peak = 0;
			first = event + 1;
			last = event;
		}
	}
	return found;
}

/** The level to hold each day against at first: robust, of the two weeks before it, or of the first week. */
function roughLevels(baseline: Baseline): Float64Array {
	const { track, perDay } = baseline;
	const days = Math.ceil(track.counts.length / perDay);
	const daily = Array.from({ length: days }, (_, day) => baseline.usualOf(day * perDay, (day + 1) * perDay));
	const least = 0.3 / Math.max(baseline.load({ from: 0, to: track.counts.length }), 1e-9);
	return Float64Array.from(daily, (_, day) => {
		const to = Math.max(day, Math.min(7, days));
		return Math.max(least, robustLevel(daily.slice(Math.max(0, to - baselineDays), to)));
	});
}
