import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { z } from "zod";

/**
 * A schema as the SDK lists it, with every value let through: arguments are judged in `src/server.ts`, where
 * what is wrong is put into one sentence, and answers are made by us and checked in the tests. The SDK's own
 * check would answer with a validator's dump.
 */
export function listedSchema(schema: z.ZodObject): StandardSchemaWithJSON {
	let input: Record<string, unknown> | undefined;
	let output: Record<string, unknown> | undefined;
	return {
		"~standard": {
			version: 1,
			vendor: "prod-debugger-mcp",
			validate: (value) => ({ value }),
			jsonSchema: {
				input: () => {
					input ??= lean(z.toJSONSchema(schema, { io: "input" }));
					return input;
				},
				output: () => {
					output ??= lean(z.toJSONSchema(schema, { io: "output" }));
					return output;
				},
			},
		},
	};
}

/**
 * Leaves out what costs an agent tokens and tells it nothing: the dialect's name (JSON Schema 2020-12 is
 * MCP's default) and the bounds that zod adds to every whole number.
 */
function lean(schema: unknown): Record<string, unknown> {
	const walk = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(walk);
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(
			Object.entries(value)
				.filter(([key, inner]) => key !== "$schema" && !(/^m(in|ax)imum$/.test(key) && isZodDefault(inner)))
				.map(([key, inner]) => [key, walk(inner)]),
		);
	};
	return walk(schema) as Record<string, unknown>;
}

function isZodDefault(bound: unknown): boolean {
	return typeof bound === "number" && Math.abs(bound) === Number.MAX_SAFE_INTEGER;
}
