import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AttachArguments, runAttach } from "../../src/cli/attach/index.ts";
import type { Person } from "../../src/cli/attach/terminal.ts";
import { loadConfig } from "../../src/config/index.ts";
import { command } from "../e2e/connect.ts";
import { runCommand } from "../e2e/run.ts";

const run = promisify(execFile);
const key = "sk_live_0123456789abcdef";
let home: string;
let code: string;

beforeEach(async () => {
	home = await realpath(await mkdtemp(join(tmpdir(), "attach é ")));
	code = join(home, "code");
	await mkdir(code);
	await run("git", ["init", "--quiet", code]);
	await mkdir(join(home, ".cursor"));
	await mkdir(join(home, ".config", "Code", "User"), { recursive: true });
	await mkdir(join(home, ".config", "Claude"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const attach = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
	runCommand({
		args: ["attach", ...args],
		cwd: code,
		env: { HOME: home, XDG_CONFIG_HOME: "", PATH: `${home}/bin:/usr/bin:/bin`, ...env },
	});
const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(home, path), "utf8"));
const keyFile = () => join(home, ".config", "prod-debugger-mcp", "key");

/** A `claude` that keeps its arguments, and its servers as the real one does. */
async function installClaude(): Promise<void> {
	await mkdir(join(home, "bin"));
	const program = join(home, "bin", "claude");
	await writeFile(
		program,
		`#!/bin/sh\nfor word in "$@"; do echo "$word" >>"$HOME/called"; done\nenv >>"$HOME/env"\n`,
	);
	await chmod(program, 0o755);
}

describe("attach", () => {
	test("alone lists the hosts of this machine, and says which are attached", async () => {
		const before = await attach([]);
		expect(before).toMatchObject({ code: 0, stderr: "" });
		expect(before.stdout).toMatch(/^ {2}Cursor +prod-debugger-mcp attach cursor$/m);
		expect(before.stdout).toMatch(/^Not found: Claude Code\./m);
		await attach(["cursor", "--yes"]);
		expect((await attach([])).stdout).toMatch(/attach cursor +\(attached already\)$/m);
	});

	test("prints, and writes nothing, where nobody is asked", async () => {
		const { code: exit, stdout } = await attach(["cursor"], { SKILLOMATIC_API_KEY: key });
		expect(exit).toBe(0);
		expect(stdout).toContain('"PROD_DEBUGGER_REPO": "${workspaceFolder}"');
		expect(stdout).toContain("Nothing was written");
		expect(stdout).not.toContain(key);
		expect(await readdir(join(home, ".cursor"))).toEqual([]);
		expect(await readdir(join(home, ".config"))).not.toContain("prod-debugger-mcp");
	});

	test("--yes writes the entry beside what is there, keeps a backup, and the key in a file of its own", async () => {
		const old = `{\n\t"mcpServers": { "other": { "command": "x" } },\n\t"theme": "dark"\n}\n`;
		const path = ".config/Claude/claude_desktop_config.json";
		await writeFile(join(home, path), old);
		const { stdout } = await attach(["claude-desktop", "--yes"], { SKILLOMATIC_API_KEY: key });
		expect(await read(path)).toEqual({
			mcpServers: {
				other: { command: "x" },
				"prod-debugger": {
					command: process.execPath,
					args: [command],
					env: { SKILLOMATIC_API_KEY_FILE: keyFile(), PROD_DEBUGGER_REPO: code },
				},
			},
			theme: "dark",
		});
		const written = await readFile(join(home, path), "utf8");
		expect(written).toMatch(/^\{\n\t"mcpServers"/);
		const [backup = ""] = (await readdir(join(home, ".config/Claude"))).filter((name) =>
			name.endsWith(".bak"),
		);
		expect(stdout).toContain(backup);
		expect(await readFile(join(home, ".config/Claude", backup), "utf8")).toBe(old);
		expect(await readFile(keyFile(), "utf8")).toBe(`${key}\n`);
		expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
		expect(written + stdout).not.toContain(key);
	});

	test("what was written starts a server that answers", async () => {
		await attach(["vscode", "--demo", "--yes"]);
		const { servers } = (await read(".config/Code/User/mcp.json")) as {
			servers: Record<string, { type: string; command: string; args: string[] }>;
		};
		const entry = servers["prod-debugger-demo"];
		expect(entry).toMatchObject({ type: "stdio", command: process.execPath, args: [command, "--demo"] });
		const { stdout } = await run(entry?.command ?? "", [...(entry?.args ?? []), "--version"]);
		expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
	});

	test("a second time changes nothing, and what the user added to the entry stays", async () => {
		await attach(["cursor", "--yes"]);
		const path = join(home, ".cursor", "mcp.json");
		const first = JSON.parse(await readFile(path, "utf8"));
		first.mcpServers["prod-debugger"].env.PROD_DEBUGGER_LOG = "debug";
		first.mcpServers["prod-debugger"].disabled = true;
		await writeFile(path, `${JSON.stringify(first, null, 2)}\n`);
		const { stdout } = await attach(["cursor", "--yes"]);
		expect(stdout).toContain("It is there already.");
		expect(JSON.parse(await readFile(path, "utf8"))).toEqual(first);
		expect(await readdir(join(home, ".cursor"))).toEqual(["mcp.json"]);
	});

	test("a configuration with comments is left as it is", async () => {
		const path = join(home, ".config", "Code", "User", "mcp.json");
		await writeFile(path, '{\n  // mine\n  "servers": {}\n}\n');
		const { code: exit, stderr } = await attach(["vscode", "--yes"]);
		expect(exit).toBe(1);
		expect(stderr).toMatch(/mcp\.json is not plain JSON .* left as it is/);
		expect(await readFile(path, "utf8")).toContain("// mine");
	});

	test("no key goes into a file that git tracks, or would", async () => {
		const inside = join(code, "key");
		const flag = ["--skillomatic-api-key-file", inside];
		const { code: exit, stderr } = await attach(["cursor", "--yes", ...flag], { SKILLOMATIC_API_KEY: key });
		expect(exit).toBe(1);
		expect(stderr).toContain("is in a git repository that does not ignore it");
		expect(await readdir(code)).toEqual([".git"]);
		await writeFile(join(code, ".gitignore"), "key\n");
		expect(await attach(["cursor", "--yes", ...flag], { SKILLOMATIC_API_KEY: key })).toMatchObject({
			code: 0,
		});
		expect(await readFile(inside, "utf8")).toBe(`${key}\n`);
		await rm(inside);
		await writeFile(inside, "");
		await run("git", ["-C", code, "add", "--force", "key"]);
		expect(await attach(["cursor", "--yes", ...flag], { SKILLOMATIC_API_KEY: key })).toMatchObject({
			code: 1,
		});
		expect(await readFile(inside, "utf8")).toBe("");
	});

	test("Claude Code is attached by its own command, which does not get the key", async () => {
		await installClaude();
		await writeFile(join(home, ".claude.json"), '{"mcpServers":{"prod-debugger":{"command":"old"}}}');
		const { code: exit, stdout } = await attach(["claude", "--yes"], { SKILLOMATIC_API_KEY: key });
		expect(exit).toBe(0);
		const called = (await readFile(join(home, "called"), "utf8")).trimEnd().split("\n");
		expect(called.slice(0, 5)).toEqual(["mcp", "remove", "--scope", "user", "prod-debugger"]);
		const added = called.slice(5);
		expect(added).toEqual([
			...["mcp", "add", "--env", `SKILLOMATIC_API_KEY_FILE=${keyFile()}`, "--transport", "stdio"],
			...["--scope", "user", "prod-debugger", "--", process.execPath, command],
		]);
		// The printed line, taken by a shell, is the same command.
		const line = /^ {2}(claude mcp add .*)$/m.exec(stdout)?.[1] ?? "";
		await rm(join(home, "called"));
		await run("/bin/sh", ["-c", line], { env: { HOME: home, PATH: `${home}/bin:/usr/bin:/bin` } });
		expect((await readFile(join(home, "called"), "utf8")).trimEnd().split("\n")).toEqual(added);
		expect(await readFile(join(home, "env"), "utf8")).not.toContain(key);
	});

	test("a host that is not here gets its lines, and nothing is written", async () => {
		const { code: exit, stdout } = await attach(["claude", "--yes"]);
		expect(exit).toBe(0);
		expect(stdout).toContain("claude mcp add ");
		expect(stdout).toContain("was not found on this machine");
	});
});

describe("at a terminal", () => {
	const asked: AttachArguments = { host: "cursor", demo: false, yes: false, overrides: {} };
	/** Runs in this process, with its home and its output. */
	async function withPerson(person: Person): Promise<string> {
		const { HOME, XDG_CONFIG_HOME } = process.env;
		const write = process.stdout.write;
		let shown = "";
		Object.assign(process.env, { HOME: home, XDG_CONFIG_HOME: "" });
		process.stdout.write = (chunk: string | Uint8Array) => {
			shown += String(chunk);
			return true;
		};
		try {
			await runAttach(await loadConfig({}, {}, code), asked, person);
		} finally {
			process.stdout.write = write;
			for (const [name, value] of Object.entries({ HOME, XDG_CONFIG_HOME }))
				if (value === undefined) delete process.env[name];
				else process.env[name] = value;
		}
		return shown;
	}

	test("no means no", async () => {
		const shown = await withPerson({ agrees: async () => false, secret: async () => key });
		expect(shown).toContain("Nothing was written.");
		expect(await readdir(join(home, ".cursor"))).toEqual([]);
	});

	test("yes writes the entry, and a key that was typed into its own file", async () => {
		const shown = await withPerson({ agrees: async () => true, secret: async () => key });
		expect(await readdir(join(home, ".cursor"))).toEqual(["mcp.json"]);
		expect(await readFile(keyFile(), "utf8")).toBe(`${key}\n`);
		expect(shown).not.toContain(key);
	});
});
