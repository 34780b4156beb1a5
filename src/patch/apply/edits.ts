// Applies an agent's edits to a file's lines, in order.

import { EditRefused } from "../failures/index.ts";
import { findEdit } from "./find-edit.ts";
import {
	applyChanges,
	type FinalNewline,
	opsBetween,
	originOf,
	settleEnd,
	type WorkLine,
	workLines,
} from "./line-ops.ts";
import { occurrences } from "./occurrences.ts";
import { asInFile, splitLines, type TextFile, textsOf, withoutMark } from "./text-file.ts";

/** Lines to be replaced by others, in one file. An empty new text deletes them. */
export interface TextEdit {
	/** Its name in messages, such as `edits[0]`. */
	readonly what: string;
	readonly oldText: string;
	readonly newText: string;
	/** A line number near it, from 1, in the file on disk. */
	readonly hint: number | undefined;
}

export interface Edited {
	readonly file: TextFile;
	/** Deviations from an edit's exact text. */
	readonly notes: readonly string[];
}

/**
 * Each edit applies to the result of the previous ones. An edit that would change lines of another edit is refused.
 * Line endings are kept; a missing newline at the end of the file stays missing unless an edit of the last line adds
 * it.
 *
 * @throws {EditRefused}
 */
export function applyEdits(path: string, file: TextFile, edits: readonly TextEdit[]): Edited {
	const notes: string[] = [];
	const changedBy = new Map<number, string>();
	const wasMissing = file.lines.at(-1)?.ending === "";
	let lines = workLines(file.lines);
	let texts = textsOf(lines);
	let end: FinalNewline = "as_it_is";
	for (const edit of edits) {
		const { what } = edit;
		const wanted = splitLines(asInFile(withoutMark(edit.oldText), file));
		const given = splitLines(asInFile(withoutMark(edit.newText), file));
		if (wanted.length === 0) throw new EditRefused(path, what, { kind: "empty_old_text" });
		const now = lines;
		const request = { lines: textsOf(wanted), replacement: textsOf(given), hint: edit.hint };
		const found = findEdit(texts, request, (index) => originOf(now, index));
		if ("problem" in found) {
			const other = overlapped(file, request.lines, changedBy);
			throw new EditRefused(path, what, other ?? found.problem);
		}
		const { at, count, after, note } = found;
		if (note !== undefined) notes.push(`${what}: ${note}`);
		const before = textsOf(now.slice(at, at + count));
		const ops = opsBetween(before, after);
		refuseOverlap(path, what, now, at, ops, changedBy);
		if (
			at + count === now.length &&
			edit.newText.endsWith("\n") &&
			!edit.oldText.endsWith("\n") &&
			wasMissing
		) {
			end = "present";
		}
		lines = applyChanges(now, [{ at, ops, by: what }]);
		texts = texts.slice(0, at).concat(after, texts.slice(at + count));
	}
	return { file: { ...file, lines: settleEnd(lines, wasMissing, end) }, notes };
}

/** Records which lines an edit removes, and refuses to change lines that another edit added. */
function refuseOverlap(
	path: string,
	what: string,
	lines: readonly WorkLine[],
	at: number,
	ops: ReturnType<typeof opsBetween>,
	changedBy: Map<number, string>,
): void {
	let index = at;
	for (const { op } of ops) {
		if (op === "add") continue;
		const there = lines[index];
		if (op === "drop" && there?.by !== undefined) {
			throw new EditRefused(path, what, { kind: "overlap", other: there.by, line: undefined });
		}
		if (op === "drop" && there?.origin !== undefined) changedBy.set(there.origin, what);
		index += 1;
	}
}

/** The earlier edit that changed these lines, if the original file had them. */
function overlapped(file: TextFile, wanted: readonly string[], changedBy: ReadonlyMap<number, string>) {
	for (const at of changedBy.size === 0 ? [] : occurrences(textsOf(file.lines), wanted)) {
		for (let index = 0; index < wanted.length; index += 1) {
			const other = changedBy.get(at + index + 1);
			if (other !== undefined) return { kind: "overlap", other, line: at + index + 1 } as const;
		}
	}
	return undefined;
}
