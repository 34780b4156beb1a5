// Text in double quotes: SQLite takes it for a name, and for a text only where there is no such name.

import { type Parsed, parse } from "../text/structure.ts";
import { nameOf } from "../text/tokens.ts";
import { fold } from "./rename.ts";

/** The name, where SQLite misses one that was written in double quotes. */
export function quotedName(missing: string): string | undefined {
	return /^"([^"]{1,300})"$/.exec(missing)?.[1];
}

/** The text with single quotes around what stood in double ones. */
export function asText(parsed: Parsed, name: string): Parsed {
	return parse(
		parsed.tokens
			.map((token) =>
				token.text.startsWith('"') && fold(nameOf(token) ?? "") === fold(name)
					? `'${(nameOf(token) ?? "").replaceAll("'", "''")}'`
					: token.text,
			)
			.join(""),
	);
}
