import { EditRefused } from "./errors.ts";
import { findLines, shiftLines } from "./match.ts";
import { commonEnding, type Line, splitLines, type TextFile } from "./text-file.ts";

/** Lines to be replaced by others, in one file. */
export interface Replacement {
	/** How the agent would find it again: `edits[0]`, `hunk 2`. */
	readonly what: string;
	readonly oldText: string;
	readonly newText: string;
	/** A line number, from 1, near which it stands. */
	readonly hint: number | undefined;
}

export interface Edited {
	readonly file: TextFile;
	/** What was done beyond the letter of an edit. */
	readonly notes: readonly string[];
}

/**
 * Applies replacements in order, each to the text as the ones before left it. Endings stay as the file has them,
 * line by line; a missing one at the end of the file stays missing unless the edit adds it.
 *
 * @throws {EditRefused}
 */
export function applyReplacements(
	path: string,
	file: TextFile,
	replacements: readonly Replacement[],
): Edited {
	const notes: string[] = [];
	let lines = file.lines;
	for (const replacement of replacements) {
		const { what, oldText, newText, hint } = replacement;
		if (oldText === "") throw new EditRefused(path, what, { kind: "empty_old_text" });
		const wanted = splitLines(oldText).map(({ text }) => text);
		const given = splitLines(newText);
		const found = findLines(
			lines,
			wanted,
			hint,
			given.map(({ text }) => text),
		);
		if ("problem" in found) {
			const inside = found.problem.kind === "none" ? replaceInside(lines, oldText, newText) : undefined;
			if (inside === undefined) throw new EditRefused(path, what, found.problem);
			lines = inside;
			continue;
		}
		const { at, shift } = found.place;
		if (shift !== undefined) {
			notes.push(
				`${what}: indented as the file is (${JSON.stringify(shift.indent)} ${shift.removed ? "removed from" : "added to"} each line)`,
			);
		}
		const saysEnd = newText.endsWith("\n") && !oldText.endsWith("\n");
		lines = splice(
			lines,
			at,
			wanted.length,
			shiftLines(
				given.map(({ text }) => text),
				shift,
			),
			saysEnd,
		);
	}
	return { file: { ...file, lines }, notes };
}

/** New lines take the endings of those they replace, and beyond them the file's common one. */
function splice(
	lines: readonly Line[],
	at: number,
	count: number,
	texts: readonly string[],
	addFinalEnding: boolean,
): readonly Line[] {
	const replaced = lines.slice(at, at + count);
	const common = commonEnding(replaced.some(({ ending }) => ending !== "") ? replaced : lines);
	const endsFile = at + count === lines.length;
	const endsBare = endsFile && lines.at(-1)?.ending === "" && !addFinalEnding;
	const fresh = texts.map((text, index): Line => {
		const isLast = index === texts.length - 1;
		if (isLast && endsBare) return { text, ending: "" };
		const old = replaced[isLast ? replaced.length - 1 : index]?.ending;
		return { text, ending: old === undefined || old === "" ? common : old };
	});
	const before = lines.slice(0, at);
	const last = before.at(-1);
	// What ended the file is gone: the line before it now does, and ends as that did.
	const head =
		texts.length === 0 && endsBare && last !== undefined
			? [...before.slice(0, -1), { ...last, ending: "" as const }]
			: before;
	return [...head, ...fresh, ...lines.slice(at + count)];
}

/** An edit of less than whole lines: exact, and at one place only. */
function replaceInside(
	lines: readonly Line[],
	oldText: string,
	newText: string,
): readonly Line[] | undefined {
	const text = lines.map((line) => line.text).join("\n");
	const wanted = oldText.replaceAll("\r\n", "\n");
	const at = text.indexOf(wanted);
	if (at < 0 || text.indexOf(wanted, at + 1) >= 0) return undefined;
	const first = text.slice(0, at).split("\n").length - 1;
	const count = wanted.split("\n").length;
	const from = at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
	const end = text.indexOf("\n", at + wanted.length);
	const tail = text.slice(at + wanted.length, end < 0 ? undefined : end);
	const replaced = text.slice(from, at) + newText.replaceAll("\r\n", "\n") + tail;
	return splice(lines, first, count, replaced.split("\n"), false);
}
