// Reads an expression of code as a condition, with the values of the file's own constants.

import {
	ancestors,
	callTypes,
	classTypes,
	field,
	functionTypes,
	lastName,
	nearestOf,
	stringContent,
} from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import { type Condition, not, type Sign, unknown } from "./condition.ts";

/** How far a flag of a flag is followed. */
const maxDepth = 4;
const maxValues = 40;
const maxDeclared = 2000;

interface Declaration {
	readonly value: Node;
	/** Where its name can be seen. */
	readonly from: number;
	readonly to: number;
}

/** What names of one file stand for. */
export class Declared {
	readonly #named = new Map<string, Declaration[]>();

	constructor(anywhere: Node) {
		let root = anywhere;
		for (const above of ancestors(anywhere)) root = above;
		const types = ["variable_declarator", "assignment", "const_spec", "enum_declaration", ...classTypes];
		for (const node of root.descendantsOfType([...types, ...functionTypes]).slice(0, maxDeclared)) {
			const name = node === null ? undefined : field(node, "name", "left")?.text;
			if (node === null || name === undefined) continue;
			const isHolder = /^(variable_declarator|assignment|const_spec)$/.test(node.type);
			const value = isHolder ? field(node, "value", "right") : node;
			if (value === undefined) continue;
			const { startIndex: from, endIndex: to } = nearestOf(node, functionTypes) ?? root;
			const known = this.#named.get(name) ?? [];
			this.#named.set(name, [...known, { value: bare(value), from, to }]);
		}
	}

	/** Of `Status.Gone`, the member's value. @param at where the name is read */
	of(name: string, at: Node): Node | undefined {
		const [first = "", member, ...more] = name.split(".");
		const seen = (this.#named.get(first) ?? []).filter(
			({ from, to }) => from <= at.startIndex && at.startIndex <= to,
		);
		// The innermost function that declares it.
		const node = seen.sort((one, other) => other.from - one.from)[0]?.value;
		if (node === undefined || member === undefined) return node;
		return more.length > 0 ? undefined : memberOf(node, member);
	}
}

function memberOf(holder: Node, member: string): Node | undefined {
	const body = /^(object|dictionary|composite_literal)$/.test(holder.type) ? holder : field(holder, "body");
	for (const one of body?.namedChildren ?? []) {
		const key = one === null ? undefined : field(one, "key", "name", "property");
		const value = one === null ? undefined : field(one, "value");
		if (key?.text.replace(/^["'`]|["'`]$/g, "") === member && value !== undefined) return bare(value);
	}
	return undefined;
}

/** Past brackets, casts, lists of one, `Object.freeze(…)`. */
export function bare(node: Node): Node {
	const isWrapped =
		/^(parenthesized_expression|as_expression|satisfies_expression|non_null_expression|await_expression|expression_list|case_pattern|dotted_name)$/.test(
			node.type,
		);
	const inner = isWrapped ? node.namedChild(0) : null;
	return inner === null ? node : bare(inner);
}

export interface Values {
	readonly values: readonly string[];
	readonly names: readonly string[];
}

const noValues: Values = { values: [], names: [] };

/** The texts and numbers that an expression stands for: `"gmail"`, `[429, 503]`, `new Set(…)`, a constant. */
export function valuesOf(node: Node, declared: Declared, depth = 0): Values | undefined {
	const value = bare(node);
	const text = stringContent(value);
	if (text !== undefined) return text.includes("${") ? undefined : { values: [text], names: [] };
	switch (value.type) {
		case "number":
		case "integer":
		case "int_literal":
			return { values: [value.text], names: [] };
		case "array":
		case "list":
		case "tuple":
		case "set":
		case "expression_list":
			return joined(value.namedChildren, declared, depth);
		case "new_expression":
			return joined(field(value, "arguments")?.namedChildren ?? [], declared, depth);
		case "identifier":
		case "member_expression":
		case "attribute":
		case "selector_expression": {
			const name = value.text.slice(0, 80);
			const meant = depth < maxDepth ? declared.of(name, value) : undefined;
			if (meant !== undefined) return valuesOf(meant, declared, depth + 1);
			// A constant's name, not that of a parameter or a field of one.
			return /^[A-Z]\w*(\.\w+)?$/.test(name) ? { values: [], names: [name] } : undefined;
		}
		default:
			return undefined;
	}
}

function joined(nodes: readonly (Node | null)[], declared: Declared, depth: number): Values | undefined {
	const all = nodes
		.slice(0, maxValues)
		.map((one) => (one === null ? noValues : valuesOf(one, declared, depth)));
	const known = all.flatMap((one) => (one === undefined ? [] : [one]));
	if (known.length < all.length || known.length === 0) return undefined;
	return { values: known.flatMap(({ values }) => values), names: known.flatMap(({ names }) => names) };
}

export function conditionOf(node: Node, declared: Declared, depth = 0): Condition {
	const value = bare(node);
	if (depth > maxDepth) return unknown;
	switch (value.type) {
		case "unary_expression":
		case "not_operator": {
			const inner = field(value, "argument", "operand");
			const isNot = value.type === "not_operator" || field(value, "operator")?.text === "!";
			return isNot && inner !== undefined ? not(conditionOf(inner, declared, depth)) : unknown;
		}
		case "binary_expression":
		case "boolean_operator":
			return ofBinary(value, declared, depth);
		case "comparison_operator": {
			const [left, right] = value.namedChildren;
			const sign = value.children.find((one) => one !== null && !one.isNamed)?.type ?? "";
			return left && right ? comparison(left, sign, right, declared) : unknown;
		}
		case "call_expression":
		case "call":
			return ofCall(value, declared, depth);
		case "identifier": {
			const meant = declared.of(value.text, value);
			if (meant === undefined) return { kind: "named", name: value.text, isNot: false };
			return conditionNamed(meant, declared, depth + 1);
		}
		default:
			return unknown;
	}
}

/** What a flag's value or a predicate's answer asks, or which status an error's class has. */
export function conditionNamed(meant: Node, declared: Declared, depth = 0): Condition {
	if (classTypes.has(meant.type)) return statusOfClass(meant, declared);
	if (!functionTypes.has(meant.type)) return conditionOf(meant, declared, depth);
	const body = field(meant, "body");
	if (body === undefined) return unknown;
	if (!/^(statement_block|block)$/.test(body.type)) return conditionOf(body, declared, depth);
	const statement = body.namedChildCount === 1 ? body.namedChild(0) : null;
	const answer = statement?.type === "return_statement" ? statement.namedChild(0) : null;
	return answer === null ? unknown : conditionOf(answer, declared, depth);
}

/** `class Gone extends HttpError { status = 410 }`, `super(410)`. */
function statusOfClass(meant: Node, declared: Declared): Condition {
	const body = field(meant, "body");
	const told = [
		...(body?.namedChildren ?? []).map((one) => (one === null ? undefined : field(one, "value"))),
		...(body?.descendantsOfType("call_expression") ?? []).flatMap((call) =>
			call !== null && field(call, "function")?.type === "super"
				? (field(call, "arguments")?.namedChildren ?? [])
				: [],
		),
	];
	const values = told.flatMap((one) =>
		one === null || one === undefined ? [] : (valuesOf(one, declared)?.values ?? []),
	);
	const statuses = values.filter((one) => /^[1-5]\d\d$/.test(one));
	return statuses.length === 1
		? { kind: "compare", subject: "status", sign: "in", values: statuses, names: [] }
		: unknown;
}

function ofBinary(value: Node, declared: Declared, depth: number): Condition {
	const [left, right] = [field(value, "left"), field(value, "right")];
	const sign = field(value, "operator")?.text ?? "";
	if (left === undefined || right === undefined) return unknown;
	if (/^(&&|and|\|\||or)$/.test(sign)) {
		const of = [conditionOf(left, declared, depth), conditionOf(right, declared, depth)];
		return { kind: /^(&&|and)$/.test(sign) ? "all" : "any", of };
	}
	if (sign === "instanceof") {
		const meant = declared.of(right.text, right);
		return meant === undefined
			? { kind: "named", name: right.text.slice(0, 80), isNot: false }
			: conditionNamed(meant, declared, depth + 1);
	}
	return comparison(left, sign, right, declared);
}

const signs: Readonly<Record<string, Sign>> = {
	"===": "in",
	"==": "in",
	in: "in",
	is: "in",
	"!==": "not in",
	"!=": "not in",
	"not in": "not in",
	"is not": "not in",
	"<": "<",
	"<=": "<=",
	">": ">",
	">=": ">=",
};
const mirrored: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function comparison(left: Node, sign: string, right: Node, declared: Declared): Condition {
	const here = valuesOf(right, declared);
	if (here !== undefined && here.values.length + here.names.length > 0)
		return compare(left, signs[sign], here);
	const there = valuesOf(left, declared);
	return there === undefined ? unknown : compare(right, signs[mirrored[sign] ?? sign], there);
}

export function compare(subject: Node, sign: Sign | undefined, { values, names }: Values): Condition {
	if (sign === undefined) return unknown;
	return { kind: "compare", subject: lastName(bare(subject).text), sign, values, names };
}

/** `["gmail"].includes(provider)`, `busy.has(status)`, `/^gmail$/.test(provider)`, `provider.startsWith("gmail")`. */
function ofCall(call: Node, declared: Declared, depth: number): Condition {
	const callee = field(call, "function");
	const argument = field(call, "arguments")?.namedChild(0) ?? undefined;
	if (callee === undefined || !callTypes.has(call.type)) return unknown;
	const [holder, method] = [field(callee, "object"), field(callee, "property", "attribute")?.text ?? ""];
	if (callee.type === "identifier") {
		const meant = declared.of(callee.text, callee);
		if (meant === undefined) return { kind: "named", name: callee.text, isNot: false };
		return functionTypes.has(meant.type) ? conditionNamed(meant, declared, depth + 1) : unknown;
	}
	if (holder === undefined || argument === undefined) return unknown;
	if (/^(includes|has|test|contains)$/.test(method)) {
		const listed = bare(holder).type === "regex" ? choicesOf(holder.text) : valuesOf(holder, declared);
		if (listed !== undefined) return compare(argument, "in", listed);
	}
	const part = /^(includes|startsWith|endsWith|startswith|endswith)$/.test(method)
		? valuesOf(argument, declared)
		: undefined;
	return part === undefined ? unknown : compare(holder, "has", part);
}

/** `/^(?:gmail|outlook)$/`: only a plain choice of words. */
function choicesOf(pattern: string): Values | undefined {
	const words = /^\/\^?\(?(?:\?:)?([\w|-]+)\)?\$?\/i?$/.exec(pattern)?.[1]?.split("|");
	return words === undefined ? undefined : { values: words, names: [] };
}
