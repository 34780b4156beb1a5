// The names of files in a diff's headers.

import { unquoteGitName } from "../../system/index.ts";
import { PatchRefused } from "../failures/index.ts";

/**
 * A name in a diff, without the quotation marks that git may have put around it.
 *
 * @throws {PatchRefused} if it is quoted in another way, or is not UTF-8
 */
export function unquoteOrRefuse(name: string): string {
	const plain = unquoteGitName(name);
	if (plain === undefined) {
		throw new PatchRefused("no_diff", undefined, "a file's name is quoted in a way that cannot be read");
	}
	return plain;
}

/** The name in a `---` or `+++` line; undefined for `/dev/null`. A time may follow it, after a tab. */
export function readHeaderPath(field: string): string | undefined {
	const name = field.startsWith('"') ? field.trimEnd() : (field.split("\t")[0] ?? "").trim();
	return name === "/dev/null" ? undefined : unquoteOrRefuse(name);
}

/** Prefixes that git writes in pairs: `a/ b/`, and with `diff.mnemonicPrefix` others. */
const prefix = /^[abciow]\//;

/**
 * Both names without git's prefixes, if both have one; a folder may be named `a` as well. For a single name, beside
 * `/dev/null`, only the usual prefix is removed: `a/` of a deleted file, `b/` of a new one.
 */
export function stripPrefixes(
	oldPath: string | undefined,
	newPath: string | undefined,
): { readonly oldPath: string | undefined; readonly newPath: string | undefined } {
	if (oldPath === undefined) return { oldPath, newPath: newPath?.replace(/^b\//, "") };
	if (newPath === undefined) return { oldPath: oldPath.replace(/^a\//, ""), newPath };
	// Half a pair of prefixes, as models write it.
	if (oldPath === `a/${newPath}`) return { oldPath: newPath, newPath };
	if (newPath === `b/${oldPath}`) return { oldPath, newPath: oldPath };
	const same = oldPath.charAt(0) === newPath.charAt(0);
	if (!prefix.test(oldPath) || !prefix.test(newPath) || same) return { oldPath, newPath };
	return { oldPath: oldPath.slice(2), newPath: newPath.slice(2) };
}

/** The one name in `diff --git a/NAME b/NAME`; undefined where the two differ. */
export function readGitHeader(rest: string): string | undefined {
	const middle = (rest.length - 1) / 2;
	if (!Number.isInteger(middle) || rest.charAt(middle) !== " ") return undefined;
	const paths = stripPrefixes(
		unquoteOrRefuse(rest.slice(0, middle)),
		unquoteOrRefuse(rest.slice(middle + 1)),
	);
	return paths.oldPath === paths.newPath ? paths.newPath : undefined;
}
