// Production's database itself: what is sent to it, what is read, and what is refused.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase, type ReadOnlyDatabase } from "../../src/sandbox/database.ts";
import { createTurso, type Turso } from "../../src/source/turso/client.ts";
import { type CheckedSelect, contractTables } from "../../src/sql/index.ts";
import { withDeadline } from "../../src/system/deadline.ts";
import { describeError } from "../../src/text/index.ts";
import { type Libsql, type LibsqlOptions, startLibsql } from "./libsql.ts";
import { readOnlyToken, tokenOf } from "./tokens.ts";

let database: ReadOnlyDatabase;
beforeAll(async () => {
	database = await openDatabase(["skill_proposals"]);
	database.insert("skills", [
		{ id: "s1", name: "Offer", slug: "offer", description: "", category: "hr", created_at: 1, updated_at: 1 },
	]);
});
afterAll(() => database.close());

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function start(options: LibsqlOptions = {}): Promise<Libsql> {
	const server = await startLibsql(database, { token: readOnlyToken, ...options });
	open.push(server);
	return server;
}

function client(url: string, token: string | undefined = readOnlyToken, now = Date.now()): Turso {
	const turso = createTurso({ url, token, callsPerMinute: 1000, clock: { now: () => now } });
	open.push(turso);
	return turso;
}

const signal = (ms = 5000) => withDeadline(new AbortController().signal, ms);
const checked = (text: string, columns: readonly string[], maxRows = 100) =>
	({ text, columns, maxRows, guardMs: 0 }) as unknown as CheckedSelect;
const one = checked("SELECT 1 AS c1 LIMIT 1", ["c1"]);

async function failure(asked: Promise<unknown>): Promise<{ kind: string; words: string }> {
	const error = await asked.then(
		() => expect.unreachable("it should have failed"),
		(thrown: unknown) => thrown,
	);
	const words = describeError(error) ?? "";
	expect(words).not.toBe("");
	expect(words).not.toContain(readOnlyToken);
	return { kind: (error as { kind: string }).kind, words };
}

describe("what is read", () => {
	test("each of SQLite's types as the API has it", async () => {
		const { url } = await start();
		const text =
			"SELECT 1 AS a, 9007199254740993 AS b, -9223372036854775808 AS c, 1.5 AS d, 2.0 AS e, NULL AS f, 'x''y' AS g, 9e999 AS h LIMIT 1";
		const { rows } = await client(url).query(checked(text, [..."abcdefgh"]), { signal: signal() });
		expect(rows).toEqual([
			{ a: 1, b: "9007199254740993", c: "-9223372036854775808", d: 1.5, e: 2, f: null, g: "x'y", h: null },
		]);
	});

	test("the tables that the API lists, their columns and their rows; not others", async () => {
		database.run("CREATE TABLE billing (card TEXT)");
		const { url } = await start();
		const turso = client(url);
		expect(await turso.tables({ signal: signal() })).toEqual(contractTables);
		const counts = await turso.stats({ signal: signal() });
		expect(Object.keys(counts)).toEqual(contractTables);
		expect(counts).toMatchObject({ skills: 1, error_events: 0, skill_proposals: -1 });
		const columns = await turso.columns("skills", { signal: signal() });
		expect(columns[0]).toEqual({ name: "id", type: "TEXT", notNull: true, primaryKey: 1 });
		expect(await turso.columns("skill_proposals", { signal: signal() })).toEqual([]);
		expect((await failure(turso.columns("billing", { signal: signal() }))).kind).toBe("table_not_listed");
		database.run("DROP TABLE billing");
	});

	test("a table that the token does not let be read counts as missing", async () => {
		const { url } = await start({ denied: ["api_keys", "sessions"] });
		const counts = await client(url).stats({ signal: signal() });
		expect(counts).toMatchObject({ api_keys: -1, sessions: -1, skills: 1 });
	});

	test("a SQL error is the engine's own message", async () => {
		const { url } = await start();
		const { kind, words } = await failure(
			client(url).query(checked("SELECT nope LIMIT 1", ["nope"]), { signal: signal() }),
		);
		expect(kind).toBe("database_error");
		expect(words).toContain('"no such column: nope"');
	});

	test.each([
		["other columns", checked("SELECT 1 AS other LIMIT 1", ["c1"]), "other columns"],
		["more rows", checked("SELECT 1 AS c1 UNION ALL SELECT 2", ["c1"], 1), "more rows"],
		["bytes", checked("SELECT x'00ff' AS c1 LIMIT 1", ["c1"]), "rows.0.c1"],
	])("%s than were checked are refused", async (_, select, words) => {
		const { url } = await start();
		const failed = await failure(client(url).query(select, { signal: signal() }));
		expect(failed.kind).toBe("unexpected_answer");
		expect(failed.words).toContain(words);
	});
});

describe("what is sent", () => {
	test("a read-only transaction that is whole in one request, and no stream stays open", async () => {
		const server = await start({ baseUrl: "http://127.0.0.1:9" });
		const turso = client(server.url);
		for (let round = 0; round < 2; round += 1) await turso.query(one, { signal: signal() });
		expect(server.openStreams()).toBe(0);
		expect(server.seen.map(({ path }) => path)).toEqual(["/v2/pipeline", "/v2/pipeline"]);
		expect(server.seen[0]?.body).toEqual({
			baton: null,
			requests: [
				{
					type: "batch",
					batch: {
						steps: [
							{ stmt: { sql: "BEGIN TRANSACTION READONLY", want_rows: true } },
							{ condition: { type: "ok", step: 0 }, stmt: { sql: one.text, want_rows: true } },
							{ condition: { type: "ok", step: 0 }, stmt: { sql: "ROLLBACK", want_rows: true } },
						],
					},
				},
				{ type: "close" },
			],
		});
		expect(turso.state()).toEqual({ protection: "transaction", version: "v2" });
	});

	test("the text that was not rewritten for the API's filter", async () => {
		const server = await start();
		const select = {
			...checked("SELECT ('upd'||'ate') AS c1 LIMIT 1", ["c1"]),
			plain: "SELECT 'update' AS c1 LIMIT 1",
		};
		const { rows } = await client(server.url).query(select, { signal: signal() });
		expect(rows).toEqual([{ c1: "update" }]);
		expect(server.seen[0]?.sql).toEqual(["SELECT 'update' AS c1 LIMIT 1"]);
	});

	test("a transaction keeps it from writing, whatever the token may do", async () => {
		const { url } = await start({ grants: "rw" });
		const { kind } = await failure(
			client(url).query(checked("DELETE FROM skills", []), { signal: signal() }),
		);
		expect(kind).toBe("database_error");
		expect(database.select("SELECT COUNT(*) AS n FROM skills")).toEqual([{ n: 1 }]);
	});

	test("without such transactions, only what the server describes as read-only", async () => {
		const server = await start({ grants: "rw", transactions: false });
		const turso = client(server.url);
		expect((await turso.query(one, { signal: signal() })).rows).toEqual([{ c1: 1 }]);
		expect((await turso.query(one, { signal: signal() })).rows).toEqual([{ c1: 1 }]);
		expect(turso.state().protection).toBe("described");
		const described = server.seen.filter(({ body }) => body.requests?.[0]?.type === "describe");
		expect(described).toHaveLength(1);
		const { kind } = await failure(turso.query(checked("DELETE FROM skills", []), { signal: signal() }));
		expect(kind).toBe("not_read_only_there");
		expect(database.select("SELECT COUNT(*) AS n FROM skills")).toEqual([{ n: 1 }]);
	});

	test("to a server that speaks version 3 alone", async () => {
		const server = await start({ versions: ["v3"] });
		const turso = client(server.url);
		await turso.query(one, { signal: signal() });
		await turso.query(one, { signal: signal() });
		expect(server.seen.map(({ path }) => path)).toEqual(["/v2/pipeline", "/v3/pipeline", "/v3/pipeline"]);
		expect(turso.state().version).toBe("v3");
	});

	test("to a server that knows no close and no describe, as tursodb's", async () => {
		const server = await start({ versions: ["v2"], unknown: ["close", "describe"], transactions: false });
		const turso = client(server.url);
		expect((await turso.query(one, { signal: signal() })).rows).toEqual([{ c1: 1 }]);
		expect(turso.state().protection).toBe("single");
		server.forget();
		await turso.query(one, { signal: signal() });
		expect(server.seen).toHaveLength(1);
	});
});

describe("the token", () => {
	test.each([
		["may write", tokenOf({ a: "rw" }), "token_unfit"],
		["lacks its claim", tokenOf({}), "token_unfit"],
		["expires while the server runs", tokenOf({ a: "ro", exp: 1_800_000_000 }), "token_unfit"],
		["is an API key", "sk_live_0123456789abcdef", "token_unfit"],
	])("that %s is not sent", async (_, token, kind) => {
		const server = await start();
		const turso = client(server.url, token, 1_900_000_000_000);
		expect((await failure(turso.query(one, { signal: signal() }))).kind).toBe(kind);
		expect(server.seen).toEqual([]);
	});

	test("is needed where the database is not on this machine", async () => {
		const turso = createTurso({
			url: "https://db.example.test",
			token: undefined,
			callsPerMinute: 60,
			clock: { now: () => 0 },
		});
		expect((await failure(turso.query(one, { signal: signal() }))).kind).toBe("token_missing");
	});

	test("that the database rejects says which command makes another", async () => {
		const { url } = await start({ token: "another" });
		const { kind, words } = await failure(client(url).query(one, { signal: signal() }));
		expect(kind).toBe("token_rejected");
		expect(words).toContain("turso db tokens create NAME --read-only");
	});
});

describe("what goes wrong", () => {
	test("nothing there speaks the protocol, or it is another database", async () => {
		const { url } = await start({ versions: [] });
		expect((await failure(client(url).query(one, { signal: signal() }))).kind).toBe(
			"not_skillomatic_database",
		);
		const other = await openDatabase([...contractTables]);
		const server = await startLibsql(other);
		open.push(server);
		const { words } = await failure(client(server.url, undefined).tables({ signal: signal() }));
		expect(words).toContain("none of Skillomatic's tables");
		other.close();
	});

	test("a redirect is not followed", async () => {
		const seen: (string | undefined)[] = [];
		const elsewhere = createServer((request, response) => {
			seen.push(request.headers.authorization);
			response.end();
		});
		await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
		open.push({ close: async () => elsewhere.close() });
		const server = await start();
		const { port } = elsewhere.address() as AddressInfo;
		server.behave((_, response) => {
			response.writeHead(307, { location: `http://127.0.0.1:${port}/v2/pipeline` }).end();
		});
		const { kind, words } = await failure(client(server.url).query(one, { signal: signal() }));
		expect(kind).toBe("redirected");
		expect(words).toContain("SKILLOMATIC_DATABASE_URL");
		expect(seen).toEqual([]);
	});

	test.each([
		["always", 2],
		["if_not_running", 1],
	] as const)("a broken connection: %s is sent %i times", async (retry, times) => {
		const server = await start();
		let requests = 0;
		server.behave((request) => {
			requests += 1;
			request.socket.destroy();
		});
		const { kind } = await failure(client(server.url).query(one, { signal: signal(), retry }));
		expect(kind).toBe("connection_failed");
		expect(requests).toBe(times);
	});

	test.each([
		["an answer that is too large", 200, `{"results":["${"x".repeat(7 * 1024 * 1024)}"]}`, "over 6 MiB"],
		["an answer that repeats the token", 200, readOnlyToken, "is not JSON"],
		["a web page", 200, "<html>", "a web page instead of JSON"],
		["an answer cut short", 200, '{"results":[{"type":"ok"', "its JSON does not end"],
		["another shape", 200, '{"results":[]}', "field results"],
		["an empty answer", 200, "", "it is empty"],
		["another service", 418, "", "HTTP 418"],
	])("%s", async (_, status, body, words) => {
		const server = await start();
		server.behave((_request, response) => void response.writeHead(status).end(body));
		const failed = await failure(client(server.url).query(one, { signal: signal() }));
		expect(failed.kind).toBe("unexpected_answer");
		expect(failed.words).toContain(words);
	});

	test("a call that is cancelled, and one whose time is over, end at once and close their connection", async () => {
		const server = await start();
		let closed = 0;
		server.behave((request) => request.socket.once("close", () => (closed += 1)));
		const cancel = new AbortController();
		const reason = new Error("cancelled");
		const asked = client(server.url).query(one, { signal: cancel.signal });
		setTimeout(() => cancel.abort(reason), 20);
		await expect(asked).rejects.toBe(reason);
		await expect(client(server.url).query(one, { signal: signal(50) })).rejects.toMatchObject({
			kind: "deadline_exceeded",
		});
		await expect.poll(() => closed).toBe(2);
	});

	test("429 and 5xx", async () => {
		const server = await start();
		server.behave((_, response) => void response.writeHead(429, { "retry-after": "90" }).end());
		const limited = await failure(client(server.url).query(one, { signal: signal() }));
		expect(limited).toEqual({
			kind: "rate_limited",
			words: "Production's database accepts no more requests for now (HTTP 429). Try again in 90 s.",
		});
		server.behave((_, response) => void response.writeHead(500).end("no"));
		expect((await failure(client(server.url).query(one, { signal: signal() }))).kind).toBe("server_fault");
	});
});
