// Line-by-line changes: computed between two texts, and applied with line endings kept.

import { diffArrays } from "diff";
import { commonEnding, type Line } from "./text-file.ts";

/** A line of a file that is being changed. */
export interface WorkLine extends Line {
	/** Its number, from 1, in the file as it is on disk; undefined for a new line. */
	readonly origin: number | undefined;
	/** The edit that added it. */
	readonly by: string | undefined;
}

/** One step of a change, line by line. */
export interface LineOp {
	readonly op: "keep" | "drop" | "add";
	readonly text: string;
}

/** The newline at the end of the file: unchanged, or as the change requires. */
export type FinalNewline = "as_it_is" | "present" | "missing";

export function workLines(lines: readonly Line[]): readonly WorkLine[] {
	return lines.map((line, index) => ({ ...line, origin: index + 1, by: undefined }));
}

/** Above this number of changed lines in one edit, lines are paired by their order alone. */
const maxEditLength = 600;

/** A minimal line diff. */
export function opsBetween(before: readonly string[], after: readonly string[]): readonly LineOp[] {
	const shorter = Math.min(before.length, after.length);
	let head = 0;
	while (head < shorter && before[head] === after[head]) head += 1;
	let tail = 0;
	while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
	const all = (op: LineOp["op"], texts: readonly string[]) => texts.map((text): LineOp => ({ op, text }));
	return [
		...all("keep", before.slice(0, head)),
		...opsOfCore(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
		...all("keep", before.slice(before.length - tail)),
	];
}

function opsOfCore(before: readonly string[], after: readonly string[]): readonly LineOp[] {
	const differences =
		before.length === 0 || after.length === 0
			? undefined
			: diffArrays([...before], [...after], { maxEditLength });
	if (differences === undefined) {
		return [
			...before.map((text): LineOp => ({ op: "drop", text })),
			...after.map((text): LineOp => ({ op: "add", text })),
		];
	}
	return differences.flatMap(({ value, added, removed }) =>
		value.map((text): LineOp => ({ op: added ? "add" : removed ? "drop" : "keep", text })),
	);
}

/** A change that begins at a line. */
export interface LineChange {
	/** The first line's index. */
	readonly at: number;
	readonly ops: readonly LineOp[];
	/** The edit or hunk that requests it. */
	readonly by: string;
}

/**
 * Applies non-overlapping changes in the order of their lines. Kept lines are unchanged, endings included; a new line
 * gets the ending of the line that it replaces, else of the line before it.
 */
export function applyChanges(
	lines: readonly WorkLine[],
	changes: readonly LineChange[],
): readonly WorkLine[] {
	let index = changes[0]?.at ?? 0;
	const done = lines.slice(0, index);
	for (const { at, ops, by } of changes) {
		for (const line of lines.slice(index, at)) done.push(line);
		index = at;
		let dropped: Line[] = [];
		let added: string[] = [];
		const flush = () => {
			const replaced = dropped.at(-1)?.ending;
			for (const [place, text] of added.entries()) {
				const ending =
					dropped[place]?.ending ||
					replaced ||
					done.at(-1)?.ending ||
					lines[index]?.ending ||
					commonEnding(lines);
				done.push({ text, ending, origin: undefined, by });
			}
			dropped = [];
			added = [];
		};
		for (const { op, text } of ops) {
			const there = lines[index];
			if (op === "add") added.push(text);
			else if (there !== undefined) {
				if (op === "drop") dropped.push(there);
				else {
					flush();
					done.push(there);
				}
				index += 1;
			}
		}
		flush();
	}
	return done.concat(lines.slice(index));
}

/** Gives every line but the last an ending; the last one keeps the file's state or gets what the change requires. */
export function settleEnd(
	lines: readonly WorkLine[],
	wasMissing: boolean,
	wanted: FinalNewline,
): readonly WorkLine[] {
	const missing = wanted === "missing" || (wanted === "as_it_is" && wasMissing);
	const common = commonEnding(lines);
	return lines.map((line, index) => {
		if (index === lines.length - 1 && missing) return { ...line, ending: "" };
		return line.ending === "" ? { ...line, ending: common } : line;
	});
}

/** The line number in the file on disk of the line at `index`, or of the nearest one before it that exists there. */
export function originOf(lines: readonly WorkLine[], index: number): number {
	for (let place = Math.min(index, lines.length - 1); place >= 0; place -= 1) {
		const origin = lines[place]?.origin;
		if (origin !== undefined) return origin + (place === index ? 0 : 1);
	}
	return 1;
}
