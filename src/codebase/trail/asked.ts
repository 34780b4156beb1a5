// One step down from a raising line: the functions that its `try` called, or that its condition asked.

import { ancestors, callTypes, field, functionTypes } from "../syntax/nodes.ts";
import { scopeOf } from "../syntax/scopes.ts";
import type { Node } from "../syntax/syntax.ts";
import { type Callee, readCallee } from "./callees.ts";
import { identityOf } from "./facts.ts";

const maxCallees = 8;
/** From a variable to what made it, and to what made that. */
const maxHops = 3;
const conditional =
	/^(if_statement|elif_clause|ternary_expression|conditional_expression|while_statement|switch_statement|expression_switch_statement|match_statement)$/;

/** What decides whether a place is reached. */
export interface Deciding {
	/** Calls whose result or failure is asked, the nearest first. */
	readonly callees: readonly Callee[];
	/** Types of parameters that are asked: what makes such a value decides too. */
	readonly types: readonly string[];
}

export function askedAt(node: Node): Deciding {
	const found: Found = { callees: new Map(), types: new Set() };
	for (const part of decidingParts(node)) collect(part, node, found, 0);
	return { callees: [...found.callees.values()].slice(0, maxCallees), types: [...found.types] };
}

interface Found {
	readonly callees: Map<string, Callee>;
	readonly types: Set<string>;
}

/** The bodies of `try` whose catch a place is in, and the conditions around it, up to its named function. */
function decidingParts(node: Node): readonly Node[] {
	const parts: Node[] = [];
	let value = node;
	for (const above of ancestors(node)) {
		if (above.type === "try_statement" && /^(catch|except)_clause$/.test(value.type)) {
			const body = field(above, "body");
			if (body !== undefined) parts.push(body);
		}
		if (conditional.test(above.type)) {
			const condition = field(above, "condition", "value", "subject") ?? above.namedChild(0) ?? undefined;
			if (condition !== undefined && condition.id !== value.id) parts.push(condition);
			const initializer = field(above, "initializer");
			if (initializer !== undefined) parts.push(initializer);
		}
		if (/^(statement_block|block|statement_list)$/.test(above.type)) parts.push(...exitsBefore(above, value));
		if (functionTypes.has(above.type)) {
			const rejection = rejectedCall(above);
			if (rejection !== undefined) parts.push(rejection);
			if (identityOf(above) !== undefined) break;
		}
		value = above;
	}
	return parts;
}

/** The condition of the early exit right before a statement that is reached otherwise. */
function exitsBefore(block: Node, statement: Node): readonly Node[] {
	if (!/^(return|throw|raise)_statement$/.test(statement.type)) return [];
	const before = block.namedChildren.filter(
		(child) => child !== null && child.endIndex <= statement.startIndex,
	);
	const last = before.findLast((child) => child?.type !== "comment");
	const condition = last?.type === "if_statement" ? field(last, "condition") : undefined;
	return condition === undefined ? [] : [condition];
}

/** `work()` in `work().catch(() => { … })`, seen from the handler. */
function rejectedCall(handler: Node): Node | undefined {
	const member =
		handler.parent?.parent === null ? undefined : field(handler.parent?.parent ?? handler, "function");
	return member !== undefined && field(member, "property")?.text === "catch"
		? field(member, "object")
		: undefined;
}

function collect(part: Node, place: Node, found: Found, hop: number): void {
	for (const call of [part, ...part.descendantsOfType([...callTypes])]) {
		if (call === null || !callTypes.has(call.type)) continue;
		const callee = field(call, "function", "constructor");
		const read = callee === undefined ? undefined : readCallee(callee);
		const key = read === undefined ? "" : [...read.on, read.name].join(".");
		if (read !== undefined && !found.callees.has(key)) found.callees.set(key, read);
	}
	if (hop >= maxHops || found.callees.size >= maxCallees) return;
	const names = part.descendantsOfType(["identifier", "shorthand_property_identifier"]);
	for (const name of part.type === "identifier" ? [part, ...names] : names) {
		if (name === null) continue;
		const made = makingOf(name.text, place, part);
		const type = made === undefined ? parameterType(name.text, place) : undefined;
		if (made !== undefined) collect(made, place, found, hop + 1);
		if (type !== undefined) found.types.add(type);
	}
}

/** Types of every kind of program. */
const common =
	/^(Error|Date|Map|Set|Promise|Array|Record|Buffer|Request|Response|Context|String|Number|Boolean|Object|URL|Headers|AbortSignal)$/;

/** The class or interface of a parameter of the function around a place. */
function parameterType(name: string, place: Node): string | undefined {
	const scope = scopeOf(place, name);
	if (scope === undefined || !functionTypes.has(scope.type)) return undefined;
	const parameters = field(scope, "parameters")?.namedChildren ?? [];
	const own = parameters.find(
		(one) => one !== null && (field(one, "pattern", "name") ?? one.namedChild(0))?.text === name,
	);
	const written = own === undefined || own === null ? "" : (field(own, "type")?.text ?? "");
	const type = /^:?\s{0,4}([A-Z]\w{2,60})$/.exec(written)?.[1];
	return type === undefined || common.test(type) ? undefined : type;
}

/** What a variable was last given before a place, within its function. */
function makingOf(name: string, place: Node, use: Node): Node | undefined {
	const scope = scopeOf(place, name);
	if (scope === undefined || scope.type === "program") return undefined;
	let made: Node | undefined;
	const nodes = scope.descendantsOfType([
		"variable_declarator",
		"assignment_expression",
		"assignment",
		"short_var_declaration",
	]);
	for (const one of nodes) {
		if (one === null || one.startIndex >= place.startIndex) continue;
		const target = field(one, "name", "left");
		const value = field(one, "value", "right");
		if (value === undefined || (use.startIndex >= one.startIndex && use.endIndex <= one.endIndex)) continue;
		if (target?.text === name || targets(target, name)) made = value;
	}
	return made;
}

/** `const { from, to } = …`, `rows, err := …`. */
function targets(target: Node | undefined, name: string): boolean {
	return (
		target !== undefined &&
		/_pattern$|_list$/.test(target.type) &&
		target
			.descendantsOfType(["identifier", "shorthand_property_identifier_pattern"])
			.some((one) => one?.text === name)
	);
}
