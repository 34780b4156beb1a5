// Chooses the place of a hunk whose lines occur several times, by its numbers, its heading and its neighbours.

import type { Hunk } from "../read/read-hunk.ts";

export interface Candidates {
	readonly hunk: Hunk;
	readonly what: string;
	readonly old: readonly string[];
	/** Where its old side stands in the file, ascending. */
	readonly places: readonly number[];
}

/** Set by the neighbouring hunks with one place only: a hunk ends after `from`, and begins at `to` at the latest. */
export interface Bounds {
	readonly from: number;
	readonly to: number;
	readonly before: Candidates | undefined;
	readonly after: Candidates | undefined;
}

export function boundsOf(all: readonly Candidates[]): readonly Bounds[] {
	const bounds: Bounds[] = [];
	let [from, before]: [number, Candidates | undefined] = [0, undefined];
	for (const one of all) {
		bounds.push({ from, before, to: Number.POSITIVE_INFINITY, after: undefined });
		const [first = 0] = one.places;
		if (one.places.length === 1) from = Math.max(from, first + one.old.length);
		if (isSure(one)) before = one;
	}
	let [to, after]: [number, Candidates | undefined] = [Number.POSITIVE_INFINITY, undefined];
	for (let index = all.length - 1; index >= 0; index -= 1) {
		const [one, known] = [all[index], bounds[index]];
		if (one === undefined || known === undefined) continue;
		bounds[index] = { ...known, to, after };
		const [first = 0] = one.places;
		if (one.places.length === 1) to = Math.min(to, first);
		if (isSure(one)) after = one;
	}
	return bounds;
}

/**
 * Chooses between several places. The nearest unambiguous hunks before and after give the offset of the start lines;
 * without them, the start line must be exact and agree with the heading. Otherwise the hunk's neighbours or its heading
 * must leave a single place.
 */
export function choose(
	texts: readonly string[],
	{ hunk, old, places }: Candidates,
	{ from, to, before, after }: Bounds,
): number | undefined {
	const offsets = new Set([before, after].flatMap((one) => (one === undefined ? [] : [offsetOf(one)])));
	const [offset = 0, ...others] = offsets;
	if (hunk.oldStart !== undefined && others.length === 0) {
		const there = hunk.oldStart + offset - 1;
		const isConfirmed = offsets.size === 1 || agrees(texts, there, hunk);
		// If start line and heading contradict each other, neither is trusted.
		if (places.includes(there)) return isConfirmed ? there : undefined;
	}
	const between = places.filter((at) => from <= at + old.length && at <= to);
	if (between.length === 1) return between[0];
	const headed = hunk.heading === "" ? [] : between.filter((at) => agrees(texts, at, hunk));
	return headed.length === 1 ? headed[0] : undefined;
}

function isSure({ hunk, places }: Candidates): boolean {
	return places.length === 1 && hunk.oldStart !== undefined;
}

function offsetOf({ hunk, places: [first = 0] }: Candidates): number {
	return first + 1 - (hunk.oldStart ?? 0);
}

/** Whether the nearest line before a place that begins a definition is the hunk's heading (git's default rule). */
function agrees(texts: readonly string[], at: number, { heading }: Hunk): boolean {
	if (heading === "") return true;
	for (let index = at - 1; index >= 0; index -= 1) {
		const line = texts[index] ?? "";
		// git cuts a heading at 80 bytes.
		if (/^[A-Za-z_$]/.test(line)) return line.trim().startsWith(heading) || heading.startsWith(line.trim());
	}
	return false;
}
