import { MockAgent } from "undici";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type CallMeter, startMeter } from "../../src/source/http/meter.ts";
import type { AskOptions } from "../../src/source/http/requests.ts";
import { createSkillomatic, type Skillomatic } from "../../src/source/skillomatic/client.ts";
import type { CheckedSelect } from "../../src/sql/checked-select.ts";
import { withDeadline } from "../../src/system/deadline.ts";

const origin = "https://api.example.test";
const now = Date.parse("2026-11-23T21:31:16Z");
const select = { text: "SELECT 1 AS n LIMIT 1", columns: ["n"], maxRows: 1 } as unknown as CheckedSelect;
const rows = { data: { rows: [{ n: 1 }], rowCount: 1, durationMs: 1, query: "" } };
const tables = { data: { tables: ["users"], redactedColumns: [] } };

let network: MockAgent;
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
	network = new MockAgent();
	network.disableNetConnect();
});
afterEach(async () => {
	vi.useRealTimers();
	await network.close();
});

type Reply = { status?: number; body?: object; headers?: Record<string, string> } | { error: string };

/** The next exchanges, in their order; `times` lets one stand for many. */
function ready(path: string, method: "GET" | "POST", ...replies: (Reply & { times?: number })[]): void {
	for (const reply of replies) {
		const asked = network.get(origin).intercept({ path, method });
		const prepared =
			"error" in reply
				? asked.replyWithError(Object.assign(new Error(reply.error), { code: reply.error }))
				: asked.reply(reply.status ?? 200, JSON.stringify(reply.body ?? {}), {
						headers: { "content-type": "application/json", ...reply.headers },
					});
		prepared.times(reply.times ?? 1);
	}
}

const limits = (remaining: number, reset: number) => ({
	"x-ratelimit-limit": "100",
	"x-ratelimit-remaining": String(remaining),
	"x-ratelimit-reset": String(reset),
});

function client(callsPerMinute = 60): Skillomatic {
	return createSkillomatic({
		apiUrl: `${origin}/v1`,
		apiKey: "sk_live_retries_test",
		callsPerMinute,
		clock: { now: () => now },
		dispatcher: network,
	});
}

interface Asked {
	readonly meter: CallMeter;
	readonly kind: string;
	readonly waitedMs: number;
}

/** Asks, and lets time run until the answer or the failure is there. */
async function ask(
	skillomatic: Skillomatic,
	options: Partial<AskOptions> & { timeoutMs?: number } = {},
): Promise<Asked> {
	const signal = withDeadline(new AbortController().signal, options.timeoutMs ?? 15_000);
	const meter = startMeter(signal, () => {});
	const begun = performance.now();
	let kind: string | undefined;
	void skillomatic.query(select, { signal, ...options }).then(
		() => {
			kind = "ok";
		},
		(error: { kind: string }) => {
			kind = error.kind;
		},
	);
	for (let turn = 0; kind === undefined && turn < 20_000; turn += 1) await vi.advanceTimersByTimeAsync(10);
	return { meter, kind: kind ?? "never", waitedMs: performance.now() - begun };
}

/** A client that has found its prefix. */
async function warm(callsPerMinute?: number): Promise<Skillomatic> {
	ready("/v1/database/tables", "GET", { body: tables });
	ready("/v1/database/query", "POST", { body: rows });
	const skillomatic = client(callsPerMinute);
	expect((await ask(skillomatic)).kind).toBe("ok");
	return skillomatic;
}

describe("a read is made again where that helps", () => {
	test.each([
		["no connection", { error: "ECONNREFUSED" }],
		["a reset", { error: "ECONNRESET" }],
		["502", { status: 502 }],
		["503", { status: 503 }],
		["504", { status: 504 }],
	] as const)("%s, twice: the third attempt counts", async (_, fault) => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { ...fault, times: 2 }, { body: rows });
		const { kind, meter, waitedMs } = await ask(skillomatic);
		expect(kind).toBe("ok");
		expect(meter.roundTrips).toBe(3);
		// 200 to 400 ms, then 400 to 800.
		expect(waitedMs).toBeGreaterThanOrEqual(600);
		expect(waitedMs).toBeLessThanOrEqual(1300);
	});

	test.each([400, 401, 403, 404, 418, 500, 501, 505])("%i is asked once", async (status) => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { status, body: { error: { message: "no" } }, times: 3 });
		const { kind, meter } = await ask(skillomatic);
		expect(kind).not.toBe("ok");
		expect(meter.roundTrips).toBe(1);
	});

	test("the waits differ from one call to the next", async () => {
		const waits = new Set<number>();
		for (let call = 0; call < 8; call += 1) {
			const skillomatic = await warm();
			ready("/v1/database/query", "POST", { status: 503 }, { body: rows });
			waits.add((await ask(skillomatic)).waitedMs);
		}
		expect(waits.size).toBeGreaterThan(2);
	});

	test("no attempt is begun that does not fit into the deadline: the failure is told, not the time", async () => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { error: "ECONNREFUSED", times: 3 });
		const { kind, waitedMs } = await ask(skillomatic, { timeoutMs: 1000 });
		expect(kind).toBe("connection_failed");
		expect(waitedMs).toBeLessThan(1000);
	});
});

describe("an agent's own SQL may still be running", () => {
	const retry = "if_not_running";

	test.each([
		["a reset", { error: "ECONNRESET" }, "connection_failed"],
		["a closed connection", { error: "UND_ERR_SOCKET" }, "connection_failed"],
		["504", { status: 504 }, "server_fault"],
	] as const)("so it is not started again after %s", async (_, fault, failure) => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { ...fault, times: 3 });
		const { kind, meter } = await ask(skillomatic, { retry });
		expect(kind).toBe(failure);
		expect(meter.roundTrips).toBe(1);
	});

	test.each([
		["nobody listened", { error: "ECONNREFUSED" }],
		["502", { status: 502 }],
		["503", { status: 503 }],
	] as const)("but it is where it was not: %s", async (_, fault) => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", fault, { body: rows });
		const { kind, meter } = await ask(skillomatic, { retry });
		expect(kind).toBe("ok");
		expect(meter.roundTrips).toBe(2);
	});
});

describe("429", () => {
	test("whose wait fits is waited for, and told", async () => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { status: 429, headers: { "retry-after": "9" } }, { body: rows });
		const { kind, meter, waitedMs } = await ask(skillomatic);
		expect(kind).toBe("ok");
		expect(waitedMs).toBeGreaterThanOrEqual(9000);
		expect(waitedMs).toBeLessThan(10_000);
		expect(meter.waits).toMatchObject([{ reason: "rate_limit", left: { requests: 0 } }]);
	});

	test.each([["20"], ["999999999"], ["Mon, 23 Nov 2026 21:32:00 GMT"], ["never"]])(
		"with Retry-After %s ends the call at once",
		async (after) => {
			const skillomatic = await warm();
			ready("/v1/database/query", "POST", { status: 429, headers: { "retry-after": after } });
			const { kind, waitedMs } = await ask(skillomatic);
			expect(kind).toBe("rate_limited");
			expect(waitedMs).toBeLessThan(500);
		},
	);

	test("keeps every call back until its time is over", async () => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { status: 429, headers: { "retry-after": "30" } });
		await ask(skillomatic);
		const sent = skillomatic.requestsSent();
		expect((await ask(skillomatic)).kind).toBe("rate_limited");
		expect(skillomatic.requestsSent()).toBe(sent);
		await vi.advanceTimersByTimeAsync(31_000);
		ready("/v1/database/query", "POST", { body: rows });
		expect((await ask(skillomatic)).kind).toBe("ok");
	});
});

describe("near production's rate limit", () => {
	test("requests go out more slowly, and the call says so", async () => {
		const skillomatic = await warm();
		ready(
			"/v1/database/query",
			"POST",
			{ body: rows, headers: limits(5, 30) },
			{ body: rows, headers: limits(4, 29) },
		);
		expect((await ask(skillomatic)).meter.waits).toEqual([]);
		const { kind, meter, waitedMs } = await ask(skillomatic);
		expect(kind).toBe("ok");
		expect(waitedMs).toBeGreaterThan(1000);
		expect(waitedMs).toBeLessThan(2500);
		expect(meter.waits).toMatchObject([{ reason: "rate_limit", left: { requests: 5, ofLimit: 100 } }]);
	});

	test("far from it nothing waits", async () => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { body: rows, headers: limits(60, 30), times: 2 });
		await ask(skillomatic);
		expect((await ask(skillomatic)).meter.waits).toEqual([]);
	});

	test("with none left the next window is waited for where it fits", async () => {
		const skillomatic = await warm();
		ready(
			"/v1/database/query",
			"POST",
			{ body: rows, headers: limits(0, 8) },
			{ body: rows, headers: limits(99, 60) },
		);
		await ask(skillomatic);
		const { kind, waitedMs } = await ask(skillomatic);
		expect(kind).toBe("ok");
		expect(waitedMs).toBeGreaterThanOrEqual(7900);
	});

	test.each([
		["a window of hours", limits(0, 7200)],
		["an epoch for a wait", limits(0, 1_795_000_000)],
		[
			"no numbers",
			{ "x-ratelimit-limit": "100", "x-ratelimit-remaining": "none", "x-ratelimit-reset": "30" },
		],
	])("%s is not believed", async (_, headers) => {
		const skillomatic = await warm();
		ready("/v1/database/query", "POST", { body: rows, headers, times: 2 });
		await ask(skillomatic);
		expect((await ask(skillomatic)).waitedMs).toBeLessThan(100);
	});
});

describe("the budget of its own", () => {
	test("lets so many requests a minute through, then tells when the next may go", async () => {
		// The prefix and the first query have used two.
		const skillomatic = await warm(5);
		ready("/v1/database/query", "POST", { body: rows, times: 4 });
		for (let call = 0; call < 3; call += 1) expect((await ask(skillomatic)).kind).toBe("ok");
		const refused = await ask(skillomatic);
		expect(refused.kind).toBe("budget_used_up");
		expect(refused.waitedMs).toBeLessThan(100);
		await vi.advanceTimersByTimeAsync(50_000);
		const waited = await ask(skillomatic);
		expect(waited.kind).toBe("ok");
		expect(waited.meter.waits).toMatchObject([{ reason: "own_budget" }]);
	});

	test("never has more than four requests in flight", async () => {
		const skillomatic = await warm(1000);
		let [now, most] = [0, 0];
		network
			.get(origin)
			.intercept({ path: "/v1/database/query", method: "POST" })
			.reply(200, () => {
				now += 1;
				most = Math.max(most, now);
				setTimeout(() => {
					now -= 1;
				}, 49);
				return JSON.stringify(rows);
			})
			.delay(50)
			.times(40);
		const signal = withDeadline(new AbortController().signal, 15_000);
		const asked = Array.from({ length: 40 }, (_, index) =>
			skillomatic.query({ ...select, text: `SELECT ${index} AS n LIMIT 1` }, { signal }),
		);
		const all = Promise.all(asked);
		await vi.advanceTimersByTimeAsync(5000);
		expect(await all).toHaveLength(40);
		expect(most).toBeLessThanOrEqual(4);
		expect(most).toBeGreaterThan(1);
	});
});

describe("identical reads under way at once", () => {
	test("are made once, and one caller that leaves takes nothing from the other", async () => {
		const skillomatic = await warm();
		network
			.get(origin)
			.intercept({ path: "/v1/database/query", method: "POST" })
			.reply(200, JSON.stringify(rows))
			.delay(100);
		const sent = skillomatic.requestsSent();
		const leaves = new AbortController();
		const first = skillomatic.query(select, { signal: leaves.signal }).catch(() => "left");
		const second = skillomatic.query(select, { signal: new AbortController().signal });
		await vi.advanceTimersByTimeAsync(20);
		leaves.abort(new Error("gone"));
		await vi.advanceTimersByTimeAsync(200);
		expect(await first).toBe("left");
		expect((await second).rows).toEqual([{ n: 1 }]);
		expect(skillomatic.requestsSent()).toBe(sent + 1);
	});

	test("of which all callers leave are not shared with the next", async () => {
		const skillomatic = await warm();
		network
			.get(origin)
			.intercept({ path: "/v1/database/query", method: "POST" })
			.reply(200, JSON.stringify(rows))
			.delay(100)
			.times(2);
		const leaves = new AbortController();
		const first = skillomatic.query(select, { signal: leaves.signal }).catch(() => "left");
		await vi.advanceTimersByTimeAsync(20);
		leaves.abort(new Error("gone"));
		const next = skillomatic.query(select, { signal: new AbortController().signal });
		await vi.advanceTimersByTimeAsync(300);
		expect(await first).toBe("left");
		expect((await next).rows).toEqual([{ n: 1 }]);
	});
});
