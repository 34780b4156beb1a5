// SQL as a log may hold it: which tables and columns are read, and how, without any value.
import { type Token, tokenize } from "./tokens.ts";

/** Enough to tell one query from another. */
const maxLogged = 1000;

/** In quotes it is a name all the same: the guard's engine takes no text in double quotes. */
const plainName = /^["`[](\w{1,64})["`\]]$/;

/**
 * The SQL on one line, each literal a `?`. A name in quotes that is not a plain word may hold anything, and is a `?`
 * as well. A text that is long is cut.
 */
export function blankLiterals(sql: string, maxLength = maxLogged): string {
	const blanked = tokenize(sql)
		.map(blank)
		.join("")
		.replaceAll(/ +/g, " ")
		.replaceAll(/\?(?:, ?\?)+/g, "?, …")
		.trim();
	return blanked.length > maxLength ? `${blanked.slice(0, maxLength)}…` : blanked;
}

function blank({ kind, text }: Token): string {
	switch (kind) {
		case "word":
		case "sign":
			return text;
		case "space":
		case "comment":
			return " ";
		case "quoted":
			return plainName.exec(text)?.[1] ?? "?";
		case "string":
		case "blob":
		case "number":
		case "variable":
		case "unterminated":
		case "illegal":
			return "?";
	}
}
