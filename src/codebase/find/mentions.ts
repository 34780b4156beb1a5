// Finds the code files that contain a word.

import type { RepositoryRoot } from "../../system/index.ts";
import { fileKind } from "./paths.ts";
import { ripgrep } from "./ripgrep.ts";

/** Upper bounds of the search: milliseconds, matching lines. */
const timeoutMs = 3000;
const maxLines = 2000;

/** Case-sensitive. */
export async function filesMentioning(
	root: RepositoryRoot,
	word: string,
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<ReadonlySet<string>> {
	const files = new Set<string>();
	await ripgrep({
		root,
		patterns: [word],
		mode: "word",
		caseSensitive: true,
		type: undefined,
		path: undefined,
		accepts: (path) => fileKind(path) === "code" && accepts(path),
		onHit: ({ path }) => files.add(path),
		maxMatches: maxLines,
		timeoutMs,
		signal,
	});
	return files;
}
