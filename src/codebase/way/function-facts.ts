// What one function or value is, and which names it calls and reads, from the syntax tree.

import { ancestors, classTypes, field, functionTypes, lastName, nearestOf } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import { lastLineBefore } from "./guard-lines.ts";
import type { LineRange } from "./line-range.ts";
import { imported, type Names, type NamesUsed, namesIn, noNames } from "./names-used.ts";

/** A function, a class's constructor, or a value such as a constant or a key of a configuration. */
export interface Piece extends LineRange, NamesUsed {
	readonly kind: "function" | "value";
	/** The name that other code uses; missing for a callback. */
	readonly name?: string;
	/** A class's method is called on an object, a module's function by its name or on what is imported; others by either. */
	readonly form?: "method" | "module";
	/** The last line that can run before the place that it was found by; missing where all of it can. */
	readonly last?: number;
	/** The named function that it is written in: it runs, or is handed on, there. */
	readonly outer?: Piece;
}

/** A callback this long stands for itself; a shorter one belongs to the named function around it. */
const maxAnonymous = 150;

/**
 * The named function around a node, else the declaration at the file's top level.
 * @param part its names: those of all of it, or of what runs before the node
 */
export function pieceAround(
	node: Node,
	names: Names,
	part: "whole" | "before" = "before",
): Piece | undefined {
	let innermost: Node | undefined;
	for (const above of [node, ...ancestors(node)]) {
		if (functionTypes.has(above.type)) {
			innermost ??= above;
			if (nameOf(above) === undefined) continue;
			const { from, to } = linesOf(above);
			const holder = to - from > maxAnonymous ? innermost : above;
			const own = part === "whole" ? functionPiece(holder, names) : pieceBefore(node, holder, names);
			// What is declared or handed on here runs when any line of it has run.
			const outer = above.parent === null ? undefined : pieceAround(above.parent, names, "whole");
			return outer?.kind === "function" ? { ...own, outer } : own;
		}
		if (above.parent?.parent === null && innermost === undefined && topLevel.test(above.type)) {
			return valuePiece(above, undefined, names);
		}
	}
	if (innermost === undefined) return undefined;
	return part === "whole" ? functionPiece(innermost, names) : pieceBefore(node, innermost, names);
}

/** A function with what it calls and reads up to a place in it: what comes after does not lead there. */
function pieceBefore(place: Node, node: Node, names: Names): Piece {
	const lines = linesOf(node);
	const last = lastLineBefore(place, lines);
	if (last === undefined || last >= lines.to) return functionPiece(node, names);
	return { ...functionPiece(node, names, last), last };
}

const topLevel = /declaration|assignment|statement/;

/** The named functions around a node, the nearest first. */
export function namesAround(node: Node): readonly string[] {
	return [node, ...ancestors(node)].flatMap((above) => {
		if (!functionTypes.has(above.type)) return [];
		const name = nameOf(above);
		return name === undefined ? [] : [name];
	});
}

/** What is defined under the name at this node; undefined where the name is only used. */
export function definedAt(node: Node, names: Names): Piece | undefined {
	let name = node;
	let { parent } = node;
	// `Client.prototype.close = …`, `this.timeout = …`, `exports.run = …`
	if (parent !== null && /^(member_expression|attribute)$/.test(parent.type)) {
		if (field(parent, "property", "attribute")?.id !== node.id) return undefined;
		name = parent;
		parent = parent.parent;
	}
	if (parent === null) return undefined;
	// `[kDestroy]() {}`
	if (parent.type === "computed_property_name") {
		name = parent;
		parent = parent.parent;
		if (parent === null) return undefined;
	}
	const isName = field(parent, "name", "left", "key", "property")?.id === name.id;
	if (!isName) return undefined;
	if (functionTypes.has(parent.type)) return functionPiece(parent, names);
	if (classTypes.has(parent.type)) return constructorPiece(parent, node.text, names);
	if (
		!/^(variable_declarator|assignment_expression|assignment|pair|public_field_definition|field_definition|const_spec|var_spec|keyed_element|short_var_declaration|enum_assignment)$/.test(
			parent.type,
		)
	)
		return undefined;
	const value = field(parent, "value", "right");
	if (value !== undefined && functionTypes.has(value.type)) {
		return { ...functionPiece(value, names), name: node.text, ...linesOf(parent) };
	}
	if (value !== undefined && imported.test(value.text.slice(0, 200))) return undefined;
	// A key of an object is a setting where its value is plain.
	if (/^(pair|keyed_element)$/.test(parent.type) && !plainValue.test(value?.text.slice(0, 200) ?? ""))
		return undefined;
	return valuePiece(parent, node.text, names);
}

/** Numbers and their products, texts, switches, and what the environment says. */
const plainValue =
	/^(?:[\d_.]{1,40}(?:\s?[*+]\s?[\d_.]{1,40}){0,6}|true|false|["'`][^"'`\n]{0,150}["'`]|(?:process\.env|os\.environ|Number\(|parseInt\().{0,150})$/;

function functionPiece(node: Node, names: Names, last?: number): Piece {
	const name = nameOf(node);
	return {
		kind: "function",
		...(name === undefined ? {} : { name }),
		...formOf(node),
		...linesOf(node),
		...namesIn(node, names, last),
	};
}

/** In JavaScript, TypeScript and Python, where a method is never called by its name alone. */
function formOf(node: Node): Pick<Piece, "form"> {
	const [holder, above] = [...ancestors(node)].filter((one) => !isPassedThrough(one));
	if (node.type === "method_definition") return holder?.type === "class_body" ? { form: "method" } : {};
	if (node.type === "function_definition" && above?.type === "class_definition") return { form: "method" };
	return /^(?:program|module)$/.test(holder?.type ?? "") ? { form: "module" } : {};
}

const around =
	/^(?:export_statement|decorated_definition|lexical_declaration|variable_declaration|variable_declarator|expression_statement|parenthesized_expression)$/;

/** What stands between a function and the module or class that holds it: `exports.run = function () {}`. */
function isPassedThrough(node: Node): boolean {
	if (node.type !== "assignment_expression") return around.test(node.type);
	return /^(?:(?:module\.)?exports(?:\.[\w$]+)?|[\w$]+)$/.test(field(node, "left")?.text ?? "");
}

function constructorPiece(node: Node, name: string, names: Names): Piece {
	const body = field(node, "body");
	const members = body?.namedChildren ?? [];
	const made = members.find((member) =>
		/^(constructor|__init__)$/.test(member === null ? "" : (field(member, "name")?.text ?? "")),
	);
	if (made !== undefined && made !== null) {
		const { form: _, ...piece } = functionPiece(made, names);
		return { ...piece, name };
	}
	const from = node.startPosition.row + 1;
	return { kind: "function", name, from, to: from, ...noNames };
}

function valuePiece(node: Node, name: string | undefined, names: Names): Piece {
	return {
		kind: "value",
		...(name === undefined ? {} : { name }),
		...linesOf(node),
		...namesIn(node, names),
	};
}

function linesOf(node: Node): LineRange {
	return { from: node.startPosition.row + 1, to: node.endPosition.row + 1 };
}

function nameOf(node: Node): string | undefined {
	const own = field(node, "name")?.text;
	// A constructor is called by its class's name.
	if (own === "constructor" || own === "__init__") {
		const holder = nearestOf(node, classTypes);
		return holder === undefined ? undefined : field(holder, "name")?.text;
	}
	if (own !== undefined) return /^\[\w+\]$/.test(own) ? own.slice(1, -1) : own;
	let { parent } = node;
	while (parent !== null && passesOn.test(parent.type)) parent = parent.parent;
	if (parent === null) return undefined;
	const holder = field(parent, "name", "left", "key", "property");
	return holder === undefined || holder.id === node.id ? undefined : lastName(holder.text);
}

/** `const connect = isWindows ? () => … : () => …` */
const passesOn = /^(ternary_expression|parenthesized_expression|as_expression|satisfies_expression)$/;
