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
	const stretches = new Stretches(baseline, days.length);
	for (const { span } of days) stretches.add(span.from, span.to);
	const weekdays = [...days.keys()].filter((day) => days[day]?.isWeekend === false);
	return likeliest(stretches, usual, weekdays.length < days.length ? weekdays : undefined);
}

/** The counts and loads of some days' stretches, side by side: most are asked for in vain, by each code and part. */
class Stretches {
	readonly baseline: Baseline;
	readonly #counts: Float64Array;
	readonly #from: Int32Array;
	readonly #to: Int32Array;
	#size = 0;
	#present = 0;

	constructor(baseline: Baseline, most: number) {
		this.baseline = baseline;
		this.#counts = new Float64Array(most);
		this.#from = new Int32Array(most);
		this.#to = new Int32Array(most);
	}

	clear(): void {
		this.#size = 0;
		this.#present = 0;
	}

	add(from: number, to: number): void {
		const count = this.baseline.count({ from, to });
		this.#counts[this.#size] = count;
		this.#from[this.#size] = from;
		this.#to[this.#size] = to;
		this.#size += 1;
		if (count >= leastPresent) this.#present += 1;
	}

	/** Days on which it came at all. */
	get present(): number {
		return this.#present;
	}

	get counts(): Float64Array {
		return this.#counts.subarray(0, this.#size);
	}

	loads(): Float64Array {
		const loads = new Float64Array(this.#size);
		for (let day = 0; day < loads.length; day++) loads[day] = this.baseline.load(this.span(day));
		return loads;
	}

	span(day: number): Span {
		return { from: this.#from[day] ?? 0, to: this.#to[day] ?? 0 };
	}
}

/** @param weekdays where the days may be looked at without the others as well */
function likeliest(stretches: Stretches, usual: Usual, weekdays?: readonly number[]): Range | undefined {
	if (stretches.present < leastTimes) return undefined;
	const { baseline, counts } = stretches;
	const { dispersion } = baseline.spread;
	const loads = stretches.loads();
	const ratio = mostRatio(counts, loads, usual.level, dispersion);
	if (ratio === 0) return undefined;
	const everyDay = [...counts.keys()];
	const dues = weekdays === undefined ? [everyDay] : [everyDay, weekdays];
	const gains = new Float64Array(counts.length);
	let best: Range | undefined;
	for (const factor of factors) {
		// Fewer than three days are above the rate at which this multiple is as likely as none.
		if (ratio <= (factor - 1) / Math.log(factor)) break;
		const weights = baseline.track.law.weights(usual.level, factor);
		for (let day = 0; day < gains.length; day++) {
			gains[day] = gain(weights, counts[day] ?? 0, loads[day] ?? 0) / dispersion;
		}
		for (const due of dues) best = heaviest(due, gains, counts, best?.score ?? 0) ?? best;
	}
	return best;
}

/**
 * The third largest ratio of a day's count to what is usual; 0 where all days together, each at its own rate and the
 * strongest apart, say too little.
 */
function mostRatio(counts: Float64Array, loads: Float64Array, level: number, dispersion: number): number {
	let [first, second, third] = [0, 0, 0];
	for (let day = 0; day < counts.length; day++) {
		const count = counts[day] ?? 0;
		const usual = (loads[day] ?? 0) * level;
		if (count < leastPresent || usual <= 0 || count <= usual) continue;
		const ratio = count / usual;
		if (ratio > first) [first, second, third] = [ratio, first, second];
		else if (ratio > second) [second, third] = [ratio, second];
		else if (ratio > third) third = ratio;
	}
	// The logarithms are for those alone that have three days above the usual.
	return third === 0 || scoreOfAll(counts, loads, level, dispersion) < leastScore ? 0 : third;
}

/** ln of how much likelier the days above the usual are, each at its own rate, the strongest apart. */
function scoreOfAll(counts: Float64Array, loads: Float64Array, level: number, dispersion: number): number {
	let [sum, most] = [0, 0];
	for (let day = 0; day < counts.length; day++) {
		const count = counts[day] ?? 0;
		const usual = (loads[day] ?? 0) * level;
		if (count < leastPresent || usual <= 0 || count <= usual) continue;
		const own = (count * Math.log(count / usual) - (count - usual)) / dispersion;
		sum += own;
		most = Math.max(most, own);
	}
	return sum - most;
}

/** The run with the largest sum, where it came on enough of its days and its score is above the one that is known. */
function heaviest(
	due: readonly number[],
	gains: Float64Array,
	counts: Float64Array,
	known: number,
): Range | undefined {
	let [sum, from, most, first, last] = [0, 0, Number.NEGATIVE_INFINITY, 0, 0];
	for (let index = 0; index < due.length; index++) {
		if (sum <= 0) [sum, from] = [0, index];
		sum += gains[due[index] ?? 0] ?? 0;
		if (sum > most) [most, first, last] = [sum, from, index];
	}
	let strongest = Number.NEGATIVE_INFINITY;
	for (let index = first; index <= last; index++) {
		strongest = Math.max(strongest, gains[due[index] ?? 0] ?? 0);
	}
	const score = most - strongest;
	if (!(score > known)) return undefined;
	const range = due.slice(first, last + 1);
	const came = range.filter((day) => (gains[day] ?? 0) > 0 && (counts[day] ?? 0) >= leastPresent);
	if (came.length < leastTimes || came.length < leastShare * range.length) return undefined;
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
	const stretches = new Stretches(baseline, Math.ceil((load.length - first) / perDay));
	for (let hour = 0; hour < 24; hour++) {
		for (const width of widths) {
			stretches.clear();
			for (let from = first + hour * perHour; from + width * perHour <= load.length; from += perDay) {
				if (from >= 0) stretches.add(from, from + width * perHour);
			}
			const range = likeliest(stretches, usual);
			if (range !== undefined && range.score >= leastScore) {
				found.push({ span: stretches.span(range.first), score: range.score });
			}
		}
	}
	return found
		.sort((one, other) => other.score - one.score)
		.slice(0, mostSeeds)
		.map(({ span }) => span);
}
