// Without a home, or one that cannot be written, and with a terminal that is closed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { userGit } from "../patch/repository.ts";
import { command, connect } from "./connect.ts";
import { runCommand } from "./run.ts";

let base: string;
let repository: string;
beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "homeless-")));
	repository = join(base, "repository");
	await mkdir(repository);
	await mkdir(join(base, "tmp"));
	await writeFile(join(base, "file"), "");
	userGit(repository, ["init", "-q"]);
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe("a home that cannot be written", () => {
	// Below a file no folder can be made, whoever asks.
	const homes = () => ({ "below a file": join(base, "file", "home"), "an empty HOME": "" });

	test.each(["below a file", "an empty HOME"] as const)(
		"%s: a patch is kept, and said for how long",
		async (which) => {
			const env = { HOME: homes()[which], TMPDIR: join(base, "tmp"), PROD_DEBUGGER_REPO: repository };
			const { client, call, close } = await connect({ env });
			const made = await call("propose_patch", {
				title: "t",
				rationale: "r",
				edits: [{ path: "new.md", content: "# new\n" }],
			});
			expect(made.isError, made.text).toBe(false);
			expect(made.text).toContain("note: kept until this server ends, since the folder");
			const id = /patch:\/\/([0-9a-f]+)/.exec(made.text)?.[1] ?? "";
			const { contents } = await client.readResource({ uri: `patch://${id}` });
			expect(JSON.stringify(contents)).toContain("+# new");
			const file = /in the file (\S+\.diff)/.exec(made.text)?.[1] ?? "";
			expect(existsSync(file)).toBe(true);
			await close();
			expect(await readdir(join(base, "tmp"))).toEqual([]);
		},
	);

	test("the doctor warns", async () => {
		const env = { HOME: homes()["below a file"], PROD_DEBUGGER_REPO: repository };
		const { stdout } = await runCommand({ args: ["doctor"], env });
		expect(stdout).toMatch(/^WARN {2}state folder +patches are kept until this server ends/m);
	});
});

test("SIGHUP ends the demo tidily", async () => {
	const tmp = join(base, "demo-tmp");
	await mkdir(tmp);
	const child = spawn(process.execPath, [command, "--demo"], {
		env: { PATH: process.env.PATH ?? "", HOME: base, TMPDIR: tmp },
		stdio: ["pipe", "pipe", "inherit"],
	});
	const hello = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } };
	child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello })}\n`);
	await new Promise((resolve) => child.stdout.once("data", resolve));
	expect((await readdir(tmp)).length).toBeGreaterThan(0);
	const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
	child.kill("SIGHUP");
	expect(await ended).toEqual({ code: 0, signal: null });
	expect(await readdir(tmp)).toEqual([]);
});
