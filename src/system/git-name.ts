// Reads the names of files as git quotes them.

const escapes: Readonly<Record<string, number>> = {
	a: 7,
	b: 8,
	t: 9,
	n: 10,
	v: 11,
	f: 12,
	r: 13,
	'"': 34,
	"\\": 92,
};

/**
 * Decodes a name in quotation marks, with C escapes and bytes in octal (git's `quote.c`); an unquoted name is returned
 * unchanged.
 *
 * @returns undefined if it is quoted in another way, or is not UTF-8
 */
export function unquoteGitName(name: string): string | undefined {
	if (!name.startsWith('"')) return name;
	const bytes: number[] = [];
	let index = 1;
	while (index < name.length && name.charAt(index) !== '"') {
		if (name.charAt(index) !== "\\") {
			const char = String.fromCodePoint(name.codePointAt(index) ?? 0);
			bytes.push(...Buffer.from(char, "utf8"));
			index += char.length;
			continue;
		}
		const octal = /^[0-3][0-7]{2}/.exec(name.slice(index + 1, index + 4))?.[0];
		const byte = octal === undefined ? escapes[name.charAt(index + 1)] : Number.parseInt(octal, 8);
		if (byte === undefined) return undefined;
		bytes.push(byte);
		index += octal === undefined ? 2 : 4;
	}
	if (index !== name.length - 1) return undefined;
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
	} catch {
		return undefined;
	}
}
