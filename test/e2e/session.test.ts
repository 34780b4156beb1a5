import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connection, command, connect } from "./connect.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "prod-debugger-session-"));
	await writeFile(join(folder, "shell.sh"), "echo $(date); ls --color\n- a list\n");
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the built command to its end, and gives all that it wrote. */
function run(
	args: readonly string[],
	options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [command, ...args], {
			cwd: folder,
			env: { PATH: process.env.PATH ?? "", HOME: folder, ...options.env },
		});
		let stdout = "";
		let stderr = "";
		child.stdout.on("data", (chunk: Buffer) => {
			stdout += chunk;
		});
		child.stderr.on("data", (chunk: Buffer) => {
			stderr += chunk;
		});
		child.on("close", (code) => resolve({ code, stdout, stderr }));
		child.stdin.end(options.input ?? "");
	});
}

test("nothing but JSON-RPC stands on stdout, over a whole session", async () => {
	const messages = [
		{
			id: 1,
			method: "initialize",
			params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
		},
		{ method: "notifications/initialized" },
		{ id: 2, method: "tools/list" },
		{ id: 3, method: "tools/call", params: { name: "search_codebase", arguments: { query: "color" } } },
		{ id: 4, method: "tools/call", params: { name: "error_stats", arguments: { since: "x" } } },
		{ id: 5, method: "tools/call", params: { name: "nothing", arguments: {} } },
		{ id: 6, method: "ping" },
	];
	const input = messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join("");
	const { code, stdout } = await run([], { input, env: { PROD_DEBUGGER_LOG: "debug" } });
	const answers = stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as { jsonrpc: string; id: number });
	expect(answers.every(({ jsonrpc }) => jsonrpc === "2.0")).toBe(true);
	expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5, 6]);
	expect(code).toBe(0);
});

describe("without a key", () => {
	test("code tools work, and production's tools say how to set it", async () => {
		const { call, close } = await connect({ cwd: folder, env: { PROD_DEBUGGER_REPO: folder } });
		try {
			expect((await call("search_codebase", { query: "color" })).text).toContain("shell.sh");
			for (const name of ["error_stats", "fetch_errors", "failed_skill_runs"]) {
				const { text, isError } = await call(name);
				expect([name, isError, text]).toEqual([name, true, expect.stringContaining("SKILLOMATIC_API_KEY")]);
			}
		} finally {
			await close();
		}
	});

	test("a host's unfilled fields count as unset", async () => {
		const unfilled = Object.fromEntries(
			["SKILLOMATIC_API_KEY", "SKILLOMATIC_API_URL", "PROD_DEBUGGER_TIMEOUT_MS", "PROD_DEBUGGER_CHECK"].map(
				(name) => [name, `\${user_config.${name.toLowerCase()}}`],
			),
		);
		const { code, stderr } = await run([], { env: unfilled });
		expect([code, stderr]).toEqual([0, ""]);
	});
});

describe("a wrong setting does not stop the start, and is told in one line", () => {
	test.each([
		[{ PROD_DEBUGGER_TIMEOUT_MS: "soon" }, 'PROD_DEBUGGER_TIMEOUT_MS is "soon": it takes a whole number'],
		[{ SKILLOMATIC_API_URL: "http://example.com" }, "the API key would be sent unencrypted"],
		[{ SKILLOMATIC_API_KEY: "sk live secret" }, "SKILLOMATIC_API_KEY"],
		[
			{ SKILLOMATIC_API_KEY: "sk_live_abc", NODE_TLS_REJECT_UNAUTHORIZED: "0" },
			"NODE_TLS_REJECT_UNAUTHORIZED",
		],
	])("%j", async (env, words) => {
		const { code, stdout, stderr } = await run([], { env: env as Record<string, string> });
		expect([code, stdout]).toEqual([0, ""]);
		const lines = stderr.trimEnd().split("\n");
		expect(lines.filter((line) => line.startsWith("prod-debugger-mcp: "))).toHaveLength(1);
		expect(stderr).toContain(words);
		expect(stderr).not.toContain("sk live secret");
	});
});

describe("a search that would run something", () => {
	let connection: Connection;
	beforeAll(async () => {
		connection = await connect({ cwd: folder, env: { PROD_DEBUGGER_REPO: folder } });
	});
	afterAll(() => connection.close());

	test.each([
		"$(touch X)",
		"; touch X",
		"--pre=touch",
		"-",
		"-e",
		"--color",
		"",
		"`touch X`",
		"| touch X",
		"'; touch X; '",
	])("%j runs nothing and answers", async (query) => {
		const { text, isError } = await connection.call("search_codebase", { query });
		expect(isError).toBe(query === "");
		expect(text).toMatchSnapshot();
		expect(existsSync(join(folder, "X"))).toBe(false);
	});
});

test("--demo answers whatever key and address are set, and leaves no folder behind", async () => {
	const env = {
		SKILLOMATIC_API_KEY: "sk_live_wrong",
		SKILLOMATIC_API_URL: "https://production.invalid",
		TMPDIR: folder,
	};
	const { code, stdout } = await run(["report", "--demo"], { env });
	expect(code).toBe(0);
	expect(stdout).toMatch(/\*\*Total Errors:\*\* [1-9]\d+/);
	expect((await import("node:fs")).readdirSync(folder)).toEqual(["shell.sh"]);
});
