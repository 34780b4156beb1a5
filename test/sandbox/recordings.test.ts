import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";

interface Recording {
	readonly request: { method: "GET" | "POST"; path: string; key: string; body: unknown };
	readonly response: {
		status: number;
		headers: Record<string, string>;
		body: { data?: unknown; error?: unknown };
	};
}

const folder = fileURLToPath(new URL("../recordings/", import.meta.url));
const recordings = readdirSync(folder).map(
	(file) =>
		[file.replace(".json", ""), JSON.parse(readFileSync(`${folder}${file}`, "utf8"))] as [string, Recording],
);

const now = 1_795_469_476;

/** Of all tests but those of the rate limit, which has a minute for a key. */
let shared: Sandbox;
beforeAll(async () => {
	shared = await startSandbox({ now });
});
afterAll(() => shared.close());

const keyOf: Record<string, (sandbox: Sandbox) => string | undefined> = {
	"super admin": ({ keys }) => keys.superAdmin,
	"ordinary user": ({ keys }) => keys.ordinary,
	unknown: () => "sk_live_unknown",
	none: () => undefined,
};

async function ask({ method, path, key, body }: Recording["request"], sandbox: Sandbox = shared) {
	const secret = keyOf[key]?.(sandbox);
	const response = await request(`${sandbox.url}${path}`, {
		method,
		headers: {
			...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
			...(body === null ? {} : { "content-type": "application/json" }),
		},
		body: body === null ? null : typeof body === "string" ? body : JSON.stringify(body),
	});
	return {
		status: response.statusCode,
		headers: response.headers,
		body: (await response.body.json()) as Recording["response"]["body"],
	};
}

/** An answer's shape: names and kinds, and of a list the kinds of its rows. */
function shape(value: unknown): unknown {
	if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
	if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
}

/** A row's cell may be empty in one production and filled in another. */
function withoutCells(value: unknown): unknown {
	return JSON.parse(
		JSON.stringify(value, (key, inner) =>
			key === "rows" && Array.isArray(inner)
				? inner.map((row) => (typeof row === "object" && row !== null ? Object.keys(row) : row)).slice(0, 1)
				: inner,
		),
	);
}

/** Answers that do not depend on what the tables hold. */
const exact = (name: string) =>
	/^(4|500|schema-|tables|200-with|query-empty|query-subquery|query-window-text|redacted)/.test(name);

describe("the recordings of the real server", () => {
	test("are all here", () => {
		expect(recordings).toHaveLength(44);
	});

	test.each(recordings)("%s", async (name, recording) => {
		const expected = recording.response;
		const isLimited = expected.status === 429;
		if (isLimited) {
			// The recorded answer came in the first second of its window, however long a hundred requests take here.
			vi.useFakeTimers({ toFake: ["performance"] });
			onTestFinished(() => void vi.useRealTimers());
		}
		const sandbox = isLimited ? await startSandbox({ now, fill: "empty" }) : shared;
		for (let used = 0; isLimited && used < 100; used += 1) await ask(recording.request, sandbox);
		const answer = await ask(recording.request, sandbox);
		if (isLimited) await sandbox.close();
		expect(answer.status).toBe(expected.status);
		for (const header of ["content-type", "cache-control", "x-ratelimit-limit", "retry-after"]) {
			expect(answer.headers[header]).toBe(expected.headers[header]);
		}
		expect("x-ratelimit-remaining" in answer.headers).toBe("x-ratelimit-remaining" in expected.headers);
		expect(answer.headers.date).toMatch(/GMT$/);
		if (expected.body.error !== undefined && name !== "500-bad-json")
			expect(answer.body).toEqual(expected.body);
		else if (name === "500-bad-json") expect(shape(answer.body)).toEqual(shape(expected.body));
		else if (exact(name) && !name.startsWith("redacted")) {
			const strip = (body: unknown) =>
				JSON.parse(JSON.stringify(body, (key, value) => (key === "durationMs" ? 0 : value)));
			expect(strip(answer.body)).toEqual(strip(expected.body));
		} else expect(shape(withoutCells(answer.body))).toEqual(shape(withoutCells(expected.body)));
	});
});

describe("the traps", () => {
	const query = async (sql: string, limit?: number) =>
		(
			await ask({
				method: "POST",
				path: "/v1/database/query",
				key: "super admin",
				body: { query: sql, ...(limit === undefined ? {} : { limit }) },
			})
		).body as {
			data: { rows: Record<string, unknown>[]; query: string };
		};

	test("LIMIT 100 is appended, unless LIMIT and digits stand anywhere", async () => {
		expect((await query("SELECT id FROM error_events")).data.rows).toHaveLength(100);
		const unbounded = await query("SELECT id FROM error_events WHERE 'LIMIT 5' <> id");
		expect(unbounded.data.rows.length).toBeGreaterThan(4000);
	});

	test("secrets are redacted under their own names only, and unlisted tables answer", async () => {
		const { data } = await query("SELECT password_hash, substr(password_hash, 1, 7) AS x FROM users LIMIT 1");
		expect(data.rows).toEqual([{ password_hash: "[REDACTED]", x: "canary-" }]);
		expect((await query("SELECT name FROM sqlite_master LIMIT 1")).data.rows).toHaveLength(1);
	});

	test("the same time, the same story; secrets differ", async () => {
		const other = await startSandbox({ now });
		const dump = (one: Sandbox) => one.database.select("SELECT * FROM error_events ORDER BY id");
		expect(dump(other)).toEqual(dump(shared));
		const secret = (one: Sandbox) => one.database.select("SELECT password_hash FROM users LIMIT 1");
		expect(secret(other)).not.toEqual(secret(shared));
		await other.close();
	});

	test.each(["seconds", "milliseconds", "iso_text", "sqlite_text"] as const)(
		"time stored as %s",
		async (timeStorage) => {
			const other = await startSandbox({ now, timeStorage, prefix: "/api/v1" });
			const [row] = other.database.select(
				"SELECT created_at AS t FROM error_events ORDER BY created_at LIMIT 1",
			);
			const kinds = {
				seconds: /^\d{10}$/,
				milliseconds: /^\d{13}$/,
				iso_text: /^2026-11-\d\dT.*Z$/,
				sqlite_text: /^2026-11-\d\d \d/,
			};
			expect(String(row?.t)).toMatch(kinds[timeStorage]);
			await other.close();
		},
	);
});
