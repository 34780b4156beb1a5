// Determines what a match is to an error code: raises, handles, defines or mentions it.

import {
	calleeOf,
	callTypes,
	classTypes,
	field,
	isLogger,
	isModuleLevel,
	lastName,
	nearestOf,
	oneLine,
	stringContent,
} from "./nodes.ts";
import type { Node } from "./syntax.ts";
import { type Usage, usageOf } from "./usage.ts";

/** What a match is to the thing that was searched for. */
export type Role = "raises" | "handles" | "defines" | "test" | "docs" | "mention";

/** In order of relevance. */
export const roles: readonly Role[] = ["raises", "handles", "defines", "test", "docs", "mention"];

/** An error code, a name in capitals that may be one, or another symbol. */
export type WantedKind = "code" | "capitals" | "symbol";

/** What the syntax says about one match. */
export interface Reading {
	readonly role: Role;
	readonly usage: Usage;
	/** An alias of the code: a constant, an enum's member, an error class. */
	readonly alias?: string;
}

/** A name, key or field that holds an error's code. */
export const codeName = /(code|status|error|err|reason|kind|type|failure|cause|category|result)s?$/i;
/** Makers of errors, whose message may begin with the code. */
export const errorMaker = /(Error|Exception|Errorf|Err|New|abort|fail|failed|reject|panic|raise|Wrap|Wrapf)$/;
/** Keys beside the code in a classifier's rule. */
const ruleKey =
	/^["']?(pattern|match|matches|matcher|test|when|regexp?|status|statuses|includes|contains|if|predicate|http_?status|needle)["']?$/i;
/** Names of tables that list the codes. */
const catalogue =
	/(codes?|errors?|problems?|failures?|reasons?|catalog(ue)?|registry|definitions?|meta(data)?)$/i;

/**
 * Reads the role of a match from its syntax.
 *
 * @param start the smallest node around the match
 * @param wanted what was searched for
 * @param kind what is known of `wanted`; using a symbol other than an error code is not raising it
 */
export function readRole(start: Node, wanted: string, kind: WantedKind): Reading {
	const usage = usageOf(start);
	const content = stringContent(start) ?? stringContent(start.parent ?? start);
	const exact = content === undefined ? start.text === wanted : content === wanted;
	if (kind === "symbol") return { role: symbolRole(usage, exact), usage };
	if (!exact && content === undefined) return { role: "mention", usage };
	const role = codeRole(usage, exact && !usage.embedded, content ?? wanted, wanted);
	const alias = role === "defines" ? aliasOf(usage, start, wanted) : undefined;
	return { role, usage, ...(alias === undefined ? {} : { alias }) };
}

function symbolRole(usage: Usage, exact: boolean): Role {
	switch (usage.kind) {
		case "declared":
			return exact ? "defines" : "mention";
		case "thrown":
			return "raises";
		case "compared":
		case "case":
			return exact && !usage.called ? "handles" : "mention";
		case "argument":
			return usage.called && thrownBy(usage.node) ? "raises" : "mention";
		default:
			return "mention";
	}
}

const throws: ReadonlySet<string> = new Set(["throw_statement", "raise_statement"]);

/** @param exact the whole value is the code, not a text that contains it */
function codeRole(usage: Usage, exact: boolean, content: string, wanted: string): Role {
	const { kind, keys, listed } = usage;
	const [inner] = keys;
	const beginsWithCode = content.startsWith(wanted) && !/^\w/.test(content.slice(wanted.length));
	switch (kind) {
		case "thrown":
			return exact || beginsWithCode ? "raises" : "mention";
		case "returned":
			if (!exact) return "mention";
			if (inner !== undefined) return codeName.test(keyName(inner)) ? "raises" : "mention";
			return listed && elementsAround(usage.value) > 2 ? "mention" : "raises";
		case "argument":
			return argumentRole(usage, exact, beginsWithCode);
		case "default":
			return exact && !listed ? "raises" : "mention";
		case "assigned":
			return assignedRole(usage, exact);
		case "compared":
		case "case":
			return exact ? "handles" : "mention";
		case "key":
			return exact ? keyRole(usage, wanted) : "mention";
		case "type":
		case "declared":
			return exact ? "defines" : "mention";
		case "shown":
		case "imported":
		case "comment":
		case "other":
			return "mention";
	}
}

function argumentRole({ node, name, keys, listed }: Usage, exact: boolean, beginsWithCode: boolean): Role {
	const isError = errorMaker.test(lastName(name)) || thrownBy(node);
	if (isLogger(name)) return "mention";
	// A code passed to the base class defines the class: it is raised where the class is thrown.
	if (name === "super" || /^super\(\)\.__init__$/.test(name)) return exact ? "defines" : "mention";
	if (!exact) return isError && beginsWithCode ? "raises" : "mention";
	const [inner] = keys;
	if (inner !== undefined) return codeName.test(keyName(inner)) || thrownBy(node) ? "raises" : "mention";
	if (listed) return "mention";
	return constantOf(node) === undefined ? "raises" : "defines";
}

/** The module's constant that a call's result is kept in: `var ErrGone = errors.New("GONE")`. */
function constantOf(call: Node): string | undefined {
	const { kind, node, name } = usageOf(call);
	return kind === "assigned" && isModuleLevel(node) ? lastName(name.replace(/\s*:.*/, "")) : undefined;
}

function assignedRole(usage: Usage, exact: boolean): Role {
	if (!exact) return "mention";
	const { node, name, keys, listed } = usage;
	const [inner] = keys;
	if (isModuleLevel(node))
		return inner !== undefined && !listed && isRule(inner, usage) ? "raises" : tableRole(usage);
	const inClass = !/^assignment_expression$|^assignment_statement$/.test(node.type) && inClassBody(node);
	if (inClass) return "defines";
	const target = inner === undefined ? lastName(name) : keyName(inner);
	return codeName.test(target) && !(listed && inner === undefined) ? "raises" : "mention";
}

/** Rules in a list: `[{ pattern: /429/, code: 'X' }]` raises, `[{ code: 'X', title: … }]` does not. */
function tableRole({ keys, listed }: Usage): Role {
	const [inner] = keys;
	if (inner === undefined || !listed || !codeName.test(keyName(inner))) return "defines";
	return siblingKeys(inner).some((key) => ruleKey.test(key)) ? "raises" : "defines";
}

/** `{ 429: 'LLM_RATE_LIMITED' }` turns something into a code; `{ RateLimited: 'LLM_RATE_LIMITED' }` names one. */
function isRule(inner: Node, { value }: Usage): boolean {
	if (codeName.test(keyName(inner))) return siblingKeys(inner).some((key) => ruleKey.test(key));
	const code = inner.parent === null ? value : (field(inner.parent, "value") ?? value);
	const key = keyName(inner);
	const plainKey = plain(key);
	if (/^\d+$/.test(plainKey)) return true;
	if (/^(default|fallback|unknown)$/.test(plainKey) || plain(code.text).includes(plainKey)) return false;
	// Another service's terms are quoted or in snake case; our own names share a word with their code.
	if (/string/.test(inner.type) || stringContent(inner.namedChild(0) ?? inner) !== undefined) return true;
	if (inner.type === "property_identifier") return /^[a-z0-9]+(_[a-z0-9]+)+$/.test(key);
	return !wordsOf(key).some((word) => plain(code.text).includes(word));
}

/** Words of four letters and more in a name. */
function wordsOf(name: string): readonly string[] {
	return (name.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [])
		.map((word) => word.toLowerCase())
		.filter(({ length }) => length > 3);
}

function keyRole({ node }: Usage, wanted: string): Role {
	const value = field(node, "value");
	if (value === undefined) return "handles";
	const bare = value.type === "literal_element" ? (value.namedChild(0) ?? value) : value;
	if (stringContent(bare) === wanted || bare.type === "as_expression") return "defines";
	if (isHelpText(bare)) return "mention";
	if (!/^(object|dictionary|literal_value|composite_literal)$/.test(bare.type)) return "handles";
	const holder = usageOf(node);
	const isCatalogue =
		holder.kind === "assigned" &&
		isModuleLevel(holder.node) &&
		catalogue.test(lastName(holder.name.replace(/:.*/, "")));
	if (isCatalogue) return "defines";
	return isTexts(bare) ? "mention" : "handles";
}

/** Words for a person decide nothing: `LLM_TIMEOUT: 'The model took too long'`, `LLM_TIMEOUT: t('busy')`. */
function isHelpText(value: Node): boolean {
	if (/^jsx_/.test(value.type)) return true;
	if (callTypes.has(value.type))
		return /^(t|i18n|translate|gettext|_|msg|message|defineMessage)$/.test(lastName(calleeOf(value)));
	const content = stringContent(value);
	return content !== undefined && /\S\s+\S/.test(content);
}

/** An object of help texts: `{ title: 'Busy', hint: 'Try again in a minute' }`. */
function isTexts(object: Node): boolean {
	const values = object.namedChildren.flatMap((pair) => {
		const value = pair === null ? undefined : field(pair, "value");
		return value === undefined ? [] : [value];
	});
	return (
		values.some(isHelpText) &&
		values.every((value) => stringContent(value) !== undefined || isHelpText(value))
	);
}

/** The alias by which other code refers to the error code defined here. */
function aliasOf({ kind, node, keys, listed, name }: Usage, start: Node, wanted: string): string | undefined {
	if (listed || (start.text === wanted && kind === "declared")) return undefined;
	const [inner] = keys;
	const enumMember = nearestOf(start, new Set(["enum_assignment"]));
	const owner = nearestOf(start, classTypes);
	const isEnum = owner !== undefined && /\b(Str|Int)?Enum\b/.test(field(owner, "superclasses")?.text ?? "");
	const ownName = enumMember === undefined ? undefined : field(enumMember, "name")?.text;
	const found =
		ownName ??
		(inner !== undefined && keys.length === 1 && !codeName.test(keyName(inner))
			? keyName(inner)
			: inner !== undefined
				? undefined
				: owner !== undefined && !isEnum
					? field(owner, "name")?.text
					: kind === "assigned"
						? lastName(name.replace(/\s*:.*/, ""))
						: kind === "argument"
							? constantOf(node)
							: undefined);
	return found === undefined || found === wanted || !/^[A-Za-z_$][\w$]{3,79}$/.test(found)
		? undefined
		: found;
}

function inClassBody(node: Node): boolean {
	const holder = nearestOf(
		node,
		new Set([...classTypes, "function_definition", "method_definition", "arrow_function"]),
	);
	return holder !== undefined && classTypes.has(holder.type);
}

/** Whether a call's result is thrown: `throw new X(…)`, `throw httpError(…)`, `raise X(…)`. */
export function thrownBy(call: Node): boolean {
	return (
		call.parent !== null && (throws.has(call.parent.type) || /^(panic|reject)$/.test(calleeAround(call)))
	);
}

function calleeAround(node: Node): string {
	const call = node.parent?.parent;
	return call === null || call === undefined ? "" : lastName(calleeOf(call));
}

export function keyName(key: Node): string {
	return oneLine(key.text).replace(/^[["'`]+|[\]"'`]+$/g, "");
}

function siblingKeys(key: Node): readonly string[] {
	const object = key.parent?.parent;
	if (object === null || object === undefined) return [];
	return object.namedChildren.flatMap((pair) => {
		const name = pair === null ? undefined : field(pair, "key", "name");
		return name === undefined ? [] : [keyName(name)];
	});
}

function elementsAround(value: Node): number {
	return value.namedChildCount;
}

function plain(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
