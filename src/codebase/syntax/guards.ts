// Reads the conditions under which a line is reached.

import { field, functionTypes, oneLine } from "./nodes.ts";
import type { Node } from "./syntax.ts";

const maxGuards = 2;
const maxLength = 160;

/**
 * The conditions under which a place is reached, the nearest first: enclosing branches up to the function, and after
 * early returns, that none of their conditions held. Further ones are `…`.
 */
export function guardsOf(start: Node): readonly string[] {
	const guards: string[] = [];
	let value = start;
	for (let node = start.parent; node !== null; value = node, node = node.parent) {
		const guard = guardOf(node, value);
		if (guard !== undefined && guards.length === maxGuards) return [...guards, "…"];
		if (guard !== undefined) guards.push(guard);
		if (functionTypes.has(node.type)) break;
	}
	return guards;
}

function guardOf(node: Node, value: Node): string | undefined {
	switch (node.type) {
		case "if_statement":
		case "elif_clause":
		case "ternary_expression":
			return branch(node, value);
		case "conditional_expression": {
			const [consequence, condition, alternative] = node.namedChildren;
			if (condition === undefined || condition === null || condition.id === value.id) return undefined;
			if (consequence?.id === value.id) return conditionText(condition);
			return alternative?.id === value.id ? `not (${conditionText(condition)})` : undefined;
		}
		case "binary_expression":
			return field(node, "operator")?.text === "&&" && field(node, "right")?.id === value.id
				? conditionText(field(node, "left"))
				: field(node, "operator")?.text === "??" && field(node, "right")?.id === value.id
					? `${conditionText(field(node, "left"))} is null or undefined`
					: undefined;
		case "switch_case":
			return field(node, "value")?.id === value.id
				? undefined
				: caseWords(node, node.parent?.parent ?? undefined);
		case "expression_case":
		case "type_case":
			return field(node, "value", "type")?.id === value.id
				? undefined
				: caseWords(node, node.parent ?? undefined);
		case "case_clause":
			return value.type === "case_pattern" ? undefined : caseWords(node, node.parent?.parent ?? undefined);
		case "switch_default":
		case "default_case":
			return "no case matches";
		case "catch_clause":
			return "an exception is caught";
		case "except_clause":
			return `except ${conditionText(node.namedChild(0) ?? undefined)}`;
		case "statement_block":
		case "block":
		case "statement_list":
			return fallThrough(node, value);
		default:
			return undefined;
	}
}

function branch(node: Node, value: Node): string | undefined {
	const condition = field(node, "condition");
	if (condition === undefined || condition.id === value.id) return undefined;
	if (field(node, "consequence")?.id === value.id) return conditionText(condition);
	// An `else if` has its own condition; an `elif` and an `else` arrive here as clauses.
	if (/^(else_clause|if_statement)$/.test(value.type) && holdsBranch(value)) return undefined;
	if (value.type === "elif_clause") return undefined;
	return `not (${conditionText(condition)})`;
}

function holdsBranch(value: Node): boolean {
	return value.type === "if_statement" || value.namedChild(0)?.type === "if_statement";
}

function caseWords(node: Node, statement: Node | undefined): string | undefined {
	const label = field(node, "value", "pattern", "type") ?? node.namedChild(0) ?? undefined;
	const subject = statement === undefined ? undefined : field(statement, "value", "subject");
	if (label === undefined) return undefined;
	// `switch (true)` chooses by its labels alone.
	return subject === undefined || conditionText(subject) === "true"
		? conditionText(label)
		: `${conditionText(subject)} is ${conditionText(label)}`;
}

/** A line after early returns is reached when none of their conditions held. */
function fallThrough(block: Node, value: Node): string | undefined {
	if (!/^(return_statement|throw_statement|raise_statement)$/.test(value.type)) return undefined;
	const before: Node[] = [];
	for (const child of block.namedChildren) {
		if (child === null || child.id === value.id) break;
		if (child.type === "if_statement" && leaves(child)) before.push(child);
	}
	const [first] = before;
	if (first === undefined) return undefined;
	if (before.length === 1) return `not (${conditionText(field(first, "condition"))})`;
	return `none of the ${before.length} conditions before it holds`;
}

/** Whether the branch ends the function. */
function leaves(statement: Node): boolean {
	const consequence = field(statement, "consequence");
	if (consequence === undefined || field(statement, "alternative") !== undefined) return false;
	return (
		/^\{?\s*(return|throw|raise)\b/.test(consequence.text.slice(0, 80)) ||
		/\b(return|throw|raise)\b[^;\n]*;?\s*\}?$/.test(consequence.text.slice(-200))
	);
}

function conditionText(node: Node | undefined): string {
	if (node === undefined) return "";
	const text = oneLine(node.text).replace(/^\((.*)\)$/, "$1");
	return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
