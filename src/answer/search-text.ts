// Renders a search's result as text, shortened in steps until it fits.

import type { FoundFile, Role, SearchResult } from "../codebase/index.ts";
import {
	fitRows,
	fits,
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
import { type Detail, renderFile } from "./search-file.ts";
import { hints, notes, notRaised } from "./search-head.ts";
import { absenceLines, trailLines } from "./search-trail.ts";

/** Tried in turn until the answer fits: less context, then shorter lines. Counts per file are the last resort. */
const details: readonly Detail[] = [
	{ context: Number.POSITIVE_INFINITY, length: 300, words: "" },
	{ context: 1, length: 300, words: ", with less context (limit or path gives all of it)" },
	{ context: 0, length: 300, words: ", without context (limit or path gives it)" },
	{ context: 0, length: 160, words: ", without context, lines clipped (limit or path gives all of it)" },
	{ context: 0, length: 80, words: ", without context, lines clipped (limit or path gives all of it)" },
];

/**
 * @param known cases of the code that is searched for, in a line each
 * @param share of an answer's size, 0 to 1
 */
export function renderSearch(result: SearchResult, known: readonly string[] = [], share = 1): SafeText {
	if (result.matches === 0 && result.absence === undefined) return empty(result, known);
	for (const detail of details) {
		const text = render(result, (file, namedCommits) => renderFile(file, detail, result, namedCommits), {
			how: detail.words,
			known,
		});
		if (fits(text, share)) return text;
	}
	return countsOnly(result, known, share);
}

/** The number of matches of each file; of as many files as fit. */
function countsOnly(result: SearchResult, known: readonly string[], share: number): SafeText {
	const files = [...new Map(result.files.map((file) => [file.path, file])).values()];
	return fitRows(
		files.length,
		(rows) =>
			render(
				{ ...result, files: files.slice(0, rows), isErrorCode: false },
				({ path, matches }) => `${foreign(path)}: ${matches}`,
				{
					how:
						rows === files.length
							? ", counts only (a lower limit shows lines)"
							: `, counts only, of ${rows} of these files (a lower limit shows lines)`,
					known,
				},
			),
		(text) => [text],
		share,
	);
}

function empty(result: SearchResult, known: readonly string[]): SafeText {
	const sentences = [
		`No match for ${quoteUntrusted(result.pattern)}.`,
		...hints(result),
		...known,
		...notes(result),
		"Not searched: what git ignores, binary files, files over 4 MB, and files that may hold secrets (.env, keys).",
		"Try a part of it, mode regex, case_sensitive: false, or no path, glob and type.",
	];
	return safeText(sentences.join(" "), secretsOnly);
}

function render(
	result: SearchResult,
	file: (found: FoundFile, namedCommits: Set<string>) => string,
	{ how, known }: { readonly how: string; readonly known: readonly string[] },
): SafeText {
	const { matches, fileCount, shown, files, nextCursor, trail, absence } = result;
	const counts = `${count(matches, "match", "matches")} in ${count(fileCount, "file", "files")}, showing ${shown}${how}.`;
	const cursor =
		nextCursor === undefined
			? []
			: [
					ours("More: cursor"),
					joined([safeCursor(nextCursor), ours(", or narrow by path, glob or type.")], ""),
				];
	const head = joined(
		[
			...[counts, ...notRaised(result), ...hints(result), ...known].map(ours),
			...cursor,
			...notes(result).map(ours),
		],
		" ",
	);
	const body: string[] = [];
	const namedCommits = new Set<string>();
	let role: Role | undefined;
	let generated = false;
	for (const found of files) {
		const first = found.items[0]?.role;
		if (result.isErrorCode && found.kind === "generated" && !generated) {
			generated = true;
			body.push("# generated or vendored");
		} else if (result.isErrorCode && first !== role && !generated) {
			// Where the code goes is shown right after the raising lines.
			if (role === "raises" && trail !== undefined) body.push(...trailLines(trail));
			role = first;
			body.push(`# ${role}`);
		}
		body.push(file(found, namedCommits));
	}
	if (role === "raises" && trail !== undefined) body.push(...trailLines(trail));
	if (absence !== undefined) body.push(...absenceLines(absence, namedCommits));
	return joined([head, ours(markedBlock("repository", body.join("\n")))], "\n");
}

/** Code is shown with the addresses in it. */
function ours(words: string): SafeText {
	return safeText(words, secretsOnly);
}
