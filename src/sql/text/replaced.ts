// Replaces tokens of a text, of which nothing else is cut up again.

import { type Parsed, parsedOf } from "./structure.ts";
import { blank, is, type Token, tokenize } from "./tokens.ts";

/**
 * A text in which other texts stand in some tokens' places; an empty one leaves the token out. Nothing else is cut up
 * again, and a space keeps apart what would be one token otherwise.
 */
export function replaced({ tokens }: Parsed, texts: ReadonlyMap<number, string>): Parsed {
	const written: Token[] = [];
	let isBesideChange = false;
	const add = (token: Token) => {
		const before = written.at(-1);
		if (isBesideChange && before !== undefined && !separates(before) && !separates(token))
			written.push(blank);
		written.push(token);
	};
	tokens.forEach((token, index) => {
		const text = texts.get(index);
		isBesideChange ||= text !== undefined;
		for (const one of text === undefined ? [token] : tokenize(text)) {
			add(one);
			isBesideChange = false;
		}
		isBesideChange ||= text !== undefined;
	});
	return parsedOf(written);
}

function separates(token: Token): boolean {
	return token.kind === "space" || is(token, "(", ")", ",");
}
