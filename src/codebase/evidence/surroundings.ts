// Gathers what stands around a raising line, for its events to be held against.

import { enclosingOf } from "../syntax/enclosing.ts";
import {
	ancestors,
	callTypes,
	classTypes,
	field,
	functionTypes,
	nearestOf,
	stringContent,
} from "../syntax/nodes.ts";
import { codeName, keyName } from "../syntax/roles.ts";
import type { Node } from "../syntax/syntax.ts";
import type { Surroundings } from "./fit.ts";

const maxText = 6000;
const conditional = /^(if_statement|elif_clause|ternary_expression|conditional_expression|while_statement)$/;
const blocks = /^(statement_block|block|statement_list)$/;
const objects = /^(object|dictionary)$/;
const labelled = /^(switch_case|expression_case|case_clause)$/;

/** What the file says; the callers are added by who knows them. */
export function surroundingsOf(value: Node, path: string): Omit<Surroundings, "callers"> {
	const held: string[] = [];
	const failed: string[] = [];
	let statement: string | undefined;
	const given: string[] = [];
	let whole: Node | undefined;
	let inner = value;
	for (const above of ancestors(value)) {
		if (isStatement(above) || isRule(above)) statement ??= above.text.slice(0, 400);
		if (conditional.test(above.type)) {
			const condition = field(above, "condition") ?? above.namedChild(1);
			if (condition !== null && condition.id !== inner.id)
				(isHeld(above, inner) ? held : failed).push(withValues(condition));
		} else if (labelled.test(above.type)) {
			const label = field(above, "value", "pattern") ?? above.namedChild(0);
			if (label !== null && label.id !== inner.id) held.push(short(label), ...labelsBefore(above));
		} else if (blocks.test(above.type)) failed.push(...exitsBefore(above, inner));
		if (objects.test(above.type)) given.push(...textsOf(above.namedChildren));
		if (functionTypes.has(above.type)) {
			whole = above;
			given.push(...decoratorsOf(above));
			const call = above.parent?.parent;
			// `defineJob("nightly", async () => …)`: what stands before the function says what it is for.
			if (call !== null && call !== undefined && callTypes.has(call.type))
				given.push(call.text.slice(0, 120));
			if (enclosingOf(above)?.name.endsWith(" callback") === false) {
				const holder = above.parent?.type === "pair" ? above.parent.parent : above.parent;
				if (holder !== null && holder !== undefined && objects.test(holder.type))
					given.push(...textsOf(holder.namedChildren));
				break;
			}
		}
		inner = above;
	}
	return {
		statement: statement ?? "",
		held,
		failed,
		inside:
			whole === undefined
				? ""
				: [whole.text.slice(0, maxText), ...constantsOf(whole), ...fieldsOf(whole)].join("\n"),
		place: [path, enclosingOf(value)?.name ?? "", ...given].join("\n"),
	};
}

/** Texts that the file's constants and the class's fields hold, of those that a function reads. */
function constantsOf(whole: Node): readonly string[] {
	let root = whole;
	for (const above of ancestors(whole)) root = above;
	const body = whole.text.slice(0, maxText);
	const holders = root.descendantsOfType([
		"variable_declarator",
		"public_field_definition",
		"const_spec",
		"assignment",
	]);
	return holders.slice(0, maxConstants).flatMap((holder) => {
		const name = holder === null ? undefined : field(holder, "name", "left")?.text;
		const value = holder === null ? undefined : field(holder, "value", "right");
		const text = value === undefined ? undefined : stringContent(value);
		return name === undefined || text === undefined || text.length > 80 || !body.includes(name) ? [] : [text];
	});
}

/** Texts that the class around a function says of itself: `provider = "shop"`. */
function fieldsOf(whole: Node): readonly string[] {
	return textsOf(nearestOf(whole, classTypes)?.childForFieldName("body")?.namedChildren ?? []);
}

/** Of members with a plain text, the texts. */
function textsOf(members: readonly (Node | null)[]): readonly string[] {
	return members.slice(0, maxConstants).flatMap((member) => {
		const declared = member?.type === "expression_statement" ? member.namedChild(0) : member;
		const value = declared === null || declared === undefined ? undefined : field(declared, "value", "right");
		const text = value === undefined ? undefined : stringContent(value);
		return text === undefined || text.length > 80 ? [] : [text];
	});
}

const maxConstants = 200;
const maxValue = 200;

/** A condition, with the values of the file's constants: `busy.has(status)` says `[429, 503]` too, `status === BUSY` 429. */
function withValues(condition: Node): string {
	const text = short(condition);
	let root = condition;
	for (const above of ancestors(condition)) root = above;
	const names = new Set(text.match(/[A-Za-z_$][\w$]*/g));
	const values = new Map(
		root
			.descendantsOfType(["variable_declarator", "assignment", "const_spec"])
			.slice(0, maxConstants)
			.flatMap((holder) => {
				const name = holder === null ? undefined : field(holder, "name", "left")?.text;
				const value = holder === null ? undefined : field(holder, "value", "right")?.text;
				return name !== undefined && names.has(name) && value !== undefined && value.length <= maxValue
					? [[name, value] as const]
					: [];
			}),
	);
	const plain = text.replace(/[A-Za-z_$][\w$]*/g, (name) => {
		const value = values.get(name);
		return value !== undefined && /^(?:\d{3}|["'][^"']*["'])$/.test(value) ? value : name;
	});
	const lists = [...values.values()].filter((value) => /^(?:new Set\(|[[{(])/.test(value));
	return [plain, ...lists].join(" ");
}

/** `@action("print_label")`, of Python and TypeScript: right before the function. */
function decoratorsOf(whole: Node): readonly string[] {
	const found: string[] = [];
	for (let before = whole.previousNamedSibling; before?.type === "decorator"; ) {
		found.push(short(before));
		before = before.previousNamedSibling;
	}
	return found;
}

/** `case "a":` without a body goes on to the next. */
function labelsBefore(label: Node): readonly string[] {
	const found: string[] = [];
	for (let before = label.previousNamedSibling; before !== null; before = before.previousNamedSibling) {
		if (!labelled.test(before.type) || before.namedChildCount !== 1) break;
		found.push(short(before.namedChild(0) ?? before));
	}
	return found;
}

/** Whether a branch is taken where its condition holds. */
function isHeld(branch: Node, inner: Node): boolean {
	if (branch.type === "conditional_expression") return branch.namedChild(0)?.id === inner.id;
	return (field(branch, "consequence", "body")?.id ?? -1) === inner.id;
}

function short(node: Node): string {
	return node.text.slice(0, 400);
}

/** A statement that only passes a value on; a block is none. */
function isStatement({ type }: Node): boolean {
	return /^(expression_statement|return_statement|throw_statement|raise_statement|lexical_declaration|short_var_declaration|assignment_statement)$/.test(
		type,
	);
}

/** `429: 'LLM_RATE_LIMITED'`: the key says when; `code: 'LLM_RATE_LIMITED'` says nothing. */
function isRule(node: Node): boolean {
	const key = /^(pair|keyed_element)$/.test(node.type) ? field(node, "key") : undefined;
	return key !== undefined && !codeName.test(keyName(key));
}

/** Early exits before a statement: their conditions did not hold. */
function exitsBefore(block: Node, statement: Node): readonly string[] {
	return block.namedChildren.flatMap((child) => {
		if (child === null || child.endIndex > statement.startIndex || child.type !== "if_statement") return [];
		const leaves = /\b(return|throw|raise|continue|break)\b/.test(
			field(child, "consequence")?.text.slice(0, 2000) ?? "",
		);
		const condition = field(child, "condition");
		return leaves && condition !== undefined ? [withValues(condition)] : [];
	});
}
