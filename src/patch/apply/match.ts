// Finds the one place of an edit's lines, exactly or with a uniform change of indentation.

import type { MatchProblem } from "../failures/index.ts";
import { distinguishPlaces, explainNone } from "./nearest.ts";
import { occurrences } from "./occurrences.ts";
import type { Wanted } from "./wanted.ts";

/** By how much an edit's indentation differs: each line of the file has `indent` more, or less (`removed`). */
export interface Shift {
	readonly indent: string;
	readonly removed: boolean;
}

/** Where lines were found. */
export interface Place {
	/** The first line's index. */
	readonly at: number;
	readonly shift: Shift | undefined;
}

export type Found = { readonly place: Place } | { readonly problem: MatchProblem };

/** Places that an error lists. */
const maxListed = 10;
/** Upper bound of line comparisons; after it, a repetitive block counts as ambiguous. */
const maxComparisons = 2_000_000;

/**
 * Compares whole lines. An exact match comes first; without one, a block that differs only by the same leading
 * whitespace on every line. Several places are refused, unless a hint names a line: then the nearest counts, if no other
 * is as near.
 *
 * @param numberOf the line number to show for an index
 */
export function findLines(
	lines: readonly string[],
	wanted: Wanted,
	numberOf: (index: number) => number,
): Found {
	const exact = occurrences(lines, wanted.lines).map((at) => ({ at, shift: undefined }));
	const places = exact.length > 0 ? exact : shiftedPlaces(lines, wanted.lines);
	const [first] = places;
	if (first === undefined) return { problem: explainNone(lines, wanted, numberOf) };
	const place = onlyPlace(places, wanted.hint, numberOf);
	return place === undefined
		? { problem: severalPlaces(lines, places, wanted.lines.length, numberOf) }
		: { place };
}

/** Of several places, what tells them apart. @param length lines of each */
export function severalPlaces(
	lines: readonly string[],
	places: readonly { readonly at: number }[],
	length: number,
	numberOf: (index: number) => number,
): MatchProblem {
	const listed = places.slice(0, maxListed).map(({ at }) => at);
	return {
		kind: "several",
		total: places.length,
		lines: listed.map(numberOf),
		apart: places.length > maxListed ? undefined : distinguishPlaces(lines, listed, length),
	};
}

/** The only one, else the nearest to the hint; undefined where two are as near. */
export function onlyPlace<One extends { readonly at: number }>(
	places: readonly One[],
	hint: number | undefined,
	numberOf: (index: number) => number,
): One | undefined {
	if (places.length === 1) return places[0];
	if (hint === undefined) return undefined;
	const far = ({ at }: One) => Math.abs(numberOf(at) - hint);
	let nearest: One | undefined;
	let distance = Number.POSITIVE_INFINITY;
	let tied = false;
	for (const place of places) {
		const own = far(place);
		tied = own === distance || (tied && own > distance);
		if (own < distance) {
			nearest = place;
			distance = own;
			tied = false;
		}
	}
	return tied ? undefined : nearest;
}

/** Blocks that equal `wanted` except for the same leading whitespace before every non-blank line. */
function shiftedPlaces(lines: readonly string[], wanted: readonly string[]): readonly Place[] {
	const firstIndex = wanted.findIndex((line) => line.trim() !== "");
	const first = wanted[firstIndex];
	if (first === undefined) return [];
	const trimmed = (line: string) => line.trimStart();
	const candidates = occurrences(lines.map(trimmed), wanted.map(trimmed));
	const found: Place[] = [];
	let comparisons = 0;
	for (const at of candidates) {
		const shift = shiftBetween(indentOf(first), indentOf(lines[at + firstIndex] ?? ""));
		if (shift === undefined) continue;
		comparisons += wanted.length;
		if (comparisons > maxComparisons) break;
		const fits = wanted.every((line, index) => {
			const there = lines[at + index] ?? "";
			if (line.trim() === "") return there.trim() === "";
			return shift.removed ? line === shift.indent + there : there === shift.indent + line;
		});
		if (fits) found.push({ at, shift });
	}
	return found;
}

function shiftBetween(own: string, theirs: string): Shift | undefined {
	if (own === theirs) return undefined;
	if (theirs.endsWith(own)) return { indent: theirs.slice(0, theirs.length - own.length), removed: false };
	if (own.endsWith(theirs)) return { indent: own.slice(0, own.length - theirs.length), removed: true };
	return undefined;
}

function indentOf(line: string): string {
	return line.slice(0, line.length - line.trimStart().length);
}

/** Gives lines the file's indentation; undefined if one has too little to remove. */
export function shiftLines(lines: readonly string[], shift: Shift): readonly string[] | undefined {
	const { indent, removed } = shift;
	const shifted: string[] = [];
	for (const line of lines) {
		if (line.trim() === "") shifted.push(line);
		else if (!removed) shifted.push(indent + line);
		else if (line.startsWith(indent)) shifted.push(line.slice(indent.length));
		else return undefined;
	}
	return shifted;
}
