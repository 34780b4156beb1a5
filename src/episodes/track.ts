// One series as the search sees it: counts and loads by cell, and what is usual in any span of it.
import { PrefixSums, type Span } from "./grid.ts";
import type { Law } from "./law.ts";
import type { Spread } from "./spread.ts";

/** Days before an onset that the usual is taken from. */
export const baselineDays = 14;
/** How far (squared coefficient of variation) the level of two ordinary days may be apart: 14 %. */
const dayVariance = 0.02;
/** How far the level of a fortnight may be from that of the next day. */
const driftVariance = 0.01;
/** Hours between what is usual and a span: an episode's edges are not on the grid. */
const guardHours = 0.5;
/** Hours of history that there must be before a span. */
const leastHoursBefore = 6;
const fewDays = 3;

/** A stretch of equal cells, five minutes or an hour each. */
export interface Track {
	readonly counts: Float64Array;
	/** 1 for cells of which only the hour's count is known. */
	readonly isEven: Uint8Array;
	/** What one unit of the level makes of each cell. */
	readonly load: Float64Array;
	/** How much of each cell is held, 0 to 1. */
	readonly held: Float64Array;
	/** How far off the load may be, a squared coefficient of variation. */
	readonly variance: Float64Array;
	readonly law: Law;
	readonly perHour: number;
	/** Number of the first cell since the epoch. */
	readonly firstCell: number;
}

/** What is usual before a span. */
export interface Usual {
	/** Count of one unit of load. */
	readonly level: number;
	/** Squared coefficient of variation of the level. */
	readonly variance: number;
	readonly days: number;
}

interface Sums {
	readonly counts: PrefixSums;
	readonly loads: PrefixSums;
	readonly held: PrefixSums;
	readonly variances: PrefixSums;
}

/** The parts of a code have its loads, so that their sums are made once. */
const known = new WeakMap<Float64Array, Sums>();

function sumsOf({ counts, load, held, variance }: Track): Sums {
	const same = known.get(load);
	if (same !== undefined) return { ...same, counts: new PrefixSums(counts) };
	const sums = {
		counts: new PrefixSums(counts),
		loads: new PrefixSums(load),
		held: new PrefixSums(held),
		variances: new PrefixSums(load.map((one, cell) => one * (variance[cell] ?? 0))),
	};
	known.set(load, sums);
	return sums;
}

/** Sums over what is not masked. */
function usualSums({ counts, load, held }: Track, mask: Uint8Array, all: Sums): Sums {
	if (!mask.includes(1)) return all;
	return {
		counts: new PrefixSums(counts, mask),
		loads: new PrefixSums(load, mask),
		held: new PrefixSums(held, mask),
		variances: all.variances,
	};
}

export class Baseline {
	readonly track: Track;
	readonly mask: Uint8Array;
	readonly spread: Spread;
	readonly #all: Sums;
	readonly #usual: Sums;

	/**
	 * @param mask 1 for cells that are no part of what is usual: they belong to an episode, or seem to
	 * @param before one of the same track, whose sums over all cells are the same
	 */
	constructor(track: Track, mask: Uint8Array, spread: Spread, before?: Baseline) {
		this.track = track;
		this.mask = mask;
		this.spread = spread;
		this.#all = before === undefined ? sumsOf(track) : before.#all;
		this.#usual = usualSums(track, mask, this.#all);
	}

	get perDay(): number {
		return this.track.perHour * 24;
	}

	count({ from, to }: Span): number {
		return this.#all.counts.between(from, to);
	}

	load({ from, to }: Span): number {
		return this.#all.loads.between(from, to);
	}

	/** @returns undefined where too little is known before the cell */
	usualBefore(cell: number): Usual | undefined {
		const to = cell - Math.ceil(guardHours * this.track.perHour);
		const from = to - baselineDays * this.perDay;
		const held = this.#usual.held.between(from, to) / this.track.perHour;
		const load = this.#usual.loads.between(from, to);
		if (held < leastHoursBefore || load <= 0) return undefined;
		const count = this.#usual.counts.between(from, to);
		return {
			level: Math.max(
				(count + 0.5 * this.spread.dispersion) / load,
				held < 24 * fewDays ? this.#firstLevel() : 0,
			),
			variance:
				1 / (count / this.spread.dispersion + 0.5) + driftVariance + dayVariance / Math.max(1, held / 24),
			days: held / 24,
		};
	}

	/** In the first days little is known before: half of what is usual in the first fortnight is the least. */
	#firstLevel(): number {
		const { count, load } = this.usualOf(0, baselineDays * this.perDay);
		return load <= 0 ? 0 : (0.5 * count) / load;
	}

	/** What is usual in a stretch: what is masked is left out. */
	usualOf(from: number, to: number): { readonly count: number; readonly load: number } {
		return { count: this.#usual.counts.between(from, to), load: this.#usual.loads.between(from, to) };
	}

	/** ln P(as many or more), and the variance that the span's own expectation has. */
	logTail(span: Span, usual: Usual): number {
		const load = this.load(span);
		const hours = (span.to - span.from) / this.track.perHour;
		const { dispersion, volatility } = this.spread;
		const shape = load === 0 ? 0 : this.#all.variances.between(span.from, span.to) / load;
		const variance =
			usual.variance +
			shape / Math.min(12, Math.max(1, hours / 3)) +
			volatility / Math.max(1, hours) +
			dayVariance / Math.max(1, hours / 24);
		return this.track.law.logTail(this.count(span), load, usual.level, variance, dispersion);
	}

	/**
	 * The same of several spans at one time of the day: what is not known of that hour is the same in all. The strongest
	 * counts as much as the second, so that one burst alone says little.
	 */
	logTailOfAll(spans: readonly Span[], usual: Usual): number {
		const sum = (of: (span: Span) => number) => spans.reduce((total, span) => total + of(span), 0);
		const load = sum((span) => this.load(span));
		const { dispersion, volatility } = this.spread;
		const shape = sum(({ from, to }) => this.#all.variances.between(from, to)) / Math.max(load, 1e-12);
		const variance = usual.variance + shape + (volatility + dayVariance) / spans.length;
		const [most = 0, second = 0] = spans.map((span) => this.count(span)).sort((one, other) => other - one);
		const count = sum((span) => this.count(span)) - most + second;
		return this.track.law.logTail(count, load, usual.level, variance, dispersion);
	}
}
