// Writes SQL so that the API's word filter lets it through.

import { CannotBeSent } from "../failures/index.ts";
import { forbiddenWord, text as literal } from "../sql.ts";
import { isIn, nameOf, type Token } from "./tokens.ts";

/**
 * The text as it is sent: comments dropped, and strings in which the API's filter would see a
 * forbidden word or a `;` written so that it does not.
 */
export function writeForFilter(tokens: readonly Token[]): {
	readonly text: string;
	/** A string is written in another way. */
	readonly isRewritten: boolean;
} {
	let before: Token | undefined;
	let isRewritten = false;
	let text = "";
	for (const token of tokens) {
		const after = before;
		if (token.kind !== "comment" && token.kind !== "space") before = token;
		if (token.kind === "comment") text += " ";
		else if (token.kind !== "string" || isHarmless(token.text)) text += token.text;
		else {
			if (after !== undefined && !mayPrecedeValue(after))
				throw new CannotBeSent(forbiddenWord(token.text) ?? ";");
			isRewritten = true;
			text += literal(nameOf(token) ?? "");
		}
	}
	return { text: text.trim(), isRewritten };
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

function isHarmless(text: string): boolean {
	return !text.includes(";") && forbiddenWord(text) === undefined;
}

/**
 * Holds a whole text against the API's filter (contract, "Answers").
 *
 * @throws {CannotBeSent} where a name holds what cannot be written otherwise
 */
export function refuseForFilter(text: string): void {
	const word = forbiddenWord(text) ?? (text.includes(";") ? ";" : undefined);
	if (word !== undefined) throw new CannotBeSent(word);
}
