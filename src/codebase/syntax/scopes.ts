// The part of the code in which a variable can be seen, and its uses there.

import { ancestors, field, functionTypes } from "./nodes.ts";
import type { Node } from "./syntax.ts";

const maxUses = 8;
const maxVisited = 20_000;
const blocks = /^(statement_block|block|switch_case|switch_default|statement_list|program)$/;

/** The block or function that declares a name as seen from a place; the function around it if none does. */
export function scopeOf(place: Node, name: string): Node | undefined {
	let around: Node | undefined;
	for (const above of ancestors(place)) {
		if (declares(above, name)) return above;
		if (functionTypes.has(above.type)) around ??= above;
	}
	return around;
}

/** Uses of a name after a place, without those of another variable of that name further inside. */
export function usesOf(scope: Node, name: string, after: number): readonly Node[] {
	const uses: Node[] = [];
	let visited = 0;
	const open: Node[] = [scope];
	for (let node = open.pop(); node !== undefined && uses.length < maxUses; node = open.pop()) {
		visited += 1;
		if (visited > maxVisited) break;
		if (node.endIndex <= after || (node.id !== scope.id && declares(node, name))) continue;
		if (
			/^(identifier|shorthand_property_identifier)$/.test(node.type) &&
			node.text === name &&
			node.startIndex >= after
		) {
			uses.push(node);
		}
		for (const child of [...node.namedChildren].reverse()) if (child !== null) open.push(child);
	}
	return uses;
}

/** Whether a block or a function itself declares a name. */
function declares(node: Node, name: string): boolean {
	if (functionTypes.has(node.type)) {
		const parameters = field(node, "parameters", "parameter");
		return parameters?.descendantsOfType("identifier").some((one) => one?.text === name) === true;
	}
	if (node.type === "catch_clause") return field(node, "parameter")?.text === name;
	if (!blocks.test(node.type)) return false;
	return node.namedChildren.some((statement) => {
		if (statement === null) return false;
		if (/^(lexical_declaration|variable_declaration)$/.test(statement.type)) {
			return statement.namedChildren.some((one) => {
				const target = one === null ? undefined : field(one, "name");
				return target?.text === name || (target !== undefined && isTakenApart(target, name));
			});
		}
		return statement.type === "short_var_declaration" && field(statement, "left")?.text === name;
	});
}

/** `const { code } = error`. */
function isTakenApart(pattern: Node, name: string): boolean {
	return (
		/_pattern$/.test(pattern.type) &&
		pattern
			.descendantsOfType(["shorthand_property_identifier_pattern", "identifier"])
			.some((one) => one?.text === name)
	);
}
