import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "./run.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "prod-debugger-watch-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const demo = ["watch", "--once", "--demo", "--demo-now", "2026-11-24T09:00:00Z"];

describe("prod-debugger-mcp watch --once", () => {
	test("tells what is on in the first round, as JSON too, and to a program", async () => {
		const program = join(folder, "take.sh");
		await writeFile(program, '#!/bin/sh\ncat >> "$0.out"\n');
		await chmod(program, 0o700);
		const { code, stdout, stderr } = await runCommand({
			args: [...demo, "--json", "--fail-on", "recurring", "--limit", "10/h", "--exec", program],
		});
		expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
		const told = stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(told.map(({ alerts, error_code, limit }) => [error_code ?? limit, alerts.join("+")])).toEqual([
			["LLM_RATE_LIMITED", "growing"],
			["INTEGRATION_TOKEN_EXPIRED", "on"],
			["ATS_RATE_LIMITED", "recurring+new"],
			["SKILL_RENDER_FAILED", "on+new"],
			["10/h", "limit"],
		]);
		expect(told[1].suspect).toContain("7b952b9");
		expect(await readFile(`${program}.out`, "utf8")).toBe(stdout);
	});

	test("ends with 0 where nothing of --fail-on was told", async () => {
		const { code, stdout } = await runCommand({ args: [...demo, "--fail-on", "worse,over"] });
		expect(code).toBe(0);
		expect(stdout).toMatch(/^2026-11-24T09:00:00Z {2}growing {2}LLM_RATE_LIMITED /);
	});

	test("ends with 3 where production could not be asked", async () => {
		const away = { SKILLOMATIC_API_KEY: "sk_live_1", SKILLOMATIC_API_URL: "http://127.0.0.1:9" };
		const env = { ...away, PROD_DEBUGGER_STATE_DIR: join(folder, "state") };
		const { code, stdout, stderr } = await runCommand({ args: ["watch", "--once"], env, cwd: folder });
		expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
		expect(stderr).toMatch(/^prod-debugger-mcp: No connection to 127\.0\.0\.1:9/);
	});

	test("ends with 2 where a flag or the key is missing or wrong", async () => {
		for (const args of [[], ["--exec", "no-such-program-here"], ["--limit", "many"]]) {
			const key = args.length === 0 ? {} : { SKILLOMATIC_API_KEY: "sk_live_1" };
			const { code } = await runCommand({ args: ["watch", "--once", ...args], env: key, cwd: folder });
			expect(code).toBe(2);
		}
	});
});
