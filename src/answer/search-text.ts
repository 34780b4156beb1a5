import type { FoundFile, SearchResult } from "../codebase/search.ts";
import { fits } from "./budget.ts";
import { maskSecrets } from "./secrets.ts";
import { markedBlock, quoteUntrusted, visibleLine } from "./untrusted.ts";

/** Characters of a line that are shown. */
const lineLengths = [300, 160, 80] as const;

/** A search's result as an agent reads it: shortened in steps until it fits, and saying so. */
export function renderSearch(result: SearchResult): string {
	if (result.matches === 0) return empty(result);
	for (const withContext of [true, false]) {
		for (const length of lineLengths) {
			const text = render(
				result,
				(file) => renderFile(file, withContext, length),
				withContext ? "" : ", without context",
			);
			if (fits(text)) return text;
		}
	}
	return render(result, (file) => `${visibleLine(file.path)}: ${file.matches}`, ", counts only");
}

function empty(result: SearchResult): string {
	const early =
		result.cut === undefined
			? ""
			: ` The search ended early (${result.cut}): narrow it by path, glob or type.`;
	const hidden =
		result.hiddenFiles === 0
			? ""
			: ` ${result.hiddenFiles} files that may hold secrets match and are not shown.`;
	return `No match for ${quoteUntrusted(result.pattern)}.${early}${hidden} Try a part of it, mode regex, case_sensitive: false, or no path, glob and type.`;
}

function render(result: SearchResult, file: (found: FoundFile) => string, how: string): string {
	const { matches, fileCount, shown, files, nextCursor, cut, unreadable, hiddenFiles } = result;
	const more =
		nextCursor === undefined ? "" : ` More: cursor ${nextCursor}, or narrow by path, glob or type.`;
	const notes = [
		cut === undefined ? "" : ` The search ended early (${cut}), so there may be more.`,
		unreadable ? " Some files could not be read." : "",
		hiddenFiles === 0 ? "" : ` ${hiddenFiles} files that may hold secrets are not shown.`,
	].join("");
	const head = `${matches} ${matches === 1 ? "match" : "matches"} in ${fileCount} ${fileCount === 1 ? "file" : "files"}, showing ${shown}${how}.${more}${notes}`;
	return `${head}\n${markedBlock("repository", files.map(file).join("\n"))}`;
}

function renderFile(file: FoundFile, withContext: boolean, length: number): string {
	const left = file.matches - file.shown;
	const lines = file.lines.filter(({ isMatch }) => withContext || isMatch);
	const kind = file.kind === "code" ? "" : ` (${file.kind})`;
	return [
		`${visibleLine(file.path)}${kind}${left > 0 ? ` (+${left} more matches)` : ""}`,
		...lines.map(
			({ line, text, isMatch }) => `${line}${isMatch ? ":" : "-"} ${clip(maskSecrets(text), length)}`,
		),
	].join("\n");
}

/** Long lines are minified code or data: their beginning tells enough. */
function clip(text: string, length: number): string {
	const line = visibleLine(text.replaceAll("\t", "  "));
	return line.length <= length ? line : `${line.slice(0, length)}… (${line.length} characters)`;
}
