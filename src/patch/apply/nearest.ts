// Explains why lines were not found: the nearest place, and how it differs.

import type { DistinguishingLine, MatchProblem, Nearest } from "../failures/index.ts";
import { occurrences } from "./occurrences.ts";
import type { Wanted } from "./wanted.ts";

/** Upper bound of a line's places that are considered: lines such as `}` are everywhere. */
const maxPlacesOfLine = 50;
/** Upper bound, in characters, of a text that is searched for inside lines. */
const maxInside = 500;
/** Lines before and after a place that may distinguish it from others. */
const maxDistance = 30;

/** Why lines are not in the file: already applied, only part of a line, or the nearest block. */
export function explainNone(
	lines: readonly string[],
	wanted: Wanted,
	numberOf: (index: number) => number,
): MatchProblem {
	const part = partOfLine(lines, wanted.lines, numberOf);
	if (part !== undefined) return part;
	const nearest = nearestTo(lines, wanted.lines, wanted.hint, numberOf);
	if (nearest?.how !== "whitespace") {
		const fresh = wanted.replacement.some((line) => line.trim() !== "" && !wanted.lines.includes(line));
		const applied = fresh ? occurrences(lines, wanted.replacement) : [];
		const [at] = applied;
		if (at !== undefined && applied.length === 1) return { kind: "already_applied", line: numberOf(at) };
	}
	return { kind: "none", nearest };
}

function partOfLine(
	lines: readonly string[],
	wanted: readonly string[],
	numberOf: (index: number) => number,
): MatchProblem | undefined {
	const part = wanted.join("\n");
	if (part.trim().length < 3 || part.length > maxInside) return undefined;
	const text = lines.join("\n");
	const at = text.indexOf(part);
	if (at < 0) return undefined;
	let index = 0;
	for (let from = text.indexOf("\n"); from >= 0 && from < at; from = text.indexOf("\n", from + 1)) index += 1;
	let total = 0;
	for (let from = at; from >= 0 && total < 100; from = text.indexOf(part, from + part.length)) total += 1;
	return { kind: "part_of_line", line: numberOf(index), inFile: lines[index] ?? "", total };
}

/** The block with the most lines in common, ignoring whitespace: each line that occurs votes for a start. */
function nearestTo(
	lines: readonly string[],
	wanted: readonly string[],
	hint: number | undefined,
	numberOf: (index: number) => number,
): Nearest | undefined {
	const places = new Map<string, number[]>();
	for (const line of wanted) if (line.trim() !== "") places.set(line.trim(), []);
	for (const [index, line] of lines.entries()) {
		const known = places.get(line.trim());
		if (known !== undefined && known.length < maxPlacesOfLine) known.push(index);
	}
	const votes = new Map<number, number>();
	for (const [index, line] of wanted.entries()) {
		for (const place of places.get(line.trim()) ?? []) {
			const start = place - index;
			if (start >= 0) votes.set(start, (votes.get(start) ?? 0) + 1);
		}
	}
	let best: { at: number; count: number } | undefined;
	for (const [at, count] of votes) {
		const closer =
			hint !== undefined &&
			Math.abs(at + 1 - hint) < Math.abs((best?.at ?? Number.POSITIVE_INFINITY) + 1 - hint);
		if (count > (best?.count ?? 0) || (count === best?.count && closer)) best = { at, count };
	}
	const at = best?.at ?? mostAlike(lines, wanted);
	return at === undefined ? undefined : compareAt(lines, wanted, at, numberOf);
}

function compareAt(
	lines: readonly string[],
	wanted: readonly string[],
	at: number,
	numberOf: (index: number) => number,
): Nearest {
	const differs = wanted.findIndex((line, index) => line !== lines[at + index]);
	const index = Math.max(0, differs);
	const inFile = lines[at + index] ?? "";
	const inEdit = wanted[index] ?? "";
	const block = lines.slice(at, at + wanted.length);
	const isAlone = block.length === wanted.length && occurrences(lines, block).length === 1;
	return {
		...(isAlone ? { block } : {}),
		line: numberOf(at),
		differsAt: numberOf(at + index),
		inFile,
		inEdit,
		how: howTheyDiffer(inFile, inEdit),
		same: wanted.filter((line, place) => line === lines[at + place]).length,
		of: wanted.length,
	};
}

function howTheyDiffer(one: string, other: string): Nearest["how"] {
	const bare = (text: string) => text.replace(/\s/g, "");
	if (bare(one) === bare(other)) return "whitespace";
	if (bare(one).toLowerCase() === bare(other).toLowerCase()) return "letter_case";
	const [left, right] = [tokens(one), tokens(other)];
	const differing = left.filter((token, index) => token !== right[index]);
	return left.length === right.length && differing.length === 1 && /^\w/.test(differing[0] ?? "")
		? "word"
		: "text";
}

function tokens(line: string): readonly string[] {
	return line.match(/\w+|[^\w\s]/g) ?? [];
}

/** If no line occurs unchanged: the place of the line that shares the most words with the longest wanted one. */
function mostAlike(lines: readonly string[], wanted: readonly string[]): number | undefined {
	const longest = wanted.reduce((index, line, place) => {
		return line.trim().length > (wanted[index] ?? "").trim().length ? place : index;
	}, 0);
	const words = new Set((wanted[longest] ?? "").match(/\w+/g) ?? []);
	let best: { at: number; share: number } | undefined;
	for (const [at, line] of lines.entries()) {
		const theirs = line.match(/\w+/g) ?? [];
		const share = theirs.filter((word) => words.has(word)).length / Math.max(words.size, theirs.length, 1);
		if (share >= 0.5 && share > (best?.share ?? 0)) best = { at: Math.max(0, at - longest), share };
	}
	return best?.at;
}

/** The nearest line before or after that differs at each of the places. */
export function distinguishPlaces(
	lines: readonly string[],
	places: readonly number[],
	length: number,
): DistinguishingLine | undefined {
	for (let distance = 1; distance <= maxDistance; distance += 1) {
		for (const side of ["before", "after"] as const) {
			const texts = places.map((at) => lines[side === "before" ? at - distance : at + length - 1 + distance]);
			if (new Set(texts).size === places.length) return { side, distance, texts };
		}
	}
	return undefined;
}
