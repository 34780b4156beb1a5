// Says in words which values an argument's schema allows.

import { listMark } from "../answer/index.ts";

/** The parts of JSON Schema that our tools' arguments use, as zod writes them. */
export interface ArgumentSchema {
	readonly type?: string;
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly anyOf?: readonly ArgumentSchema[];
	readonly minimum?: number;
	readonly maximum?: number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly minItems?: number;
	readonly maxItems?: number;
	readonly items?: ArgumentSchema;
	readonly properties?: Readonly<Record<string, ArgumentSchema>>;
	readonly required?: readonly string[];
	/** How many values the text may hold, with commas between them. */
	readonly [listMark]?: number;
}

/** The part of a schema at a path; of a union, the first branch that has the path. */
export function schemaAt(schema: ArgumentSchema, path: readonly PropertyKey[]): ArgumentSchema | undefined {
	const [first, ...rest] = path;
	if (first === undefined) return schema;
	if (schema.anyOf !== undefined) {
		for (const branch of schema.anyOf) {
			const found = schemaAt(branch, path);
			if (found !== undefined) return found;
		}
		return undefined;
	}
	const inner = typeof first === "number" ? schema.items : schema.properties?.[String(first)];
	return inner === undefined ? undefined : schemaAt(inner, rest);
}

/** Such as `a whole number from 1 to 50`, `one of newest, oldest`, `a list of 1 to 5 texts`. */
export function takes(schema: ArgumentSchema): string {
	if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(takes))].join(", or ");
	if (schema.const !== undefined) return String(schema.const);
	if (schema.enum !== undefined) return `one of ${schema.enum.map(String).join(", ")}`;
	switch (schema.type) {
		case "integer":
			return `a whole number${range(schema.minimum, schema.maximum)}`;
		case "number":
			return `a number${range(schema.minimum, schema.maximum)}`;
		case "string":
			if (schema[listMark] !== undefined) return `a text, or up to ${schema[listMark]} with commas between`;
			return `a text${size(schema.minLength, schema.maxLength, "character")}`;
		case "boolean":
			return "true or false";
		case "array": {
			const each = schema.items === undefined ? "" : `, each ${takes(schema.items)}`;
			return `a list${size(schema.minItems, schema.maxItems, "entry")}${each}`;
		}
		case "object":
			return `{${names(schema).join(", ")}}`;
		default:
			return "another kind of value";
	}
}

/** An object's names; optional ones end with a question mark. */
function names({ properties = {}, required = [] }: ArgumentSchema): string[] {
	return Object.entries(properties).map(([name, { const: fixed }]) => {
		const value = fixed === undefined ? "" : `: ${String(fixed)}`;
		return `${name}${required.includes(name) ? "" : "?"}${value}`;
	});
}

/** zod writes the bounds of a safe integer where a schema names none. */
function range(low: number | undefined, high: number | undefined): string {
	const from = low === undefined || low === Number.MIN_SAFE_INTEGER ? undefined : low;
	const to = high === undefined || high === Number.MAX_SAFE_INTEGER ? undefined : high;
	if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
	if (from !== undefined) return ` of at least ${from}`;
	return to === undefined ? "" : ` of at most ${to}`;
}

const plurals = { character: "characters", entry: "entries" } as const;

function size(low: number | undefined, high: number | undefined, unit: keyof typeof plurals): string {
	if (high === undefined)
		return low === undefined ? "" : ` of at least ${low} ${low === 1 ? unit : plurals[unit]}`;
	return low === undefined
		? ` of at most ${high} ${plurals[unit]}`
		: ` of ${low} to ${high} ${plurals[unit]}`;
}
