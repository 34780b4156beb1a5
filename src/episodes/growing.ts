// Tells a slow rise from a step, and when it left the usual.
import type { Edge } from "./edge.ts";
import type { Span } from "./grid.ts";
import { gain, type Weights } from "./law.ts";
import type { Stretch } from "./pieces.ts";
import type { Baseline } from "./track.ts";

/** Shorter rises are the ramp of a step. */
const leastDays = 1.5;
/** Days before the stretch in which the rise may have begun. */
const daysBefore = 6;
/** Hours that are counted together. */
const stepHours = 3;
/** How far (squared coefficient of variation) three hours may be off by chance. */
const scatter = 0.06;
/** Days of a rise that do not stand out, and days that must be left before them. */
const daysUnseen = [5, 3];
const leastDaysBefore = 4;
/** Blocks on either side that tell how busy one is; its own count alone would favour those that have few. */
const smoothing = 2;
/** The first days, and events beyond the usual, that the onset is found on: what comes later does not move it. */
const frontDays = 2;
const frontExcess = 150;
/** By how much less the counts are taken to say of the onset: no rise is quite even. */
const caution = 1.45;
/** Times the usual at the end of the rise. */
const peaks: readonly number[] = Array.from({ length: 38 }, (_, index) => 1.5 * 1.12 ** index);
/** A rise has left the usual where it is so many times the usual. */
const leftFactor = 1.5;
/** ln of how much likelier a rise must be than a step: it may be a little less, since rates near the onset scatter. */
const wanted = -0.5;

export interface Rise {
	readonly onset: Edge;
	/** How many times as much each day. */
	readonly perDay: number;
}

/** Counts and loads by three hours. */
interface Blocks {
	readonly counts: Float64Array;
	readonly loads: Float64Array;
	readonly first: number;
	readonly size: number;
}

/** A course that the rate may have taken, and ln of how likely it makes the counts. */
interface Course {
	/** Blocks from the first to where it begins to rise, and to where it has left the usual. */
	readonly start: number;
	readonly left: number;
	readonly peak: number;
	readonly logLikelihood: number;
}

/**
 * Steps and rises, even ones and ones by the same factor each day, from every block and to several heights, are held
 * against the counts. The instant at which a rise begins cannot be seen; what is reported is when it was half as much again
 * as usual, a mean over all rises, each by its likelihood.
 *
 * @returns undefined where a step says the counts as well
 */
export function growth(baseline: Baseline, stretch: Stretch, within: Span): Rise | undefined {
	const { perDay } = baseline;
	if (stretch.to - stretch.from < leastDays * perDay) return undefined;
	const size = stepHours * baseline.track.perHour;
	// On a grid of its own, so that later data do not move it.
	const first = Math.ceil(Math.max(within.from, stretch.from - daysBefore * perDay) / size) * size;
	const blocks = blocksOf(baseline, first, stretch.to, size);
	const level = levelBefore(baseline, stretch);
	const [steps, rises] = courses(baseline, blocks, level);
	const best = (found: readonly Course[]) =>
		found.reduce((most, one) => (one.logLikelihood > most.logLikelihood ? one : most));
	const rise = best(rises);
	if (rise.logLikelihood - best(steps).logLikelihood < wanted) return undefined;
	const length = blocks.counts.length - rise.start;
	const front = frontOf(baseline, stretch);
	const near = front === stretch.to ? blocks : blocksOf(baseline, first, front, size);
	const onset = posterior(near === blocks ? rises : courses(baseline, near, level)[1], near);
	return { onset, perDay: rise.peak ** (perDay / Math.max(perDay, length * size)) };
}

/** What is usual before the rise may have begun: its first days, unseen as yet, would lift it. */
function levelBefore(baseline: Baseline, { from, usual }: Stretch): number {
	for (const days of daysUnseen) {
		const earlier = baseline.usualBefore(from - days * baseline.perDay);
		if (earlier !== undefined && earlier.days >= leastDaysBefore) return earlier.level;
	}
	return usual.level;
}

function frontOf(baseline: Baseline, { from, to, usual }: Stretch): number {
	const { perDay } = baseline;
	for (let end = from + frontDays * perDay; end < to; end += perDay / 4) {
		const span = { from, to: end };
		if (baseline.count(span) - baseline.load(span) * usual.level >= frontExcess) return end;
	}
	return to;
}

function blocksOf(baseline: Baseline, first: number, to: number, size: number): Blocks {
	const length = Math.max(1, Math.ceil((to - first) / size));
	const counts = new Float64Array(length);
	const loads = new Float64Array(length);
	for (let block = 0; block < length; block++) {
		const from = first + block * size;
		const span = { from, to: Math.min(to, from + size) };
		counts[block] = baseline.count(span);
		loads[block] = baseline.load(span);
	}
	// Events that come together, and hours that differ by chance, weigh less.
	const { dispersion, volatility } = baseline.spread;
	const weights = counts.map((_, block) => {
		const beside = { from: Math.max(0, block - smoothing), to: block + smoothing + 1 };
		const rate = sum(counts.subarray(beside.from, beside.to)) / sum(loads.subarray(beside.from, beside.to));
		return 1 / (dispersion + (volatility / stepHours + scatter) * (rate || 0) * (loads[block] ?? 0));
	});
	return {
		counts: counts.map((count, block) => count * (weights[block] ?? 0)),
		loads: loads.map((load, block) => load * (weights[block] ?? 0)),
		first,
		size,
	};
}

function sum(values: Float64Array): number {
	return values.reduce((total, one) => total + one, 0);
}

/** Factors that weights are made for once: a hundredth apart on a logarithmic scale. */
const fineness = 50;

/** How finely the way up is cut, for the table below. */
const partsOfRise = 4096;
/** Of an even rise to each peak: the factor's index, by how much of the way has passed. A logarithm a block is slow. */
function evenIndicesOf(peak: number): Uint16Array {
	const known = evenIndices.get(peak);
	if (known !== undefined) return known;
	const made = Uint16Array.from({ length: partsOfRise }, (_, index) =>
		Math.round(Math.log1p(((peak - 1) * (index + 0.5)) / partsOfRise) * fineness),
	);
	evenIndices.set(peak, made);
	return made;
}
/** Made at first use: a server's start does not pay for them. */
const evenIndices = new Map<number, Uint16Array>();

function courses(
	baseline: Baseline,
	{ counts, loads }: Blocks,
	level: number,
): readonly [steps: readonly Course[], rises: readonly Course[]] {
	const length = counts.length;
	const most = Math.ceil(Math.log(peaks.at(-1) ?? 1) * fineness) + 1;
	const weights: readonly Weights[] = Array.from({ length: most + 1 }, (_, index) =>
		baseline.track.law.weights(level, Math.exp(index / fineness)),
	);
	const perCount = Float64Array.from(weights, (one) => one.perCount);
	const perLoad = Float64Array.from(weights, (one) => one.perLoad);
	const steps: Course[] = [];
	const rises: Course[] = [];
	for (const peak of peaks) {
		const evenAt = evenIndicesOf(peak);
		const top = Math.log(peak) * fineness;
		const full = weights[Math.round(top)] ?? { perCount: 0, perLoad: 0 };
		// Of the way up, so much lies before it has left the usual.
		const steadyPart = Math.log(leftFactor) / Math.log(peak);
		const evenPart = (leftFactor - 1) / (peak - 1);
		let step = 0;
		for (let start = length - 1; start >= 0; start--) {
			step += gain(full, counts[start] ?? 0, loads[start] ?? 0);
			steps.push({ start, left: start, peak, logLikelihood: step });
			if (start > length - 3) continue;
			let [even, steady] = [0, 0];
			for (let block = start; block < length; block++) {
				const part = (block - start + 0.5) / (length - start);
				const count = counts[block] ?? 0;
				const load = loads[block] ?? 0;
				const one = Math.floor(top * part + 0.5);
				const other = evenAt[Math.floor(part * partsOfRise)] ?? 0;
				steady += count * (perCount[one] ?? 0) + load * (perLoad[one] ?? 0);
				even += count * (perCount[other] ?? 0) + load * (perLoad[other] ?? 0);
			}
			const rising = length - start;
			rises.push({ start, left: start + steadyPart * rising, peak, logLikelihood: steady });
			rises.push({ start, left: start + evenPart * rising, peak, logLikelihood: even });
		}
	}
	return [steps, rises];
}

function posterior(rises: readonly Course[], { first, size, counts }: Blocks): Edge {
	const most = Math.max(...rises.map(({ logLikelihood }) => logLikelihood));
	const weights = new Float64Array(counts.length + 1);
	let total = 0;
	for (const { left, logLikelihood } of rises) {
		const weight = Math.exp((logLikelihood - most) / caution);
		const block = Math.min(counts.length, Math.floor(left));
		weights[block] = (weights[block] ?? 0) + weight;
		total += weight;
	}
	const point = (share: number) => {
		let sum = 0;
		for (const [block, weight] of weights.entries()) {
			if (sum + weight >= share * total) return first + (block + (share * total - sum) / weight) * size;
			sum += weight;
		}
		return first + counts.length * size;
	};
	const median = first + Math.floor((point(0.5) - first) / size) * size;
	// Rises are neither even nor of a steady factor, and their first days lift what seems usual.
	return { at: median, earliest: point(0.05) - 1.5 * size, latest: point(0.95) + size, logEvidence: 0 };
}
