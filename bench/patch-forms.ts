// Real changes as models write them: cut in the middle of a line, indented in another way, in the form *** Begin Patch.

import {
	attempt,
	count,
	emptyScore,
	isRight,
	keptAround,
	type RealDiff,
	type RealHunk,
	type Score,
} from "./patch-replay.ts";

export const forms = [
	"from the middle of a line",
	"from the first column",
	"two blanks for a tab",
	"four blanks for a tab",
	"blanks at line ends",
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
			// With its last newline, or an empty last line would read as the end of the line before it.
			const end = form === "from the middle of a line" ? "" : "\n";
			const text = (lines: readonly string[]) => (lines.length === 0 ? "" : lines.join("\n") + end);
			const edits = [{ path, old_text: text(written.old), new_text: text(written.fresh) }];
			count(score, () => isRight(attempt({ edits }, path, before), before, [hunk], "as it is", keptAround));
		}
	}
	return score;
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
			const blanks = form === "two blanks for a tab" ? "  " : "    ";
			const spaced = (line: string) => line.replace(/^\t+/, (tabs) => blanks.repeat(tabs.length));
			return unlessSame(old, { old: old.map(spaced), fresh: fresh.map(spaced) });
		}
		case "blanks at line ends": {
			const spaced = (line: string) => (line.length % 2 === 1 ? `${line}  ` : line);
			return unlessSame(old, {
				old: old.map(spaced),
				fresh: fresh.map((line, index) => ((keptFrom[index] ?? -1) < 0 ? line : spaced(line))),
			});
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

function cutOf(line: string): number | undefined {
	const middle = Math.floor(line.length / 2);
	const at = line.slice(middle).search(/(?<=\W)\w|(?<=\w)\W/);
	const place = at < 0 ? undefined : middle + at;
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

/** Every file's changes as a whole, in the form *** Begin Patch. */
export function replayBeginPatches(diffs: readonly RealDiff[]): Score {
	const score = emptyScore();
	for (const { path, before, hunks } of diffs) {
		// The form says nothing of a newline at the end of the file.
		if (hunks.some(({ body }) => body.some((line) => line.startsWith("\\")))) continue;
		const body = hunks.flatMap((hunk) => [`@@ ${headingOf(hunk)}`.trimEnd(), ...hunk.body]);
		const diff = ["*** Begin Patch", `*** Update File: ${path}`, ...body, "*** End Patch"].join("\n");
		count(score, () => isRight(attempt({ diff }, path, before), before, hunks, "as it is"));
	}
	return score;
}

function headingOf({ header }: RealHunk): string {
	return /^@@[^@]*@@ ?(.*)$/.exec(header)?.[1]?.trim() ?? "";
}
