// The built `watch` killed with SIGKILL in the middle of a round, and started again: nothing twice, nothing lost.

import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Memory } from "../../src/cases/index.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { event } from "../production/rows.ts";
import { command } from "./connect.ts";
import { runCommand } from "./run.ts";

const hour = 3600;
const day = 24 * hour;
const now = Math.floor(Date.now() / 1000);

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "watch-killed-"));
	await mkdir(join(folder, "code"));
	const events: ReturnType<typeof event>[] = [];
	const add = (code: string, from: number, to: number, perHour: number) => {
		for (let at = from; at < to; at += hour / perHour)
			events.push(event({ id: `event-${events.length}`, error_code: code, created_at: Math.floor(at) }));
	};
	add("LLM_TIMEOUT", now - 20 * day, now, 3);
	for (const code of ["ATS_TIMEOUT", "SCRAPE_TIMEOUT", "SKILL_RENDER_FAILED"]) {
		add(code, now - 20 * day, now, 0.1);
		add(code, now - 5 * hour, now, 25 + 5 * code.length);
	}
	sandbox = await startSandbox({
		rateLimit: 1_000_000,
		fill: (database) => database.insert("error_events", events),
	});
});
afterAll(async () => {
	await sandbox.close();
	await rm(folder, { recursive: true, force: true });
});

const env = (state: string) => ({
	SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
	SKILLOMATIC_API_URL: sandbox.url,
	PROD_DEBUGGER_REPO: join(folder, "code"),
	PROD_DEBUGGER_STATE_DIR: join(folder, state),
});

interface Told {
	readonly id: string;
	readonly name: string;
	readonly alerts: readonly string[];
}

function read(lines: string): readonly Told[] {
	return lines
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line))
		.map(({ id, error_code, alerts }) => ({ id, name: error_code, alerts }));
}

/** A program that writes down what it takes; it kills the watch that started it on its second alert, if it is to. */
async function program(
	state: string,
	kills: boolean,
): Promise<{ readonly path: string; readonly out: string }> {
	const path = join(folder, `${state}-${kills}.sh`);
	const out = join(folder, `${state}.out`);
	const kill = kills ? `[ "$(wc -l < "${out}")" -ge 1 ] && kill -9 $PPID && exit 1\n` : "";
	await writeFile(path, `#!/bin/sh\ntouch "${out}"\n${kill}cat >> "${out}"\n`);
	await chmod(path, 0o700);
	return { path, out };
}

function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
	return new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));
}

test("killed while it tells: the next start tells the rest, and what was told is not told again", async () => {
	const { path, out } = await program("state", true);
	const args = ["watch", "--once", "--json", "--exec"];
	const child = spawn(process.execPath, [command, ...args, path], {
		env: { PATH: process.env.PATH ?? "", HOME: folder, ...env("state") },
		stdio: "ignore",
	});
	expect(await ended(child)).toBe("SIGKILL");
	const before = read(await readFile(out, "utf8"));
	expect(before).toHaveLength(1);
	const calm = await program("state", false);
	const next = await runCommand({ args: [...args, calm.path], env: env("state") });
	expect(next.stderr).toBe("");
	const told = read(await readFile(out, "utf8"));
	expect(told.map(({ name }) => name).sort()).toEqual([
		"ATS_TIMEOUT",
		"SCRAPE_TIMEOUT",
		"SKILL_RENDER_FAILED",
	]);
	expect(new Set(told.map(({ id }) => id)).size).toBe(3);
	const third = await runCommand({ args: [...args, calm.path], env: env("state") });
	expect({ code: third.code, stdout: third.stdout }).toEqual({ code: 0, stdout: "" });
	expect(read(await readFile(out, "utf8"))).toEqual(told);
});

test("a trouble of a case that was found fixed is told as back", async () => {
	const root = await resolveRepositoryRoot(join(folder, "code"));
	const memory = new Memory({ stateFolder: join(folder, "back"), root, apiUrl: sandbox.url });
	const nothing = { value: null, share: 1 };
	const top = { provider: nothing, skill: nothing, organization: nothing };
	const trouble = { of: "code" as const, name: "ATS_TIMEOUT", top };
	const at = now - 3 * day;
	await memory.report(trouble, { at: at - day, told: { at: at - day, cause: "c", fix: "f" } });
	await memory.verify(trouble, trouble, { at, verdict: "fixed", deployedAt: at - 3600 });
	const run = await runCommand({
		args: ["watch", "--once", "--json", "--fail-on", "came_back"],
		env: env("back"),
	});
	const told = read(run.stdout).find(({ name }) => name === "ATS_TIMEOUT");
	expect(told?.alerts).toContain("came_back");
	expect(run.code).toBe(1);
});
