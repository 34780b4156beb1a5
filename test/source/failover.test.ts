// Which of the two ways to production is taken, and what an answer says of it.

import { describe, expect, test } from "vitest";
import { createSource } from "../../src/source/failover.ts";
import {
	BudgetUsedUp,
	CertificateInvalid,
	ConnectionFailed,
	DatabaseError,
	KeyRejected,
	NotSuperAdmin,
	ProxyRefused,
	QueryRefused,
	RateLimited,
	Redirected,
	RouteNotFound,
	ServerFault,
	TokenRejected,
	UnexpectedAnswer,
} from "../../src/source/failures/index.ts";
import { startMeter } from "../../src/source/http/meter.ts";
import type { AskOptions } from "../../src/source/http/requests.ts";
import type { Source } from "../../src/source/source.ts";
import type { CheckedSelect } from "../../src/sql/index.ts";
import { withDeadline } from "../../src/system/deadline.ts";
import { describeError } from "../../src/text/index.ts";

const select = { text: "SELECT 1", columns: ["c1"], maxRows: 1, guardMs: 0 } as unknown as CheckedSelect;

/** `hangs` waits for the end of the call; an error is thrown; a text is the answer. */
type Behaviour = Error | "hangs" | "answers";

interface Way extends Source {
	behaves: Behaviour;
	readonly asked: AskOptions[];
}

function way(name: string): Way {
	const asked: AskOptions[] = [];
	const act = async <T>(options: AskOptions, answer: T): Promise<T> => {
		asked.push(options);
		const { behaves } = made;
		if (behaves === "hangs") {
			return new Promise((_, reject) => {
				options.signal.addEventListener("abort", () => reject(options.signal.reason), { once: true });
			});
		}
		if (behaves === "answers") return answer;
		throw behaves;
	};
	const made: Way = {
		behaves: "answers",
		asked,
		query: (_, options) => act(options, { rows: [{ c1: name }], durationMs: 1 }),
		stats: (options) => act(options, { [name]: 1 }),
		tables: (options) => act(options, [name]),
		columns: (_, options) => act(options, [{ name, type: "", notNull: false, primaryKey: 0 }]),
		clockOffsetMs: () => (name === "api" ? 1 : 2),
		rateLimit: () => undefined,
		requestsSent: () => asked.length,
		close: async () => {},
	};
	return made;
}

function setUp() {
	const api = way("api");
	const database = way("database");
	let now = 1_764_000_000_000;
	const source = createSource({ api, database, clock: { now: () => now } });
	/** A call of a tool, which asks several times. */
	const call = (timeoutMs = 10_000) => {
		const signal = withDeadline(new AbortController().signal, timeoutMs);
		const meter = startMeter(signal, () => {});
		return {
			meter,
			query: async (retry?: AskOptions["retry"]) => {
				const { rows } = await source.query(select, { signal, ...(retry === undefined ? {} : { retry }) });
				return rows[0]?.c1;
			},
			tables: async () => (await source.tables({ signal }))[0],
		};
	};
	return {
		api,
		database,
		source,
		call,
		pass: (seconds: number) => {
			now += seconds * 1000;
		},
	};
}

const proxy = { url: "http://u:p@proxy", shown: "http://proxy", by: "HTTPS_PROXY" };

describe("the API is down", () => {
	test.each([
		[
			"nothing listens",
			new ConnectionFailed("api", "ECONNREFUSED", false),
			"could not be reached (ECONNREFUSED)",
		],
		[
			"the connection broke",
			new ConnectionFailed("api", "ECONNRESET", true),
			"could not be reached (ECONNRESET)",
		],
		["the proxy refuses", new ProxyRefused("api", proxy, 502), "the proxy does not connect"],
		["its certificate expired", new CertificateInvalid("api", "CERT_HAS_EXPIRED"), "(CERT_HAS_EXPIRED)"],
		["500 that is not its own JSON", new ServerFault(500), "answered HTTP 500"],
		["502", new ServerFault(502), "answered HTTP 502"],
		["503 that asks to wait", new ServerFault(503, 30), "answered HTTP 503"],
		["504", new ServerFault(504), "answered HTTP 504"],
	])("%s: the database at once, for a minute, then the API again", async (_, down, why) => {
		const { api, call, pass } = setUp();
		api.behaves = down;
		const first = call();
		expect(await first.query()).toBe("database");
		expect(first.meter.source).toMatch(/^Production's database itself was asked, since .*\.$/);
		expect(first.meter.source).toContain(why);
		expect(api.asked).toHaveLength(1);
		expect(api.asked[0]?.retry).toBe("only_if_limited");
		api.behaves = "answers";
		// The call stays where it is, and others keep away from the API for a minute.
		expect(await first.query()).toBe("database");
		pass(59);
		const second = call();
		expect(await second.query()).toBe("database");
		expect(second.meter.source).toBe(first.meter.source);
		pass(1);
		const third = call();
		expect(await third.query()).toBe("api");
		expect(third.meter.source).toBeUndefined();
		expect(api.asked).toHaveLength(2);
	});

	test("and still down after a minute: asked once more, and left again", async () => {
		const { api, call, pass } = setUp();
		api.behaves = new ServerFault(503);
		await call().query();
		pass(61);
		expect(await call().query()).toBe("database");
		pass(30);
		expect(await call().query()).toBe("database");
		expect(api.asked).toHaveLength(2);
	});

	test("a clock that was set back does not keep the API away", async () => {
		const { api, call, pass } = setUp();
		api.behaves = new ServerFault(503);
		await call().query();
		api.behaves = "answers";
		pass(-3600);
		expect(await call().query()).toBe("api");
	});

	test("its own error to a query is an answer; to another question it is a 500", async () => {
		const { api, call } = setUp();
		api.behaves = new DatabaseError("no such column: x");
		await expect(call().query()).rejects.toBe(api.behaves);
		expect(await call().tables()).toBe("database");
	});

	test.each([
		["a broken connection", new ConnectionFailed("api", "ECONNRESET", true)],
		["a 504", new ServerFault(504)],
	])("%s under an agent's query, which may still run: only the next call", async (_, down) => {
		const { api, call } = setUp();
		api.behaves = down;
		await expect(call().query("if_not_running")).rejects.toBe(down);
		expect(await call().query("if_not_running")).toBe("database");
	});

	test("an agent's query that cannot have begun there is asked at once", async () => {
		const { api, call } = setUp();
		api.behaves = new ConnectionFailed("api", "ECONNREFUSED", false);
		expect(await call().query("if_not_running")).toBe("database");
		api.behaves = new ServerFault(503);
		expect(await call().query("if_not_running")).toBe("database");
	});
});

describe("the API has answered", () => {
	test.each([
		["400", new QueryRefused("no")],
		["401", new KeyRejected()],
		["403", new NotSuperAdmin()],
		["404", new RouteNotFound([])],
		["429", new RateLimited(12)],
		["a redirect", new Redirected(302, undefined)],
		["another shape", new UnexpectedAnswer("html", "")],
		["not asked: our own budget", new BudgetUsedUp(1, 60)],
	])("%s never fails over", async (_, failed) => {
		const { api, database, call } = setUp();
		api.behaves = failed;
		for (const ask of ["query", "tables"] as const) await expect(call()[ask]()).rejects.toBe(failed);
		expect(database.asked).toEqual([]);
		api.behaves = "answers";
		expect(await call().query()).toBe("api");
	});
});

describe("the API does not answer in time", () => {
	test("the next call asks the database, and the one after it the API", async () => {
		const { api, database, call } = setUp();
		api.behaves = "hangs";
		await expect(call(20).query()).rejects.toMatchObject({ kind: "deadline_exceeded" });
		expect(database.asked).toEqual([]);
		api.behaves = "answers";
		const next = call();
		expect([await next.query(), await next.query()]).toEqual(["database", "database"]);
		expect(next.meter.source).toContain("did not answer the call before in time");
		expect(await call().query()).toBe("api");
	});

	test("twice in a row: the database for a minute", async () => {
		const { api, call, pass } = setUp();
		api.behaves = "hangs";
		await expect(call(20).query()).rejects.toMatchObject({ kind: "deadline_exceeded" });
		expect(await call().query()).toBe("database");
		await expect(call(20).query()).rejects.toMatchObject({ kind: "deadline_exceeded" });
		for (const _ of [1, 2, 3]) expect(await call().query()).toBe("database");
		api.behaves = "answers";
		pass(61);
		expect(await call().query()).toBe("api");
	});

	test("several requests of one call that times out are one time-out", async () => {
		const { api, call } = setUp();
		api.behaves = "hangs";
		const slow = call(20);
		await Promise.allSettled([slow.query(), slow.tables(), slow.query()]);
		api.behaves = "answers";
		expect(await call().query()).toBe("database");
		expect(await call().query()).toBe("api");
	});

	test("a call that its host cancels says nothing of the API", async () => {
		const { api, source, call } = setUp();
		api.behaves = "hangs";
		const cancel = new AbortController();
		const asked = source.query(select, { signal: cancel.signal });
		cancel.abort(new Error("cancelled"));
		await expect(asked).rejects.toThrow("cancelled");
		api.behaves = "answers";
		expect(await call().query()).toBe("api");
	});
});

describe("the database", () => {
	test("fails too: both are told, and the API is tried again by the next call", async () => {
		const { api, database, call } = setUp();
		api.behaves = new ServerFault(503);
		database.behaves = new TokenRejected(401);
		const error = await call()
			.query()
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ kind: "both_failed" });
		const words = describeError(error);
		expect(words).toContain("HTTP 503");
		expect(words).toContain("rejected the token");
		api.behaves = "answers";
		expect(await call().query()).toBe("api");
	});

	test("its answer to the query is passed on as it is", async () => {
		const { api, database, call } = setUp();
		api.behaves = new ServerFault(503);
		database.behaves = new DatabaseError("no such column: x");
		await expect(call().query()).rejects.toBe(database.behaves);
	});

	test("tells production's time while it answers", async () => {
		const { api, source, call } = setUp();
		await call().query();
		expect(source.clockOffsetMs()).toBe(1);
		api.behaves = new ServerFault(503);
		await call().query();
		expect(source.clockOffsetMs()).toBe(2);
		expect(source.requestsSent()).toBe(3);
	});

	test("alone: each answer says so", async () => {
		const database = way("database");
		const source = createSource({ api: undefined, database, clock: { now: () => 0 } });
		for (const ask of ["stats", "tables"] as const) {
			const signal = new AbortController().signal;
			const meter = startMeter(signal, () => {});
			await source[ask]({ signal });
			expect(meter.source).toContain("no API key is set");
		}
	});
});

test("the API alone is asked as it is", () => {
	const api = way("api");
	expect(createSource({ api, database: undefined, clock: { now: () => 0 } })).toBe(api);
});
