// Text in double quotes: SQLite takes it for a name, and for a text only where there is no such name.

import { replaced } from "../text/replaced.ts";
import type { Parsed } from "../text/structure.ts";
import { fold, is, nameOf } from "../text/tokens.ts";

/** The name, where SQLite misses one that was written in double quotes. */
export function quotedName(missing: string): string | undefined {
	return /^"([^"]{1,300})"$/.exec(missing)?.[1];
}

/** The text with single quotes around what stood in double ones. */
export function asText(parsed: Parsed, name: string): Parsed {
	const key = fold(name);
	const texts = new Map<number, string>();
	for (const { token, index } of parsed.places) {
		if (token.text.startsWith('"') && token.folded === key)
			texts.set(index, `'${(nameOf(token) ?? "").replaceAll("'", "''")}'`);
	}
	return replaced(parsed, texts);
}

/**
 * A keyword that stands as an alias behind AS, in quotes: `SELECT 1 AS nothing`. Undefined where the message names no such
 * place.
 *
 * @param said what SQLite says of the text
 */
export function withKeywordQuoted(parsed: Parsed, said: string): Parsed | undefined {
	const key = fold(/^near ["'](\w{1,60})["']: syntax error/.exec(said)?.[1] ?? "");
	const texts = new Map<number, string>();
	for (const [at, { token, index }] of parsed.places.entries()) {
		const [before, next] = [parsed.places[at - 1]?.token, parsed.places[at + 1]?.token];
		if (token.kind === "word" && token.folded === key && is(before, "AS") && !is(next, "("))
			texts.set(index, `"${token.text}"`);
	}
	return texts.size === 0 ? undefined : replaced(parsed, texts);
}
