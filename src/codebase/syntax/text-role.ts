// Guesses a line's role from its text, where no grammar is available.

import { lineAt, type MatchPosition, type Source } from "../find/source.ts";
import type { Role } from "./roles.ts";

/** Programming languages without a grammar here; in data and configuration a code is a mention. */
const programs =
	/\.(java|kt|kts|scala|groovy|cs|fs|vb|php|rb|rs|swift|m|mm|c|cc|cpp|h|hpp|dart|ex|exs|erl|clj|lua|pl|pm|r|vue|svelte|astro)$/i;

/** By the words around the match; only a guess. */
export function roleFromText(source: Source, { line, column, matched }: MatchPosition): Role {
	if (!programs.test(source.path)) return "mention";
	const text = lineAt(source, line);
	const before = text.slice(Math.max(0, column - 200), column).trimStart();
	const after = text.slice(column + matched.length, column + matched.length + 100);
	if (/^(\/\/|#|\*|\/\*|--|;|<!--)/.test(before)) return "mention";
	if (!/["'`:]$/.test(before) && !/[.]$/.test(before)) return "mention";
	if (/\b(throw|raise|return|fail)\b/.test(before)) return "raises";
	if (
		/(==|!=|\b(case|when|rescue|catch|in|equals)\b)/.test(before) ||
		/^["'`]?\)?\s{0,3}(=>|==|->)/.test(after)
	) {
		return "handles";
	}
	if (/\b(enum|const|static|final|type|val|def)\b/.test(before)) return "defines";
	return /\b\w*(code|status|error)\w*["'`]?\s{0,3}(=|:|=>)\s{0,3}["'`:]$/i.test(before)
		? "raises"
		: "mention";
}
