/**
 * Lists and calls every tool with the inspector's command line, on the demo: `npx tsx bench/inspector.ts`.
 * Needs the built server, and bench/'s own packages (`npm ci --prefix bench`): the inspector, and the Node that it runs on.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exampleCalls } from "../test/e2e/example-calls.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = join(root, "bench", "node_modules");
const node = join(packages, "node", "bin", "node");
const inspector = join(
	packages,
	"@modelcontextprotocol",
	"inspector",
	"clients",
	"launcher",
	"build",
	"index.js",
);

/** The server as mcp.json names it. */
const server = ["--config", join(root, "mcp.json"), "--server", "prod-debugger-demo"];

interface Inspected {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

function inspect(args: readonly string[]): Promise<Inspected> {
	return new Promise((resolve) => {
		const child = execFile(
			node,
			[inspector, "--cli", ...server, ...args],
			{
				cwd: root,
				env: { ...process.env, MCP_INSPECTOR_SECRET_STORE: "memory" },
				timeout: 600_000,
				maxBuffer: 64 * 1024 * 1024,
			},
			(_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
		);
	});
}

if (!existsSync(inspector) || !existsSync(node)) throw new Error("first: npm ci --prefix bench");
const listed = await inspect(["--method", "tools/list", "--strict"]);
if (listed.stdout === "")
	throw new Error(`the inspector says nothing (exit code ${listed.code}): ${listed.stderr.slice(-500)}`);
const { tools } = JSON.parse(listed.stdout) as { tools: { name: string }[] };
console.log(`tools/list: ${tools.length} tools, exit code ${listed.code} (strict: schemas any host can use)`);
let bad = listed.code === 0 ? 0 : 1;
for (const { name } of tools) {
	const args = Object.entries(exampleCalls[name] ?? {}).flatMap(([key, value]) => [
		"--tool-arg",
		`${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
	]);
	const { code, stdout, stderr } = await inspect(["--method", "tools/call", "--tool-name", name, ...args]);
	const start = stdout.indexOf("{");
	const result = start === -1 ? undefined : (JSON.parse(stdout.slice(start)) as { isError?: boolean });
	const good = code === 0 && result !== undefined && result.isError !== true;
	if (!good) bad += 1;
	console.log(
		`${good ? "ok  " : "FAIL"} ${name}: ${stdout.length} characters${good ? "" : `\n${stdout.slice(0, 500)}${stderr.slice(-500)}`}`,
	);
}
process.exitCode = bad === 0 ? 0 : 1;
