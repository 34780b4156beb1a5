// The sections of a diff that git wrote, one a file.

import { readGitHeader, unquoteOrRefuse } from "./diff-paths.ts";

/** A git diff's changes to one file. */
export interface DiffSection {
	readonly path: string;
	readonly added: number;
	readonly removed: number;
	/** The lines that it adds, with their numbers in the new file. */
	readonly addedLines: readonly { readonly line: number; readonly text: string }[];
	/** The lines of each hunk, with their signs. */
	readonly hunks: readonly (readonly string[])[];
	readonly isDeleted: boolean;
}

/**
 * Rewrites the headers of `git diff --no-index --no-prefix a b`: for a new or deleted file, its first line names the
 * existing side twice.
 */
export function rewriteHeaders(diff: string): string {
	return sectionsOf(diff)
		.map((section) => {
			const [first = "", second = ""] = section.split("\n", 2);
			const isNew = second.startsWith("new file mode ");
			if (!isNew && !second.startsWith("deleted file mode ")) return section;
			const rest = first.slice("diff --git ".length);
			const half = rest.slice((rest.length + 1) / 2);
			const bare = half.startsWith('"') ? half.slice(3) : half.slice(2);
			const quote = half.startsWith('"') ? '"' : "";
			return `diff --git ${quote}a/${bare} ${quote}b/${bare}${section.slice(first.length)}`;
		})
		.join("");
}

/** A line of a hunk never begins with a letter, so `diff --git` begins a file and nothing else. */
function sectionsOf(diff: string): readonly string[] {
	const starts: number[] = [];
	for (let at = diff.startsWith("diff --git ") ? 0 : -2; at !== -1; at = diff.indexOf("\ndiff --git ", at)) {
		if (at >= 0) starts.push(at === 0 ? 0 : at + 1);
		at = Math.max(at + 1, 0);
	}
	return starts.map((start, index) => diff.slice(start, starts[index + 1] ?? diff.length));
}

/** Reads a diff whose headers were rewritten. */
export function readSections(diff: string): readonly DiffSection[] {
	return sectionsOf(diff).map((section) => {
		const lines = section.split("\n");
		const path = pathOf(lines);
		const addedLines: { line: number; text: string }[] = [];
		let removed = 0;
		let line = 0;
		let inHunk = false;
		const hunks: string[][] = [];
		for (const text of lines.slice(0, -1)) {
			const start = /^@@ -\S{1,20} \+(\d{1,9})/.exec(text)?.[1];
			if (start !== undefined) {
				line = Number(start);
				inHunk = true;
				hunks.push([]);
				continue;
			}
			if (inHunk && /^[ +-]/.test(text)) hunks.at(-1)?.push(text);
			if (inHunk && text.startsWith("+")) {
				addedLines.push({ line, text: text.slice(1) });
				line += 1;
			} else if (inHunk && text.startsWith("-")) removed += 1;
			else if (inHunk && text.startsWith(" ")) line += 1;
		}
		const isDeleted = lines.slice(0, 4).some((text) => text.startsWith("deleted file mode "));
		return { path, added: addedLines.length, removed, addedLines, hunks, isDeleted };
	});
}

/** git adds a tab after a name with spaces. */
function pathOf(lines: readonly string[]): string {
	for (const line of lines.slice(0, 6)) {
		const named = /^(?:\+\+\+|---) (.+?)\t?$/.exec(line)?.[1];
		if (named !== undefined && named !== "/dev/null") return unquoteOrRefuse(named).slice(2);
	}
	return readGitHeader((lines[0] ?? "").slice("diff --git ".length)) ?? "";
}
