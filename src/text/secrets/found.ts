// A secret in a text, by where it stands; and where one can begin.

/** Half open: `text.slice(from, to)` is what is hidden. */
export interface FoundSecret {
	readonly kind: string;
	readonly from: number;
	readonly to: number;
}

/** Escapes such as `%3D`, `\n` and a colour, by how they begin: each ends with a letter or a digit, and is of no word. */
const escapes: readonly (readonly [sign: string, rest: RegExp])[] = [
	["%", /[0-9A-Fa-f]{2}/y],
	["\\", /[nrtbf]|u[0-9a-f]{4}/y],
	["[", /[0-9;]{0,10}m/y],
];
const endsEscape = new RegExp(
	`(?:${escapes.map(([sign, { source }]) => `\\${sign}(?:${source})`).join("|")})$`,
);

/** Not inside a word; behind an escape one begins. */
export function isStart(text: string, at: number): boolean {
	if (at === 0 || !/[A-Za-z0-9]/.test(text.charAt(at - 1))) return true;
	return endsEscape.test(text.slice(Math.max(0, at - 14), at));
}

/** Where the escapes of a text end. */
export function escapesIn(text: string): readonly number[] {
	const ends: number[] = [];
	for (const [sign, rest] of escapes) {
		for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
			rest.lastIndex = at + 1;
			if (rest.test(text)) ends.push(rest.lastIndex);
		}
	}
	return ends;
}
