import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Connection, connect } from "./connect.ts";
import { exampleCalls } from "./example-calls.ts";

const requestLine = z.object({
	tool: z.string(),
	request: z.string(),
	sql: z.string().optional(),
	guard_ms: z.number().nonnegative().optional(),
	round_trip_ms: z.number().nonnegative(),
	rows: z.number().int().nonnegative().optional(),
	bytes: z.number().int().positive().optional(),
	failure: z.string().optional(),
});
type RequestLine = z.infer<typeof requestLine>;

const callLine = z.object({ tool: z.string(), ms: z.number(), outcome: z.string() });

const literal = "literal-that-nobody-may-read";
const sql = `SELECT id, user_id, session_id, error_code, skill_slug, '${literal}' AS "alias-${literal}" FROM error_events WHERE created_at > 1700000123 AND skill_slug <> '${literal}' ORDER BY created_at DESC`;

/** A session on the demo, and what it logs. */
async function open(level: string): Promise<{ connection: Connection; log: () => string }> {
	const connection = await connect({
		args: ["--demo-now", "2026-11-25T15:00:00Z"],
		env: { PROD_DEBUGGER_LOG: level },
	});
	let text = "";
	connection.stderr?.on("data", (chunk: Buffer) => {
		text += chunk.toString("utf8");
	});
	return { connection, log: () => text };
}

const opened: Connection[] = [];
afterAll(() => Promise.all(opened.map((connection) => connection.close())));

async function debugLog(): Promise<{ log: string; told: readonly string[] }> {
	const { connection, log } = await open("debug");
	opened.push(connection);
	const told: string[] = [];
	for (const [tool, args] of Object.entries(exampleCalls)) await connection.call(tool, args);
	const { structured } = await connection.call("query_database", { sql, limit: 200 });
	const { rows } = z.object({ rows: z.array(z.array(z.unknown())) }).parse(structured);
	for (const cell of rows.flat()) if (typeof cell === "string" && cell.length >= 8) told.push(cell);
	const failed = await connection.call("query_database", { sql: `SELECT json('${literal}') FROM skills` });
	expect(failed.isError).toBe(true);
	await connection.close();
	return { log: log(), told };
}

const linesOf = (log: string): readonly unknown[] =>
	log
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line));

const requestsIn = (log: string): readonly RequestLine[] =>
	linesOf(log).flatMap((line) => {
		const { success, data } = requestLine.safeParse(line);
		return success ? [data] : [];
	});

describe("log level debug", async () => {
	const { log, told } = await debugLog();
	const requests = requestsIn(log);
	const queries = requests.filter(({ request }) => request === "query");

	test("tells of each query its SQL, the guard's time, the round trip's, rows and bytes", () => {
		expect(queries.length).toBeGreaterThan(10);
		for (const line of queries) {
			expect(line.sql).toMatch(/^SELECT [\w(*]/);
			expect(line.guard_ms).toBeGreaterThan(0);
		}
		const sound = queries.filter(({ failure }) => failure === undefined);
		for (const line of sound)
			expect(line).toMatchObject({ rows: expect.any(Number), bytes: expect.any(Number) });
		const ours = sound.findLast(({ sql: sent }) =>
			sent?.includes("created_at > ? AND skill_slug <> ? ORDER BY created_at DESC"),
		);
		expect(ours).toMatchObject({ tool: "query_database", rows: 201 });
	});

	test("tells of a query that failed what its failure was", () => {
		expect(queries.at(-1)).toMatchObject({ tool: "query_database", failure: "database_error" });
		expect(queries.at(-1)).not.toHaveProperty("rows");
	});

	test("tells of the requests for the schema too", () => {
		expect(requests.map(({ request }) => request)).toEqual(
			expect.arrayContaining(["tables", "schema/error_events", "schema/users"]),
		);
	});

	test("tells of each call its tool and its time", () => {
		const calls = linesOf(log).filter((line) => callLine.safeParse(line).success);
		expect(calls).toHaveLength(Object.keys(exampleCalls).length + 2);
	});

	test("holds no literal and nothing of a row", () => {
		expect(log).not.toContain(literal);
		for (const { sql: shown = "" } of queries) expect(shown).not.toMatch(/['"]|\b\d/);
		expect(told.length).toBeGreaterThan(400);
		for (const cell of told) expect(log).not.toContain(cell);
	});
});

test("log level info tells of calls, not of queries", async () => {
	const { connection, log } = await open("info");
	opened.push(connection);
	await connection.call("fetch_errors", { limit: 1 });
	await connection.close();
	expect(linesOf(log())).toMatchObject([{ tool: "fetch_errors", ms: expect.any(Number), outcome: "ok" }]);
});
