// Runs the checks that need no build side by side, and prints what each reports, one after the other.

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** tsc's default of four threads checks shared types in each: twice the processor time. */
const tsc = ["node_modules/typescript/bin/tsc", "--noEmit", "--singleThreaded"] as const;

/** The arguments of node. */
const checks: Readonly<Record<string, readonly string[]>> = {
	types: tsc,
	"the browser's types": [...tsc, "-p", "tsconfig.browser.json"],
	lint: ["node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."],
	rooms: ["--import", "tsx", "scripts/check-rooms.ts"],
};

function run(args: readonly string[]): Promise<{ readonly output: string; readonly passed: boolean }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
		const output: Buffer[] = [];
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (bytes: Buffer) => output.push(bytes));
		child.once("error", reject);
		child.once("close", (code) => resolve({ output: Buffer.concat(output).toString(), passed: code === 0 }));
	});
}

const started = Object.entries(checks).map(([name, args]) => ({ name, result: run(args) }));
for (const { name, result } of started) {
	const { output, passed } = await result;
	process.stdout.write(output);
	if (passed) continue;
	console.error(`failed: ${name}`);
	process.exitCode = 1;
}
