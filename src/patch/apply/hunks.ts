// Applies a diff's hunks by their lines, not by their line numbers.

import { EditRefused } from "../failures/index.ts";
import type { Hunk } from "../read/read-hunk.ts";
import type { Edited } from "./edits.ts";
import { applyChanges, type FinalNewline, type LineChange, settleEnd, workLines } from "./line-ops.ts";
import { distinguishPlaces, explainNone } from "./nearest.ts";
import { createFinder } from "./occurrences.ts";
import { type TextFile, textsOf } from "./text-file.ts";

interface Candidates {
	readonly hunk: Hunk;
	readonly what: string;
	readonly old: readonly string[];
	readonly places: readonly number[];
}

interface Placed {
	readonly hunk: Hunk;
	readonly what: string;
	readonly at: number;
	/** After the last line of the old side. */
	readonly end: number;
}

const maxListed = 10;
/** Upper bound of the candidate places of all hunks of a file together. */
const maxPlaces = 1_000_000;

/**
 * Each hunk applies where its lines match exactly. The line numbers in its header only choose between several such
 * places, and only where other hunks confirm them.
 *
 * @throws {EditRefused}
 */
export function applyHunks(path: string, file: TextFile, hunks: readonly Hunk[]): Edited {
	const texts = textsOf(file.lines);
	const placed = place(path, texts, file.carriageReturns ? hunks.map(splitAtReturns) : hunks);
	const wasMissing = file.lines.at(-1)?.ending === "";
	const lines = applyChanges(workLines(file.lines), coresOf(path, placed));
	const end = placed.map((one) => endOf(one, texts.length)).find((wanted) => wanted !== "as_it_is");
	return { file: { ...file, lines: settleEnd(lines, wasMissing, end ?? "as_it_is") }, notes: [] };
}

/** To git such a file is one line: a hunk of it may hold many. */
function splitAtReturns(hunk: Hunk): Hunk {
	const ops = hunk.ops.flatMap(({ op, text }) => {
		const lines = text.split("\r");
		return (lines.length > 1 && lines.at(-1) === "" ? lines.slice(0, -1) : lines).map((line) => ({
			op,
			text: line,
		}));
	});
	return { ...hunk, ops };
}

function place(path: string, texts: readonly string[], hunks: readonly Hunk[]): readonly Placed[] {
	let left = maxPlaces;
	const find = createFinder(texts);
	const all = hunks.map((hunk, index): Candidates => {
		const what = `hunk ${index + 1}`;
		const old = hunk.ops.filter(({ op }) => op !== "add").map(({ text }) => text);
		if (old.length === 0) {
			if (texts.length > 0) throw new EditRefused(path, what, { kind: "empty_old_text" });
			return { hunk, what, old, places: [0] };
		}
		const found = find(old);
		// If the old side ends without a newline, only the end of the file can match.
		const isLast = hunk.oldEndsBare || hunk.endsFile === true;
		const places = isLast ? found.filter((at) => at + old.length === texts.length) : found;
		if (places.length === 0) {
			const replacement = hunk.ops.filter(({ op }) => op !== "drop").map(({ text }) => text);
			const wanted = { lines: old, replacement, hint: hunk.oldStart };
			throw new EditRefused(
				path,
				what,
				explainNone(texts, wanted, (at) => at + 1),
			);
		}
		left -= places.length;
		if (left < 0) throw severalPlaces(path, what, texts, places, old.length);
		return { hunk, what, old, places };
	});
	const bounds = boundsOf(all);
	return all.map((one, index) => {
		const { hunk, what, old, places } = one;
		const within = bounds[index];
		const at = places.length === 1 || within === undefined ? places[0] : choose(texts, one, within);
		if (at !== undefined) return { hunk, what, at, end: at + old.length };
		throw severalPlaces(path, what, texts, places, old.length);
	});
}

function severalPlaces(
	path: string,
	what: string,
	texts: readonly string[],
	places: readonly number[],
	length: number,
): EditRefused {
	const listed = places.slice(0, maxListed);
	const apart = places.length > maxListed ? undefined : distinguishPlaces(texts, listed, length);
	const lines = listed.map((place) => place + 1);
	return new EditRefused(path, what, { kind: "several", total: places.length, lines, apart });
}

/** Set by the neighbouring hunks with one place only: a hunk ends after `from`, and begins at `to` at the latest. */
interface Bounds {
	readonly from: number;
	readonly to: number;
	readonly before: Candidates | undefined;
	readonly after: Candidates | undefined;
}

function boundsOf(all: readonly Candidates[]): readonly Bounds[] {
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
function choose(
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
	const anchored = afterAnchors(texts, hunk.anchors ?? [], places);
	if (anchored !== undefined) return anchored;
	const between = places.filter((at) => from <= at + old.length && at <= to);
	if (between.length === 1) return between[0];
	const headed = hunk.heading === "" ? [] : between.filter((at) => agrees(texts, at, hunk));
	return headed.length === 1 ? headed[0] : undefined;
}

/** The first place after the lines that the patch names, if these stand in the file once each. */
function afterAnchors(
	texts: readonly string[],
	anchors: readonly string[],
	places: readonly number[],
): number | undefined {
	if (anchors.length === 0) return undefined;
	let from = 0;
	for (const anchor of anchors) {
		const found = texts.flatMap((line, index) => (index >= from && line.trim() === anchor ? [index] : []));
		const near = found.length > 0 ? found : startingWith(texts, anchor, from);
		const [only, second] = near;
		if (only === undefined || (second !== undefined && anchors.length === 1)) return undefined;
		from = only + 1;
	}
	return places.find((at) => at >= from);
}

/** Models leave out the end of a line that they name. */
function startingWith(texts: readonly string[], anchor: string, from: number): readonly number[] {
	return texts.flatMap((line, index) => (index >= from && line.trim().startsWith(anchor) ? [index] : []));
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

interface Core extends LineChange {
	readonly end: number;
}

/** Hunks without the context at their edges, which may overlap that of others, in the order of the file. */
function coresOf(path: string, placed: readonly Placed[]): readonly Core[] {
	const cores = placed.map(({ hunk: { ops }, what, at, end }): Core => {
		const head = ops.findIndex(({ op }) => op !== "keep");
		if (head < 0) return { by: what, at, end: at, ops: [] };
		const tail = ops.length - 1 - ops.findLastIndex(({ op }) => op !== "keep");
		return { by: what, at: at + head, end: end - tail, ops: ops.slice(head, ops.length - tail) };
	});
	cores.sort((one, other) => one.at - other.at || one.end - other.end);
	for (const [index, core] of cores.entries()) {
		const next = cores[index + 1];
		if (next !== undefined && next.at < core.end) {
			throw new EditRefused(path, next.by, { kind: "overlap", other: core.by, line: next.at + 1 });
		}
	}
	return cores;
}

function endOf({ hunk, end }: Placed, length: number): FinalNewline {
	if (end !== length) return "as_it_is";
	// Both sides alike: the file decides.
	if (hunk.newEndsBare && hunk.oldEndsBare) return "as_it_is";
	if (hunk.newEndsBare) return "missing";
	return hunk.oldEndsBare ? "present" : "as_it_is";
}
