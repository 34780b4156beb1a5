// The same stretch of the day on several days: on which days it came, judged on all of them together.
import type { Span } from "./grid.ts";
import { gain } from "./law.ts";
import type { Baseline, Usual } from "./track.ts";

/** Multiples of the usual that the stretch may have on its days. */
const factors = [2, 3, 5, 8, 14, 25, 50, 120, 400, 2000];
const leastTimes = 3;
/** Of the days between the first and the last, on so many it must come. */
const leastShare = 0.6;
/** Fewer events on a day say nothing. */
export const leastPresent = 2;
/** Lower scores are not looked at twice. */
const leastScore = 4;
const mostSeeds = 8;
/** Hours that the stretches looked for have. */
const widths = [1, 2];

/** One day's stretch. */
export interface Day {
	readonly span: Span;
	readonly isWeekend: boolean;
}

/** Indices of days, the last included. */
export interface Range {
	readonly first: number;
	readonly last: number;
	/** The days on which it came, those between that it left out being none of its days. */
	readonly came: readonly number[];
	readonly due: readonly number[];
	/** ln of how much likelier the counts are at its rate than at the usual one, the strongest day apart. */
	readonly score: number;
}

/**
 * The run of days that are likeliest to have the stretch at a multiple of the usual, one multiple for all of them: the
 * largest sum of the days' log-likelihood ratios (Page, Continuous inspection schemes, 1954). Few events a day are
 * enough, and a day between on which it had none costs what it makes unlikely. The strongest day does not count: one
 * burst is not a recurring trouble.
 *
 * @returns undefined where no run has days enough
 */
export function bestRange(baseline: Baseline, days: readonly Day[], usual: Usual): Range | undefined {
	// Asked for each code, part and hour: most end at the first test, so that nothing is made before it.
	const counts = new Float64Array(days.length);
	let present = 0;
	for (let day = 0; day < days.length; day++) {
		const count = baseline.count(spanOf(days, day));
		counts[day] = count;
		if (count >= leastPresent) present += 1;
	}
	if (present < leastTimes) return undefined;
	const loads = new Float64Array(days.length);
	for (let day = 0; day < days.length; day++) loads[day] = baseline.load(spanOf(days, day));
	const ratio = mostRatio(counts, loads, usual.level, baseline.spread.dispersion);
	if (ratio === 0) return undefined;
	const everyDay = [...days.keys()];
	const weekdays = everyDay.filter((day) => days[day]?.isWeekend === false);
	let best: Range | undefined;
	for (const factor of factors) {
		// Fewer than three days are above the rate at which this multiple is as likely as none.
		if (ratio <= (factor - 1) / Math.log(factor)) break;
		const weights = baseline.track.law.weights(usual.level, factor);
		const gains = counts.map(
			(count, day) => gain(weights, count, loads[day] ?? 0) / baseline.spread.dispersion,
		);
		for (const due of weekdays.length < days.length ? [everyDay, weekdays] : [everyDay]) {
			const range = heaviest(due, gains, counts);
			if (range !== undefined && range.score > (best?.score ?? 0)) best = range;
		}
	}
	return best;
}

const nowhere: Span = { from: 0, to: 0 };

function spanOf(days: readonly Day[], day: number): Span {
	return days[day]?.span ?? nowhere;
}

/**
 * The third largest ratio of a day's count to what is usual; 0 where all days together, each at its own rate and the
 * strongest apart, say too little.
 */
function mostRatio(counts: Float64Array, loads: Float64Array, level: number, dispersion: number): number {
	let [first, second, third, sum, most] = [0, 0, 0, 0, 0];
	for (let day = 0; day < counts.length; day++) {
		const count = counts[day] ?? 0;
		const usual = (loads[day] ?? 0) * level;
		if (count < leastPresent || usual <= 0 || count <= usual) continue;
		const ratio = count / usual;
		const own = (count * Math.log(ratio) - (count - usual)) / dispersion;
		sum += own;
		most = Math.max(most, own);
		if (ratio > first) [first, second, third] = [ratio, first, second];
		else if (ratio > second) [second, third] = [ratio, second];
		else if (ratio > third) third = ratio;
	}
	return sum - most < leastScore ? 0 : third;
}

/** The run with the largest sum, where it came on enough of its days. */
function heaviest(due: readonly number[], gains: Float64Array, counts: Float64Array): Range | undefined {
	let [sum, from, most, first, last] = [0, 0, Number.NEGATIVE_INFINITY, 0, 0];
	for (const [index, day] of due.entries()) {
		if (sum <= 0) [sum, from] = [0, index];
		sum += gains[day] ?? 0;
		if (sum > most) [most, first, last] = [sum, from, index];
	}
	const range = due.slice(first, last + 1);
	const came = range.filter((day) => (gains[day] ?? 0) > 0 && (counts[day] ?? 0) >= leastPresent);
	if (came.length < leastTimes || came.length < leastShare * range.length) return undefined;
	const score = most - Math.max(...range.map((day) => gains[day] ?? 0));
	return { first: came[0] ?? 0, last: came.at(-1) ?? 0, came, due: range, score };
}

/** Whole hours of the day that have more than usual on several days together, though perhaps on none by itself. */
export function dailySeeds(baseline: Baseline): readonly Span[] {
	const { counts, perHour, firstCell, load } = baseline.track;
	const { perDay } = baseline;
	const all = baseline.usualOf(0, counts.length);
	if (all.load <= 0) return [];
	const usual = { level: (all.count + 0.5) / all.load, variance: 0, days: 0 };
	const first = -(((firstCell % perDay) + perDay) % perDay);
	const found: { readonly span: Span; readonly score: number }[] = [];
	for (let hour = 0; hour < 24; hour++) {
		for (const width of widths) {
			const days: Day[] = [];
			for (let from = first + hour * perHour; from < load.length; from += perDay) {
				const span = { from, to: from + width * perHour };
				if (from >= 0 && span.to <= load.length) days.push({ span, isWeekend: false });
			}
			const range = bestRange(baseline, days, usual);
			const span = days[range?.first ?? -1]?.span;
			if (range !== undefined && span !== undefined && range.score >= leastScore) {
				found.push({ span, score: range.score });
			}
		}
	}
	return found
		.sort((one, other) => other.score - one.score)
		.slice(0, mostSeeds)
		.map(({ span }) => span);
}
