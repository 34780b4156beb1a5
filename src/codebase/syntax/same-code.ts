// Whether two versions of a file are the same code: they differ in comments, layout and local names only.

import { isSameButLocalNames, type LocalName } from "./local-names.ts";
import { functionTypes } from "./nodes.ts";
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
	if (first === undefined || second === undefined) return undefined;
	return first.text === second.text && isSameButLocalNames(first.names, second.names);
}

interface Shape {
	/** The tree without comments, layout, docstrings and the names below. */
	readonly text: string;
	readonly names: readonly LocalName[];
}

/** @returns undefined for a tree that is too large, or has syntax errors */
function shapeOf(root: Node): Shape | undefined {
	if (root.hasError) return undefined;
	const parts: string[] = [];
	const names: LocalName[] = [];
	const cursor = root.walk();
	let seen = 0;
	let depth = 0;
	let holder: { readonly number: number; readonly depth: number } | undefined;
	let holders = 0;
	try {
		for (;;) {
			seen += 1;
			if (seen > maxNodes) return undefined;
			const type = cursor.nodeType;
			const isPassed =
				type === "comment" || (type === "expression_statement" && isDocstring(cursor.currentNode));
			if (holder === undefined && functionTypes.has(type)) {
				holders += 1;
				holder = { number: holders, depth };
			}
			if (!isPassed && cursor.gotoFirstChild()) {
				depth += 1;
				if (type !== "parenthesized_expression") parts.push(`(${type}`);
				continue;
			}
			if (!isPassed && type === "identifier") {
				names.push({ name: cursor.nodeText, holder: holder?.number ?? 0, ...usedAs(cursor.currentNode) });
				parts.push(type);
			} else if (!isPassed && !layout.test(type)) parts.push(cursor.nodeText);
			while (!cursor.gotoNextSibling()) {
				if (!cursor.gotoParent()) return { text: parts.join(" "), names };
				depth -= 1;
				if (holder?.depth === depth) holder = undefined;
				if (cursor.nodeType !== "parenthesized_expression") parts.push(")");
			}
			if (holder?.depth === depth) holder = undefined;
		}
	} finally {
		cursor.delete();
	}
}

const declaring =
	/^(?:variable_declarator|assignment|short_var_declaration|var_spec|for_in_statement|for_statement|array_pattern|catch_clause|for_in_clause)$/;
const parameters =
	/^(?:formal_parameters|required_parameter|optional_parameter|parameter_declaration|arrow_function|rest_pattern)$/;

/** What stands at a name: a declaration of it, or a name that other code or the language reads as it is. */
function usedAs(node: Node): Pick<LocalName, "isDeclared" | "isFixed"> {
	const { parent } = node;
	if (parent === null) return { isDeclared: false, isFixed: true };
	const isNamedBy = (...fields: readonly string[]) =>
		fields.some((field) => parent.childForFieldName(field)?.id === node.id);
	// Callers name a Python parameter, and a keyword is that name; a member's declaration is its class's.
	const isFixed =
		(parent.type === "keyword_argument" && isNamedBy("name")) ||
		(parent.type === "attribute" && isNamedBy("attribute")) ||
		/^(?:global_statement|nonlocal_statement|parameters|default_parameter|typed_parameter|typed_default_parameter|lambda_parameters)$/.test(
			parent.type,
		) ||
		(/^required_parameter$/.test(parent.type) &&
			parent.namedChildren.some((child) => child?.type === "accessibility_modifier"));
	const isDeclared =
		!isFixed &&
		((declaring.test(parent.type) &&
			(isNamedBy("name", "left", "parameter") || parent.type === "array_pattern")) ||
			(parameters.test(parent.type) && !isNamedBy("body", "value", "type")) ||
			parent.type === "expression_list");
	return { isDeclared, isFixed };
}

function isDocstring(node: Node): boolean {
	return (
		node.type === "expression_statement" &&
		node.namedChildCount === 1 &&
		node.namedChild(0)?.type === "string"
	);
}
