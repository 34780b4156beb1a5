// The tools over both ways to production: the same answers, and the second way exactly where the first is down.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { type Agent, connectAgent, productionTools, sampleArguments } from "../faults/agent.ts";
import { type Libsql, startLibsql } from "./libsql.ts";
import { readOnlyToken } from "./tokens.ts";

const now = Date.parse("2026-11-23T20:00:00Z") / 1000;
let sandbox: Sandbox;
let libsql: Libsql;
/** Without a repository: what its history says is not of production. */
let repository: string;
beforeAll(async () => {
	repository = await mkdtemp(join(tmpdir(), "both-ways-"));
	sandbox = await startSandbox({ now, rateLimit: 1_000_000 });
	// A tenth of the story is enough to compare, and soon read.
	for (const table of ["error_events", "skill_usage_logs"])
		sandbox.database.run(`DELETE FROM ${table} WHERE rowid % 10 <> 0`);
	libsql = await startLibsql(sandbox.database, { now, token: readOnlyToken });
});
afterAll(async () => {
	await libsql.close();
	await sandbox.close();
	for (const folder of [
		repository,
		...["api", "database"].map((name) => ownFolders(name).PROD_DEBUGGER_STATE_DIR),
	])
		await rm(folder, { recursive: true, force: true });
});

/** What one agent's reports leave to remember is not the other's. */
const ownFolders = (name: string) => ({
	PROD_DEBUGGER_REPO: repository,
	PROD_DEBUGGER_STATE_DIR: join(tmpdir(), `both-ways-${process.pid}-${name}`),
});
const secondWay = () => ({
	...ownFolders("database"),
	SKILLOMATIC_DATABASE_URL: libsql.url,
	SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
});
const sourceLine = /\nProduction's database itself was asked, since [^\n]*\.$/;

type Answer = Awaited<ReturnType<Agent["call"]>>;

/** What an answer says, but for how long production took and which way it came. */
function said({ text, structured, isError }: Answer): object {
	const { source, duration_ms: took, ...facts } = structured ?? {};
	void source;
	return {
		isError,
		facts,
		text: text
			.replace(sourceLine, "")
			.replace(/\bduration_ms: [\d.]+/g, "duration_ms: 0")
			.replace(/\b[\d.]+ ms\b/g, "0 ms"),
		hasDuration: took !== undefined,
	};
}

describe("the same answers", () => {
	let byApi: Agent;
	let byDatabase: Agent;
	beforeAll(async () => {
		byApi = await connectAgent({
			url: sandbox.url,
			key: sandbox.keys.superAdmin,
			now,
			env: ownFolders("api"),
		});
		byDatabase = await connectAgent({ url: sandbox.url, key: "", now, env: secondWay() });
	});
	afterAll(async () => {
		await byApi.close();
		await byDatabase.close();
	});

	const sql = (text: string): [string, Record<string, unknown>] => ["query_database", { sql: text }];
	test.each<[string, Record<string, unknown>]>([
		...productionTools.map((tool): [string, Record<string, unknown>] => [tool, sampleArguments[tool] ?? {}]),
		["describe_database", { table: "users" }],
		["describe_database", { table: "nothing" }],
		["fetch_errors", { since: "7d", limit: 50, order: "oldest", with_ids: true }],
		["error_stats", { since: "7d", error_code: "LLM_RATELIMITED" }],
		sql("SELECT action, COUNT(*) AS n FROM error_events WHERE action <> 'update; drop' GROUP BY action"),
		sql("SELECT 9007199254740993 AS large, -1.5 AS real, NULL AS nothing, 'a;b' AS word"),
		sql("SELECT x'00ff' AS bytes FROM skills"),
		sql("SELECT abs(-9223372036854775807 - 1) AS fails"),
		sql("SELECT email FROM users"),
		sql("SELECT key FROM api_keys"),
		sql("SELECT nope FROM error_events"),
		sql("WITH codes AS (SELECT DISTINCT error_code FROM error_events) SELECT * FROM codes ORDER BY 1"),
	])("%s %j", async (tool, args) => {
		const [one, other] = [await byApi.call(tool, args), await byDatabase.call(tool, args)];
		expect(said(other)).toEqual(said(one));
		expect(one.text).not.toMatch(sourceLine);
		expect(one.structured ?? {}).not.toHaveProperty("source");
		// A refusal of the guard's own, and an answer that was known already, asked nobody.
		if (other.structured?.source === undefined) return;
		expect(other.text).toMatch(sourceLine);
		expect(other.text).toContain(String(other.structured.source));
	});

	test("each kind of answer has said where it came from", async () => {
		const { structured, text } = await byDatabase.call("query_database", sampleArguments.query_database);
		expect(structured?.source).toMatch(/^Production's database itself was asked, since no API key is set/);
		expect(text).toMatch(sourceLine);
	});

	test("nothing was sent to the API, and nothing is left open at the database", () => {
		expect(byDatabase.services.skillomatic.requestsSent()).toBe(0);
		expect(libsql.openStreams()).toBe(0);
	});

	test("what is sent is as the agent wrote it: no word is hidden from a filter", async () => {
		libsql.forget();
		await byDatabase.call(...sql("SELECT id FROM error_events WHERE action = 'update' AND 1 = 1"));
		expect(libsql.seen.flatMap((one) => one.sql).join("\n")).toContain("action = 'update'");
	});
});

/** What the API does; undefined: it answers. */
type Fault = ((response: ServerResponse) => void) | undefined;

describe("the API fails", () => {
	let api: Server;
	let fault: Fault;
	let agent: Agent;
	const authorizations = new Set<string | undefined>();
	let apiRequests = 0;

	beforeEach(async () => {
		fault = undefined;
		apiRequests = 0;
		authorizations.clear();
		libsql.forget();
		api = createServer((request, response) => {
			apiRequests += 1;
			authorizations.add(request.headers.authorization);
			if (fault === undefined) void pass(request, response);
			else fault(response);
		});
		await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
		const { port } = api.address() as AddressInfo;
		agent = await connectAgent({
			url: `http://127.0.0.1:${port}`,
			key: sandbox.keys.superAdmin,
			now,
			timeoutMs: 10_000,
			env: secondWay(),
		});
	});
	afterEach(async () => {
		await agent.close();
		api.closeAllConnections();
		await new Promise((resolve) => api.close(resolve));
		// The key of one never goes to the other.
		for (const one of authorizations) expect(one).toBe(`Bearer ${sandbox.keys.superAdmin}`);
		for (const { authorization } of libsql.seen) expect(authorization).toBe(`Bearer ${readOnlyToken}`);
	});

	async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
		const { method = "GET", url = "/" } = request;
		const answer = await fetch(`${sandbox.url}${url}`, {
			method,
			headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
			...(method === "POST" ? { body: Buffer.concat(chunks) } : {}),
		});
		response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
	}

	const count = () => agent.call("query_database", { sql: "SELECT COUNT(*) AS n FROM error_events" });

	test("it is down: answered by the database within the call, and told", async () => {
		fault = (response) => response.writeHead(503).end();
		const first = await count();
		expect(first.isError, first.text).toBe(false);
		expect(first.structured?.source).toBe(
			"Production's database itself was asked, since its API answered HTTP 503.",
		);
		expect(first.text).toMatch(sourceLine);
		// Once, without retries, and then not for a minute.
		expect(apiRequests).toBe(1);
		expect((await agent.call("fetch_errors", {})).structured?.source).toBeDefined();
		expect(apiRequests).toBe(1);
	});

	test("it answers with an error: told, and the database is not asked", async () => {
		const before = await count();
		expect([before.isError, before.structured?.source]).toEqual([false, undefined]);
		const fails = (status: number, message: string) => (response: ServerResponse) => {
			response.writeHead(status, { "content-type": "application/json", "retry-after": "3000" });
			response.end(JSON.stringify({ error: { message } }));
		};
		for (const [status, message, words] of [
			[500, "no such column: x", '"no such column: x"'],
			[429, "slow down", "rate limit"],
		] as const) {
			fault = fails(status, message);
			const { isError, text } = await count();
			expect(isError).toBe(true);
			expect(text).toContain(words);
			expect(text).not.toMatch(sourceLine);
		}
		expect(libsql.seen).toEqual([]);
	});
});
