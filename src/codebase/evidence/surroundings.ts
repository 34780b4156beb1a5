// Gathers what stands around a raising line, for its events to be held against.

import { enclosingOf } from "../syntax/enclosing.ts";
import {
	ancestors,
	argumentTypes,
	callTypes,
	classTypes,
	field,
	functionTypes,
	nearestOf,
	stringContent,
	stringTypes,
} from "../syntax/nodes.ts";
import { codeName, keyName } from "../syntax/roles.ts";
import type { Node } from "../syntax/syntax.ts";
import type { Condition } from "./condition.ts";
import { pathConditions } from "./path-conditions.ts";
import { Declared } from "./read-condition.ts";

const maxText = 6000;
const maxStatement = 400;
const branches = /^(if_statement|elif_clause|ternary_expression|conditional_expression|while_statement)$/;
const statements =
	/^(expression_statement|return_statement|throw_statement|raise_statement|lexical_declaration|short_var_declaration|assignment_statement)$/;
const objects = /^(object|dictionary)$/;
const keyed = /^(pair|keyed_element)$/;

/** What stands around a raising line. */
export interface Surroundings {
	/** The raising statement, or its entry in a table. */
	readonly statement: string;
	/** All of them hold where the line is reached. */
	readonly conditions: readonly Condition[];
	/** What the conditions ask, and what was tried where the line catches. */
	readonly asked: string;
	/** The names and texts of the function around it. */
	readonly inside: string;
	/** Where it stands: path, class, function. */
	readonly place: string;
	/** The calls that lead to it. */
	readonly calls: string;
	/** The functions that they stand in. */
	readonly callers: string;
}

/** What the file says; the callers are added by who knows them. */
export function surroundingsOf(value: Node, path: string): Omit<Surroundings, "calls" | "callers"> {
	const declared = new Declared(value);
	const isEnd = (above: Node) => enclosingOf(above)?.name.endsWith(" callback") === false;
	const given: string[] = [];
	const asked: Node[] = [];
	const keys: Condition[] = [];
	let whole: Node | undefined;
	let inner = value;
	for (const above of ancestors(value)) {
		asked.push(...askedBy(above, inner));
		if (objects.test(above.type)) given.push(...textsOf(above.namedChildren));
		if (keyed.test(above.type)) keys.push(...keyCondition(above, inner));
		if (functionTypes.has(above.type)) {
			whole = above;
			given.push(...decoratorsOf(above));
			const call = above.parent?.parent;
			// `defineJob("nightly", async () => …)`: what stands before the function says what it is for.
			if (call !== null && call !== undefined && callTypes.has(call.type))
				given.push(call.text.slice(0, 120));
			if (isEnd(above)) {
				const around = aroundFunction(above);
				given.push(...around.given);
				keys.push(...around.keys);
				break;
			}
		}
		inner = above;
	}
	return {
		statement: statementOf(value).slice(0, maxStatement),
		conditions: [...pathConditions(value, declared, isEnd), ...keys],
		asked: [...asked.map(({ text }) => text.slice(0, maxStatement)), ...sourcesOf(asked, whole)].join("\n"),
		inside:
			whole === undefined
				? ""
				: [whole.text.slice(0, maxText), ...constantsOf(whole), ...fieldsOf(whole)].join("\n"),
		place: [path, enclosingOf(value)?.name ?? "", ...given].join("\n"),
	};
}

/** What the objects around a named function say of it: `{ slug: "load-plan", run() {…} }`. */
function aroundFunction(whole: Node): {
	readonly given: readonly string[];
	readonly keys: readonly Condition[];
} {
	const given: string[] = [];
	const keys: Condition[] = [];
	for (const above of ancestors(whole)) {
		if (functionTypes.has(above.type) || classTypes.has(above.type)) break;
		if (objects.test(above.type)) given.push(...textsOf(above.namedChildren));
		if (keyed.test(above.type)) keys.push(...keyCondition(above, whole));
	}
	return { given, keys };
}

/** The statement that raises; of a table's entry, the entry alone. */
function statementOf(value: Node): string {
	let isInObject = false;
	for (const above of ancestors(value)) {
		if (statements.test(above.type) || isRule(above)) return above.text;
		const isEntry = keyed.test(above.type) || /^(array|list)$/.test(above.parent?.type ?? "");
		if (objects.test(above.type)) isInObject = true;
		if (isInObject && isEntry) return above.text;
	}
	return "";
}

/** The condition of a branch that is taken, what was tried before a catch, what a `.catch(…)` is called on. */
function askedBy(above: Node, inner: Node): readonly Node[] {
	if (branches.test(above.type)) {
		const condition = field(above, "condition") ?? above.namedChild(1);
		const isTaken = field(above, "consequence", "body")?.id === inner.id;
		return condition === null || !isTaken ? [] : [condition];
	}
	if (/^(catch_clause|except_clause)$/.test(above.type)) {
		const body = above.parent === null ? undefined : field(above.parent, "body");
		return body === undefined ? [] : [body];
	}
	const callee =
		argumentTypes.has(above.type) && above.parent !== null ? field(above.parent, "function") : undefined;
	return callee !== undefined && /\.(catch|then|orElse|mapErr)$/.test(callee.text) ? [callee] : [];
}

/** Where the variables that conditions ask come from: `const found = await client.find(id)`. */
function sourcesOf(asked: readonly Node[], whole: Node | undefined): readonly string[] {
	if (whole === undefined) return [];
	const holders = whole
		.descendantsOfType(["variable_declarator", "short_var_declaration", "assignment"])
		.slice(0, maxConstants)
		.flatMap((holder) => {
			const name = holder === null ? undefined : field(holder, "name", "left")?.text;
			const source = holder === null ? undefined : field(holder, "value", "right")?.text;
			return name === undefined || source === undefined
				? []
				: [{ name, source: source.slice(0, maxStatement) }];
		});
	const named = (texts: readonly string[]) => {
		const words = new Set(texts.flatMap((text) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));
		return holders.filter(({ name }) => words.has(name)).map(({ source }) => source);
	};
	const first = named(asked.map(({ text }) => text.slice(0, maxStatement)));
	return [...first, ...named(first)];
}

/** What is below the key `404` or `print_label` of a table is for it. */
function keyCondition(pair: Node, inner: Node): readonly Condition[] {
	const key = field(pair, "key");
	if (key === undefined || key.id === inner.id) return [];
	const name = keyName(key);
	const subject = /^[1-5]\d\d$/.test(name) ? "status" : "";
	return [{ kind: "compare", subject, sign: "in", values: [name], names: [] }];
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

/** Texts that the class around a function says of itself: `provider = "shop"`, a getter's, a constructor's. */
function fieldsOf(whole: Node): readonly string[] {
	const members = nearestOf(whole, classTypes)?.childForFieldName("body")?.namedChildren ?? [];
	return [
		...textsOf(members),
		...members.flatMap((member) => (member === null ? [] : textsOfMember(member))),
	];
}

/** Of a member that only answers a text, the text; of a constructor, those that it passes on, sets or has as defaults. */
function textsOfMember(member: Node): readonly string[] {
	const body = field(member, "body");
	if (body === undefined || !functionTypes.has(member.type)) return [];
	const isMaker = /^(constructor|__init__)$/.test(field(member, "name")?.text ?? "");
	const answers = body.namedChildCount === 1 && body.namedChild(0)?.type === "return_statement";
	if (!isMaker && !answers) return [];
	const texts = member.descendantsOfType([...stringTypes]).slice(0, maxConstants);
	return texts.flatMap((text) => {
		const content = text === null ? undefined : stringContent(text);
		return content === undefined || content.length > 80 ? [] : [content];
	});
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

/** `@action("print_label")`, of Python and TypeScript: right before the function. */
function decoratorsOf(whole: Node): readonly string[] {
	const found: string[] = [];
	for (let before = whole.previousNamedSibling; before?.type === "decorator"; ) {
		found.push(before.text.slice(0, maxStatement));
		before = before.previousNamedSibling;
	}
	return found;
}

/** `429: 'LLM_RATE_LIMITED'`: the key says when; `code: 'LLM_RATE_LIMITED'` says nothing. */
function isRule(node: Node): boolean {
	const key = /^(pair|keyed_element)$/.test(node.type) ? field(node, "key") : undefined;
	return key !== undefined && !codeName.test(keyName(key));
}
