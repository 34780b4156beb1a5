// Brings the looser forms in which hosts and models send arguments to the form that a tool's schema has.

import { listMark } from "../answer/index.ts";
import type { ArgumentSchema } from "./takes.ts";

/**
 * The arguments in the schema's own form, where nothing is lost by it: numbers and booleans as text, lists and objects
 * as JSON text, one value where a list is meant, names with commas between them, and null or "" for what is not given.
 * What cannot be read so stays as it is, and the schema's own check explains it.
 */
export function inSchemaForm(schema: ArgumentSchema, given: unknown): unknown {
	if (given === null || given === undefined) return undefined;
	if (schema.enum !== undefined) return one(given, (value) => nameOf(value, schema.enum ?? []));
	switch (schema.type) {
		case "integer":
		case "number":
			return one(given, numberOf);
		case "boolean":
			return one(given, booleanOf);
		case "string":
			return schema[listMark] === undefined
				? one(given, (value) => textOf(value, (schema.minLength ?? 0) > 0))
				: listTextOf(given);
		case "array":
			return listOf(given, schema.items ?? {});
		case "object":
			return objectOf(given, schema.properties ?? {});
		default:
			return given;
	}
}

/** A list of one value is that value, where no list is meant. */
function one(given: unknown, read: (value: unknown) => unknown): unknown {
	const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
	return value === null ? undefined : read(value);
}

/** Texts that stand for "not given" where they are no value of the argument. */
const absent: readonly string[] = ["", "null", "none", "undefined"];

function isAbsent(text: string): boolean {
	return absent.includes(text.toLowerCase());
}

/** One of the names, letter case, quotation marks and separators aside. */
function nameOf(given: unknown, names: readonly unknown[]): unknown {
	if (typeof given !== "string" || names.includes(given)) return given;
	const text = unquoted(given);
	const meant = names.find((name) => typeof name === "string" && plain(name) === plain(text));
	return meant ?? (isAbsent(text) ? undefined : given);
}

function plain(name: string): string {
	return name.toLowerCase().replace(/[\s_-]/g, "");
}

/** `5`, `5.0` and `1,000`. */
function numberOf(given: unknown): unknown {
	if (typeof given !== "string") return given;
	const text = unquoted(given);
	if (isAbsent(text)) return undefined;
	if (/^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return Number(text);
	return /^\d{1,3}(?:,\d{3}){1,4}$/.test(text) ? Number(text.replaceAll(",", "")) : given;
}

const yes: readonly unknown[] = ["true", "yes", "on", "1", 1];
const no: readonly unknown[] = ["false", "no", "off", "0", 0];

function booleanOf(given: unknown): unknown {
	const value = typeof given === "string" ? unquoted(given).toLowerCase() : given;
	if (yes.includes(value)) return true;
	if (no.includes(value)) return false;
	return typeof value === "string" && isAbsent(value) ? undefined : given;
}

/** @param isNeverEmpty whether `""` is not a value, so that it stands for "not given" */
function textOf(given: unknown, isNeverEmpty: boolean): unknown {
	if (typeof given === "number" || typeof given === "boolean") return String(given);
	return given === "" && isNeverEmpty ? undefined : given;
}

/** A list that the schema takes as one text with commas. */
function listTextOf(given: unknown): unknown {
	const list = typeof given === "string" ? parsed(given) : given;
	if (!Array.isArray(list) || list.length === 0) return textOf(given, true);
	const texts = list.filter((value) => value !== null && value !== "").map((value) => textOf(value, false));
	return texts.every((text) => typeof text === "string") ? texts.join(",") : given;
}

function listOf(given: unknown, items: ArgumentSchema): unknown {
	const list = typeof given === "string" ? listInText(given, items) : given;
	if (list === undefined || list === null) return undefined;
	return (Array.isArray(list) ? list : [list])
		.map((item: unknown) => inSchemaForm(items, item))
		.filter((item) => item !== undefined);
}

/** Only names are separated by commas: in prose a comma separates nothing. */
function listInText(given: string, items: ArgumentSchema): unknown {
	const text = given.trim();
	const value = parsed(text);
	if (typeof value === "object") return value;
	if (items.enum === undefined) return text === "" ? undefined : given;
	if (isAbsent(text)) return undefined;
	return text
		.replace(/^\[(.*)\]$/s, "$1")
		.split(",")
		.map(unquoted)
		.filter((name) => name !== "");
}

function objectOf(given: unknown, properties: Readonly<Record<string, ArgumentSchema>>): unknown {
	const value = typeof given === "string" ? (parsed(given) ?? given) : given;
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		return typeof given === "string" && isAbsent(given.trim()) ? undefined : given;
	}
	return Object.fromEntries(
		Object.entries(value)
			.map(([name, inner]) => {
				const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
				return [name, schema === undefined ? inner : inSchemaForm(schema, inner)] as const;
			})
			.filter(([name, inner]) => inner !== undefined || !Object.hasOwn(properties, name)),
	);
}

/** A JSON list or object; undefined for every other text. */
function parsed(text: string): object | undefined {
	if (!/^\s*[[{]/.test(text)) return undefined;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

function unquoted(text: string): string {
	const [, inner] = /^(?:"([^"]*)"|'[^']*')$/.exec(text.trim()) ?? [];
	return (
		inner?.trim() ??
		text
			.trim()
			.replace(/^'([^']*)'$/, "$1")
			.trim()
	);
}
