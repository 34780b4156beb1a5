import type { RepositoryRoot } from "../../system/index.ts";
import { fileKind } from "./paths.ts";
import { ripgrep } from "./ripgrep.ts";

/** The longest that the search may take, and the most lines that it looks at. */
const timeoutMs = 3000;
const maxLines = 2000;

/** The code files of the work tree that hold a word, letter case included. */
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
