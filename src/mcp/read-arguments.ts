// Reads a call's arguments: brought to the schema's own form, then held to it.

import { z } from "zod";
import type { ToolDefinition } from "../answer/index.ts";
import { describeIssues } from "./argument-issues.ts";
import { inSchemaForm } from "./lenient.ts";
import type { ArgumentSchema } from "./takes.ts";
import { inputOf } from "./which-repository.ts";

type Read = { readonly args: Record<string, unknown> } | { readonly refused: string };

/**
 * @param repositories names of several, of which a call may choose one
 * @returns the arguments as the tool's handler takes them, or what is wrong with them, in sentences
 */
export function readArguments(
	tool: ToolDefinition,
	given: unknown,
	repositories: readonly string[] = [],
): Read {
	const input = inputOf(tool, repositories);
	const schema = schemaOf(input);
	const formed = inSchemaForm(schema, given) ?? {};
	const parsed = input.safeParse(tool.olderForms?.(formed) ?? formed, { reportInput: true });
	if (parsed.success) return { args: parsed.data };
	return { refused: describeIssues(tool.name, parsed.error, schema) };
}

const schemas = new WeakMap<z.ZodObject, ArgumentSchema>();

function schemaOf(input: z.ZodObject): ArgumentSchema {
	const known = schemas.get(input);
	if (known !== undefined) return known;
	const schema = z.toJSONSchema(input, { io: "input" }) as ArgumentSchema;
	schemas.set(input, schema);
	return schema;
}
