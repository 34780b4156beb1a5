// Puts the SDK's own refusals of a request's form into one sentence, in place of its validator's dump.

import { z } from "zod";

interface ProtocolFault {
	readonly code: number;
	readonly message: string;
	readonly data?: unknown;
}

/** What the SDK's validator writes into a message, as JSON. */
const dump = z
	.array(z.looseObject({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
	.min(1);

const invalidParams = -32_602;
const maxNamed = 5;

/** The fault with words for a dump; every other fault as it is. */
export function readable(fault: ProtocolFault): ProtocolFault {
	const begins = fault.message.indexOf("[\n");
	if (begins === -1) return fault;
	const issues = issuesIn(fault.message.slice(begins));
	if (issues === undefined) return fault;
	const named = issues.slice(0, maxNamed).map(({ path, message }) => {
		const [, expected = "another value", received = "another"] =
			/expected (\w+), received (\w+)/.exec(message) ?? [];
		const where = path.length === 0 ? "the request" : path.join(".");
		const wanted = kinds[expected] ?? expected;
		return received === "undefined"
			? `${where} is required, and takes ${wanted}`
			: `${where} takes ${wanted}, and was given ${kinds[received] ?? received}`;
	});
	return { ...fault, code: invalidParams, message: `Invalid request: ${named.join("; ")}.` };
}

const kinds: Readonly<Record<string, string>> = {
	string: "a text",
	number: "a number",
	int: "a whole number",
	boolean: "true or false",
	array: "a list",
	object: "an object",
	record: "an object",
	null: "null",
};

function issuesIn(text: string): z.infer<typeof dump> | undefined {
	try {
		return dump.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}
