// The doctor's line of production's database itself, beside the API and alone.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { runCommand } from "../e2e/run.ts";
import { type Libsql, startLibsql } from "../source/libsql.ts";
import { readOnlyToken, tokenOf } from "../source/tokens.ts";

let folder: string;
let sandbox: Sandbox;
let libsql: Libsql;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "doctor-database-"));
	await mkdir(join(folder, "code"));
	sandbox = await startSandbox({
		fill(db) {
			const at = Math.floor(Date.now() / 1000);
			db.insert("error_events", [
				{ id: "e1", error_code: "LLM_TIMEOUT", error_category: "llm", created_at: at },
			]);
			db.insert("skill_usage_logs", [
				{ id: "r1", skill_id: "s1", user_id: "u1", status: "success", created_at: at },
			]);
		},
	});
});
afterAll(async () => {
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
	libsql = await startLibsql(sandbox.database);
});
afterEach(() => libsql.close());

/** The doctor's verdicts by their names. */
async function doctor(env: Record<string, string>) {
	const { stdout, stderr, code } = await runCommand({
		args: ["doctor", "--json"],
		cwd: folder,
		env: { HOME: folder, SKILLOMATIC_API_URL: sandbox.url, PROD_DEBUGGER_REPO: join(folder, "code"), ...env },
	});
	expect(stderr).toBe("");
	for (const secret of Object.values(env).filter((value) => value.startsWith("ey")))
		expect(stdout).not.toContain(secret);
	const { checks } = JSON.parse(stdout) as {
		checks: { name: string; state: string; detail: string; fix?: string }[];
	};
	return { code, of: (name: string) => checks.find((check) => check.name === name) };
}

test("beside the API: where it is, how it is asked, until when", async () => {
	const { code, of } = await doctor({
		SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
		SKILLOMATIC_DATABASE_URL: libsql.url,
		SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
	});
	expect(of("database")).toMatchObject({ state: "ok" });
	expect(of("database")?.detail).toMatch(
		/^127\.0\.0\.1:\d+ answers in \d+ ms \(protocol v2, read-only transactions\); the token may only read, until 2100-01-01T00:00:00Z$/,
	);
	expect(of("reachable")).toMatchObject({ state: "ok" });
	expect(code).toBe(0);
});

test("alone: no key is missed, and production is looked at by it", async () => {
	const { code, of } = await doctor({
		SKILLOMATIC_DATABASE_URL: libsql.url,
		SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
	});
	expect(of("api_key")).toMatchObject({ state: "skipped" });
	expect(of("tables")).toMatchObject({ state: "ok", detail: expect.stringContaining("1 error_events") });
	expect(of("stored_time")).toMatchObject({ state: "ok" });
	expect(code).toBe(0);
});

test.each([
	["never expires", tokenOf({ a: "ro" }), "warning", "never expires"],
	["expires soon", tokenOf({ a: "ro", exp: Math.floor(Date.now() / 1000) + 86_400 }), "warning", "until 20"],
])("a token that %s is warned of", async (_, token, state, words) => {
	const { of } = await doctor({
		SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
		SKILLOMATIC_DATABASE_URL: libsql.url,
		SKILLOMATIC_DATABASE_TOKEN: token,
	});
	expect(of("database")).toMatchObject({ state, detail: expect.stringContaining(words) });
	expect(of("database")?.fix).toContain("turso db tokens create NAME --read-only");
});

test("a token that may write is told under settings, and not sent", async () => {
	const { code, of } = await doctor({
		SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
		SKILLOMATIC_DATABASE_URL: libsql.url,
		SKILLOMATIC_DATABASE_TOKEN: tokenOf({ a: "rw" }),
	});
	expect(of("settings")).toMatchObject({ state: "failed", detail: expect.stringContaining('"ro"') });
	expect(of("database")).toMatchObject({ state: "skipped" });
	// The API is checked all the same.
	expect(of("tables")).toMatchObject({ state: "ok" });
	expect(libsql.seen).toEqual([]);
	expect(code).toBe(1);
});

test("a database that rejects the token, and one that is not there", async () => {
	const rejecting = await startLibsql(sandbox.database, { token: "another" });
	const rejected = await doctor({
		SKILLOMATIC_DATABASE_URL: rejecting.url,
		SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
	});
	await rejecting.close();
	expect(rejected.of("database")).toMatchObject({
		state: "failed",
		detail: expect.stringContaining("rejected the token"),
	});
	const gone = await doctor({
		SKILLOMATIC_DATABASE_URL: rejecting.url,
		SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
	});
	expect(gone.of("database")).toMatchObject({
		state: "failed",
		detail: expect.stringContaining("ECONNREFUSED"),
	});
	expect(gone.code).toBe(1);
});
