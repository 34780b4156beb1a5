import { maskAddresses, maskSecrets } from "./secrets.ts";

/**
 * A stranger's free text as a cell: what is shaped like a secret is hidden, addresses are masked unless the user
 * shows personal data, and a long text is cut with its length told.
 *
 * @param maxLength in characters
 */
export function freeText(text: string, maxLength: number, showPersonalData: boolean): string {
	const masked = maskSecrets(text);
	const shown = showPersonalData ? masked : maskAddresses(masked);
	return shown.length <= maxLength
		? shown
		: `${shown.slice(0, maxLength).toWellFormed()}… (${shown.length} characters)`;
}
