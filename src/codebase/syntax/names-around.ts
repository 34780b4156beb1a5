// The functions and classes that lines of a file stand in.

import { enclosingOf } from "./enclosing.ts";
import { languageOf, withTree } from "./syntax.ts";

/**
 * @param lines 1-based
 * @returns in the order of the lines, undefined at the top level; undefined for a file that cannot be parsed
 */
export async function namesAround(
	path: string,
	text: string,
	lines: readonly number[],
): Promise<readonly (string | undefined)[] | undefined> {
	const language = languageOf(path);
	if (language === undefined) return undefined;
	const rows = text.split("\n");
	return withTree(language, text, (root) =>
		lines.map((line) => {
			const column = (rows[line - 1] ?? "").search(/\S/);
			const point = { row: line - 1, column: Math.max(0, column) };
			const node = root.namedDescendantForPosition(point);
			return node === null ? undefined : enclosingOf(node)?.name;
		}),
	);
}
