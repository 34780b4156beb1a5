import type { MatchProblem, Nearest } from "./errors.ts";
import type { Line } from "./text-file.ts";

/** Where lines were found, and by how much the edit's indentation is off. */
export interface Place {
	/** The first line's index. */
	readonly at: number;
	/** What stands before each line in the file and not in the edit; the other way round when `removed`. */
	readonly shift: { readonly indent: string; readonly removed: boolean } | undefined;
}

export type Found = { readonly place: Place } | { readonly problem: MatchProblem };

const maxListed = 10;

/**
 * Finds the one place where `wanted` stands in `lines`, line by line and whole lines only.
 *
 * Exact first. Where there is none, a block that differs only by the same leading whitespace on every line. Several
 * places are refused, unless `hint` names a line: then the nearest counts, if no other is as near.
 *
 * @param hint a line number, from 1
 * @param replacement what the lines are to become: found instead, the edit was applied before
 */
export function findLines(
	lines: readonly Line[],
	wanted: readonly string[],
	hint: number | undefined,
	replacement: readonly string[],
): Found {
	const exact = placesOf(lines, (line, index) => line === wanted[index], wanted.length);
	if (exact.length > 0) return choose(exact, hint, undefined);
	const shifted = placesOfShifted(lines, wanted);
	if (shifted.length > 0) {
		const [first] = shifted;
		const alike = shifted.filter(
			({ indent, removed }) => indent === first?.indent && removed === first.removed,
		);
		if (first !== undefined && alike.length === shifted.length) {
			return choose(
				shifted.map(({ at }) => at),
				hint,
				{ indent: first.indent, removed: first.removed },
			);
		}
		return { problem: { kind: "several", lines: shifted.slice(0, maxListed).map(({ at }) => at + 1) } };
	}
	const applied =
		replacement.length === 0
			? []
			: placesOf(lines, (line, index) => line === replacement[index], replacement.length);
	if (applied[0] !== undefined) return { problem: { kind: "already_applied", line: applied[0] + 1 } };
	return { problem: { kind: "none", nearest: nearestTo(lines, wanted) } };
}

function placesOf(
	lines: readonly Line[],
	equal: (line: string, index: number) => boolean,
	length: number,
): readonly number[] {
	const places: number[] = [];
	for (let at = 0; at + length <= lines.length; at += 1) {
		let index = 0;
		while (index < length && equal(lines[at + index]?.text ?? "", index)) index += 1;
		if (index === length) places.push(at);
	}
	return places;
}

function choose(places: readonly number[], hint: number | undefined, shift: Place["shift"]): Found {
	const [first, ...others] = places;
	if (first === undefined) return { problem: { kind: "none", nearest: undefined } };
	if (others.length === 0) return { place: { at: first, shift } };
	if (hint !== undefined) {
		const far = (at: number) => Math.abs(at + 1 - hint);
		const [near, next] = [...places].sort((one, other) => far(one) - far(other));
		if (near !== undefined && next !== undefined && far(near) < far(next))
			return { place: { at: near, shift } };
	}
	return { problem: { kind: "several", lines: places.slice(0, maxListed).map((at) => at + 1) } };
}

interface Shifted {
	readonly at: number;
	readonly indent: string;
	readonly removed: boolean;
}

/** Blocks that equal `wanted` but for one and the same leading whitespace before every line that is not blank. */
function placesOfShifted(lines: readonly Line[], wanted: readonly string[]): readonly Shifted[] {
	const firstIndex = wanted.findIndex((line) => line.trim() !== "");
	const first = wanted[firstIndex];
	if (first === undefined) return [];
	const found: Shifted[] = [];
	for (let at = 0; at + wanted.length <= lines.length; at += 1) {
		const there = lines[at + firstIndex]?.text ?? "";
		const [own, theirs] = [indentOf(first), indentOf(there)];
		if (there.trimStart() !== first.trimStart() || own === theirs) continue;
		const removed = own.endsWith(theirs);
		if (!removed && !theirs.endsWith(own)) continue;
		const indent = removed
			? own.slice(0, own.length - theirs.length)
			: theirs.slice(0, theirs.length - own.length);
		const fits = wanted.every((line, index) => {
			const text = lines[at + index]?.text ?? "";
			if (line.trim() === "") return text.trim() === "";
			return removed ? line === indent + text : text === indent + line;
		});
		if (fits) found.push({ at, indent, removed });
	}
	return found;
}

function indentOf(line: string): string {
	return line.slice(0, line.length - line.trimStart().length);
}

/** Gives the lines of an edit the indentation that the file has. */
export function shiftLines(lines: readonly string[], shift: Place["shift"]): readonly string[] {
	if (shift === undefined) return lines;
	const { indent, removed } = shift;
	return lines.map((line) => {
		if (line.trim() === "") return line;
		if (!removed) return indent + line;
		return line.startsWith(indent) ? line.slice(indent.length) : line;
	});
}

/** The block with the most lines in common, whitespace aside; undefined where not even one line in three is. */
function nearestTo(lines: readonly Line[], wanted: readonly string[]): Nearest | undefined {
	const plain = wanted.map((line) => line.trim());
	let best: { at: number; same: number } | undefined;
	for (let at = 0; at < lines.length; at += 1) {
		let same = 0;
		for (let index = 0; index < wanted.length && at + index < lines.length; index += 1) {
			if (plain[index] !== "" && lines[at + index]?.text.trim() === plain[index]) same += 1;
		}
		if (same > (best?.same ?? 0)) best = { at, same };
	}
	best ??= nearestLine(lines, plain);
	if (best === undefined) return undefined;
	const { at } = best;
	const index = wanted.findIndex((line, place) => line !== lines[at + place]?.text);
	const inFile = lines[at + index]?.text ?? "";
	const inEdit = wanted[index] ?? "";
	const bare = (text: string) => text.replace(/\s+/g, "");
	return {
		line: at + 1,
		differsAt: at + index + 1,
		inFile,
		inEdit,
		onlyWhitespace: bare(inFile) === bare(inEdit),
	};
}

/** For a single line: the one that shares the most words with it, at least half of them. */
function nearestLine(
	lines: readonly Line[],
	plain: readonly string[],
): { at: number; same: number } | undefined {
	const index = plain.findIndex((line) => line !== "");
	const words = new Set((plain[index] ?? "").match(/\w+/g) ?? []);
	if (words.size === 0) return undefined;
	let best: { at: number; share: number } | undefined;
	for (const [at, { text }] of lines.entries()) {
		const theirs = text.match(/\w+/g) ?? [];
		const share = theirs.filter((word) => words.has(word)).length / Math.max(words.size, theirs.length);
		if (share >= 0.5 && share > (best?.share ?? 0)) best = { at: Math.max(0, at - index), share };
	}
	return best === undefined ? undefined : { at: best.at, same: 0 };
}
