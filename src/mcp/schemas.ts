// Lists schemas for the SDK without what costs tokens and carries no information.

import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listMark } from "../answer/index.ts";

/**
 * A schema for the SDK to list, which accepts every value: `call-tool.ts` validates arguments and explains what is
 * wrong in one sentence, and tests validate our answers. The SDK's own check would answer with a validator's dump.
 */
export function listedSchema(schema: z.ZodObject | (() => z.ZodObject)): StandardSchemaWithJSON {
	const current = () => (typeof schema === "function" ? schema() : schema);
	let input: { readonly of: z.ZodObject; readonly listed: Record<string, unknown> } | undefined;
	let output: Record<string, unknown> | undefined;
	return {
		"~standard": {
			version: 1,
			vendor: "prod-debugger-mcp",
			validate: (value) => ({ value }),
			jsonSchema: {
				input: () => {
					const of = current();
					if (input?.of !== of)
						input = { of, listed: lean(z.toJSONSchema(of, { io: "input" }), saysNothing) };
					return input.listed;
				},
				output: () => {
					output ??= lean(z.toJSONSchema(current(), { io: "output" }), saysNothingOfAnswers);
					return output;
				},
			},
		},
	};
}

/** Whether a keyword of a schema, with this value, may be left out. */
type Omission = (keyword: string, value: unknown) => boolean;

/**
 * The dialect's name (JSON Schema 2020-12 is MCP's default), the bounds that zod adds to every whole number, and the
 * lengths of strings: they are far above normal input, and a longer string is refused with its upper bound named.
 */
const saysNothing: Omission = (keyword, value) =>
	["$schema", "minLength", "maxLength", listMark].includes(keyword) ||
	(/^m(in|ax)imum$/.test(keyword) && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER);

/** Schemas of answers also leave out "no other fields": the answers are ours. */
const saysNothingOfAnswers: Omission = (keyword, value) =>
	saysNothing(keyword, value) || ["additionalProperties", "propertyNames"].includes(keyword);

/** The schema without what `omits` leaves out. */
function lean(schema: unknown, omits: Omission): Record<string, unknown> {
	const walk = (value: unknown, areNames: boolean): unknown => {
		if (Array.isArray(value)) return value.map((inner) => walk(inner, false));
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(
			Object.entries(value)
				.filter(([key, inner]) => areNames || !omits(key, inner))
				.map(([key, inner]) => [key, walk(inner, !areNames && key === "properties")]),
		);
	};
	return walk(schema, false) as Record<string, unknown>;
}
