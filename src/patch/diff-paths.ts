import { PatchRefused } from "./errors.ts";

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
 * Reads a name that git put in quotation marks, with C escapes and bytes in octal (git's `quote.c`).
 *
 * @throws {PatchRefused} where it is quoted in another way, or is no UTF-8
 */
export function unquote(name: string): string {
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
		if (byte === undefined) throw unreadable();
		bytes.push(byte);
		index += octal === undefined ? 2 : 4;
	}
	if (index !== name.length - 1) throw unreadable();
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
	} catch {
		throw unreadable();
	}
}

function unreadable(): PatchRefused {
	return new PatchRefused("no_diff", undefined, "a file's name is quoted in a way that cannot be read");
}

/** The name in a `---` or `+++` line; undefined for `/dev/null`. A time may follow it, after a tab. */
export function readHeaderPath(field: string): string | undefined {
	const name = field.startsWith('"') ? field.trimEnd() : (field.split("\t")[0] ?? "").trim();
	return name === "/dev/null" ? undefined : unquote(name);
}

/** Prefixes that git writes in pairs: `a/ b/`, and with `diff.mnemonicPrefix` others. */
const prefix = /^[abciow]\//;

/** Both names without git's prefixes, where both have one; a folder may be named `a` as well. */
export function stripPrefixes(
	oldPath: string | undefined,
	newPath: string | undefined,
): { readonly oldPath: string | undefined; readonly newPath: string | undefined } {
	const prefixed = (path: string | undefined) => path === undefined || prefix.test(path);
	const same = oldPath !== undefined && newPath !== undefined && oldPath.charAt(0) === newPath.charAt(0);
	if (!prefixed(oldPath) || !prefixed(newPath) || same) return { oldPath, newPath };
	return { oldPath: oldPath?.slice(2), newPath: newPath?.slice(2) };
}

/** The one name in `diff --git a/NAME b/NAME`; undefined where the two differ. */
export function readGitHeader(rest: string): string | undefined {
	const middle = (rest.length - 1) / 2;
	if (!Number.isInteger(middle) || rest.charAt(middle) !== " ") return undefined;
	const paths = stripPrefixes(unquote(rest.slice(0, middle)), unquote(rest.slice(middle + 1)));
	return paths.oldPath === paths.newPath ? paths.newPath : undefined;
}
