// Renders one line of code: secrets masked, invisible characters visible, clipped around its match.

import { maskSecrets, visible, visibleLine } from "../text/index.ts";

/** Characters of a line that are read, around the match: minified files have lines of a megabyte. */
const maxLooked = 8000;

/**
 * @param column where the match begins, 0-based
 * @param length in characters
 */
export function shortLine(text: string, column: number | undefined, length: number): string {
	const from = text.length <= maxLooked ? 0 : Math.max(0, (column ?? 0) - maxLooked / 2);
	const looked = text.slice(from, from + maxLooked);
	if (isOpaque(looked)) return `[hidden: encoded data] (${text.length} characters)`;
	// A tab stays a tab: an edit's old text is copied from here.
	const indented = visible(maskSecrets(looked));
	if (from === 0 && indented.length <= length) return indented.trimEnd();
	const lead = Math.max(0, (column ?? 0) - from - Math.floor(length / 3));
	const start = Math.min(lead, Math.max(0, indented.length - length));
	const shown = indented.slice(start, start + length).toWellFormed();
	return `${start + from > 0 ? "…" : ""}${shown}… (${text.length} characters)`;
}

/** A line of a key file or of embedded data. */
function isOpaque(text: string): boolean {
	return /^\s{0,40}["'`]?[A-Za-z0-9+/]{60,8000}={0,2}["'`]?[,;+]?\s{0,4}$/.test(text);
}

/** An untrusted name, condition or subject from the repository, on one line. */
export function foreign(text: string, maxLength = 200): string {
	const line = visibleLine(maskSecrets(text));
	return line.length > maxLength ? `${line.slice(0, maxLength).toWellFormed()}…` : line;
}
