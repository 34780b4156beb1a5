// What one file defines and takes from others, as plain data that outlives its syntax tree.

import { ancestors, classTypes, field, functionTypes, isModuleLevel } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import type { LineRange } from "../way/line-range.ts";
import { type Exchange, exchangeOf } from "./bindings.ts";

/** A function, method or class. */
export interface Definition extends LineRange {
	readonly name: string;
	/** The class or object that has it as a member. */
	readonly holder: string | undefined;
	readonly kind: "function" | "class";
	/** Inside another function: only code there can call it. */
	readonly within: LineRange | undefined;
}

export interface FileFacts extends Exchange {
	readonly path: string;
	readonly definitions: readonly Definition[];
	/** Classes by the variables, parameters and fields that hold an instance. */
	readonly types: ReadonlyMap<string, string>;
	/** Base classes by class. */
	readonly bases: ReadonlyMap<string, string>;
}

const maxNodes = 4000;

export function factsOf(path: string, root: Node): FileFacts {
	const definitions = root
		.descendantsOfType([...functionTypes, ...classTypes])
		.slice(0, maxNodes)
		.flatMap((node) => (node === null ? [] : definitionOf(node)));
	return { path, ...exchangeOf(root), definitions, ...typesOf(root) };
}

function definitionOf(node: Node): readonly Definition[] {
	const named = identityOf(node);
	if (named === undefined) return [];
	const around = outerFunction(node);
	return [
		{
			...named,
			...linesOf(node),
			kind: classTypes.has(node.type) ? "class" : "function",
			within: around === undefined ? undefined : linesOf(around),
		},
	];
}

/** How other code names a function or class; undefined for a callback. */
export function identityOf(node: Node): Pick<Definition, "name" | "holder"> | undefined {
	const own = field(node, "name")?.text;
	if (node.type === "method_declaration" && own !== undefined) {
		const receiver = /(\w+)(?:\[[^\]]{0,80}\])?\)$/.exec(field(node, "receiver")?.text.slice(0, 200) ?? "");
		return { name: own, holder: receiver?.[1] };
	}
	if (own !== undefined) return { name: own, holder: holderOf(node) };
	const above = bareParent(node);
	switch (above?.type) {
		case "variable_declarator":
			return named(field(above, "name")?.text, undefined);
		case "pair":
			return named(field(above, "key")?.text.replace(/^["'`]|["'`]$/g, ""), holderOf(above));
		case "public_field_definition":
		case "field_definition":
			return named(field(above, "name", "property")?.text, holderOf(above));
		case "assignment_expression": {
			const [, holder, name] =
				/^(?:(\w+(?:\.\w+){0,3})\.)?(\w+)$/.exec(field(above, "left")?.text ?? "") ?? [];
			return named(name, /^(module\.)?exports$/.test(holder ?? "") ? undefined : holder);
		}
		case "export_statement":
			return { name: "default", holder: undefined };
		default:
			return undefined;
	}
}

function named(
	name: string | undefined,
	holder: string | undefined,
): Pick<Definition, "name" | "holder"> | undefined {
	return name === undefined || !/^[\w$]+$/.test(name) ? undefined : { name, holder };
}

/** Past brackets, casts and calls that wrap a function: `const run = withAuth(async () => …)`. */
function bareParent(node: Node): Node | undefined {
	let isGiven = false;
	for (const above of ancestors(node)) {
		if (/^(parenthesized_expression|as_expression|satisfies_expression|await_expression)$/.test(above.type))
			continue;
		if (above.type === "arguments" || above.type === "call_expression") {
			if (above.type === "arguments" && above.namedChildCount > 1) return undefined;
			isGiven = true;
			continue;
		}
		// `const names = list.map((one) => …)` inside a function names no function.
		return isGiven && !isModuleLevel(above) ? undefined : above;
	}
	return undefined;
}

/** The class or the object around a member. */
function holderOf(member: Node): string | undefined {
	for (const above of ancestors(member)) {
		if (classTypes.has(above.type)) return field(above, "name")?.text ?? assignedTo(above);
		if (above.type === "object") return assignedTo(above);
		if (functionTypes.has(above.type)) return undefined;
	}
	return undefined;
}

function assignedTo(node: Node): string | undefined {
	const above = bareParent(node);
	if (above?.type === "variable_declarator") return field(above, "name")?.text;
	return above?.type === "export_statement" ? "default" : undefined;
}

function outerFunction(node: Node): Node | undefined {
	for (const above of ancestors(node)) {
		if (functionTypes.has(above.type)) return above;
		if (classTypes.has(above.type)) return undefined;
	}
	return undefined;
}

function typesOf(root: Node): Pick<FileFacts, "types" | "bases"> {
	const types = new Map<string, string>();
	const bases = new Map<string, string>();
	const nodes = root.descendantsOfType([
		"required_parameter",
		"optional_parameter",
		"typed_parameter",
		"public_field_definition",
		"field_definition",
		"variable_declarator",
		"assignment_expression",
		"assignment",
		...classTypes,
	]);
	for (const node of nodes.slice(0, maxNodes)) {
		if (node === null) continue;
		if (classTypes.has(node.type)) {
			const base = baseOf(node);
			const name = field(node, "name")?.text;
			if (name !== undefined && base !== undefined) bases.set(name, base);
			continue;
		}
		const holder = field(node, "pattern", "name", "property", "left") ?? node.namedChild(0) ?? undefined;
		const name = /(?:^|\.)([\w$#]+)$/.exec(holder?.text.slice(0, 100) ?? "")?.[1];
		const type = typeName(node);
		if (name !== undefined && type !== undefined && !types.has(name)) types.set(name, type);
	}
	return { types, bases };
}

function baseOf(node: Node): string | undefined {
	const heritage = node.namedChildren.find((child) => child?.type === "class_heritage");
	const text = heritage?.text ?? field(node, "superclasses")?.text ?? "";
	return /^(?:extends\s{1,4}|\()\s{0,4}(?:\w+\.)?(\w+)/.exec(text.slice(0, 200))?.[1];
}

/** By an annotation, or by what is constructed. */
function typeName(node: Node): string | undefined {
	const annotation = field(node, "type")?.text.slice(0, 100);
	const annotated =
		annotation === undefined ? undefined : /^:?\s{0,4}(?:\w+\.)?([A-Z]\w*)/.exec(annotation)?.[1];
	if (annotated !== undefined) return annotated;
	const value = field(node, "value", "right")?.text.slice(0, 200) ?? "";
	return /^(?:await\s{1,4})?(?:new\s{1,4})?(?:\w+\.)?([A-Z]\w*)\(/.exec(value)?.[1];
}

function linesOf(node: Node): LineRange {
	return { from: node.startPosition.row + 1, to: node.endPosition.row + 1 };
}
