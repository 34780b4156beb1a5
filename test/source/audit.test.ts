// The audit log: a line for each request that leaves, without a value, private and bounded.

import { chmod, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { PrivateLines } from "../../src/system/private-lines.ts";
import { connectAgent } from "../faults/agent.ts";
import { type Libsql, startLibsql } from "./libsql.ts";
import { readOnlyToken } from "./tokens.ts";

const now = Date.parse("2026-11-23T20:00:00Z") / 1000;
let folder: string;
let sandbox: Sandbox;
let libsql: Libsql;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "audit-"));
	sandbox = await startSandbox({ now, rateLimit: 1_000_000, fill: "empty" });
	libsql = await startLibsql(sandbox.database, { now, token: readOnlyToken });
});
afterAll(async () => {
	await libsql.close();
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});

const query = { sql: "SELECT id FROM users WHERE id = 'person-4711' LIMIT 5" };

/** Asks with an audit log, and reads it. */
async function audited(name: string, env: Record<string, string>, key = sandbox.keys.superAdmin) {
	const path = join(folder, name);
	const agent = await connectAgent({
		url: sandbox.url,
		key,
		now,
		env: { PROD_DEBUGGER_AUDIT_LOG: path, PROD_DEBUGGER_REPO: folder, ...env },
	});
	sandbox.forgetRequests();
	libsql.forget();
	const answer = await agent.call("query_database", query);
	await agent.close();
	const text = await readFile(path, "utf8").catch(() => "");
	const lines = text
		.split("\n")
		.filter((line) => line !== "")
		.map((line): Record<string, unknown> => JSON.parse(line));
	return { answer, text, lines, path };
}

describe("each request that leaves is one line", () => {
	test("to the API", async () => {
		const { answer, lines, text, path } = await audited("api.jsonl", {});
		expect(answer.isError, answer.text).toBe(false);
		expect(lines).toHaveLength(sandbox.requests.length);
		expect(lines.at(-1)).toMatchObject({
			at: "2026-11-23T20:00:00.000Z",
			tool: "query_database",
			environment: new URL(sandbox.url).host,
			source: "api",
			request: "query",
			sql: expect.stringMatching(/FROM users WHERE id = \?/),
			rows: 0,
			bytes: expect.any(Number),
			ms: expect.any(Number),
			outcome: "ok",
		});
		expect(text).not.toContain("person-4711");
		expect(text).not.toContain(sandbox.keys.superAdmin);
		expect((await stat(path)).mode & 0o777).toBe(0o600);
	});

	test("to the database", async () => {
		const { answer, lines, text } = await audited(
			"database.jsonl",
			{ SKILLOMATIC_DATABASE_URL: libsql.url, SKILLOMATIC_DATABASE_TOKEN: readOnlyToken },
			"",
		);
		expect(answer.isError, answer.text).toBe(false);
		expect(lines).toHaveLength(libsql.seen.length);
		expect(new Set(lines.map(({ source }) => source))).toEqual(new Set(["database"]));
		expect(lines.some(({ sql }) => /^PRAGMA table_info/.test(String(sql)))).toBe(true);
		expect(text).not.toContain("person-4711");
		expect(text).not.toContain(readOnlyToken);
	});

	test("one that fails says how", async () => {
		const { lines } = await audited("failed.jsonl", {}, "sk_live_wrong");
		expect(lines).toMatchObject([{ request: "tables", outcome: "key_rejected" }]);
	});
});

describe("what cannot be written down is not asked", () => {
	test.each([
		["a folder that does not exist", "none/audit.jsonl"],
		["a folder", "."],
	])("%s", async (_, name) => {
		const { answer } = await audited(name, {});
		expect(answer.isError).toBe(true);
		expect(answer.text).toContain("PROD_DEBUGGER_AUDIT_LOG");
		expect(sandbox.requests).toEqual([]);
	});

	test("a link is not followed", async () => {
		await writeFile(join(folder, "target"), "");
		await symlink(join(folder, "target"), join(folder, "link.jsonl"));
		const { answer, text } = await audited("link.jsonl", {});
		expect(answer.isError).toBe(true);
		expect(text).toBe("");
		expect(sandbox.requests).toEqual([]);
	});
});

describe("the file", () => {
	test("that others could read is made private", async () => {
		const path = join(folder, "open");
		await writeFile(path, "");
		await chmod(path, 0o644);
		new PrivateLines(path).append("{}");
		expect((await stat(path)).mode & 0o777).toBe(0o600);
	});

	test("is rotated before it is larger than 10 MB, and five older ones are kept", async () => {
		const path = join(folder, "large");
		const lines = new PrivateLines(path);
		for (let round = 0; round < 7; round += 1) {
			lines.append(`line ${round}`);
			await truncate(path, 10 * 1024 * 1024);
		}
		lines.append("last");
		expect(await readFile(path, "utf8")).toBe("last\n");
		const kept = await Promise.all(
			[1, 2, 3, 4, 5].map(async (index) => (await readFile(`${path}.${index}`, "utf8")).slice(0, 6)),
		);
		expect(kept).toEqual(["line 6", "line 5", "line 4", "line 3", "line 2"]);
		await expect(stat(`${path}.6`)).rejects.toThrow();
		expect((await stat(`${path}.1`)).mode & 0o777).toBe(0o600);
	});
});
