// Applies a diff's hunks by their lines, not by their line numbers.

import { EditRefused } from "../failures/index.ts";
import type { Hunk } from "../read/read-hunk.ts";
import type { Edited } from "./edits.ts";
import { placesUnder } from "./hunk-anchors.ts";
import { coreOf, placesByOrder } from "./hunk-order.ts";
import { boundsOf, type Candidates, choose } from "./hunk-places.ts";
import { applyChanges, type FinalNewline, type LineChange, settleEnd, workLines } from "./line-ops.ts";
import { distinguishPlaces, explainNone } from "./nearest.ts";
import { createFinder } from "./occurrences.ts";
import { type TextFile, textsOf } from "./text-file.ts";

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
	const lines = applyChanges(workLines(file.lines), changesOf(path, placed));
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
		const fitting = isLast ? found.filter((at) => at + old.length === texts.length) : found;
		const places = placesUnder(texts, hunk.anchors ?? [], fitting);
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
	const chosen = all.map((one, index): Candidates => {
		const within = bounds[index];
		const at = one.places.length === 1 || within === undefined ? undefined : choose(texts, one, within);
		return at === undefined ? one : { ...one, places: [at] };
	});
	const byOrder = chosen.every(({ places }) => places.length === 1) ? [] : placesByOrder(chosen);
	return chosen.map(({ hunk, what, old, places }, index) => {
		const at = places.length === 1 ? places[0] : byOrder[index];
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

interface Change extends LineChange {
	readonly end: number;
}

/** Hunks without the context at their edges, which may overlap that of others, in the order of the file. */
function changesOf(path: string, placed: readonly Placed[]): readonly Change[] {
	const cores = placed.map(({ hunk, what, at }): Change => {
		const { from, to } = coreOf({ hunk });
		const first = hunk.ops.findIndex(({ op }) => op !== "keep");
		const last = hunk.ops.findLastIndex(({ op }) => op !== "keep");
		const ops = first < 0 ? [] : hunk.ops.slice(first, last + 1);
		return { by: what, at: at + from, end: at + to, ops };
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
