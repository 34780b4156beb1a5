// Turns what a schema finds wrong with arguments into one readable sentence.

import { z } from "zod";
import { nearest, quoteUntrusted, visibleLine } from "../text/index.ts";
import { type ArgumentSchema, schemaAt, takes } from "./takes.ts";

/**
 * One sentence for the first issue, with what the argument takes, and how many more issues there are. The
 * validator's own dump never reaches the agent.
 */
export function describeIssues(tool: string, error: z.ZodError, schema: z.ZodObject): string {
	const [first, ...more] = error.issues;
	if (first === undefined) return `${tool} was called with arguments that it does not take.`;
	const rest =
		more.length === 0
			? ""
			: ` (${more.length} more of its arguments ${more.length === 1 ? "is" : "are"} wrong too.)`;
	return `${tool}: ${describeIssue(first, z.toJSONSchema(schema, { io: "input" }) as ArgumentSchema)}${rest}`;
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, schema: ArgumentSchema): string {
	const where = pathText(issue.path);
	const found = schemaAt(schema, issue.path);
	switch (issue.code) {
		case "unrecognized_keys": {
			const [unknown = ""] = issue.keys;
			const valid = Object.keys(found?.properties ?? {});
			const near = nearest(unknown, valid);
			const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
			const at = issue.path.length === 0 ? "" : ` in ${where}`;
			return `there is no argument ${quoteUntrusted(unknown, 60)}${at}${meant}.${valid.length === 0 ? "" : ` It takes ${valid.join(", ")}.`}`;
		}
		case "invalid_format":
		case "custom":
			return `${where} ${issue.message}.`;
		case "invalid_type":
		case "invalid_value":
		case "invalid_union":
		case "too_small":
		case "too_big":
		case "not_multiple_of":
		case "invalid_key":
		case "invalid_element": {
			const wanted = found === undefined ? "another value" : takes(found);
			return issue.input === undefined
				? `${where} is required, and takes ${wanted}.`
				: `${where} takes ${wanted}, and was given ${valueText(issue.input)}.`;
		}
	}
}

function pathText(path: readonly PropertyKey[]): string {
	const [first, ...rest] = path;
	if (first === undefined) return "the arguments";
	return rest.reduce<string>(
		(before, part) => (typeof part === "number" ? `${before}[${part}]` : `${before}.${String(part)}`),
		String(first),
	);
}

/** Upper bounds of what an error repeats: characters of a text, names of an object. */
const maxText = 60;
const maxNames = 10;

function valueText(value: unknown): string {
	if (typeof value === "string") {
		return value.length <= maxText ? quoteUntrusted(value) : `a text of ${value.length} characters`;
	}
	if (Array.isArray(value))
		return value.length === 1 ? "a list of 1 entry" : `a list of ${value.length} entries`;
	if (typeof value === "object" && value !== null) {
		return `{${Object.keys(value)
			.slice(0, maxNames)
			.map((name) => visibleLine(name.slice(0, maxText)))
			.join(", ")}}`;
	}
	return String(value);
}
