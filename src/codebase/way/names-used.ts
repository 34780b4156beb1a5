// Which names a function calls and reads, from its syntax tree.

import { ancestors, callTypes, field, lastName, nearestOf } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";

export interface NamesUsed {
	/** Last names of what it calls. */
	readonly calls: readonly string[];
	/** Those of them that it never calls on an object: no class's method is meant. */
	readonly plainCalls: ReadonlySet<string>;
	/** Other names that it takes from outside itself. */
	readonly reads: readonly string[];
}

/** What every list, text or stream has, and what parameters are called: a call of it says nothing. */
const builtIn =
	/^(push|pop|shift|set|get|has|add|log|error|warn|info|debug|map|filter|find|some|every|reduce|forEach|then|catch|finally|call|apply|bind|emit|on|once|off|next|append|format|print|write|read|end|fn|cb|done|resolve|reject|callback|constructor|__init__|self|values|keys|entries|insert|slice|splice|concat|join|split|replace|test|exec|match|trim|toString|valueOf|includes|indexOf|startsWith|endsWith|isArray|stringify|parse|assign|create|freeze|now|min|max|floor|ceil|round|abs|delete|clear|length|undefined|null|true|false|this|super|arguments|exports|module|require|process|console|Error|TypeError|RangeError|String|Number|Boolean|Array|Object|Promise|Map|Set|Date|Math|JSON|Symbol|Buffer|RegExp|len|str|int|range|isinstance|cls|dict|list|err|nil|string|bool|setTimeout|clearTimeout|setImmediate|nextTick)$/;
/** Words that stand everywhere, and now and then as a function's name. */
const everyday = /^(json|send|status|name|type|value|code|message|data|options|opts|config|args|result)$/;

const identifierTypes = [
	"identifier",
	"property_identifier",
	"shorthand_property_identifier",
	"shorthand_property_identifier_pattern",
	"field_identifier",
	"private_property_identifier",
];

const maxNames = 60;
/** Nodes of one function that are looked at. */
const maxNodes = 4000;

export function isWorthFollowing(name: string): boolean {
	return isWorthCalling(name) && !everyday.test(name);
}

/** Whether calls of a function with this name may be looked for: `reply.code(` where `code` alone means anything. */
export function isWorthCalling(name: string): boolean {
	return name.length > 2 && name.length < 80 && !builtIn.test(name);
}

/** Whether the names in a piece are needed: the last step's are not. */
export type Names = "with_names" | "without_names";

export const noNames: NamesUsed = { calls: [], plainCalls: new Set(), reads: [] };

/** @param last the last line, 1-based, of which names count */
export function namesIn(node: Node, wanted: Names, last = Number.POSITIVE_INFINITY): NamesUsed {
	if (wanted === "without_names") return noNames;
	const runs = (one: Node | null): one is Node =>
		one !== null && (one.startPosition.row < last || isHoisted(one, node));
	const identifiers = node.descendantsOfType(identifierTypes).filter(runs).slice(0, maxNodes);
	const own = new Set<string>();
	// Of `const { limit } = options` the name is read of the options, and a call of it means what they hold.
	const taken = new Set<string>();
	const set = new Set<string>();
	for (const one of identifiers) {
		if (isLocalName(one)) own.add(one.text);
		else if (isSet(one)) set.add(one.text);
		else if (isTaken(one)) taken.add(one.text);
	}
	const calls = new Set<string>();
	const onObjects = new Set<string>();
	for (const call of node
		.descendantsOfType([...callTypes])
		.filter(runs)
		.slice(0, maxNodes)) {
		const callee = field(call, "function", "constructor");
		const name = lastName(callee?.text.replace(/\]$/, "") ?? "");
		if (!isWorthFollowing(name)) continue;
		const isPlain = callee?.type === "identifier";
		// A parameter, or a variable.
		if (isPlain && (own.has(name) || taken.has(name))) continue;
		calls.add(name);
		if (!isPlain) onObjects.add(name);
	}
	const reads = identifiers
		.map(({ text }) => text)
		.filter((name) => !own.has(name) && !set.has(name) && !calls.has(name) && isWorthFollowing(name));
	return {
		calls: [...calls].slice(0, maxNames),
		plainCalls: new Set([...calls].filter((name) => !onObjects.has(name))),
		reads: [...new Set(reads)].slice(0, maxNames),
	};
}

/** Whether a node stands in a function declared inside this one: that may be called above its declaration. */
function isHoisted(node: Node, within: Node): boolean {
	for (const above of ancestors(node)) {
		if (above.id === within.id) return false;
		if (/^(?:generator_)?function_declaration$/.test(above.type)) return true;
	}
	return false;
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

/** Whether it is taken out of an object that is not a module. */
function isTaken(node: Node): boolean {
	if (node.type !== "shorthand_property_identifier_pattern") return false;
	const declared = nearestOf(node, declarators);
	return declared === undefined || !imported.test(field(declared, "value")?.text.slice(0, 200) ?? "");
}

const declarators: ReadonlySet<string> = new Set(["variable_declarator"]);

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

/** Another module under a name: not a value of this one. */
export const imported = /^(?:await\s+)?(?:require|import)\s*\(/;
