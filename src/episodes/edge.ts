// When a change happened: the posterior of one change-point, to a fifth of a cell.
import { gain } from "./law.ts";
import type { Baseline, Usual } from "./track.ts";

/** Instants looked at within each cell. */
const parts = 5;
/** Multiples of the rate found that the rate may have near the edge. */
const rateSteps = [0.35, 0.5, 0.7, 0.85, 1, 1.2, 1.45, 2];
const leastFactor = 1.3;
/** By how much less the counts are taken to say than independent sessions would: rates are never quite even. */
const caution = 1.45;
/** Seconds added at either end: a session's events come within minutes of its first. */
const blurSeconds = 75;

/** Cells, not whole: the change's likeliest instant and the 5 % and 95 % points. */
export interface Edge {
	readonly at: number;
	readonly earliest: number;
	readonly latest: number;
	/** ln of the evidence for a change within the cells against none, all at the raised rate. */
	readonly logEvidence: number;
}

export interface EdgeQuestion {
	readonly baseline: Baseline;
	readonly usual: Usual;
	/** Cells between which the change lies, and that are held against both rates. */
	readonly from: number;
	readonly to: number;
	/** Times the usual rate on the raised side. */
	readonly factor: number;
	/** Whether the rate is raised after the change, or before it. */
	readonly isRise: boolean;
	/** How events come together; default as is usual of the code. */
	readonly dispersion?: number;
}

/**
 * The exact posterior of a single change from the usual rate to a raised one (or back), each cell of the stretch being
 * equally likely a priori (Barry and Hartigan, A Bayesian analysis for change point problems, 1993, with one change;
 * Adams and MacKay, Bayesian online changepoint detection, 2007, for the run since the change). The raised rate is
 * not known: the posterior is a mean over several. A cell that holds the change is at both rates, each for its part of the
 * cell, so that the interval is not bound to the grid. Events that come together are as so many fewer: the logarithms are
 * divided by the dispersion.
 */
export function findEdge(question: EdgeQuestion): Edge {
	const { baseline, usual, from, to, factor, isRise } = question;
	const { counts, load, law } = baseline.track;
	const dispersion = caution * (question.dispersion ?? baseline.spread.dispersion);
	const cells = to - from;
	const factors = [...new Set(rateSteps.map((step) => Math.max(leastFactor, factor * step)))];
	const found = new Float64Array(cells * parts).fill(Number.NEGATIVE_INFINITY);
	let raisedOnly = Number.NEGATIVE_INFINITY;
	for (const rate of factors) {
		let sum = 0;
		const whole = law.weights(usual.level, rate);
		const partly = Array.from({ length: parts }, (_, part) =>
			law.weights(usual.level, 1 + ((rate - 1) * (part + 0.5)) / parts),
		);
		// On the raised side of the cell, from its far end.
		for (let step = 0; step < cells; step++) {
			const cell = isRise ? to - 1 - step : from + step;
			const [count, weight] = [counts[cell] ?? 0, load[cell] ?? 0];
			for (const [part, weights] of partly.entries()) {
				const own = gain(weights, count, weight) / dispersion;
				const place = (cell - from) * parts + (isRise ? parts - 1 - part : part);
				found[place] = logSum(found[place] ?? Number.NEGATIVE_INFINITY, sum + own);
			}
			sum += gain(whole, count, weight) / dispersion;
		}
		raisedOnly = logSum(raisedOnly, sum);
	}
	const edge = summary(found, { from, raisedOnly, isRise });
	const blur = (blurSeconds / 3600) * baseline.track.perHour;
	return { ...edge, earliest: edge.earliest - blur, latest: edge.latest + blur };
}

function logSum(one: number, other: number): number {
	const most = Math.max(one, other);
	if (most === Number.NEGATIVE_INFINITY) return most;
	return most + Math.log(Math.exp(one - most) + Math.exp(other - most));
}

/**
 * A rise is told at its likeliest instant, which is where the first of its events are. An end is told at the median: the
 * likeliest instant is right after the last of them, and an end that is not at an event is never earlier than that.
 */
function summary(
	weights: Float64Array,
	{ from, raisedOnly, isRise }: Pick<EdgeQuestion, "from" | "isRise"> & { readonly raisedOnly: number },
): Edge {
	let most = Number.NEGATIVE_INFINITY;
	for (const weight of weights) most = Math.max(most, weight);
	let total = 0;
	for (const weight of weights) total += Math.exp(weight - most);
	let [sum, earliest, latest, at, best] = [0, Number.NaN, Number.NaN, 0, -1];
	let middle = Number.NaN;
	for (let index = 0; index < weights.length; index++) {
		const own = Math.exp((weights[index] ?? 0) - most) / total;
		if (Number.isNaN(earliest) && sum + own >= 0.05) earliest = (index + (0.05 - sum) / own) / parts;
		if (Number.isNaN(middle) && sum + own >= 0.5) middle = (index + (0.5 - sum) / own) / parts;
		if (Number.isNaN(latest) && sum + own >= 0.95) latest = (index + (0.95 - sum) / own) / parts;
		sum += own;
		if (own > best) [best, at] = [own, (index + 0.5) / parts];
	}
	const last = weights.length / parts;
	return {
		at: from + (isRise || Number.isNaN(middle) ? at : middle),
		earliest: from + (Number.isNaN(earliest) ? 0 : earliest),
		latest: from + (Number.isNaN(latest) ? last : latest),
		logEvidence: most + Math.log(total / parts) - raisedOnly,
	};
}
