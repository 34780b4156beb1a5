// When a stretch began, and whether and when it ended.
import { type Edge, findEdge } from "./edge.ts";
import type { Span } from "./grid.ts";
import { dispersionWithin } from "./spread.ts";
import type { Baseline, Usual } from "./track.ts";

/** Edges are found on the events next to them: so many beyond the usual; what comes later does not move them. */
const excessWanted = 60;
/** Cells next to an edge that tell the rate there, at the least. */
const leastNear = 5;
/** Hours beside a stretch in which its edge may lie. */
const leastBeside = 6;
const mostBeside = 48;
/** ln of how much likelier an end must be than going on, to be reported. */
const ended = Math.log(250);

/** So many times the usual after an end is no end, where chance does not explain it: ln of one in a thousand. */
const stillOn = 3;
const stillOnChance = Math.log(0.001);

export interface Course {
	readonly onset: Edge;
	/** Missing while it goes on. */
	readonly end: Edge | undefined;
}

/** @param within cells that the edges may lie between: those of the episodes beside it */
export function courseOf(baseline: Baseline, span: Span, usual: Usual, within: Span): Course {
	return { onset: onsetOf(baseline, span, usual, within), end: endOf(baseline, span, usual, within) };
}

function beside(baseline: Baseline, { from, to }: Span): number {
	const { perHour } = baseline.track;
	return Math.min(mostBeside * perHour, Math.max(leastBeside * perHour, to - from));
}

export function onsetOf(baseline: Baseline, span: Span, usual: Usual, within: Span): Edge {
	const near = firstPart(baseline, span, usual);
	const from = Math.max(within.from, span.from - beside(baseline, span));
	const factor = baseline.count(near) / (baseline.load(near) * usual.level);
	return findEdge({ baseline, usual, from, to: near.to, factor, isRise: true });
}

export function endOf(baseline: Baseline, span: Span, usual: Usual, within: Span): Edge | undefined {
	const near = lastPart(baseline, span, usual);
	const to = Math.min(within.to, span.to + beside(baseline, span));
	const factor = baseline.count(near) / (baseline.load(near) * usual.level);
	const dispersion = dispersionWithin(baseline.track, span, baseline.spread.dispersion);
	const edge = findEdge({ baseline, usual, from: near.from, to, factor, isRise: false, dispersion });
	if (within.to < baseline.track.counts.length) return edge;
	return edge.logEvidence < ended || isOn(baseline, { from: Math.ceil(edge.at), to }, usual)
		? undefined
		: edge;
}

/** What comes after its strongest part is less than that, and yet far from usual: the trouble goes on. */
function isOn(baseline: Baseline, after: Span, usual: Usual): boolean {
	if (after.to <= after.from) return false;
	const isMany = baseline.count(after) > stillOn * baseline.load(after) * usual.level;
	return isMany && baseline.logTail(after, usual) < stillOnChance;
}

function firstPart(baseline: Baseline, { from, to }: Span, usual: Usual): Span {
	const { counts, load } = baseline.track;
	let excess = 0;
	for (let cell = from; cell < to; cell++) {
		excess += (counts[cell] ?? 0) - (load[cell] ?? 0) * usual.level;
		if (excess >= excessWanted && cell + 1 - from >= leastNear) return { from, to: cell + 1 };
	}
	return { from, to };
}

function lastPart(baseline: Baseline, { from, to }: Span, usual: Usual): Span {
	const { counts, load } = baseline.track;
	let excess = 0;
	for (let cell = to - 1; cell >= from; cell--) {
		excess += (counts[cell] ?? 0) - (load[cell] ?? 0) * usual.level;
		if (excess >= excessWanted && to - cell >= leastNear) return { from: cell, to };
	}
	return { from, to };
}
