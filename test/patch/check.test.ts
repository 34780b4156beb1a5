import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CheckOutcome } from "../../src/patch/prove/run-check.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { findSandbox } from "../../src/system/sandboxed-process.ts";
import { Scratch } from "../../src/system/scratch.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
	delete process.env.SKILLOMATIC_API_KEY;
});

const sandbox = await findSandbox(await resolveRepositoryRoot(process.cwd()), new AbortController().signal);
// A machine without a sandbox must say so, and not pass in silence.
if (!sandbox.available) console.warn(`bubblewrap cannot run here: ${sandbox.reason}; its tests do not run`);

const setting = (command: string, timeoutMs = 20_000) => ({ command, timeoutMs, unsandboxed: false });
const change = { path: "app.txt", old_text: "old", new_text: "new" };

async function scratchFolders(stateFolder: string): Promise<readonly string[]> {
	return (await readdir(join(stateFolder, "scratch")).catch(() => [])).filter((name) => name !== ".sweeping");
}

function ran(outcome: CheckOutcome): Extract<CheckOutcome, { status: "ran" }> {
	if (outcome.status !== "ran") throw new Error(`the check did not run: ${JSON.stringify(outcome)}`);
	return outcome;
}

/** A folder for PATH in which git and sh are found, and bwrap is not. */
async function programsWithoutSandbox(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "prod-debugger-programs-"));
	for (const name of ["git", "sh"]) await symlink(join("/usr/bin", name), join(folder, name));
	return folder;
}

test("without a check no code is run, and the answer says so", async () => {
	repository = await makeRepository({ "app.txt": "old\n" });
	const { checks } = await repository.edit(change);
	expect(checks.command).toEqual({ status: "not_set" });
});

describe.runIf(sandbox.available && !sandbox.inPlace)("in the sandbox", () => {
	test("the check sees the patch, in a tree with its untracked and without its ignored files", async () => {
		repository = await makeRepository(
			{ "app.txt": "old\n", ".gitignore": "ignored.txt\n" },
			{
				check: setting("cat app.txt untracked.txt; ls -A; pwd"),
			},
		);
		await repository.write({ "untracked.txt": "seen\n", "ignored.txt": "no\n", ".env": "SECRET=1\n" });
		const { checks } = await repository.edit(change);
		const { after, before, sandboxed } = ran(checks.command);
		expect({ end: after.end, before, sandboxed }).toEqual({
			end: "passed",
			before: undefined,
			sandboxed: true,
		});
		expect(after.output.split("\n")).toEqual([
			"new",
			"seen",
			".gitignore",
			"app.txt",
			"untracked.txt",
			repository.root,
			"",
		]);
		expect(await readFile(join(repository.root, "app.txt"), "utf8")).toBe("old\n");
		expect(await scratchFolders(repository.stateFolder)).toEqual([]);
	});

	test("a check that the patch breaks is told from one that failed before", async () => {
		repository = await makeRepository({ "app.txt": "old\n" }, { check: setting("grep -q old app.txt") });
		const broken = ran((await repository.edit(change)).checks.command);
		expect([broken.after.end, broken.before?.end]).toEqual(["failed", "passed"]);
		await repository.remove();
		repository = await makeRepository({ "app.txt": "old\n" }, { check: setting("echo no; exit 3") });
		const failing = ran((await repository.edit(change)).checks.command);
		expect([failing.after.exitCode, failing.before?.exitCode]).toEqual([3, 3]);
		expect(failing.after.output).toBe("no\n");
	});

	test("a check that does not end is killed with all that it started", async () => {
		const command = "setsid sh -c 'sleep 60; touch late.txt' & sleep 60";
		repository = await makeRepository({ "app.txt": "old\n" }, { check: setting(command, 1000) });
		const { after, before } = ran((await repository.edit(change)).checks.command);
		expect([after.end, before]).toEqual(["timed_out", undefined]);
		expect(await scratchFolders(repository.stateFolder)).toEqual([]);
	});

	test("a cancelled call ends the check and leaves nothing behind", async () => {
		repository = await makeRepository({ "app.txt": "old\n" }, { check: setting("echo begun; sleep 60") });
		const controller = new AbortController();
		const request = { title: "t", rationale: "r", edits: [change] };
		const call = repository.proposer.propose(request, controller.signal, () =>
			controller.abort(new Error("stop")),
		);
		await expect(call).rejects.toThrow("stop");
		expect(await scratchFolders(repository.stateFolder)).toEqual([]);
	});

	test("code that the patch brings reads no key, no home and no other process, and reaches no network", async () => {
		process.env.SKILLOMATIC_API_KEY = "sk_live_canary_0123456789";
		const probe = [
			"cat /proc/*/environ | tr '\\0' '\\n' | grep -c canary",
			`ls -A ${process.env.HOME ?? "/root"} 2>/dev/null | wc -l`,
			"ls -d /proc/[0-9]* | wc -l",
			"grep -c : /proc/net/dev",
			"ls /etc/shadow 2>/dev/null | wc -l",
			`touch /usr/canary 2>/dev/null; touch ${process.execPath}.canary 2>/dev/null; ls /usr/canary 2>/dev/null | wc -l`,
			"grep CapEff /proc/self/status | tr -d '\\t '",
		].join("\n");
		repository = await makeRepository({ "app.txt": "old\n" }, { check: setting("sh probe.sh") });
		const { checks } = await repository.edit(change, { path: "probe.sh", content: `${probe}\n` });
		const [canary, home, processes, interfaces, shadow, written, capabilities] = ran(
			checks.command,
		).after.output.split("\n");
		expect({ canary, home, interfaces, shadow, written, capabilities }).toEqual({
			canary: "0",
			home: "0",
			// Loopback alone.
			interfaces: "1",
			shadow: "0",
			written: "0",
			capabilities: "CapEff:0000000000000000",
		});
		expect(Number(processes)).toBeLessThan(10);
	});

	test("packages and the repository cannot be written, and the copy can", async () => {
		repository = await makeRepository(
			{ "app.txt": "old\n", "package.json": "{}\n", ".gitignore": "node_modules\n" },
			{
				check: setting(
					"cat node_modules/pkg/index.js; echo x > node_modules/pkg/index.js; echo x > app.txt; cat app.txt",
				),
			},
		);
		await repository.write({ "node_modules/pkg/index.js": "installed\n" });
		const { after } = ran((await repository.edit(change)).checks.command);
		expect(after.output).toContain("installed\n");
		expect(after.output).toMatch(/Read-only file system[\s\S]*x\n$/);
		expect(await readFile(join(repository.root, "node_modules/pkg/index.js"), "utf8")).toBe("installed\n");
		expect(await readFile(join(repository.root, "app.txt"), "utf8")).toBe("old\n");
	});

	test("a patch that brings an .npmrc runs its shell in the sandbox, and is flagged", async () => {
		repository = await makeRepository(
			{ "app.txt": "old\n", "package.json": '{"scripts":{"check":"true"}}\n' },
			{ check: setting("npm run check") },
		);
		const { checks, files } = await repository.edit({ path: ".npmrc", content: "script-shell=/bin/false\n" });
		expect(files.map(({ path, flags }) => [path, flags.length])).toEqual([[".npmrc", 1]]);
		const { after, before } = ran(checks.command);
		expect([after.end, before?.end]).toEqual(["failed", "passed"]);
	});

	test("links that lead out of the tree are not copied", async () => {
		repository = await makeRepository(
			{ "app.txt": "old\n", "sub/x.txt": "x\n" },
			{
				check: setting("ls -A . sub; cat inside"),
			},
		);
		await symlink("sub/x.txt", join(repository.root, "inside"));
		await symlink("/etc/hostname", join(repository.root, "absolute"));
		await symlink("../../..", join(repository.root, "sub/out"));
		await symlink("../sub/../..", join(repository.root, "sub/winding"));
		const { after } = ran((await repository.edit(change)).checks.command);
		expect(after.end).toBe("passed");
		expect(after.output).not.toMatch(/absolute|out|winding/);
		expect(after.output).toMatch(/x\n$/);
	});

	test("a link that the repository brings in place of installed packages shows nothing, the user's own one does", async () => {
		repository = await makeRepository({ "app.txt": "old\n" }, { check: setting("ls node_modules/") });
		const { root } = repository;
		const elsewhere = join(root, "..", "other", "node_modules");
		await mkdir(elsewhere, { recursive: true });
		await writeFile(join(elsewhere, "precious"), "");
		await symlink(elsewhere, join(root, "node_modules"));
		expect(ran((await repository.edit(change)).checks.command).after.output).not.toContain("precious");
		await repository.write({ ".gitignore": "node_modules\n" });
		expect(ran((await repository.edit(change)).checks.command).after.output).toBe("precious\n");
		await rm(join(root, "node_modules"));
		await symlink(join(root, "..", "other"), join(root, "node_modules"));
		expect(ran((await repository.edit(change)).checks.command).after.output).not.toContain("node_modules/\n");
	});

	test("of a long output the end is kept", async () => {
		repository = await makeRepository(
			{ "app.txt": "old\n" },
			{ check: setting("seq 1 300000; echo last; exit 1") },
		);
		const { after } = ran((await repository.edit(change)).checks.command);
		expect(after.output.length).toBeLessThanOrEqual(16 * 1024);
		expect(after.output).toMatch(/\n300000\nlast\n$/);
	});
});

describe("without a sandbox", () => {
	const path = process.env.PATH;
	let programs: string;
	beforeAll(async () => {
		programs = await programsWithoutSandbox();
		process.env.PATH = programs;
	});
	afterAll(async () => {
		process.env.PATH = path;
		await rm(programs, { recursive: true });
	});

	test("the check does not run, and the answer says why", async () => {
		repository = await makeRepository(
			{ "app.txt": "old\n" },
			{ init: false, check: setting("touch ran.txt") },
		);
		expect((await repository.edit(change)).checks.command).toEqual({
			status: "not_run",
			command: "touch ran.txt",
			reason: process.platform === "win32" ? "platform" : "not_installed",
		});
	});

	test("it runs where the user says so, on copied packages", async () => {
		const command = "echo x > node_modules/pkg/index.js; cat node_modules/pkg/index.js app.txt";
		repository = await makeRepository(
			{ "app.txt": "old\n", "node_modules/pkg/index.js": "installed\n" },
			{ init: false, check: { ...setting(command), unsandboxed: true } },
		);
		const outcome = ran((await repository.edit(change)).checks.command);
		expect([outcome.sandboxed, outcome.after.output]).toEqual([false, "x\nnew\n"]);
		const real = join(repository.root, "node_modules/pkg/index.js");
		expect(await readFile(real, "utf8")).toBe("installed\n");
		expect(await scratchFolders(repository.stateFolder)).toEqual([]);
	});
});

test("a process that leaves the group does not hold the answer back", async () => {
	repository = await makeRepository(
		{ "app.txt": "old\n" },
		{ init: false, check: { command: "setsid sleep 8 & sleep 60", timeoutMs: 300, unsandboxed: true } },
	);
	const path = process.env.PATH;
	const programs = await programsWithoutSandbox();
	process.env.PATH = programs;
	try {
		const outcome = ran((await repository.edit(change)).checks.command);
		expect([outcome.sandboxed, outcome.after.end]).toEqual([false, "timed_out"]);
	} finally {
		process.env.PATH = path;
		await rm(programs, { recursive: true });
	}
});

test("a scratch folder that a crash left is swept at the next start, and nothing that a link leads to", async () => {
	repository = await makeRepository({ "app.txt": "old\n" });
	await repository.edit(change);
	const base = join(repository.stateFolder, "scratch");
	const [alive = ""] = await new Scratch(repository.stateFolder, repository.root).with((folder) =>
		Promise.resolve([folder.slice(base.length + 1)]),
	);
	const dead = alive.replace(/-\d+-/, "-2147483646-");
	const precious = join(repository.stateFolder, "..", "precious");
	await mkdir(join(base, dead, "locked"), { recursive: true });
	await mkdir(precious);
	await writeFile(join(precious, "file"), "kept");
	await symlink(precious, join(base, dead, "locked", "link"));
	await symlink(precious, join(base, dead.replace(/.{12}$/, "000000000000")));
	await new Scratch(repository.stateFolder, repository.root).with(async () => {});
	expect(await readdir(base)).toEqual([dead.replace(/.{12}$/, "000000000000")]);
	expect(await readFile(join(precious, "file"), "utf8")).toBe("kept");
});

test("nothing is swept where the state folder is a link, or inside the repository", async () => {
	repository = await makeRepository({ "app.txt": "old\n" });
	const { root, stateFolder } = repository;
	const name = "00000000-1-000000000000";
	const link = join(root, "..", "link");
	await mkdir(join(stateFolder, "scratch", name), { recursive: true });
	await mkdir(join(root, "state", "scratch", name), { recursive: true });
	await symlink(stateFolder, link);
	const old = new Date(0);
	for (const folder of [join(stateFolder, "scratch", name), join(root, "state", "scratch", name)]) {
		await utimes(folder, old, old);
	}
	for (const folder of [link, join(root, "state")]) {
		await expect(new Scratch(folder, root).with(async () => {})).rejects.toMatchObject({
			kind: "state_folder_unusable",
		});
	}
	expect(await readdir(join(stateFolder, "scratch"))).toEqual([name]);
	expect(await readdir(join(root, "state", "scratch"))).toEqual([name]);
	await new Scratch(stateFolder, root).with(async () => {});
	expect(await readdir(join(stateFolder, "scratch"))).toEqual([]);
});
