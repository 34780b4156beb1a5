// The lines of the conditions under which a place is reached, and those of its function that run after it.

import { ancestors, field, functionTypes } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import type { LineRange } from "./line-range.ts";

const conditional =
	/^(if_statement|elif_clause|ternary_expression|conditional_expression|switch_case|expression_case|case_clause|while_statement|for_statement)$/;
const leaving = /\b(return|throw|raise|continue|break)\b/;

/** Conditions of the branches around a node up to its function, and those of early exits right before them. */
export function guardLines(start: Node): readonly LineRange[] {
	const lines: LineRange[] = [];
	let value = start;
	for (const node of ancestors(start)) {
		if (conditional.test(node.type)) {
			const condition = field(node, "condition", "value") ?? node.namedChild(0) ?? undefined;
			if (condition !== undefined && condition.id !== value.id) lines.push(linesOf(condition));
		} else if (/block|statement_list/.test(node.type)) lines.push(...earlyExits(node, value));
		if (functionTypes.has(node.type)) break;
		value = node;
	}
	return lines;
}

const loops = /^(?:for|while|do)_?\w*statement$|^enhanced_for_statement$/;
const statement = /statement$|declaration$|^(?:throw|raise|return)/;

/** The last line of a function that can run before a place is reached; undefined where the place is in a callback. */
export function lastLineBefore(start: Node, { from, to }: LineRange): number | undefined {
	let last = start.endPosition.row + 1;
	let isWhole = false;
	for (const node of ancestors(start)) {
		const lines = linesOf(node);
		if (functionTypes.has(node.type)) return lines.from >= from && lines.to === to ? last : undefined;
		if (!isWhole && statement.test(node.type)) {
			isWhole = true;
			last = lines.to;
		}
		if (loops.test(node.type)) last = lines.to;
	}
	return undefined;
}

function earlyExits(block: Node, value: Node): readonly LineRange[] {
	const exits: LineRange[] = [];
	for (const child of block.namedChildren) {
		if (child === null) continue;
		if (child.id === value.id) break;
		if (child.type === "if_statement" && leaving.test(child.text.slice(0, 2000))) exits.push(linesOf(child));
	}
	return exits.slice(-3);
}

function linesOf(node: Node): LineRange {
	return { from: node.startPosition.row + 1, to: node.endPosition.row + 1 };
}
