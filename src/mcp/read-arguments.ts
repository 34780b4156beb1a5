// Reads a call's arguments: brought to the schema's own form, then held to it.

import { z } from "zod";
import type { ToolDefinition } from "../answer/index.ts";
import { describeIssues } from "./argument-issues.ts";
import { inSchemaForm } from "./lenient.ts";
import type { ArgumentSchema } from "./takes.ts";

type Read = { readonly args: Record<string, unknown> } | { readonly refused: string };

/** @returns the arguments as the tool's handler takes them, or what is wrong with them, in sentences */
export function readArguments(tool: ToolDefinition, given: unknown): Read {
	const schema = schemaOf(tool);
	const formed = inSchemaForm(schema, given) ?? {};
	const parsed = tool.input.safeParse(tool.olderForms?.(formed) ?? formed, { reportInput: true });
	if (parsed.success) return { args: parsed.data };
	return { refused: describeIssues(tool.name, parsed.error, schema) };
}

const schemas = new WeakMap<ToolDefinition, ArgumentSchema>();

function schemaOf(tool: ToolDefinition): ArgumentSchema {
	const known = schemas.get(tool);
	if (known !== undefined) return known;
	const schema = z.toJSONSchema(tool.input, { io: "input" }) as ArgumentSchema;
	schemas.set(tool, schema);
	return schema;
}
