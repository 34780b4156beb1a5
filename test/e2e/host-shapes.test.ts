// Five shapes of hosts, each from what fails to the report: roots or none, environment, old and new revision, loose forms.
import { spawn } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStoryCodebase } from "../../src/sandbox/index.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { part } from "../part.ts";
import { command, connect, connectV1, type Launch, type ToolResult } from "./connect.ts";

let base: string;
let code: string;
let sandbox: Sandbox;
beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "shapes-")));
	code = join(base, "code");
	sandbox = await startSandbox({ rateLimit: 100_000 });
	const now = Math.floor(Date.now() / 1000);
	await createStoryCodebase(code, { now, signal: new AbortController().signal });
});
afterAll(async () => {
	await sandbox.close();
	await rm(base, { recursive: true, force: true });
});

interface Host {
	call(name: string, args: unknown): Promise<ToolResult>;
	close(): Promise<void>;
}

const launch = (more: Launch = {}): Launch => ({
	cwd: "/etc",
	...more,
	env: {
		HOME: base,
		SKILLOMATIC_API_URL: sandbox.url,
		SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
		PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: "1000",
		...more.env,
	},
});

/** A host that writes its own JSON-RPC, and not well. */
async function crudeHost(): Promise<Host> {
	const { env = {}, cwd = "/" } = launch({ env: { PROD_DEBUGGER_REPO: `"${pathToFileURL(code).href}"` } });
	const child = spawn(process.execPath, [command], { cwd, env: { PATH: process.env.PATH ?? "", ...env } });
	let rest = "";
	const waiting = new Map<unknown, (message: { result?: unknown; error?: { message: string } }) => void>();
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		const lines = (rest + text).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) {
			const message = JSON.parse(line) as { id: unknown; result?: unknown };
			waiting.get(message.id)?.(message);
		}
	});
	let last = 0;
	const ask = (method: string, params: object, mark = "") =>
		new Promise<{ result?: unknown; error?: { message: string } }>((resolve) => {
			last += 1;
			waiting.set(last, resolve);
			child.stdin.write(`${mark}${JSON.stringify({ jsonrpc: "2.0", id: last, method, params })}\r\n`);
		});
	await ask(
		"initialize",
		{ protocolVersion: "2024-11-05", capabilities: { roots: null }, clientInfo: { name: "crude" } },
		"\uFEFF",
	);
	return {
		async call(name, args) {
			const { result, error } = await ask("tools/call", {
				name,
				arguments: args,
				_meta: { progressToken: null },
			});
			if (error !== undefined) throw new Error(error.message);
			const { content, isError } = result as { content: { text: string }[]; isError?: boolean };
			return {
				text: content.map(({ text }) => text).join("\n"),
				structured: undefined,
				isError: isError === true,
			};
		},
		async close() {
			const gone = new Promise((resolve) => child.once("exit", resolve));
			child.stdin.end();
			await gone;
		},
	};
}

const asHost = async (
	connection: ReturnType<typeof connect> | ReturnType<typeof connectV1>,
): Promise<Host> => {
	const { call, close } = await connection;
	return { call: (name, args) => call(name, args as Record<string, unknown>), close };
};

const shapes: readonly (readonly [string, () => Promise<Host>, "strict" | "loose"])[] = [
	[
		"a host of 2025 that names its folder in the environment",
		() => asHost(connectV1(launch({ env: { CLAUDE_PROJECT_DIR: code } }))),
		"strict",
	],
	[
		"a host of 2025 with roots",
		() => asHost(connectV1(launch({ roots: [pathToFileURL(code).href] }))),
		"loose",
	],
	[
		"an editor with a workspace, in the old revision",
		() => asHost(connect(launch({ env: { WORKSPACE_FOLDER_PATHS: `${code},/nowhere` } }), "legacy")),
		"loose",
	],
	[
		"a host of the new revision with roots",
		() => asHost(connect(launch({ roots: ["file:///", pathToFileURL(join(code, "apps")).href] }), "modern")),
		"strict",
	],
	["a host that writes its own JSON-RPC", crudeHost, "loose"],
];

describe("an investigation to its end", () => {
	test.each(part(shapes, 2))("%s", async (_, open, forms) => {
		const host = await open();
		const isLoose = forms === "loose";
		const ask = async (name: string, args: Record<string, unknown>): Promise<string> => {
			const { text, isError } = await host.call(name, args);
			expect(isError, `${name}: ${text}`).toBe(false);
			return text;
		};
		try {
			const stats = await ask(
				"error_stats",
				isLoose ? { since: "Last 24 hours", group_by: "error_code", limit: "5", skill: null } : { limit: 5 },
			);
			expect(stats).toContain("LLM_RATE_LIMITED");
			const events = await ask("fetch_errors", {
				error_code: isLoose ? '["llm_rate_limited"]' : "LLM_RATE_LIMITED",
				limit: isLoose ? "3" : 3,
			});
			expect(events).toContain("LLM_RATE_LIMITED");
			const rows = await ask("query_database", {
				sql: isLoose
					? "```sql\nSELECT count(*) AS n FROM error_events;;\n```"
					: "SELECT count(*) AS n FROM error_events",
			});
			expect(rows).toContain("n");
			expect(await ask("suspect_commits", { error_code: "LLM_RATE_LIMITED" })).toContain("verdict");
			const found = await ask(
				"search_codebase",
				isLoose
					? { query: "freshToken", context: "function", glob: ["*.ts"], case_sensitive: "true" }
					: { query: "freshToken", whole_function: true, glob: "*.ts" },
			);
			expect(found).toContain("apps/api/src/integrations/gmail.ts");
			const edits = [{ path: "docs/found.md", content: "# Found\n" }];
			const patch = await ask("propose_patch", {
				title: "A note",
				rationale: "To be found.",
				edits: isLoose ? JSON.stringify(edits) : edits,
			});
			const id = /patch:\/\/([0-9a-f]+)/.exec(patch)?.[1] ?? "";
			const issue = {
				error_code: "LLM_RATE_LIMITED",
				root_cause: "No pause.",
				proposed_fix: "Wait.",
				patch_id: id,
			};
			const report = await ask("debug_report", { issues: isLoose ? JSON.stringify([issue]) : [issue] });
			expect(report).toContain("## Production Debug Report");
			expect(report).toContain("docs/found.md");
		} finally {
			await host.close();
		}
	});
});
