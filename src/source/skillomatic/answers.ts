import { z } from "zod";
import { UnexpectedAnswer } from "./errors.ts";
import { endsInside, parseJson } from "./json.ts";

/**
 * The API's answers, as far as this server relies on them. Fields that are new are let through;
 * a field that is missing or of another type is an error that names it.
 */

/** A cell as JSON carries it from SQLite. */
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Cell = z.infer<typeof cell>;
export type Row = Readonly<Record<string, Cell>>;

/** @param maxRows as the query's own LIMIT has it: more would be no answer to it, and is not looked at */
export const queryAnswer = (maxRows: number) =>
	z.looseObject({
		rows: z.array(z.record(z.string(), cell)).max(maxRows),
		rowCount: z.number(),
		durationMs: z.number(),
	});

export const tablesAnswer = z.looseObject({ tables: z.array(z.string()) });

export const statsAnswer = z.looseObject({ stats: z.record(z.string(), z.number()) });

export const schemaAnswer = z.looseObject({
	table: z.string(),
	columns: z.array(
		z.looseObject({ name: z.string(), type: z.string(), notnull: z.number(), pk: z.number() }),
	),
});

export const errorAnswer = z.looseObject({
	error: z.looseObject({ message: z.string(), code: z.string().optional() }),
});

/**
 * The data of an answer whose status is 200.
 *
 * @throws {UnexpectedAnswer}
 */
export function readData<T>(body: string, shape: z.ZodType<T>): T {
	const json = parseJson(body);
	if (json === undefined) {
		const text = body.trim();
		if (text === "") throw new UnexpectedAnswer("not_json", "it is empty");
		if (text.startsWith("<")) throw new UnexpectedAnswer("html", "a web page where JSON was due");
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

/** A name out of the answer is a stranger's text, and is told only where it is a plain one. */
function plainName(name: PropertyKey): string {
	return /^\w{1,40}$/.test(String(name)) ? String(name) : "?";
}
