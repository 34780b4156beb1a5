// Text in double quotes: SQLite takes it for a name, and for a text only where there is no such name.

import { replaced } from "../text/replaced.ts";
import type { Parsed } from "../text/structure.ts";
import { fold, nameOf } from "../text/tokens.ts";

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
