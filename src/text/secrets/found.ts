// A secret in a text, by where it stands; and where one can begin.

/** Half open: `text.slice(from, to)` is what is hidden. */
export interface FoundSecret {
	readonly kind: string;
	readonly from: number;
	readonly to: number;
}

/** Not inside a word; an escape such as `%3D`, `\n` or a colour before it is none. */
export function isStart(text: string, at: number): boolean {
	if (at === 0 || !/[A-Za-z0-9]/.test(text.charAt(at - 1))) return true;
	return /(?:%[0-9A-Fa-f]{2}|\\[nrtbf]|\\u[0-9a-f]{4}|\[[0-9;]{0,10}m)$/.test(
		text.slice(Math.max(0, at - 14), at),
	);
}
