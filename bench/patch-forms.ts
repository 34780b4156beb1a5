// Real changes as models write them: cut in the middle of a line, indented in another way, in the form *** Begin Patch.

import { shortLine } from "../src/answer/code-line.ts";
import type { RealDiff, RealHunk } from "./patch-changes.ts";
import {
	hasSeveralWays,
	headingOf,
	linesOf,
	placesShifted,
	placesWhere,
	timesInside,
} from "./patch-places.ts";
import { attempt, count, countEdit, emptyScore, isRight, type Score } from "./patch-replay.ts";

export const forms = [
	"from the middle of a line",
	"from the first column",
	"two blanks for a tab",
	"four blanks for a tab",
	"blanks at line ends",
	"copied from an answer",
] as const;
export type Form = (typeof forms)[number];

interface Texts {
	readonly old: readonly string[];
	readonly fresh: readonly string[];
}

/** Every hunk by itself, as an edit in one of the forms. */
export function replayForms(diffs: readonly RealDiff[], form: Form): Score {
	const score = emptyScore();
	for (const { path, before, hunks } of diffs) {
		for (const hunk of hunks) {
			const written = writtenAs(hunk, form);
			if (written === undefined) continue;
			const edit = { path, old_text: textOf(written.old, written), new_text: textOf(written.fresh, written) };
			countEdit(score, edit, before, hunk, "as it is", () => timesOf(before, written, form));
		}
	}
	return score;
}

/** Without a newline at the end, except where an empty line would be lost with it. */
function textOf(lines: readonly string[], { old, fresh }: Texts): string {
	const isOpen = old.at(-1) === "" || fresh.at(-1) === "" || fresh.length === 0;
	return isOpen ? lines.map((line) => `${line}\n`).join("") : lines.join("\n");
}

/** In how many places the file has what is written, read as the form means it. */
function timesOf(before: string, { old }: Texts, form: Form): number {
	const file = linesOf(before);
	switch (form) {
		case "from the middle of a line":
			return timesInside(before, old.join("\n"));
		case "from the first column":
			return placesShifted(file, old).length;
		case "two blanks for a tab":
		case "four blanks for a tab":
			return placesShifted(file.map(spacedBy(form)), old).length;
		case "blanks at line ends":
		case "copied from an answer":
			return placesWhere(file, old, (there, own) => there.trimEnd() === own.trimEnd()).length;
	}
}

function spacedBy(form: "two blanks for a tab" | "four blanks for a tab"): (line: string) => string {
	const blanks = form === "two blanks for a tab" ? "  " : "    ";
	return (line) => line.replace(/^\t+/, (tabs) => blanks.repeat(tabs.length));
}

/** undefined where the form changes nothing, or the hunk does not allow it. */
function writtenAs({ oldLines: old, newLines: fresh, keptFrom }: RealHunk, form: Form): Texts | undefined {
	if (old.length === 0) return undefined;
	switch (form) {
		case "from the middle of a line":
			return fromMiddle(old, fresh);
		case "from the first column":
			return unlessSame(old, firstColumn(old, fresh));
		case "two blanks for a tab":
		case "four blanks for a tab": {
			// Of a file that mixes tabs and blanks the form does not tell which was which.
			if (![...old, ...fresh].every((line) => /^\t*(?:\S| \*|$)/.test(line))) return undefined;
			return unlessSame(old, { old: old.map(spacedBy(form)), fresh: fresh.map(spacedBy(form)) });
		}
		case "blanks at line ends": {
			const spaced = (line: string) => (line.length % 2 === 1 ? `${line}  ` : line);
			// A new line that has such blanks could not be told from a kept one.
			if (fresh.some((line, index) => (keptFrom[index] ?? -1) < 0 && line.endsWith("  "))) return undefined;
			return unlessSame(old, {
				old: old.map(spaced),
				fresh: fresh.map((line, index) => ((keptFrom[index] ?? -1) < 0 ? line : spaced(line))),
			});
		}
		case "copied from an answer": {
			// As search_codebase shows lines: a masked or a clipped one is not there to be copied.
			const copied = (line: string) => shortLine(line, undefined, 300);
			if (old.some((line) => copied(line) !== line.trimEnd())) return undefined;
			return {
				old: old.map(copied),
				fresh: fresh.map((line, index) => ((keptFrom[index] ?? -1) < 0 ? line : copied(line))),
			};
		}
	}
}

function unlessSame(old: readonly string[], written: Texts | undefined): Texts | undefined {
	return written === undefined || written.old.every((line, index) => line === old[index])
		? undefined
		: written;
}

/** The first and the last line, which both sides share, cut at a word's edge in their middle. */
function fromMiddle(old: readonly string[], fresh: readonly string[]): Texts | undefined {
	const [first, last] = [old[0] ?? "", old.at(-1) ?? ""];
	if (old.length < 3 || first !== fresh[0] || last !== fresh.at(-1)) return undefined;
	const head = cutOf(first);
	const tail = cutOf(last);
	if (head === undefined || tail === undefined) return undefined;
	const cut = (lines: readonly string[]) => [first.slice(head), ...lines.slice(1, -1), last.slice(0, tail)];
	return { old: cut(old), fresh: cut(fresh) };
}

/** Past the line's middle, where a name begins or ends: `utils$1` is one. */
function cutOf(line: string): number | undefined {
	const edges = [...line.matchAll(/(?:\w|\$(?=\w))(?:\w|\$(?=\w))*/g)].flatMap(({ 0: name, index }) => [
		index,
		index + name.length,
	]);
	const place = edges.find((edge) => edge >= line.length / 2);
	return place === undefined || line.slice(0, place).trim() === "" || line.slice(place).trim() === ""
		? undefined
		: place;
}

function firstColumn(old: readonly string[], fresh: readonly string[]): Texts | undefined {
	const indents = [...old, ...fresh]
		.filter((line) => line.trim() !== "")
		.map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
	const shortest = indents.reduce(
		(least, one) => (one.length < least.length ? one : least),
		indents[0] ?? "",
	);
	if (shortest === "" || !indents.every((one) => one.startsWith(shortest))) return undefined;
	const cut = (line: string) => (line.trim() === "" ? line : line.slice(shortest.length));
	return { old: old.map(cut), fresh: fresh.map(cut) };
}

export const beginForms = ["*** Begin Patch", "*** Begin Patch, a hunk each"] as const;

/** A file's changes in the form *** Begin Patch, as a whole or hunk by hunk. */
export function replayBeginPatches(diffs: readonly RealDiff[], form: (typeof beginForms)[number]): Score {
	const score = emptyScore();
	for (const { path, before, hunks } of diffs) {
		// The form says nothing of a newline at the end of the file.
		if (hunks.some(({ body }) => body.some((line) => line.startsWith("\\")))) continue;
		const file = linesOf(before);
		const parts = form === "*** Begin Patch" ? [hunks] : hunks.map((hunk) => [hunk]);
		for (const part of parts) {
			const body = part.flatMap((hunk) => [
				`@@ ${headingOf(hunk)}`.trimEnd(),
				...hunk.body,
				...(hunk.at + hunk.oldLines.length === file.length ? ["*** End of File"] : []),
			]);
			const diff = ["*** Begin Patch", `*** Update File: ${path}`, ...body, "*** End Patch"].join("\n");
			count(
				score,
				() => isRight(attempt({ diff }, path, before), before, part, "as it is"),
				() => hasSeveralWays(file, part),
			);
		}
	}
	return score;
}
