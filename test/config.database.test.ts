// The settings of production's database itself: its address, and which tokens are taken.

import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCommandLine } from "../src/cli/command-line.ts";
import { loadConfig, unusableFor } from "../src/config/index.ts";
import { farExpiry, readOnlyToken, tokenOf } from "./source/tokens.ts";

const url = "libsql://skillomatic-example.turso.io";
let folder: string;
beforeAll(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), "config-database-")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const load = (env: Record<string, string>) => loadConfig(env, {}, folder);
const withToken = (token: string) =>
	load({ SKILLOMATIC_DATABASE_URL: url, SKILLOMATIC_DATABASE_TOKEN: token });

async function refusal(env: Record<string, string>): Promise<string> {
	const config = await load(env);
	const [{ message } = { message: "" }, ...others] = config.problems ?? [];
	expect(others).toEqual([]);
	expect(message).not.toContain("\n");
	expect(config.database).toBeUndefined();
	expect(unusableFor(config, "database")).toBeDefined();
	// What asks the API alone works as before.
	expect(unusableFor(config, "production")).toBeUndefined();
	return message;
}

describe("the address", () => {
	test.each([
		["libsql://db.turso.io", "https://db.turso.io"],
		["LIBSQL://db.turso.io/", "https://db.turso.io"],
		["https://db.turso.io/base/", "https://db.turso.io/base"],
		["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
		["http://[::1]:8080", "http://[::1]:8080"],
	])("%s", async (given, read) => {
		const { database, problems } = await load({
			SKILLOMATIC_DATABASE_URL: given,
			SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
		});
		expect(problems).toBeUndefined();
		expect(database).toMatchObject({ url: read, token: readOnlyToken, expires: farExpiry });
	});

	test.each([
		["http://db.turso.io", "over plain http the database token would be sent unencrypted"],
		["ws://db.turso.io", "it takes a libsql:// or https:// address"],
		["libsql://db.turso.io?authToken=hidden", "it takes a libsql:// or https:// address"],
		["libsql://user:hidden@db.turso.io", "holds a user name or a password"],
		["db.turso.io", "is not a URL"],
	])("%s is refused", async (given, words) => {
		const message = await refusal({
			SKILLOMATIC_DATABASE_URL: given,
			SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
		});
		expect(message).toContain(words);
		expect(message).not.toContain("hidden");
		expect(message).not.toContain(readOnlyToken);
	});

	test("a token without an address says so", async () => {
		expect(await refusal({ SKILLOMATIC_DATABASE_TOKEN: readOnlyToken })).toContain("set both");
	});

	test("goes through the proxy that its own host needs", async () => {
		const { database, network } = await load({
			SKILLOMATIC_DATABASE_URL: url,
			SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
			HTTPS_PROXY: "http://proxy.example.com:3128",
			NO_PROXY: ".technology",
		});
		expect(network).toBeUndefined();
		expect(database?.proxy?.shown).toBe("http://proxy.example.com:3128");
	});
});

describe("the token", () => {
	test.each([
		["read only", { a: "ro", exp: farExpiry }],
		["read only, and never expires", { a: "ro" }],
		["read only in both claims", { a: "ro", p: { ro: { ns: ["db"] } } }],
		["reading of named tables", { a: "ro", perm: [{ t: ["error_events"], a: ["data_read"] }] }],
		["reading of named tables, as words", { a: "ro", permissions: ["skills:data_read"] }],
	])("%s is taken", async (_, claims) => {
		const token = tokenOf(claims);
		const { database, problems } = await withToken(token);
		expect(problems).toBeUndefined();
		expect(database).toEqual({
			url: "https://skillomatic-example.turso.io",
			token,
			...("exp" in claims ? { expires: farExpiry } : {}),
		});
	});

	test.each([
		["no claim", {}, 'lacks the claim a: "ro", and without it may write'],
		["rw", { a: "rw" }, "has the claim a:"],
		["roa", { a: "roa" }, "has the claim a:"],
		["a list", { a: ["ro"] }, "has the claim a:"],
		["another letter case", { a: "RO" }, "has the claim a:"],
		["a claim p that lets write: libSQL reads p alone", { a: "ro", p: { rw: { ns: ["db"] } } }, "claim"],
		["a claim p that lets attach", { a: "ro", p: { ro: { ns: ["db"] }, roa: { ns: ["db"] } } }, "claim"],
		["a claim p of another form", { a: "ro", p: "ro" }, "claim"],
		["a table that it may write", { a: "ro", perm: [{ t: ["skills"], a: ["data_add"] }] }, "claim"],
		["a schema that it may change", { a: "ro", x: { deep: { schema_delete: true } } }, "claim"],
		["expired", { a: "ro", exp: 1_700_000_000 }, "has expired (2023-11-14T22:13:20Z)"],
		["an expiry as text", { a: "ro", exp: "tomorrow" }, "has an expiry that is not a number"],
	])("%s is refused with the command that makes a right one", async (_, claims, words) => {
		const token = tokenOf(claims);
		const message = await refusal({ SKILLOMATIC_DATABASE_URL: url, SKILLOMATIC_DATABASE_TOKEN: token });
		expect(message).toContain(words);
		expect(message).toContain("turso db tokens create NAME --read-only");
		expect(message).toContain("-p error_events:data_read");
		expect(message).not.toContain(token);
	});

	test.each(["sk_live_0123456789abcdef", "a.b.c", "eyJhIjoicm8ifQ", "..", `${tokenOf({ a: "ro" })}.more`])(
		"%s is not a JWT",
		async (token) => {
			const message = await refusal({ SKILLOMATIC_DATABASE_URL: url, SKILLOMATIC_DATABASE_TOKEN: token });
			expect(message).toContain("is not a JWT");
			expect(message).not.toContain(token);
		},
	);

	test("may be left out on this machine alone", async () => {
		const local = await load({ SKILLOMATIC_DATABASE_URL: "http://localhost:8080" });
		expect(local.problems).toBeUndefined();
		expect(local.database).toEqual({ url: "http://localhost:8080", token: undefined });
		expect(await refusal({ SKILLOMATIC_DATABASE_URL: url })).toContain(
			"SKILLOMATIC_DATABASE_TOKEN is not set",
		);
	});

	test("comes from a file, and is never a flag", async () => {
		const file = join(folder, "token");
		await writeFile(file, `${readOnlyToken}\n`);
		const { database } = await load({
			SKILLOMATIC_DATABASE_URL: url,
			SKILLOMATIC_DATABASE_TOKEN_FILE: file,
		});
		expect(database?.token).toBe(readOnlyToken);
		expect(() => readCommandLine([`--skillomatic-database-token=${readOnlyToken}`])).toThrow(/process list/);
		const missing = { SKILLOMATIC_DATABASE_URL: url, SKILLOMATIC_DATABASE_TOKEN_FILE: join(folder, "none") };
		expect(await refusal(missing)).toContain("cannot be read");
	});

	test("is refused while certificates are not checked", async () => {
		const message = await refusal({
			SKILLOMATIC_DATABASE_URL: url,
			SKILLOMATIC_DATABASE_TOKEN: readOnlyToken,
			NODE_TLS_REJECT_UNAUTHORIZED: "0",
		});
		expect(message).toContain("NODE_TLS_REJECT_UNAUTHORIZED");
	});
});
