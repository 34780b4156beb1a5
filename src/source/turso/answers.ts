// libSQL's answers over HTTP: their shapes, as far as this server relies on them, and what they mean.

import { z } from "zod";
import { DatabaseError, databasePeer, UnexpectedAnswer } from "../failures/index.ts";
import { endsInside } from "../http/json.ts";

/** @see https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_3_SPEC.md */
const value = z.discriminatedUnion("type", [
	z.looseObject({ type: z.literal("null") }),
	z.looseObject({ type: z.literal("integer"), value: z.string().regex(/^-?\d{1,19}$/) }),
	// Infinity has no JSON: it is null.
	z.looseObject({ type: z.literal("float"), value: z.number().nullable() }),
	z.looseObject({ type: z.literal("text"), value: z.string() }),
	z.looseObject({ type: z.literal("blob"), base64: z.string() }),
]);
export type Value = z.infer<typeof value>;

const statementResult = z.looseObject({
	cols: z.array(z.looseObject({ name: z.string().nullish() })),
	rows: z.array(z.array(value)),
	query_duration_ms: z.number().nullish(),
});
export type StatementResult = z.infer<typeof statementResult>;

const statementError = z.looseObject({ message: z.string() });

const pipelineAnswer = z.looseObject({
	results: z.tuple(
		[
			z.discriminatedUnion("type", [
				z.looseObject({ type: z.literal("ok"), response: z.unknown() }),
				z.looseObject({ type: z.literal("error"), error: statementError }),
			]),
		],
		// The answer to `close`.
		z.unknown(),
	),
});

export const batchAnswer = z.looseObject({
	type: z.literal("batch"),
	result: z.looseObject({
		step_results: z.array(statementResult.nullable()),
		step_errors: z.array(statementError.nullable()),
	}),
});

export const describeAnswer = z.looseObject({
	type: z.literal("describe"),
	result: z.looseObject({ is_readonly: z.boolean() }),
});

/**
 * The answer to a pipeline's first request.
 *
 * @throws {DatabaseError} where the database refuses it, {UnexpectedAnswer} for another shape
 */
export function firstResponse<T>(body: string, shape: z.ZodType<T>): T {
	const [first] = parsed(jsonOf(body), pipelineAnswer).results;
	if (first.type === "error") throw databaseError(first.error.message);
	return parsed(first.response, shape);
}

/** An engine's message without what libSQL and tursodb put before it, so that it is the API's own. */
export function databaseError(message: string): DatabaseError {
	return new DatabaseError(message.replace(/^(?:SQLite (?:input )?error|Parse error): /, ""));
}

/** Rows in a batch's answer, for the log; undefined for another shape. */
export function countRows(body: string): number | undefined {
	try {
		const { result } = firstResponse(body, batchAnswer);
		return result.step_results.reduce((sum, step) => sum + (step?.rows.length ?? 0), 0);
	} catch {
		return undefined;
	}
}

/** `database_error` where the database refuses what was asked, or all of a batch; undefined where it does not. */
export function refusedAs(body: string): string | undefined {
	try {
		const [first] = parsed(jsonOf(body), pipelineAnswer).results;
		if (first.type === "error") return "database_error";
		const batch = batchAnswer.safeParse(first.response).data;
		return batch?.result.step_errors.some((error) => error !== null) === true ? "database_error" : undefined;
	} catch {
		return "unexpected_answer";
	}
}

function jsonOf(body: string): unknown {
	try {
		return JSON.parse(body.replace(/^\uFEFF/, ""));
	} catch {
		const text = body.trim();
		if (text.startsWith("<")) throw new UnexpectedAnswer("html", "a web page instead of JSON", databasePeer);
		if (text !== "" && endsInside(text))
			throw new UnexpectedAnswer("cut_short", "its JSON does not end", databasePeer);
		throw new UnexpectedAnswer("not_json", text === "" ? "it is empty" : "it is not JSON", databasePeer);
	}
}

function parsed<T>(json: unknown, shape: z.ZodType<T>): T {
	const read = shape.safeParse(json);
	if (read.success) return read.data;
	const path = read.error.issues[0]?.path.slice(0, 8).map(plainName).join(".") ?? "";
	throw new UnexpectedAnswer("wrong_shape", `field ${path} is missing or of another type`, databasePeer);
}

/** A name in the response is untrusted: it is shown only if it is a plain word. */
function plainName(name: PropertyKey): string {
	return /^\w{1,40}$/.test(String(name)) ? String(name) : "?";
}
