import { execFile } from "node:child_process";
import { mkdtemp, readdir, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { type Connection, connect } from "../e2e/connect.ts";
import { exampleCalls } from "../e2e/example-calls.ts";
import { runCommand } from "../e2e/run.ts";

const run = promisify(execFile);
let base: string;
let installed: string;
let program: string;
let said: string;

/** As `npm run setup` installs it: packed from dist/, without development's packages, into a folder that npm does not know. */
beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "installed é ")));
	const { stdout } = await run(process.execPath, [
		...["--import", "tsx", "scripts/setup.ts", "--prefix", join(base, "own")],
	]);
	said = stdout;
	installed = join(base, "own", "lib");
	program = await realpath(join(base, "own", "bin", manifest.name));
}, 180_000);
afterAll(() => rm(base, { recursive: true, force: true }));

interface Size {
	readonly bytes: number;
	readonly packages: number;
}

async function sizeOf(folder: string): Promise<Size> {
	let bytes = 0;
	let packages = 0;
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		bytes += (await stat(join(entry.parentPath, entry.name))).size;
		if (entry.name === "package.json" && /node_modules\/(@[^/]+\/)?[^/]+$/.test(entry.parentPath))
			packages += 1;
	}
	return { bytes, packages };
}

describe("the installed package", () => {
	test("is small: at most 25 MB on one platform, and 6 packages besides itself", async () => {
		const { bytes, packages } = await sizeOf(join(installed, "node_modules"));
		expect(bytes).toBeLessThan(25_000_000);
		expect(packages - 1).toBeLessThanOrEqual(6);
		expect(packages).toBeGreaterThan(1);
	});

	test("its set-up says where it is, how to reach it, and what attaches it to a host", () => {
		expect(said).toContain(`Installed ${manifest.name} ${manifest.version} in ${join(base, "own", "bin")}`);
		expect(said).toContain(`export PATH="${join(base, "own", "bin")}:$PATH"`);
		expect(said).toContain("claude, claude-desktop, vscode, cursor");
	});

	test("says its version", async () => {
		expect(await runCommand({ program, args: ["--version"], cwd: installed })).toEqual({
			code: 0,
			stdout: `${manifest.version}\n`,
			stderr: "",
		});
	});

	test("passes its own doctor on the demo", async () => {
		const { code, stdout } = await runCommand({
			program,
			args: ["doctor", "--json", "--demo"],
			cwd: installed,
		});
		expect(JSON.parse(stdout)).toMatchObject({ ok: true, version: manifest.version });
		expect(code).toBe(0);
	}, 120_000);
});

describe("a session on the demo with the installed package", () => {
	let connection: Connection;
	beforeAll(async () => {
		connection = await connect({ program, args: ["--demo"], cwd: installed });
	}, 120_000);
	afterAll(() => connection.close());

	test("lists the tools, and each of them answers", async () => {
		const { tools } = await connection.client.listTools();
		expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(exampleCalls).sort());
		for (const [name, args] of Object.entries(exampleCalls)) {
			const { text, isError } = await connection.call(name, args);
			expect(isError, `${name}: ${text}`).toBe(false);
			expect(text.length).toBeGreaterThan(50);
		}
	}, 120_000);

	test("knows its grammars: a search names the function, a patch that breaks the syntax is told", async () => {
		const { text: found } = await connection.call("search_codebase", { error_code: "LLM_RATE_LIMITED" });
		expect(found).toMatch(/^\s*\^ in \w+/m);
		expect(found).toMatch(/raises/);
		for (const [path, content] of [
			["apps/api/src/broken.ts", "export function broken( {\n"],
			["apps/web/broken.tsx", "export const broken = <div>;\n"],
			["broken.js", "function broken( {\n"],
			["broken.py", "def broken(:\n"],
			["broken.go", "package broken\nfunc broken( {\n"],
		] as const) {
			const { text } = await connection.call("propose_patch", {
				title: "Break it",
				rationale: "To see whether it is told.",
				edits: [{ path, content }],
			});
			expect(text, path).toContain("no new syntax error: NO");
		}
	}, 120_000);
});
