// Turns what a schema finds wrong with arguments into readable sentences, one for each fault.

import type { z } from "zod";
import { nearest, quoteUntrusted, visibleLine } from "../text/index.ts";
import { meantName } from "./meant-name.ts";
import { type ArgumentSchema, schemaAt, takes } from "./takes.ts";

/** How many faults are put into words; a call with more of them is not one that a typing error made. */
const maxIssues = 8;

/**
 * One sentence for each thing that is wrong, with what the argument takes. The validator's own dump never reaches the
 * agent.
 */
export function describeIssues(tool: string, error: z.ZodError, schema: ArgumentSchema): string {
	const said = [...new Set(error.issues.flatMap((issue) => describeIssue(issue, schema)))];
	if (said.length === 0) return `${tool} was called with arguments that it does not take.`;
	const [first = "", ...others] = said.slice(0, maxIssues);
	const left = said.length - maxIssues;
	return [
		`${tool}: ${first}`,
		...others.map((sentence) => sentence.replace(/^there/, "There")),
		...(left > 0 ? [`${left} more ${left === 1 ? "is" : "are"} wrong.`] : []),
		...error.issues.flatMap((issue) =>
			issue.code === "unrecognized_keys" ? namesTaken(issue.path, schema) : [],
		),
	].join(" ");
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, schema: ArgumentSchema): readonly string[] {
	const where = pathText(issue.path);
	const found = schemaAt(schema, issue.path);
	switch (issue.code) {
		case "unrecognized_keys":
			return issue.keys.map((name) => unknownName(name, issue.path, found));
		case "invalid_format":
		case "custom": {
			const given = issue.message.startsWith("takes ") ? `, and was given ${valueText(issue.input)}` : "";
			return [`${where} ${issue.message}${given}.`];
		}
		case "invalid_type":
		case "invalid_value":
		case "invalid_union":
		case "too_small":
		case "too_big":
		case "not_multiple_of":
		case "invalid_key":
		case "invalid_element": {
			const wanted = found === undefined ? "another value" : takes(found);
			return [
				issue.input === undefined
					? `${where} is required, and takes ${wanted}.`
					: `${where} takes ${wanted}, and was given ${valueText(issue.input)}${meantValue(issue.input, found)}.`,
			];
		}
	}
}

/** The value of a closed set that was most likely meant; of a few characters, none is likelier than another. */
function meantValue(given: unknown, { enum: known = [] }: ArgumentSchema = {}): string {
	const near = typeof given === "string" && given.length > 2 ? nearest(given, known.map(String)) : undefined;
	return near === undefined ? "" : ` (did you mean ${near}?)`;
}

function unknownName(name: string, path: readonly PropertyKey[], found: ArgumentSchema | undefined): string {
	const meant = meantName(name, Object.keys(found?.properties ?? {}));
	const at = path.length === 0 ? "" : ` in ${pathText(path)}`;
	return `there is no argument ${quoteUntrusted(name, 60)}${at}${meant === undefined ? "" : ` (did you mean ${meant}?)`}.`;
}

function namesTaken(path: readonly PropertyKey[], schema: ArgumentSchema): readonly string[] {
	const names = Object.keys(schemaAt(schema, path)?.properties ?? {});
	if (names.length === 0) return [];
	return [`${path.length === 0 ? "It" : pathText(path)} takes ${names.join(", ")}.`];
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
