// How far a series' counts scatter, beyond what independent events would.

import type { Span } from "./grid.ts";

/**
 * What a few minutes of an unlucky session make of counts: the least by which the variance is taken to exceed a
 * Poisson law's, whatever the estimate says.
 */
const leastDispersion = 1.2;
/** Prior: a session that fails tends to fail again. Weighs as much as this many pairs of half hours. */
const priorDispersion = 1.5;
const priorPairs = 60;
/** Events an hour, up to which hours give the dispersion where half hours are not known. */
const rareHour = 3;

/** Prior: an hour is 10 % off by chance. Weighs as much as 10 triples of hours with very many events. */
const priorVolatility = 0.01;
const priorWeight = 1000;
/** Hours two apart: what lifts an hour by chance may lift a part of the next. */
const apart = 2;
const mostVolatility = 0.25;

/** What is usual says how events come together in a trouble, too, as much as so many pairs of its own half hours. */
const pairsBefore = 12;

/** Blocks that differ most are left out, so that an episode's edges do not pass for burstiness. */
const trimmedShare = 0.08;
const leastTrimmed = 2;
/** What trimming leaves of the mean of χ² with one degree of freedom: P(χ²₃ < 3.06) / 0.92. */
const trimmedMean = 0.672;

/** variance = dispersion × mean + volatility × mean². */
export interface Spread {
	/** From events that come together. */
	readonly dispersion: number;
	/** From a rate that changes by chance: squared coefficient of variation of an hour's rate. */
	readonly volatility: number;
}

interface Cells {
	readonly counts: Float64Array;
	/** 1 for cells of which only the hour's count is known. */
	readonly isEven: Uint8Array;
	readonly perHour: number;
}

interface Difference {
	readonly square: number;
	readonly poisson: number;
	readonly volatile: number;
}

/**
 * From the differences of neighbouring blocks (von Neumann's successive differences), which needs no model of the rate:
 * of two Poisson counts with the sum s, the difference has the mean square s. Half hours give the dispersion. Hours give
 * the volatility: how far an hour is from the mean of those two hours before and after it, beyond what the dispersion
 * explains; the slope of the day cancels. Of a rare code hours give the dispersion as well: their rates differ by less
 * than a few events do.
 *
 * @param masked cells not to look at
 */
export function spreadOf({ counts, isEven, perHour }: Cells, masked: Uint8Array): Spread {
	const hours = blocks(counts, masked, perHour);
	const halves = halfHours({ counts, isEven, perHour }, masked);
	const pairs = [...pairsOf(halves), ...(isRare(hours) ? pairsOf(unreadHours(hours, halves)) : [])];
	const dispersion = Math.max(leastDispersion, ownDispersion(pairs, priorDispersion, priorPairs));
	const volatility = ownVolatility(hours, dispersion);
	return { dispersion, volatility: Math.min(mostVolatility, Math.max(0, volatility)) };
}

/**
 * How events come together in a trouble: what fails may be tried again at once, so that a pause of its sessions is longer
 * than its events alone would say.
 *
 * @param before the dispersion of what is usual, which counts as much as `pairsBefore` pairs
 */
export function dispersionWithin(cells: Cells, { from, to }: Span, before: number): number {
	const outside = new Uint8Array(cells.counts.length).fill(1);
	outside.fill(0, from, to);
	return Math.max(leastDispersion, ownDispersion(pairsOf(halfHours(cells, outside)), before, pairsBefore));
}

/** Undefined where a cell is masked, or only the hour's count is known. */
function halfHours({ counts, isEven, perHour }: Cells, masked: Uint8Array): readonly (number | undefined)[] {
	if (perHour < 2) return [];
	const unread = masked.map((one, cell) => (one === 1 || isEven[cell] === 1 ? 1 : 0));
	return blocks(counts, unread, perHour / 2);
}

function isRare(hours: readonly (number | undefined)[]): boolean {
	const known = hours.filter((count) => count !== undefined);
	return known.reduce((sum, count) => sum + count, 0) <= rareHour * known.length;
}

/** Hours that half hours say nothing of. */
function unreadHours(
	hours: readonly (number | undefined)[],
	halves: readonly (number | undefined)[],
): readonly (number | undefined)[] {
	if (halves.length === 0) return hours;
	return hours.map((count, hour) => (count === 0 || halves[2 * hour] === undefined ? count : undefined));
}

function pairsOf(counts: readonly (number | undefined)[]): readonly Difference[] {
	const differences: Difference[] = [];
	for (let index = 1; index < counts.length; index++) {
		const [before, count] = [counts[index - 1], counts[index]];
		if (count === undefined || before === undefined || count + before === 0) continue;
		differences.push({ square: (count - before) ** 2, poisson: count + before, volatile: 0 });
	}
	return differences;
}

function ownDispersion(pairs: readonly Difference[], prior: number, weight: number): number {
	const found = trimmed(pairs);
	const { square, poisson } = total(found);
	const own = poisson === 0 ? 0 : square / trimmedMean / poisson;
	return (found.length * own + weight * prior) / (found.length + weight);
}

function ownVolatility(counts: readonly (number | undefined)[], dispersion: number): number {
	const differences: Difference[] = [];
	for (let index = apart; index + apart < counts.length; index++) {
		const [before, count, after] = [counts[index - apart], counts[index], counts[index + apart]];
		if (before === undefined || count === undefined || after === undefined) continue;
		const mean = (before + count + after) / 3;
		if (mean === 0) continue;
		differences.push({
			square: (count - (before + after) / 2) ** 2,
			poisson: 1.5 * mean,
			volatile: 1.5 * mean ** 2,
		});
	}
	const found = trimmed(differences);
	const { square, poisson, volatile } = total(found);
	if (poisson === 0) return priorVolatility;
	const own = (square / trimmedMean - dispersion * poisson) / volatile;
	const noise = (1.5 * dispersion * found.length) / poisson;
	const weight = found.length / (noise + 0.05) ** 2;
	return (weight * own + priorWeight * priorVolatility) / (weight + priorWeight);
}

function total(found: readonly Difference[]): Difference {
	const sum = { square: 0, poisson: 0, volatile: 0 };
	for (const one of found) {
		sum.square += one.square;
		sum.poisson += one.poisson;
		sum.volatile += one.volatile;
	}
	return sum;
}

function trimmed(found: readonly Difference[]): readonly Difference[] {
	const count = Math.max(leastTrimmed, Math.round(found.length * trimmedShare));
	return [...found]
		.sort((one, other) => one.square / one.poisson - other.square / other.poisson)
		.slice(0, Math.max(0, found.length - count));
}

/** Counts of whole blocks; undefined where a cell is masked. */
function blocks(counts: Float64Array, masked: Uint8Array, length: number): readonly (number | undefined)[] {
	const found: (number | undefined)[] = [];
	for (let from = 0; from + length <= counts.length; from += length) {
		let count: number | undefined = 0;
		for (let index = from; index < from + length; index++) {
			if (masked[index] === 1) {
				count = undefined;
				break;
			}
			count += counts[index] ?? 0;
		}
		found.push(count);
	}
	return found;
}
