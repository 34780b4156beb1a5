import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
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

/** As a user gets it: packed from dist/, installed into an empty folder, without development's packages. */
beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "installed-")));
	installed = join(base, "empty");
	await mkdir(installed);
	await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", base]);
	await writeFile(join(installed, "package.json"), "{}\n");
	const packed = join(base, `${manifest.name}-${manifest.version}.tgz`);
	await run(
		"npm",
		["install", "--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", "--silent", packed],
		{ cwd: installed },
	);
	program = await realpath(join(installed, "node_modules", ".bin", manifest.name));
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
