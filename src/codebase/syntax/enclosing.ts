// Names the function, method or class around a node.

import {
	ancestors,
	argumentTypes,
	calleeOf,
	callTypes,
	classTypes,
	field,
	functionTypes,
	isModuleLevel,
	oneLine,
	stringContent,
} from "./nodes.ts";
import type { Node } from "./syntax.ts";

/** The declaration around a match. */
export interface Enclosing {
	/** `Class.method`, `outer > inner`, `app.post("/runs") callback`; a module-level name where no function is. */
	readonly name: string;
	/** The whole named function around a match, not a callback inside it; else the class or declaration. */
	readonly from: number;
	readonly to: number;
	/** Neither a function nor a class: a list, a table, an enum, a type. */
	readonly isDeclaration: boolean;
}

/** A callback belongs to the function around it up to so many lines; in a longer one it stands for itself. */
export const maxWholeLines = 120;

const maxParts = 3;
const maxNameLength = 60;
const declarations: ReadonlySet<string> = new Set([
	"type_alias_declaration",
	"interface_declaration",
	"enum_declaration",
	"variable_declarator",
	"const_spec",
	"var_spec",
	"type_spec",
	"assignment",
	"assignment_expression",
]);

/** undefined at a file's top level. */
export function enclosingOf(node: Node): Enclosing | undefined {
	const parts: { readonly name: string; readonly isClass: boolean }[] = [];
	const functions: Node[] = [];
	let innermost: Node | undefined;
	let declaration: Node | undefined;
	for (const above of [node, ...ancestors(node)]) {
		const isClass = classTypes.has(above.type);
		if (isClass || functionTypes.has(above.type)) {
			const name = isClass ? (field(above, "name")?.text ?? assignedName(above)) : functionName(above);
			if (name === undefined) continue;
			innermost ??= above;
			if (!isClass) functions.push(above);
			parts.unshift({ name: name.slice(0, maxNameLength), isClass });
		} else if (declarations.has(above.type) && isModuleLevel(above)) declaration ??= above;
	}
	if (innermost === undefined) {
		const name = declaration === undefined ? undefined : field(declaration, "name", "left")?.text;
		return declaration === undefined || name === undefined
			? undefined
			: place(withoutExports(name), declaration, true);
	}
	const shown = parts.slice(-maxParts);
	const name = shown.reduce((text, part, index) => {
		if (index === 0) return part.name;
		return `${text}${shown[index - 1]?.isClass === true ? "." : " > "}${part.name}`;
	}, "");
	return place(name, classTypes.has(innermost.type) ? innermost : (wholeOf(functions) ?? innermost));
}

/** @param functions around a match, the innermost first */
function wholeOf(functions: readonly Node[]): Node | undefined {
	let [whole] = functions;
	for (const outer of functions) {
		if (outer.endPosition.row - outer.startPosition.row >= maxWholeLines) break;
		whole = outer;
		if (functionName(outer)?.endsWith(" callback") === false) break;
	}
	return whole;
}

function place(name: string, node: Node, isDeclaration = false): Enclosing {
	return { name, from: node.startPosition.row + 1, to: node.endPosition.row + 1, isDeclaration };
}

/** A function's own name, else that of what it is assigned or given to. */
function functionName(node: Node): string | undefined {
	const own = field(node, "name")?.text;
	if (node.type === "method_declaration" && own !== undefined) {
		const receiver = /(\w+)(?:\[[^\]]{0,80}\])?\)$/.exec(
			field(node, "receiver")?.text.slice(0, 200) ?? "",
		)?.[1];
		return receiver === undefined ? own : `${receiver}.${own}`;
	}
	if (own !== undefined && node.type === "method_definition" && node.parent?.type === "object") {
		return pairName(node, own);
	}
	return own ?? assignedName(node);
}

/** The variable, key or field that holds a function or class; for a callback, what it is given to. */
function assignedName(node: Node): string | undefined {
	let value = node;
	for (const above of ancestors(node)) {
		const { type } = above;
		if (type === "variable_declarator" || type === "public_field_definition" || type === "field_definition") {
			return field(above, "name", "property")?.text;
		}
		if (type === "assignment_expression" || type === "assignment")
			return withoutExports(field(above, "left")?.text ?? "");
		if (type === "short_var_declaration" || type === "var_spec") return field(above, "left", "name")?.text;
		if (type === "pair" || type === "keyed_element") {
			const key = field(above, "key")?.text.replace(/^["'`]|["'`]$/g, "");
			return key === undefined ? undefined : pairName(above, key);
		}
		if (argumentTypes.has(type)) {
			const call = above.parent;
			if (call === null || !callTypes.has(call.type)) return undefined;
			return moduleLevelName(call) ?? callbackName(call, above);
		}
		if (callTypes.has(type) && field(above, "function")?.id === value.id) return undefined;
		if (!passesOn.has(type)) return undefined;
		value = above;
	}
	return undefined;
}

const passesOn: ReadonlySet<string> = new Set([
	"parenthesized_expression",
	"as_expression",
	"satisfies_expression",
	"literal_element",
	"expression_list",
	"await_expression",
]);

/** `export const handler = withAuth(async () => …)`: the callback is known as `handler`. */
function moduleLevelName(call: Node): string | undefined {
	let above: Node | null = call.parent;
	while (
		above !== null &&
		(callTypes.has(above.type) || argumentTypes.has(above.type) || passesOn.has(above.type))
	) {
		above = above.parent;
	}
	if (above === null || !isModuleLevel(above)) return undefined;
	return above.type === "variable_declarator" ? field(above, "name")?.text : undefined;
}

function callbackName(call: Node, givenTo: Node): string | undefined {
	const callee = calleeOf(call).replace(/\s*\n\s*/g, "");
	if (callee === "") return undefined;
	const first = givenTo.namedChild(0);
	const label = first === null ? undefined : stringContent(first);
	const short = callee.length > 40 ? `…${callee.slice(-39)}` : callee;
	return `${short}${label === undefined ? "" : `("${label.slice(0, 40)}")`} callback`;
}

/** `tool.execute` for `const tool = { execute() … }`, `execute` where the object has no name. */
function pairName(pair: Node, key: string): string {
	for (const above of ancestors(pair)) {
		if (functionTypes.has(above.type) || classTypes.has(above.type)) return key;
		if (above.type === "variable_declarator") return `${field(above, "name")?.text}.${key}`;
	}
	return key;
}

/** CommonJS exports are known by their own name. */
function withoutExports(text: string): string {
	return oneLine(text).replace(/^(module\.)?exports\.(?=\w)/, "");
}
