import { CannotBeSent } from "./errors.ts";
import { forbiddenWord, text as literal } from "./sql.ts";
import { nameOf, type Token } from "./tokens.ts";

/**
 * The text as it is sent: comments and the closing `;` dropped, and strings in which the API's filter would see a
 * forbidden word or a `;` written so that it does not.
 */
export function writeForFilter(tokens: readonly Token[]): string {
	const end = tokens.findLastIndex(
		({ kind, text }) => kind !== "space" && kind !== "comment" && text !== ";",
	);
	return tokens
		.slice(0, end + 1)
		.map((token) => {
			if (token.kind === "comment") return " ";
			if (token.kind !== "string") return token.text;
			return isHarmless(token.text) ? token.text : literal(nameOf(token) ?? "");
		})
		.join("")
		.trim();
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
