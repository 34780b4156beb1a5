import type { Edited } from "./edits.ts";
import { EditRefused } from "./errors.ts";
import { applyOps, type FinalNewline, type LineOp, settleEnd, workLines } from "./line-ops.ts";
import { explainNone, tellApart } from "./nearest.ts";
import { occurrences } from "./occurrences.ts";
import type { Hunk } from "./read-hunk.ts";
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
	/** Behind the last line of the old side. */
	readonly end: number;
}

const maxListed = 10;

/**
 * Applies a file's hunks, each where its lines stand: the numbers in its header only choose between several places,
 * and only where they are borne out. Content is never taken for like content.
 *
 * @throws {EditRefused}
 */
export function applyHunks(path: string, file: TextFile, hunks: readonly Hunk[]): Edited {
	const texts = textsOf(file.lines);
	const placed = place(path, texts, hunks);
	const wasMissing = file.lines.at(-1)?.ending === "";
	let lines = workLines(file.lines);
	for (const core of coresOf(path, placed).reverse()) lines = applyOps(lines, core.at, core.ops, core.what);
	const end = placed.map((one) => endOf(one, texts.length)).find((wanted) => wanted !== "as_it_is");
	return { file: { ...file, lines: settleEnd(lines, wasMissing, end ?? "as_it_is") }, notes: [] };
}

function place(path: string, texts: readonly string[], hunks: readonly Hunk[]): readonly Placed[] {
	const all = hunks.map((hunk, index): Candidates => {
		const what = `hunk ${index + 1}`;
		const old = hunk.ops.filter(({ op }) => op !== "add").map(({ text }) => text);
		if (old.length === 0) {
			if (texts.length > 0) throw new EditRefused(path, what, { kind: "empty_old_text" });
			return { hunk, what, old, places: [0] };
		}
		const found = occurrences(texts, old);
		// Where the old side says that the file ends there without a newline, only its end will do.
		const places = hunk.oldEndsBare ? found.filter((at) => at + old.length === texts.length) : found;
		if (places.length === 0) {
			const replacement = hunk.ops.filter(({ op }) => op !== "drop").map(({ text }) => text);
			const wanted = { lines: old, replacement, hint: hunk.oldStart };
			throw new EditRefused(
				path,
				what,
				explainNone(texts, wanted, (at) => at + 1),
			);
		}
		return { hunk, what, old, places };
	});
	return all.map(({ hunk, what, old, places }, index) => {
		const at = places.length === 1 ? places[0] : choose(texts, all, index);
		if (at !== undefined) return { hunk, what, at, end: at + old.length };
		const listed = places.slice(0, maxListed);
		const apart = places.length > maxListed ? undefined : tellApart(texts, listed, old.length);
		const lines = listed.map((place) => place + 1);
		throw new EditRefused(path, what, { kind: "several", total: places.length, lines, apart });
	});
}

/**
 * Chooses between several places. The nearest hunks before and after that fit one place only tell by how much the start
 * lines are off; with neither, the start line must be right to the line and agree with the heading. Else the hunk's
 * neighbours or its heading must leave a single place.
 */
function choose(texts: readonly string[], all: readonly Candidates[], index: number): number | undefined {
	const own = all[index];
	if (own === undefined) return undefined;
	const { hunk, places } = own;
	const neighbours = [all.slice(0, index).findLast(isSure), all.slice(index + 1).find(isSure)];
	const offsets = new Set(neighbours.flatMap((one) => (one === undefined ? [] : [offsetOf(one)])));
	const [offset = 0, ...others] = offsets;
	if (hunk.oldStart !== undefined && others.length === 0) {
		const there = hunk.oldStart + offset - 1;
		const borneOut = offsets.size === 1 || agrees(texts, there, hunk);
		// Where the start line says one thing and the heading another, there is nothing to go by.
		if (places.includes(there)) return borneOut ? there : undefined;
	}
	const between = places.filter((at) => {
		const before = all.slice(0, index).every(({ places: [first, ...more], old }) => {
			return more.length > 0 || first === undefined || first + old.length <= at + own.old.length;
		});
		const after = all.slice(index + 1).every(({ places: [first, ...more] }) => {
			return more.length > 0 || first === undefined || first >= at;
		});
		return before && after;
	});
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

interface Core {
	readonly what: string;
	readonly at: number;
	readonly end: number;
	readonly ops: readonly LineOp[];
}

/** Hunks without the context at their edges, which may overlap that of others, in the order of the file. */
function coresOf(path: string, placed: readonly Placed[]): Core[] {
	const cores = placed.map(({ hunk: { ops }, what, at, end }): Core => {
		const head = ops.findIndex(({ op }) => op !== "keep");
		if (head < 0) return { what, at, end: at, ops: [] };
		const tail = ops.length - 1 - ops.findLastIndex(({ op }) => op !== "keep");
		return { what, at: at + head, end: end - tail, ops: ops.slice(head, ops.length - tail) };
	});
	cores.sort((one, other) => one.at - other.at || one.end - other.end);
	for (const [index, core] of cores.entries()) {
		const next = cores[index + 1];
		if (next !== undefined && next.at < core.end) {
			throw new EditRefused(path, next.what, { kind: "overlap", other: core.what, line: next.at + 1 });
		}
	}
	return cores;
}

function endOf({ hunk, end }: Placed, length: number): FinalNewline {
	if (end !== length) return "as_it_is";
	// Both sides alike: the file knows better than the diff.
	if (hunk.newEndsBare && hunk.oldEndsBare) return "as_it_is";
	if (hunk.newEndsBare) return "missing";
	return hunk.oldEndsBare ? "present" : "as_it_is";
}
