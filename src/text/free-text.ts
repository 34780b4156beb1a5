// A stranger's free text as a cell: masked, and cut with its length.

import { maskPersonal } from "./personal.ts";
import { isPlain } from "./plain.ts";
import { longestSecret, maskSecrets } from "./secrets.ts";

/** Characters of a text column that are read: clients write what they like. */
export const maxReadLength = 500;

/** How long a text is of which at most `maxReadLength` characters were read, in words. */
export function readLength(text: string): string {
	return text.length < maxReadLength ? String(text.length) : `${maxReadLength} or more`;
}

/**
 * A stranger's free text as a cell: what is shaped like a secret is hidden, addresses are masked unless the user
 * shows personal data, and a long text is cut with its length stated.
 *
 * @param maxLength in characters
 * @param length of the whole, in words, where `text` is not what it was
 */
export function freeText(
	text: string,
	maxLength: number,
	showPersonalData: boolean,
	length = String(text.length),
): string {
	if (text.length <= maxLength && isPlain(text)) return text;
	const masked = maskSecrets(text.slice(0, maxLength + longestSecret));
	const shown = showPersonalData ? masked : maskPersonal(masked);
	return shown.length <= maxLength && text.length <= maxLength + longestSecret
		? shown
		: `${shown.slice(0, maxLength).toWellFormed()}… (${length} characters)`;
}
