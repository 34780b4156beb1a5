// What one function or value is, and which names it calls and reads, from the syntax tree.

import {
	ancestors,
	callTypes,
	classTypes,
	field,
	functionTypes,
	lastName,
	nearestOf,
} from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";

export interface LineRange {
	/** 1-based, both included. */
	readonly from: number;
	readonly to: number;
}

/** A function, a class's constructor, or a value such as a constant or a key of a configuration. */
export interface Piece extends LineRange {
	readonly kind: "function" | "value";
	/** The name that other code uses; missing for a callback. */
	readonly name?: string;
	/** Last names of what it calls. */
	readonly calls: readonly string[];
	/** Other names that it takes from outside itself. */
	readonly reads: readonly string[];
	/** The named function that it is written in: it runs, or is handed on, there. */
	readonly outer?: Piece;
}

/** Names that are too common to follow. */
const commonplace =
	/^(json|send|push|pop|shift|set|get|has|add|log|error|warn|info|debug|map|filter|find|some|every|reduce|forEach|then|catch|finally|call|apply|bind|emit|on|once|off|next|status|append|format|print|write|read|end|fn|cb|done|resolve|reject|callback|constructor|__init__|self|values|keys|entries|insert|slice|splice|concat|join|split|replace|test|exec|match|trim|toString|valueOf|includes|indexOf|startsWith|endsWith|isArray|stringify|parse|assign|create|freeze|now|min|max|floor|ceil|round|abs|delete|clear|length|name|type|value|code|message|data|options|opts|config|args|result|undefined|null|true|false|this|super|arguments|exports|module|require|process|console|Error|TypeError|RangeError|String|Number|Boolean|Array|Object|Promise|Map|Set|Date|Math|JSON|Symbol|Buffer|RegExp|len|str|int|range|isinstance|super|cls|dict|list|err|nil|string|bool|setTimeout|clearTimeout|setImmediate|nextTick)$/;

const identifierTypes = [
	"identifier",
	"property_identifier",
	"shorthand_property_identifier",
	"field_identifier",
	"private_property_identifier",
];

const maxNames = 60;
/** Nodes of one function that are looked at. */
const maxNodes = 4000;

export function isWorthFollowing(name: string): boolean {
	return name.length > 2 && name.length < 80 && !commonplace.test(name);
}

/** A callback this long stands for itself; a shorter one belongs to the named function around it. */
const maxAnonymous = 150;

/** The named function around a node, else the declaration at the file's top level. */
export function pieceAround(node: Node, names: Names): Piece | undefined {
	let innermost: Node | undefined;
	for (const above of [node, ...ancestors(node)]) {
		if (functionTypes.has(above.type)) {
			innermost ??= above;
			if (nameOf(above) === undefined) continue;
			const { from, to } = linesOf(above);
			const own = functionPiece(to - from > maxAnonymous ? innermost : above, names);
			const outer = above.parent === null ? undefined : pieceAround(above.parent, names);
			return outer?.kind === "function" ? { ...own, outer } : own;
		}
		if (above.parent?.parent === null && innermost === undefined && topLevel.test(above.type)) {
			return valuePiece(above, undefined, names);
		}
	}
	return innermost === undefined ? undefined : functionPiece(innermost, names);
}

const topLevel = /declaration|assignment|statement/;

/** Whether the names in a piece are needed: the last step's are not. */
export type Names = "with_names" | "without_names";

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
	// A key of an object is a setting where its value is plain.
	if (/^(pair|keyed_element)$/.test(parent.type) && !plainValue.test(value?.text.slice(0, 200) ?? ""))
		return undefined;
	return valuePiece(parent, node.text, names);
}

/** Numbers and their products, texts, switches, and what the environment says. */
const plainValue =
	/^(?:[\d_.]{1,40}(?:\s?[*+]\s?[\d_.]{1,40}){0,6}|true|false|["'`][^"'`\n]{0,150}["'`]|(?:process\.env|os\.environ|Number\(|parseInt\().{0,150})$/;

function functionPiece(node: Node, names: Names): Piece {
	const name = nameOf(node);
	return {
		kind: "function",
		...(name === undefined ? {} : { name }),
		...linesOf(node),
		...namesIn(node, names),
	};
}

function constructorPiece(node: Node, name: string, names: Names): Piece {
	const body = field(node, "body");
	const members = body?.namedChildren ?? [];
	const made = members.find((member) =>
		/^(constructor|__init__)$/.test(member === null ? "" : (field(member, "name")?.text ?? "")),
	);
	if (made !== undefined && made !== null) return { ...functionPiece(made, names), name };
	const from = node.startPosition.row + 1;
	return { kind: "function", name, from, to: from, calls: [], reads: [] };
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
	if (own !== undefined) return own;
	let { parent } = node;
	while (parent !== null && passesOn.test(parent.type)) parent = parent.parent;
	if (parent === null) return undefined;
	const holder = field(parent, "name", "left", "key", "property");
	return holder === undefined || holder.id === node.id ? undefined : lastName(holder.text);
}

/** `const connect = isWindows ? () => … : () => …` */
const passesOn = /^(ternary_expression|parenthesized_expression|as_expression|satisfies_expression)$/;

function namesIn(node: Node, wanted: Names): Pick<Piece, "calls" | "reads"> {
	if (wanted === "without_names") return { calls: [], reads: [] };
	const calls = new Set<string>();
	for (const call of node.descendantsOfType([...callTypes]).slice(0, maxNodes)) {
		const callee = call === null ? "" : lastName(field(call, "function", "constructor")?.text ?? "");
		if (isWorthFollowing(callee)) calls.add(callee);
	}
	const reads = new Set<string>();
	const local = new Set<string>();
	for (const one of node.descendantsOfType(identifierTypes).slice(0, maxNodes)) {
		if (one === null || reads.has(one.text) || local.has(one.text) || calls.has(one.text)) continue;
		if (isLocalName(one) || isSet(one)) local.add(one.text);
		else if (isWorthFollowing(one.text)) reads.add(one.text);
	}
	return {
		calls: [...calls].slice(0, maxNames),
		reads: [...reads].filter((name) => !local.has(name)).slice(0, maxNames),
	};
}

/** A name that is declared here: a parameter, a variable. */
function isLocalName(node: Node): boolean {
	const { parent } = node;
	if (parent === null) return false;
	if (/^(variable_declarator|assignment|short_var_declaration)$/.test(parent.type)) {
		return field(parent, "name", "left")?.id === node.id;
	}
	return /^(formal_parameters|required_parameter|optional_parameter|parameters|parameter_declaration|expression_list)$/.test(
		parent.type,
	);
}

/** The key of an object's entry, or a field that is assigned to. */
function isSet(node: Node): boolean {
	const { parent } = node;
	if (parent !== null && /^(member_expression|attribute)$/.test(parent.type)) {
		const above = parent.parent;
		return (
			above !== null &&
			/^assignment/.test(above.type) &&
			field(above, "left")?.id === parent.id &&
			field(parent, "property", "attribute")?.id === node.id
		);
	}
	return (
		parent !== null && /^(pair|keyed_element)$/.test(parent.type) && field(parent, "key")?.id === node.id
	);
}
