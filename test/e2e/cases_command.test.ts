// `prod-debugger-mcp cases`: what a user sees of the memory, and what only a user may do to it.

import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Memory } from "../../src/cases/index.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { tools } from "../../tools/index.ts";
import { runCommand } from "./run.ts";

let base: string;
let memory: Memory;
beforeEach(async () => {
	base = await mkdtemp(join(tmpdir(), "cases-command-"));
	await mkdir(join(base, "code"));
	const root = await resolveRepositoryRoot(join(base, "code"));
	memory = new Memory({ stateFolder: join(base, "state"), root, apiUrl: "https://api.example.com/v1" });
});
afterEach(async () => {
	await rm(base, { recursive: true, force: true });
});

function run(...args: string[]) {
	return runCommand({
		args: ["cases", ...args],
		env: {
			PROD_DEBUGGER_REPO: join(base, "code"),
			PROD_DEBUGGER_STATE_DIR: join(base, "state"),
			SKILLOMATIC_API_URL: "https://api.example.com/v1",
		},
	});
}

async function reported(): Promise<string> {
	const top = { provider: { value: "gmail", share: 1 } };
	const told = { at: 1_700_000_000, cause: "the \u001b[31mcause\u202e", fix: "the fix", title: "a title" };
	const { after } = await memory.report(
		{ of: "code", name: "ATS_TIMEOUT", top },
		{ at: 1_700_000_000, standing: { since: 1_699_990_000 }, count: 7, told },
	);
	return after.id;
}

test("none are kept at first, and the folder is not made for the question", async () => {
	expect(await run()).toEqual({
		code: 0,
		stdout: "No case is kept of this repository and api.example.com.\n",
		stderr: "",
	});
	await expect(writeFile(join(base, "state", "x"), "")).rejects.toThrow();
});

test("listed, shown, muted, unmuted and forgotten; nothing in it moves a terminal", async () => {
	const id = await reported();
	expect((await run("list")).stdout).toBe(
		`${id}  open       2023-11-14T22:13:20Z  ATS_TIMEOUT (provider gmail)\n`,
	);
	const { stdout } = await run("show", id);
	expect(stdout).toContain("  2023-11-14T22:13:20Z reported: 7, since 2023-11-14T19:26:40Z\n");
	expect(stdout).toContain("written by an agent, 2023-11-14T22:13:20Z: a title\n");
	expect(stdout).toContain("  cause  the \\u{1b}[31mcause\\u{202e}\n");
	expect((await run("mute", id)).stdout).toContain(`${id}  muted`);
	expect((await memory.all())[0]?.mutedAt).toBeDefined();
	expect((await run("unmute", id.toUpperCase())).stdout).toContain(`${id}  open`);
	expect(await run("forget", id)).toMatchObject({ code: 0, stdout: `${id} is forgotten.\n` });
	expect(await memory.all()).toEqual([]);
	expect(await run("forget", id)).toEqual({
		code: 1,
		stdout: "",
		stderr: `There is no case ${id}: prod-debugger-mcp cases lists them.\n`,
	});
});

test("exported to a file, and imported beside what is known: as others' words", async () => {
	const id = await reported();
	const file = join(base, "cases.json");
	expect(await run("export", file)).toEqual({ code: 0, stdout: `wrote 1 case to ${file}\n`, stderr: "" });
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	expect((await run("import", file)).stdout).toBe(
		`imported from ${file}: 0 new, 0 joined to known ones, 1 with nothing new\n`,
	);
	await run("forget", id);
	expect((await run("import", file)).stdout).toContain(": 1 new, ");
	expect((await run("list")).stdout).toContain(`${id}  imported`);
	const { stdout } = await run("show", id);
	expect(stdout).toMatch(/^imported .*, not checked here; open there$/m);
	expect(stdout).toContain("  cause  the \\u{1b}[31mcause\\u{202e}\n");
});

test("a file that cannot be taken is refused in one sentence", async () => {
	const file = join(base, "other.json");
	await writeFile(file, '{"cases": 1}');
	expect(await run("import", file)).toEqual({
		code: 1,
		stdout: "",
		stderr:
			"prod-debugger-mcp: The file was not imported: it is not a file that prod-debugger-mcp cases export wrote. Take a file of prod-debugger-mcp cases export.\n",
	});
	expect((await run("import", join(base, "gone.json"))).stderr).toContain("there is no such file");
	expect((await run("import", base)).stderr).toContain("it is not a regular file");
	expect(await run("export")).toMatchObject({ code: 2 });
});

test("no tool mutes or forgets", () => {
	for (const { name, description, input } of tools) {
		expect(`${name} ${description} ${Object.keys(input.shape).join(" ")}`).not.toMatch(/mute|forget/i);
	}
});
