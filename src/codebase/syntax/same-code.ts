// Whether two versions of a file are the same code: they differ in comments and layout only.

import { languageOf, type Node, withTree } from "./syntax.ts";

/** Signs that formatters add and remove: the structure says what they separate. */
const layout = /^(?:[;,()"'`]|\n|\\s*)$/;
const maxNodes = 60_000;

/** @returns undefined if the language has no grammar, or a version is too long to compare */
export async function isSameCode(path: string, before: string, after: string): Promise<boolean | undefined> {
	const language = languageOf(path);
	if (language === undefined) return undefined;
	const first = await withTree(language, before, shapeOf);
	const second = await withTree(language, after, shapeOf);
	return first === undefined || second === undefined ? undefined : first === second;
}

/** The tree without comments, layout and docstrings; undefined for one that is too large, or has syntax errors. */
function shapeOf(root: Node): string | undefined {
	if (root.hasError) return undefined;
	const parts: string[] = [];
	const cursor = root.walk();
	let seen = 0;
	try {
		for (;;) {
			seen += 1;
			if (seen > maxNodes) return undefined;
			const type = cursor.nodeType;
			const isPassed =
				type === "comment" || (type === "expression_statement" && isDocstring(cursor.currentNode));
			if (!isPassed && cursor.gotoFirstChild()) {
				if (type !== "parenthesized_expression") parts.push(`(${type}`);
				continue;
			}
			if (!isPassed && !layout.test(type)) parts.push(cursor.nodeText);
			while (!cursor.gotoNextSibling()) {
				if (!cursor.gotoParent()) return parts.join(" ");
				if (cursor.nodeType !== "parenthesized_expression") parts.push(")");
			}
		}
	} finally {
		cursor.delete();
	}
}

function isDocstring(node: Node): boolean {
	return (
		node.type === "expression_statement" &&
		node.namedChildCount === 1 &&
		node.namedChild(0)?.type === "string"
	);
}
