import type { z } from "zod";
import type { InvalidArgument } from "../../failure.ts";
import { nearest } from "../../nearest.ts";
import { quoteUntrusted } from "../untrusted.ts";

/** What an agent is told when an argument cannot be used. */
export function describeInvalidArgument(failure: InvalidArgument): string {
	return `${failure.argument}: ${failure.problem} ${failure.next}`;
}

/**
 * Words a schema's complaint: one readable sentence for the first thing that is wrong, and how many more there
 * are. The validator's own dump never reaches the agent.
 *
 * @param valid the names that the tool takes
 */
export function describeIssues(tool: string, error: z.ZodError, valid: readonly string[]): string {
	const [first, ...more] = error.issues;
	if (first === undefined) return `${tool} was called with arguments that it does not take.`;
	const rest =
		more.length === 0
			? ""
			: ` (${more.length} more of its arguments ${more.length === 1 ? "is" : "are"} wrong too.)`;
	return `${tool}: ${describeIssue(first, valid)}${rest}`;
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, valid: readonly string[]): string {
	const where = place(issue.path);
	switch (issue.code) {
		case "unrecognized_keys": {
			const [unknown = ""] = issue.keys;
			const near = issue.path.length > 0 ? undefined : nearest(unknown, valid);
			const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
			const names = issue.path.length === 0 && valid.length > 0 ? ` It takes ${valid.join(", ")}.` : "";
			const at = issue.path.length === 0 ? "" : ` in ${where}`;
			return `there is no argument ${quoteUntrusted(unknown, 60)}${at}${meant}.${names}`;
		}
		case "invalid_type":
			return issue.input === undefined
				? `${where} is required, and takes ${article(issue.expected)}.`
				: `${where} takes ${article(issue.expected)}, and was given ${kindOf(issue.input)}.`;
		case "invalid_value":
			return `${where} takes ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}, and was given ${given(issue.input)}.`;
		case "too_small":
		case "too_big":
			return describeRange(where, issue);
		case "invalid_union":
			return describeUnion(where, issue, valid);
		case "invalid_format":
		case "not_multiple_of":
		case "invalid_key":
		case "invalid_element":
		case "custom":
			return `${where} ${issue.message}.`;
	}
}

/** The bound that was crossed; the schema's own message may name the whole range. */
function describeRange(where: string, issue: Issue & { code: "too_small" | "too_big" }): string {
	const small = issue.code === "too_small";
	const bound = String(small ? issue.minimum : issue.maximum);
	const limit = small ? `at least ${bound}` : `at most ${bound}`;
	switch (issue.origin) {
		case "string":
			return small && bound === "1"
				? `${where} is empty: give it a text.`
				: `${where} takes ${limit} characters.`;
		case "array":
		case "set":
			return `${where} takes ${limit} entries.`;
		default:
			return `${where} takes a number of ${limit}, and was given ${given(issue.input)}.`;
	}
}

/** The branch that came nearest: one whose complaint is not about the value's whole kind. */
function describeUnion(
	where: string,
	issue: Issue & { code: "invalid_union" },
	valid: readonly string[],
): string {
	for (const branch of issue.errors) {
		const [inner] = branch;
		if (inner !== undefined && inner.code !== "invalid_type") {
			return describeIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, valid);
		}
	}
	const kinds = issue.errors
		.flatMap((branch) => branch.slice(0, 1))
		.map((inner) => (inner.code === "invalid_type" ? article(inner.expected) : inner.message));
	return `${where} takes ${[...new Set(kinds)].join(" or ")}, and was given ${kindOf(issue.input)}.`;
}

function place(path: readonly PropertyKey[]): string {
	const [first, ...rest] = path;
	if (first === undefined) return "the arguments";
	return rest.reduce<string>(
		(before, part) => (typeof part === "number" ? `${before}[${part}]` : `${before}.${String(part)}`),
		String(first),
	);
}

function article(expected: string): string {
	switch (expected) {
		case "int":
		case "integer":
			return "a whole number";
		case "array":
			return "a list";
		case "object":
		case "record":
			return "an object";
		case "boolean":
			return "true or false";
		default:
			return `a ${expected === "string" ? "text" : expected}`;
	}
}

function kindOf(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "number" && !Number.isInteger(value)) return `the number ${value}`;
	return typeof value === "string" ? "a text" : article(typeof value);
}

function given(value: unknown): string {
	return typeof value === "string"
		? quoteUntrusted(value, 60)
		: typeof value === "number"
			? `${value}`
			: kindOf(value);
}
