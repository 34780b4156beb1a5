// Reads a response's data and validates its shape.

import type { z } from "zod";
import { UnexpectedAnswer } from "../failures/index.ts";
import { endsInside, parseJson } from "../http/json.ts";
import type { HttpAnswer } from "../http/transport.ts";

/** @throws {UnexpectedAnswer} */
export function readData<T>(answer: HttpAnswer, shape: z.ZodType<T>): T {
	const json = parseJson(answer.body);
	if (json === undefined) {
		const text = answer.body.trim();
		if (text === "") throw new UnexpectedAnswer("not_json", "it is empty");
		if (text.startsWith("<")) throw new UnexpectedAnswer("html", "a web page instead of JSON");
		if (endsInside(text)) throw new UnexpectedAnswer("cut_short", "its JSON does not end");
		throw new UnexpectedAnswer("not_json", "it is not JSON");
	}
	const data = typeof json === "object" && json !== null && "data" in json ? json.data : undefined;
	if (data === undefined) throw new UnexpectedAnswer("wrong_shape", "field data is missing");
	const parsed = shape.safeParse(data);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	if (issue?.code === "too_big") throw new UnexpectedAnswer("too_large", "more rows than were asked for");
	const path = issue?.path.slice(0, 4).map(plainName).join(".") ?? "";
	throw new UnexpectedAnswer("wrong_shape", `field data.${path} is missing or of another type`);
}

/** Rows of a query's response; undefined for a response of another shape. */
export function countRows(body: string): number | undefined {
	const rows = fieldOf(fieldOf(parseJson(body), "data"), "rows");
	return Array.isArray(rows) ? rows.length : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null
		? Object.entries(value).find(([key]) => key === name)?.[1]
		: undefined;
}

/** A name in the response is untrusted: it is shown only if it is a plain word. */
function plainName(name: PropertyKey): string {
	return /^\w{1,40}$/.test(String(name)) ? String(name) : "?";
}
