// Tells a slow rise from a step, and when it left the usual.
import type { Edge } from "./edge.ts";
import type { Span } from "./grid.ts";
import type { Stretch } from "./pieces.ts";
import type { Baseline } from "./track.ts";

/** Shorter rises are the ramp of a step. */
const leastDays = 2;
/** Days before the stretch in which the rise may have begun, and steps of it that are looked at. */
const daysBefore = 6;
const stepHours = 3;
/** How far (squared coefficient of variation) three hours may be off by chance. */
const dayScatter = 0.01;
/** Times the usual at the end of the rise. */
const peaks = [2, 2.8, 4, 5.6, 8, 11, 16, 23, 32, 45, 64, 100, 200];
/** ln of how much likelier a rise must be than a step. */
const wanted = 4;

export interface Rise {
	readonly onset: Edge;
	/** How many times as much each day. */
	readonly perDay: number;
}

/** Counts and loads by three hours: a rise of days has no finer edge. */
interface Blocks {
	readonly counts: readonly number[];
	readonly loads: readonly number[];
	/** Events that come together, days and hours that differ by chance, weigh less. */
	readonly weights: readonly number[];
	readonly first: number;
	readonly size: number;
}

/** @returns undefined where a step says the counts as well */
export function growth(baseline: Baseline, stretch: Stretch, within: Span): Rise | undefined {
	const { perDay } = baseline;
	if (stretch.to - stretch.from < leastDays * perDay) return undefined;
	const size = stepHours * baseline.track.perHour;
	const first = Math.max(within.from, stretch.from - daysBefore * perDay);
	const blocks = blocksOf(baseline, first, stretch.to, size);
	const flat = steps(baseline, blocks, stretch);
	const rising = rises(baseline, blocks, stretch);
	if (rising.best - flat < wanted) return undefined;
	return {
		onset: posterior(rising.byOnset, blocks),
		perDay: rising.peak ** (perDay / Math.max(perDay, stretch.to - (first + rising.at * size))),
	};
}

function blocksOf(baseline: Baseline, from: number, to: number, size: number): Blocks {
	const counts: number[] = [];
	const loads: number[] = [];
	for (let start = from; start < to; start += size) {
		const span = { from: start, to: Math.min(to, start + size) };
		counts.push(baseline.count(span));
		loads.push(baseline.load(span));
	}
	const { dispersion, volatility } = baseline.spread;
	const scatter = volatility / stepHours + dayScatter;
	const weights = counts.map((count) => 1 / (dispersion + scatter * count));
	return { counts, loads, weights, first: from, size };
}

/** ln likelihood of a block at a factor, against the usual. */
function blockGain(baseline: Baseline, blocks: Blocks, block: number, level: number, factor: number): number {
	const { law } = baseline.track;
	const most = Math.min(law.mostFactor(level), factor);
	const gain = law.gain(blocks.counts[block] ?? 0, blocks.loads[block] ?? 0, level, most);
	return gain * (blocks.weights[block] ?? 0);
}

function steps(baseline: Baseline, blocks: Blocks, { usual }: Stretch): number {
	let best = Number.NEGATIVE_INFINITY;
	for (let onset = 0; onset < blocks.counts.length; onset++) {
		for (const factor of peaks) {
			let sum = 0;
			for (let block = onset; block < blocks.counts.length; block++) {
				sum += blockGain(baseline, blocks, block, usual.level, factor);
			}
			best = Math.max(best, sum);
		}
	}
	return best;
}

interface Rises {
	readonly best: number;
	readonly at: number;
	readonly peak: number;
	/** ln of the sum over peaks and forms, by block of the onset. */
	readonly byOnset: readonly number[];
}

function rises(baseline: Baseline, blocks: Blocks, { usual }: Stretch): Rises {
	let [best, at, bestPeak] = [Number.NEGATIVE_INFINITY, 0, 1];
	const byOnset: number[] = [];
	for (let onset = 0; onset < blocks.counts.length - 2; onset++) {
		let total = Number.NEGATIVE_INFINITY;
		for (const peak of peaks) {
			for (const isLinear of [true, false]) {
				let sum = 0;
				for (let block = onset; block < blocks.counts.length; block++) {
					const part = (block - onset + 0.5) / (blocks.counts.length - onset);
					const factor = isLinear ? 1 + (peak - 1) * part : peak ** part;
					sum += blockGain(baseline, blocks, block, usual.level, factor);
				}
				if (sum > best) [best, at, bestPeak] = [sum, onset, peak];
				total = Math.max(total, sum) + Math.log1p(Math.exp(-Math.abs(total - sum)));
			}
		}
		byOnset.push(total);
	}
	return { best, at, peak: bestPeak, byOnset };
}

function posterior(byOnset: readonly number[], { first, size }: Blocks): Edge {
	const most = Math.max(...byOnset);
	const weights = byOnset.map((one) => Math.exp(one - most));
	const total = weights.reduce((sum, one) => sum + one, 0);
	let sum = 0;
	let [earliest, latest, at, best] = [Number.NaN, Number.NaN, 0, -1];
	for (const [index, weight] of weights.entries()) {
		const own = weight / total;
		if (Number.isNaN(earliest) && sum + own >= 0.05) earliest = index + (0.05 - sum) / own;
		if (Number.isNaN(latest) && sum + own >= 0.95) latest = index + (0.95 - sum) / own;
		sum += own;
		if (own > best) [best, at] = [own, index + 0.5];
	}
	const cell = (index: number) => first + (Number.isNaN(index) ? weights.length : index) * size;
	return { at: cell(at), earliest: cell(earliest), latest: cell(latest), logEvidence: 0 };
}
