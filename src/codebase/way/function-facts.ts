// What one function or value is, and which names it calls and reads, from the syntax tree.

import { ancestors, callTypes, classTypes, field, functionTypes, lastName } from "../syntax/nodes.ts";
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
}

/** Names that are too common to follow. */
const commonplace =
	/^(json|send|push|pop|shift|set|get|has|add|log|error|warn|info|debug|map|filter|find|some|every|reduce|forEach|then|catch|finally|call|apply|bind|emit|on|once|off|next|status|append|format|print|write|read|end|fn|cb|done|resolve|reject|callback|constructor|__init__|self|values|keys|entries|insert|slice|splice|concat|join|split|replace|test|exec|match|trim|toString|valueOf|includes|indexOf|startsWith|endsWith|isArray|stringify|parse|assign|create|freeze|now|min|max|floor|ceil|round|abs|delete|clear|length|name|type|value|message|data|options|opts|config|args|result|undefined|null|true|false|this|super|arguments|exports|module|require|process|console|Error|TypeError|RangeError|String|Number|Boolean|Array|Object|Promise|Map|Set|Date|Math|JSON|Symbol|Buffer|RegExp|len|str|int|range|isinstance|super|cls|dict|list|err|nil|string|bool|setTimeout|clearTimeout|setImmediate|nextTick)$/;

const identifierTypes: ReadonlySet<string> = new Set([
	"identifier",
	"property_identifier",
	"shorthand_property_identifier",
	"field_identifier",
	"attribute",
	"private_property_identifier",
]);

const maxNames = 60;
/** Nodes of one function that are looked at. */
const maxNodes = 20_000;

export function isWorthFollowing(name: string): boolean {
	return name.length > 2 && name.length < 80 && !commonplace.test(name);
}

/** The innermost function around a node, else the declaration at the file's top level. */
export function pieceAround(node: Node): Piece | undefined {
	for (const above of [node, ...ancestors(node)]) {
		if (functionTypes.has(above.type)) return functionPiece(above);
		if (above.parent?.parent === null && /declaration|assignment|statement/.test(above.type)) {
			return valuePiece(above, undefined);
		}
	}
	return undefined;
}

/** The named functions around a node, the nearest first. */
export function namesAround(node: Node): readonly string[] {
	return [node, ...ancestors(node)].flatMap((above) => {
		if (!functionTypes.has(above.type)) return [];
		const name = nameOf(above);
		return name === undefined ? [] : [name];
	});
}

/** What is defined under the name at this node; undefined where the name is only used. */
export function definedAt(node: Node): Piece | undefined {
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
	if (functionTypes.has(parent.type)) return functionPiece(parent);
	if (classTypes.has(parent.type)) return constructorPiece(parent, node.text);
	if (
		!/^(variable_declarator|assignment_expression|assignment|pair|public_field_definition|field_definition|const_spec|var_spec|keyed_element|short_var_declaration|enum_assignment)$/.test(
			parent.type,
		)
	)
		return undefined;
	const value = field(parent, "value", "right");
	if (value !== undefined && functionTypes.has(value.type)) {
		return { ...functionPiece(value), name: node.text, ...linesOf(parent) };
	}
	// A key of an object is a setting where its value is plain.
	if (/^(pair|keyed_element)$/.test(parent.type) && !plainValue.test(value?.text.slice(0, 200) ?? ""))
		return undefined;
	return valuePiece(parent, node.text);
}

/** Numbers and their products, texts, switches, and what the environment says. */
const plainValue =
	/^(?:[\d_.]{1,40}(?:\s?[*+]\s?[\d_.]{1,40}){0,6}|true|false|["'`][^"'`\n]{0,150}["'`]|(?:process\.env|os\.environ|Number\(|parseInt\().{0,150})$/;

function functionPiece(node: Node): Piece {
	const name = nameOf(node);
	return {
		kind: "function",
		...(name === undefined ? {} : { name }),
		...linesOf(node),
		...namesIn(node),
	};
}

function constructorPiece(node: Node, name: string): Piece {
	const body = field(node, "body");
	const members = body?.namedChildren ?? [];
	const made = members.find((member) =>
		/^(constructor|__init__)$/.test(member === null ? "" : (field(member, "name")?.text ?? "")),
	);
	if (made !== undefined && made !== null) return { ...functionPiece(made), name };
	const from = node.startPosition.row + 1;
	return { kind: "function", name, from, to: from, calls: [], reads: [] };
}

function valuePiece(node: Node, name: string | undefined): Piece {
	return { kind: "value", ...(name === undefined ? {} : { name }), ...linesOf(node), ...namesIn(node) };
}

function linesOf(node: Node): LineRange {
	return { from: node.startPosition.row + 1, to: node.endPosition.row + 1 };
}

function nameOf(node: Node): string | undefined {
	const own = field(node, "name")?.text;
	if (own !== undefined) return own;
	const { parent } = node;
	if (parent === null) return undefined;
	const holder = field(parent, "name", "left", "key", "property");
	return holder === undefined || holder.id === node.id ? undefined : lastName(holder.text);
}

function namesIn(node: Node): Pick<Piece, "calls" | "reads"> {
	const calls = new Map<string, number>();
	const reads = new Set<string>();
	const local = new Set<string>();
	const open: Node[] = [node];
	let seen = 0;
	for (let one = open.pop(); one !== undefined && seen < maxNodes; one = open.pop()) {
		seen += 1;
		if (callTypes.has(one.type)) {
			const callee = lastName(field(one, "function", "constructor")?.text ?? "");
			if (isWorthFollowing(callee)) calls.set(callee, (calls.get(callee) ?? 0) + 1);
		} else if (identifierTypes.has(one.type)) {
			if (isLocalName(one) || isKey(one)) local.add(one.text);
			else if (isWorthFollowing(one.text)) reads.add(one.text);
		}
		for (const child of one.namedChildren) if (child !== null) open.push(child);
	}
	return {
		calls: [...calls.keys()].slice(0, maxNames),
		reads: [...reads].filter((name) => !local.has(name) && !calls.has(name)).slice(0, maxNames),
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

function isKey(node: Node): boolean {
	const { parent } = node;
	return (
		parent !== null && /^(pair|keyed_element)$/.test(parent.type) && field(parent, "key")?.id === node.id
	);
}
