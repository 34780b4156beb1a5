// Renders the files that a search by name has found.

import type { FilesFound } from "../codebase/index.ts";
import {
	fitRows,
	joined,
	markedBlock,
	quoteUntrusted,
	type SafeText,
	safeCursor,
	safeText,
	secretsOnly,
} from "../text/index.ts";
import { foreign } from "./code-line.ts";
import { count } from "./commit-words.ts";
import { leftOutWords } from "./search-head.ts";

/** @param share of an answer's size, 0 to 1 */
export function renderFiles(found: FilesFound, share = 1): SafeText {
	if (found.files.length === 0) return noFile(found);
	return fitRows(
		found.files.length,
		(rows) => render(found, rows),
		(text) => [text],
		share,
	);
}

function noFile({ pattern, near, leftOut, isCut }: FilesFound): SafeText {
	const sentences = [
		`No file's name fits ${quoteUntrusted(pattern)}.`,
		...(near === undefined ? [] : [`The nearest is ${quoteUntrusted(near)}.`]),
		...leftOutWords(leftOut),
		...(isCut ? ["Not all files were looked at: narrow it by path."] : []),
		"Not searched: what git ignores, and files that may hold secrets (.env, keys).",
	];
	return safeText(sentences.join(" "), secretsOnly);
}

function render({ files, total, nextCursor, leftOut, isCut }: FilesFound, rows: number): SafeText {
	const ours = (words: string) => safeText(words, secretsOnly);
	const head = [
		ours(`${count(total, "file", "files")} by name, showing ${rows}.`),
		...(rows < files.length ? [ours("More: a lower limit, then its cursor.")] : []),
		...(nextCursor === undefined || rows < files.length
			? []
			: [
					joined(
						[ours("More: cursor "), safeCursor(nextCursor), ours(", or narrow by path, glob or type.")],
						"",
					),
				]),
		...leftOutWords(leftOut).map(ours),
		...(isCut ? [ours("Not all files were looked at: narrow it by path.")] : []),
		ours("path with lines reads one."),
	];
	const lines = files
		.slice(0, rows)
		.map(({ path, kind }) => `${foreign(path, 400)}${kind === "code" ? "" : ` (${kind})`}`);
	return joined([joined(head, " "), ours(markedBlock("repository", lines.join("\n")))], "\n");
}
