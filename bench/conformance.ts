/**
 * Runs the official conformance suite's scenarios that fit a server with its own tools: `npx tsx bench/conformance.ts`.
 * Needs the built server, and bench/'s own packages (`npm ci --prefix bench`): the suite, and the Node that it runs on.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startBridge } from "./stdio-bridge.ts";

const bench = fileURLToPath(new URL(".", import.meta.url));
const command = fileURLToPath(new URL("../dist/prod-debugger-mcp.js", import.meta.url));

/** A scenario, and the revisions of the protocol that it is run at. */
const scenarios: readonly (readonly [string, readonly string[]])[] = [
	["server-initialize", ["2025-06-18", "2025-11-25"]],
	["ping", ["2025-06-18", "2025-11-25"]],
	["tools-list", ["2025-06-18", "2025-11-25", "2026-07-28"]],
	["resources-list", ["2025-06-18", "2025-11-25", "2026-07-28"]],
	["prompts-list", ["2025-06-18", "2025-11-25", "2026-07-28"]],
	["server-stateless", ["2026-07-28"]],
	["sep-2164-resource-not-found", ["2026-07-28"]],
	["caching", ["2026-07-28"]],
];

export interface ScenarioResult {
	readonly scenario: string;
	readonly revision: string;
	readonly passed: number;
	readonly failed: number;
	/** The suite calls its own diagnostic tool, which a server with other tools does not have. */
	readonly notTestable: number;
	/** Lines of checks that did not pass. */
	readonly notes: readonly string[];
}

interface SuiteCheck {
	readonly id: string;
	readonly status: string;
	readonly errorMessage?: string;
}

/**
 * @param onResult gets each result as soon as it is there: all of them take a minute
 * @throws when the suite is not installed
 */
export async function runConformance(
	onResult: (result: ScenarioResult) => void,
): Promise<readonly ScenarioResult[]> {
	const suite = join(bench, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");
	const node = join(bench, "node_modules", "node", "bin", "node");
	if (!existsSync(suite) || !existsSync(node)) throw new Error("first: npm ci --prefix bench");
	const folder = await mkdtemp(join(tmpdir(), "conformance-"));
	const results: ScenarioResult[] = [];
	const bridge = await startBridge(process.execPath, [command], folder);
	try {
		for (const [scenario, revisions] of scenarios) {
			for (const revision of revisions) {
				const args = [
					"server",
					"--url",
					bridge.url,
					"--scenario",
					scenario,
					"--spec-version",
					revision,
					"--verbose",
				];
				const checks = checksIn(await output(node, [suite, ...args]));
				const passed = checks.filter(({ status }) => status === "SUCCESS");
				const bad = checks.filter(({ status }) => status === "FAILURE" || status === "WARNING");
				const failed = bad.filter(({ errorMessage }) => errorMessage?.startsWith("Not testable") !== true);
				const result = {
					scenario,
					revision,
					passed: passed.length,
					failed: failed.length,
					notTestable: bad.length - failed.length,
					notes: failed.map(({ id, status, errorMessage }) => `${status} ${id}: ${errorMessage ?? ""}`),
				};
				results.push(result);
				onResult(result);
			}
		}
	} finally {
		bridge.close();
		await rm(folder, { recursive: true, force: true });
	}
	return results;
}

function output(program: string, args: readonly string[]): Promise<string> {
	return new Promise((resolve) => {
		execFile(program, args, { timeout: 600_000, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) =>
			resolve(stdout),
		);
	});
}

/** The suite prints its checks as one JSON array among lines of text. */
function checksIn(stdout: string): readonly SuiteCheck[] {
	const start = stdout.indexOf("[\n");
	const end = stdout.lastIndexOf("\n]");
	return start === -1 || end < start ? [] : (JSON.parse(stdout.slice(start, end + 2)) as SuiteCheck[]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const results = await runConformance(({ scenario, revision, passed, failed, notTestable, notes }) => {
		const counts = `${passed} passed, ${failed} failed${notTestable === 0 ? "" : `, ${notTestable} not testable`}`;
		console.log(`${scenario.padEnd(28)} ${revision}  ${counts}`);
		for (const note of notes) console.log(`    ${note}`);
	});
	const bad = results.filter(({ passed, failed }) => failed > 0 || passed === 0);
	console.log(`${results.length - bad.length} of ${results.length} runs pass`);
	process.exitCode = bad.length === 0 ? 0 : 1;
}
