import { MockAgent } from "undici";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSkillomatic, type Skillomatic } from "../../src/source/skillomatic/client.ts";
import { prefixCandidates } from "../../src/source/skillomatic/routes.ts";
import type { CheckedSelect } from "../../src/sql/index.ts";
import { withDeadline } from "../../src/system/deadline.ts";
import { describeError } from "../../src/text/index.ts";

const origin = "https://api.example.test";
const key = "sk_live_client_test_key";
const json = { "content-type": "application/json" };
const tables = { data: { tables: ["users"], redactedColumns: [] } };
const now = Date.parse("2026-11-23T21:31:16Z");

let network: MockAgent;
const signal = () => withDeadline(new AbortController().signal, 2000);

beforeEach(() => {
	network = new MockAgent();
	network.disableNetConnect();
});
afterEach(() => network.close());

function client(options: { apiUrl?: string; apiKey?: string | undefined } = {}): Skillomatic {
	return createSkillomatic({
		apiUrl: options.apiUrl ?? origin,
		apiKey: "apiKey" in options ? options.apiKey : key,
		callsPerMinute: 60,
		clock: { now: () => now },
		dispatcher: network,
	});
}

interface Reply {
	readonly status?: number;
	readonly body: unknown;
	readonly headers?: Record<string, string>;
}

/** One exchange that the network is ready for; the client must ask for exactly these, in this order. */
function answer(path: string, reply: Reply, method = "GET"): void {
	const body = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
	network
		.get(origin)
		.intercept({ path, method, headers: { authorization: `Bearer ${key}` } })
		.reply(reply.status ?? 200, body, { headers: { ...json, ...reply.headers } });
}

async function failure(ask: Promise<unknown>): Promise<{ kind: string; words: string }> {
	const error = await ask.then(
		() => expect.unreachable("it should have failed"),
		(thrown: unknown) => thrown,
	);
	const words = describeError(error) ?? "";
	expect(words).not.toBe("");
	expect(words).not.toContain(key);
	expect(words.length).toBeLessThan(2000);
	return { kind: (error as { kind: string }).kind, words };
}

describe("a wait that is far away is told by its hours and its end", () => {
	test.each([
		[429, "40", "Try again in 40 s."],
		[429, "900", "Try again in 15 min (at 2026-11-23T21:46:16Z)."],
		[429, "93600", "Try again in 26 h (at 2026-11-24T23:31:16Z)."],
		[429, "Fri, 01 Jan 2100 00:00:00 GMT", "(at 2100-01-01T00:00:00Z)."],
		[429, "1795555876", "Try again in 24 h (at 2026-11-24T21:31:16Z)."],
		[503, "7300", "Try again in 3 h (at 2026-11-23T23:32:56Z); if it persists"],
		[503, "Mon, 23 Nov 2026 21:41:16 GMT", "Try again in 10 min (at 2026-11-23T21:41:16Z); if it persists"],
		[503, undefined, "Try again in a minute"],
	])("%i with Retry-After %s", async (status, after, said) => {
		const headers = after === undefined ? {} : { "retry-after": after };
		for (let attempt = 0; attempt < 3; attempt += 1)
			answer("/v1/database/tables", { status, body: { error: { message: "later" } }, headers });
		const { words } = await failure(client().tables({ signal: signal() }));
		expect(words).toContain(said);
	});
});

describe("an answer of another form", () => {
	const select = { text: "SELECT 1", columns: ["c1"], maxRows: 3 } as unknown as CheckedSelect;
	const ask = async (body: string) => {
		answer("/v1/database/tables", { body: `\uFEFF${JSON.stringify(tables)}` });
		answer("/v1/database/query", { body }, "POST");
		return (await client().query(select, { signal: signal() })).rows;
	};

	test("a byte-order mark before JSON, and no duration", async () => {
		expect(await ask('\uFEFF{"data":{"rows":[{"c1":1}]}}')).toEqual([{ c1: 1 }]);
	});

	test("integers beyond 2^53 are whole, as text", async () => {
		const rows =
			'[{"c1":9007199254740993},{"c1":-9223372036854775808},{"c1":"id: 9007199254740993, \\"x\\""}]';
		expect(await ask(`{"data":{"rows":${rows},"rowCount":3,"durationMs":1.5}}`)).toEqual([
			{ c1: "9007199254740993" },
			{ c1: "-9223372036854775808" },
			{ c1: 'id: 9007199254740993, "x"' },
		]);
	});

	test("numbers that JavaScript holds stay numbers", async () => {
		const rows = '[{"c1":9007199254740991},{"c1":12345678901234567890e3},{"c1":1234567890123456.5}]';
		const [held, large] = await ask(`{"data":{"rows":${rows},"rowCount":3,"durationMs":1}}`);
		expect(held).toEqual({ c1: 9007199254740991 });
		expect(typeof large?.c1).toBe("number");
	});
});

describe("the prefix", () => {
	test.each([
		[origin, ["/v1", "/api/v1"]],
		[`${origin}/v1`, ["/v1"]],
		[`${origin}/api/v1`, ["/api/v1"]],
		[`${origin}/v1/database`, ["/v1"]],
		[`${origin}/api/v1/database/query`, ["/api/v1"]],
		[`${origin}/eu`, ["/eu/v1", "/eu/api/v1"]],
	])("%s is asked at %j", (url, candidates) => {
		expect(prefixCandidates(url)).toEqual(candidates);
	});

	test("is found once, and remembered", async () => {
		answer("/v1/database/tables", { status: 404, body: { error: { message: "Not Found" } } });
		answer("/api/v1/database/tables", { body: tables });
		answer("/api/v1/database/stats", { body: { data: { stats: { users: 4 } } } });
		answer("/api/v1/database/stats", { body: { data: { stats: { users: 5 } } } });
		const skillomatic = client();
		expect(await skillomatic.stats({ signal: signal() })).toEqual({ users: 4 });
		expect(await skillomatic.stats({ signal: signal() })).toEqual({ users: 5 });
		network.assertNoPendingInterceptors();
	});

	test("nobody at any of them is a wrong address", async () => {
		for (const prefix of ["/v1", "/api/v1"])
			answer(`${prefix}/database/tables`, { status: 404, body: "Not Found" });
		const { kind, words } = await failure(client().tables({ signal: signal() }));
		expect(kind).toBe("route_not_found");
		expect(words).toContain("https://api.example.test/v1 or https://api.example.test/api/v1");
	});

	test.each(["/v1", "/api/v1", "/database"])(
		"a URL with the path %s is told to leave it out",
		async (path) => {
			for (const prefix of prefixCandidates(`${origin}${path}`))
				answer(`${prefix}/database/tables`, { status: 404, body: "Not Found" });
			const { words } = await failure(client({ apiUrl: `${origin}${path}` }).tables({ signal: signal() }));
			expect(words).toContain(`leave the path "${path}" out of SKILLOMATIC_API_URL`);
		},
	);
});

describe("failures, each with its next step", () => {
	const error = (message: string, code?: string) => ({
		error: { message, ...(code === undefined ? {} : { code }) },
	});
	const cases: [string, Reply, string, RegExp][] = [
		[
			"401",
			{ status: 401, body: error("Invalid or revoked API key") },
			"key_rejected",
			/SKILLOMATIC_API_KEY/,
		],
		[
			"403",
			{ status: 403, body: error("Database query access requires super admin privileges", "FORBIDDEN") },
			"not_super_admin",
			/super admin's key/,
		],
		[
			"429",
			{ status: 429, body: error("Too many", "RATE_LIMIT_EXCEEDED"), headers: { "retry-after": "60" } },
			"rate_limited",
			/Try again in 60 s/,
		],
		[
			"500 of SQL",
			{ status: 500, body: error("no such column: nope") },
			"database_error",
			/"no such column: nope"/,
		],
		[
			"a redirect",
			{ status: 302, body: "", headers: { location: "https://evil.example/login?next=1" } },
			"redirected",
			/"https:\/\/evil.example\/login"/,
		],
		["a page", { body: "<!doctype html><title>Login</title>" }, "unexpected_answer", /web page/],
		["text", { body: "hello" }, "unexpected_answer", /it is not JSON/],
		["half an answer", { body: '{"data":{"tables":["us' }, "unexpected_answer", /cut short/],
		["another shape", { body: { data: { tables: "users" } } }, "unexpected_answer", /data\.tables/],
		["no data", { body: { rows: [] } }, "unexpected_answer", /data is missing/],
		["a teapot", { status: 418, body: "" }, "unexpected_answer", /HTTP 418/],
		["a bare 500", { status: 500, body: "oops" }, "server_fault", /HTTP 500/],
		[
			"an unknown coding",
			{ body: tables, headers: { "content-encoding": "zstd" } },
			"unexpected_answer",
			/encoding is not gzip or deflate/,
		],
	];

	test.each(cases)("%s", async (_, reply, kind, words) => {
		answer("/v1/database/tables", reply);
		const said = await failure(client().tables({ signal: signal() }));
		expect(said.kind).toBe(kind);
		expect(said.words).toMatch(words);
	});

	test("400 of a table that is not listed", async () => {
		answer("/v1/database/tables", { body: tables });
		answer("/v1/database/schema/nope", {
			status: 400,
			body: error("Table 'nope' is not in the allowed list", "INVALID_TABLE"),
		});
		expect((await failure(client().columns("nope", { signal: signal() }))).kind).toBe("table_not_listed");
	});

	test("no key: nothing is asked", async () => {
		const { kind, words } = await failure(client({ apiKey: undefined }).tables({ signal: signal() }));
		expect(kind).toBe("key_missing");
		expect(words).toContain("SKILLOMATIC_API_KEY");
	});

	test("a connection that fails is tried again, and then told", async () => {
		const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
		const pool = network.get(origin);
		pool.intercept({ path: "/v1/database/tables" }).replyWithError(refused).times(3);
		const skillomatic = client();
		const { kind, words } = await failure(skillomatic.tables({ signal: signal() }));
		expect(kind).toBe("connection_failed");
		expect(words).toContain("ECONNREFUSED: nothing listens there");
		expect(skillomatic.requestsSent()).toBe(3);
	});

	test("502 and 503 are tried again and may come right", async () => {
		answer("/v1/database/tables", { status: 502, body: "bad gateway" });
		answer("/v1/database/tables", { status: 503, body: "" });
		answer("/v1/database/tables", { body: tables });
		const skillomatic = client();
		await skillomatic.prefix({ signal: signal() });
		expect(skillomatic.requestsSent()).toBe(3);
	});

	test("500 and 4xx are asked once", async () => {
		for (const status of [500, 400, 401, 403]) {
			answer("/v1/database/tables", { status, body: error("no") });
			const skillomatic = client();
			await failure(skillomatic.tables({ signal: signal() }));
			expect(skillomatic.requestsSent()).toBe(1);
		}
	});
});

describe("what goes along with an answer", () => {
	test("new fields are let through", async () => {
		answer("/v1/database/tables", { body: { data: { ...tables.data, schemaVersion: 2 }, trace: "x" } });
		answer("/v1/database/tables", { body: { data: { ...tables.data, schemaVersion: 2 }, trace: "x" } });
		expect(await client().tables({ signal: signal() })).toEqual(["users"]);
	});

	test("production's clock and rate limit are read from the headers", async () => {
		answer("/v1/database/tables", {
			body: tables,
			headers: {
				date: "Mon, 23 Nov 2026 21:41:16 GMT",
				"x-ratelimit-limit": "100",
				"x-ratelimit-remaining": "42",
				"x-ratelimit-reset": "30",
			},
		});
		const skillomatic = client();
		await skillomatic.prefix({ signal: signal() });
		expect(skillomatic.clockOffsetMs()).toBe(600_500);
		expect(skillomatic.rateLimit()).toEqual({ limit: 100, remaining: 42, resetSeconds: 30 });
	});

	test("when a window has no requests left the next call does not go out before its end", async () => {
		const headers = { "x-ratelimit-limit": "100", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "50" };
		answer("/v1/database/tables", { body: tables, headers });
		const skillomatic = client();
		await skillomatic.prefix({ signal: signal() });
		const { kind, words } = await failure(skillomatic.stats({ signal: signal() }));
		expect(kind).toBe("rate_limited");
		expect(words).toMatch(/in (49|50) s/);
		expect(skillomatic.requestsSent()).toBe(1);
	});

	test("identical reads under way at once are made once", async () => {
		answer("/v1/database/tables", { body: tables });
		answer("/v1/database/stats", { body: { data: { stats: { users: 4 } } } });
		const skillomatic = client();
		await skillomatic.prefix({ signal: signal() });
		const both = await Promise.all([
			skillomatic.stats({ signal: signal() }),
			skillomatic.stats({ signal: signal() }),
		]);
		expect(both).toEqual([{ users: 4 }, { users: 4 }]);
		expect(skillomatic.requestsSent()).toBe(2);
	});
});
