// Finds the one place that an edit means where its lines are not in the file exactly.

import { indentRule, reindent } from "./indents.ts";
import { opsBetween } from "./line-ops.ts";
import { occurrences } from "./occurrences.ts";
import type { Wanted } from "./wanted.ts";

/** How an edit can be read: the file's lines that it replaces, and by what. */
export interface Reading {
	/** The first line's index. */
	readonly at: number;
	readonly count: number;
	readonly after: readonly string[];
	/** What differs from the edit's own text. */
	readonly note: string;
}

/** Candidates for a place that are looked at; more mean that the text is too common to be found so. */
const maxCandidates = 200;

/**
 * The readings of the first leniency that leaves any: white space at the ends of lines; indentation that differs alike,
 * tabs for blanks included; a part of a line, or from within one line into another.
 */
export function lenientReadings(lines: readonly string[], wanted: Wanted): readonly Reading[] {
	for (const read of [withoutTrailing, withOtherIndent, asPart]) {
		const readings = read(lines, wanted);
		if (readings.length > 0) return readings;
	}
	return [];
}

function withoutTrailing(lines: readonly string[], wanted: Wanted): readonly Reading[] {
	const trimmed = (line: string) => line.trimEnd();
	if (wanted.lines.every((line) => line.trim() === "")) return [];
	return occurrences(lines.map(trimmed), wanted.lines.map(trimmed))
		.slice(0, maxCandidates)
		.map((at) => ({
			at,
			count: wanted.lines.length,
			after: replaced(lines, at, wanted, (line) => line) ?? [],
			note: "its lines were found where only white space at the ends of lines differs",
		}));
}

function withOtherIndent(lines: readonly string[], wanted: Wanted): readonly Reading[] {
	const bare = (line: string) => line.trim();
	if (wanted.lines.every((line) => line.trim() === "")) return [];
	const places = occurrences(lines.map(bare), wanted.lines.map(bare)).slice(0, maxCandidates);
	return places.flatMap((at): Reading[] => {
		const there = lines.slice(at, at + wanted.lines.length);
		const rule = indentRule(wanted.lines, there, wanted.replacement, lines);
		if (rule === undefined) return [];
		const after = replaced(lines, at, wanted, (line) => reindent(line, rule));
		const note = `its lines were found with other indentation, and the new lines were indented as the file is (${rule.char === "\t" ? "tabs" : "blanks"})`;
		return after === undefined ? [] : [{ at, count: there.length, after, note }];
	});
}

/** The new lines; a line that stands in the edit's old text as well is written as the file has it. */
function replaced(
	lines: readonly string[],
	at: number,
	{ lines: old, replacement }: Wanted,
	form: (line: string) => string | undefined,
): readonly string[] | undefined {
	const after: string[] = [];
	let index = at;
	const known = new Map(old.map((line, place) => [line, lines[at + place]]));
	for (const { op, text } of opsBetween(old, replacement)) {
		const line = op === "keep" ? lines[index] : op === "add" ? (known.get(text) ?? form(text)) : "";
		if (line === undefined) return undefined;
		if (op !== "drop") after.push(line);
		if (op !== "add") index += 1;
	}
	return after;
}

/** Exactly this text, not in the middle of a word, and not where the change was made already. */
function asPart(lines: readonly string[], { lines: old, replacement }: Wanted): readonly Reading[] {
	const part = old.join("\n");
	const by = replacement.join("\n");
	if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(part)) return [];
	const text = lines.join("\n");
	const readings: Reading[] = [];
	let [line, seen] = [0, 0];
	for (let from = text.indexOf(part); from >= 0; from = text.indexOf(part, from + 1)) {
		if (readings.length > maxCandidates) break;
		const to = from + part.length;
		for (let next = text.indexOf("\n", seen); next >= 0 && next < from; next = text.indexOf("\n", seen)) {
			line += 1;
			seen = next + 1;
		}
		if (splitsWord(text, from) || splitsWord(text, to) || isThereAlready(text, from, part, by)) continue;
		const end = text.indexOf("\n", to);
		const whole = text.slice(seen, from) + by + text.slice(to, end < 0 ? text.length : end);
		readings.push({
			at: line,
			count: old.length,
			after: whole.split("\n"),
			note: `its text was found as a part of ${old.length === 1 ? `line ${line + 1}` : `lines ${line + 1} to ${line + old.length}`}, and the rest of ${old.length === 1 ? "the line" : "these lines"} stays`,
		});
	}
	return readings;
}

const wordSign = /[\p{L}\p{N}_]/u;
const nameSign = /[\p{L}\p{N}_$]/u;

/** `$` belongs to a name in `utils$1` and `$log`, and to none in `a${b}` and in `/\d$/`. */
function splitsWord(text: string, at: number): boolean {
	if (!nameSign.test(text.charAt(at - 1))) return false;
	return wordSign.test(text.charAt(text.charAt(at) === "$" ? at + 1 : at));
}

/** `foo(a)` is to become `foo(a) || b`, and the file has that here. */
function isThereAlready(text: string, at: number, part: string, by: string): boolean {
	if (by.length <= part.length) return false;
	for (let within = by.indexOf(part); within >= 0; within = by.indexOf(part, within + 1)) {
		if (at >= within && text.startsWith(by, at - within)) return true;
	}
	return false;
}
