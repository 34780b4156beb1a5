// Writes SQL so that the API's word filter lets it through.

import { CannotBeSent } from "../failures/index.ts";
import { forbiddenWord, text as literal } from "../sql.ts";
import { isIn, nameOf, type Token } from "./tokens.ts";

/** The text with the strings in which the API's filter would see a forbidden word or a `;` written so that it does not. */
export function writeForFilter(tokens: readonly Token[]): string {
	let before: Token | undefined;
	let text = "";
	for (const token of tokens) {
		const after = before;
		if (token.kind !== "space") before = token;
		const refused = token.kind === "string" ? refusedIn(token.text) : undefined;
		if (refused !== undefined && after !== undefined && !mayPrecedeValue(after))
			throw new CannotBeSent(refused);
		text += refused === undefined ? token.text : literal(nameOf(token) ?? "");
	}
	return text;
}

const wordsBeforeValues = new Set(
	"ALL AND BETWEEN BY CASE DISTINCT ELSE ESCAPE FROM GLOB HAVING IS LIKE LIMIT NOT OFFSET ON OR SELECT THEN WHEN WHERE".split(
		" ",
	),
);

/** After anything else a string is an alias or another name, in which nothing can be rewritten. */
export function mayPrecedeValue(token: Token): boolean {
	return token.kind === "sign" ? token.text !== ")" : isIn(token, wordsBeforeValues);
}

/** What the API's filter refuses in a text (contract, "Answers"). */
export function refusedIn(text: string): string | undefined {
	return forbiddenWord(text) ?? (text.includes(";") ? ";" : undefined);
}

/**
 * Holds a whole text against the API's filter.
 *
 * @throws {CannotBeSent} where a name holds what cannot be written otherwise
 */
export function refuseForFilter(text: string): void {
	const word = refusedIn(text);
	if (word !== undefined) throw new CannotBeSent(word);
}
