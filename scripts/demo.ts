// `npm run demo`: an investigation by tool calls on the embedded production.
// It starts the built server as a host does, as a child process that speaks MCP over stdio.

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { jsonTeller, type Result, type Step, type Teller, textOf } from "./demo/teller.ts";
import { terminalTeller, untilEnter, waitOn } from "./demo/terminal.ts";
import { isFresh } from "./stamp.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const command = join(root, "dist", "prod-debugger-mcp.js");

interface Episode {
	readonly error_code: string;
	readonly since: string;
	readonly users: number;
	readonly suspect?: string;
}

/**
 * Walks from "what is failing" to a patch and the write-up.
 *
 * @param teller shows each step as it happens
 * @param now the demo's fixed instant; the default is a Wednesday afternoon, when the errors show clearly
 */
export async function investigate(teller: Teller, now = "2026-11-25T15:00:00Z"): Promise<void> {
	const client = new Client({ name: "demo", version: "1.0.0" });
	await client.connect(
		new StdioClientTransport({
			command: process.execPath,
			args: [command, "--demo-now", now],
			stderr: "inherit",
		}),
	);
	const call = async (
		why: string,
		tool: string,
		args: Readonly<Record<string, unknown>>,
		shown: Pick<Step, "from" | "lines"> = {},
	) => {
		const step = { why, tool, args, ...shown };
		teller.calling(step);
		const result = (await client.callTool({ name: tool, arguments: { ...args } })) as Result;
		await teller.answered(step, result);
		if (result.isError === true) throw new Error(`${tool} failed`);
		return { text: textOf(result), facts: result.structuredContent ?? {} };
	};
	try {
		const stats = await call("What is failing?", "error_stats", {}, { from: /^findings:/ });
		// Of the story's troubles this one can be followed from its first event to a patch of one line.
		const episode = (stats.facts.episodes as readonly Episode[]).find(
			({ error_code, suspect = "" }) =>
				error_code === "INTEGRATION_TOKEN_EXPIRED" && suspect.includes("token cache"),
		);
		if (episode === undefined) throw new Error("no episode follows the change of the token cache");
		const { error_code: code, users } = episode;
		const change = episode.suspect ?? "";

		await call(
			`${code} hits ${users} users since a change of its code. What happens to them?`,
			"fetch_errors",
			{
				error_code: code,
				since: episode.since,
				limit: 8,
			},
		);
		await call(
			"Which skill runs fail with it?",
			"failed_skill_runs",
			{ skill: "email-draft", limit: 5 },
			{ from: /^findings:/ },
		);
		const raised = await call("Where is it raised?", "search_codebase", { error_code: code });
		const path = /^(\S+\.ts)$/m.exec(raised.text)?.[1] ?? "";
		const body = await call("What decides that a token is fresh?", "search_codebase", {
			query: "freshToken",
			path,
			whole_function: true,
		});
		const line = /^\d+[:-] ( *const expired = .*)$/m.exec(body.text)?.[1] ?? "";
		const patch = await call(
			"`expiresAt` holds seconds: times 1000 it is never below the time in seconds, so nothing is refreshed",
			"propose_patch",
			{
				title: "Refresh gmail tokens that have expired",
				rationale:
					"expiresAt is in seconds and was compared as milliseconds, so that no token ever counted as expired.",
				error_code: code,
				edits: [{ path, old_text: line, new_text: line.replace("expiresAt * 1000", "expiresAt") }],
			},
			{ lines: 40 },
		);
		const id = /patch:\/\/([a-z0-9]+)/.exec(patch.text)?.[1] ?? "";
		await call(
			"The write-up",
			"debug_report",
			{
				issues: [
					{
						error_code: code,
						title: "Expired gmail tokens are not refreshed",
						root_cause: `Since a change to the token cache, expiry in seconds is compared as milliseconds: no token is ever refreshed, and gmail rejects it.`,
						evidence: [`It began at ${episode.since}, after: ${change}`],
						location: path,
						current_code: line.trim(),
						proposed_fix: "Compare seconds with seconds.",
						patch_id: id,
						files: [{ path, change: "compare seconds with seconds" }],
					},
				],
				actions: {
					immediate: "Apply the patch and release it",
					short_term: "A test of freshToken with a token that has expired",
					monitor: `${code} of provider gmail`,
				},
			},
			{ from: /^### Issue/, lines: 60 },
		);
		applyAndRelease(patch.text, now);
		await call(
			"The user has applied the patch and released it, and a day has gone by. Did it work?",
			"verify_fix",
			{ error_code: code, patch_id: id },
			{ from: /^before:/ },
		);
		const again = await call(
			"Another investigation, with nothing to go by but the memory",
			"error_stats",
			{ since: "2d", error_code: code },
			{ from: /^episodes:/ },
		);
		const known = /\bcase ([0-9a-f]{8})\b/.exec(again.text)?.[1] ?? "";
		await call("What was it?", "recall_cases", { case: known }, {});
	} finally {
		await client.close();
	}
}

/** What the user does with the patch: the command that its answer names, a commit and a tag, two minutes later. */
function applyAndRelease(answer: string, now: string): void {
	const [, root = "", file = ""] = /git -C (\S+) apply \S+ (\S+)$/m.exec(answer) ?? [];
	const at = new Date(Date.parse(now) + 120_000).toISOString();
	const identity = { NAME: "Chloe Ito", EMAIL: "chloe.ito@skillomatic.example", DATE: at };
	const env = Object.fromEntries(
		Object.entries(identity).flatMap(([name, value]) => [
			[`GIT_AUTHOR_${name}`, value],
			[`GIT_COMMITTER_${name}`, value],
		]),
	);
	const git = (...args: readonly string[]) =>
		execFileSync("git", ["-C", root, ...args], {
			env: { PATH: process.env.PATH ?? "", GIT_CONFIG_GLOBAL: "/dev/null", ...env },
		});
	git("apply", file);
	git("commit", "--quiet", "--all", "--message", "fix(gmail): refresh tokens that have expired");
	git("tag", "v1.6.3");
}

async function show(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			/** Stops between the steps. */
			play: { type: "boolean" },
			full: { type: "boolean" },
			/** One object a line, and nothing else. */
			json: { type: "boolean" },
		},
	});
	const print = (text: string) => process.stdout.write(`${text}\n`);
	const wait = process.stderr.isTTY ? waitOn(process.stderr) : undefined;
	if (!(await isFresh(root))) {
		if (values.json !== true) print("Building the server, once.");
		execFileSync(process.execPath, ["--import", "tsx", join(root, "scripts", "build.ts")], { cwd: root });
	}
	if (values.json === true) return investigate(jsonTeller(print), positionals[0]);
	const teller = terminalTeller({
		print,
		colour: process.stdout.isTTY && process.stdout.hasColors(),
		full: values.full === true,
		...(wait === undefined ? {} : { wait }),
		...(values.play === true && process.stdin.isTTY ? { pause: untilEnter } : {}),
	});
	teller.begin();
	await investigate(teller, positionals[0]);
	teller.end();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	// Whoever reads may stop: `| head` is not a fault.
	process.stdout.once("error", () => process.exit(0));
	await show();
}
