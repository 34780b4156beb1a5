// The commands of one environment among several: what they ask, and what they say it is.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { runCommand } from "../e2e/run.ts";

let folder: string;
/** The key of production is wrong: what is answered was asked of staging, with its key. */
let staging: Sandbox;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "cli-environments-"));
	await mkdir(join(folder, "code"));
	staging = await startSandbox({
		fill(db) {
			const at = Math.floor(Date.now() / 1000);
			db.insert(
				"error_events",
				Array.from({ length: 5 }, (_, index) => ({
					id: `e${index}`,
					error_code: "NETWORK_ERROR",
					error_category: "system",
					created_at: at - 60 * (index + 1),
				})),
			);
			db.insert("skill_usage_logs", [
				{ id: "r1", skill_id: "s1", user_id: "u1", status: "success", created_at: at },
			]);
		},
	});
	await writeFile(
		join(folder, "environments.json"),
		JSON.stringify({
			staging: { SKILLOMATIC_API_URL: staging.url, SKILLOMATIC_API_KEY: staging.keys.superAdmin },
		}),
		{ mode: 0o600 },
	);
});
afterAll(async () => {
	await staging.close();
	await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
	return runCommand({
		args,
		cwd: folder,
		env: {
			HOME: folder,
			SKILLOMATIC_API_URL: staging.url,
			SKILLOMATIC_API_KEY: "sk_live_unknown_to_all_of_them",
			SKILLOMATIC_ENVIRONMENTS: "environments.json",
			PROD_DEBUGGER_REPO: join(folder, "code"),
			PROD_DEBUGGER_STATE_DIR: join(folder, "state"),
		},
	});
}

test("doctor checks each, and the machine once", async () => {
	const { stdout, code } = await run("doctor", "--json");
	const { environment, checks, environments } = JSON.parse(stdout);
	expect(environment).toBe("production");
	const stateOf = (list: { name: string; state: string }[], name: string) =>
		list.find((check) => check.name === name)?.state;
	expect(stateOf(checks, "key_accepted")).toBe("failed");
	expect(environments).toHaveLength(1);
	const [other] = environments;
	expect(other.environment).toBe("staging");
	expect(stateOf(other.checks, "key_accepted")).toBe("ok");
	expect(stateOf(other.checks, "ripgrep")).toBeUndefined();
	expect(code).toBe(1);
});

test("a watch asks the one that is named, and says so", async () => {
	const { stdout, code } = await run(
		"watch",
		"--once",
		"--json",
		"--limit",
		"1/h",
		"--environment",
		"Staging",
	);
	expect(code).toBe(1);
	expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({ environment: "staging", count: 5 });
});

test("an unknown one is refused with the nearest", async () => {
	const { stderr, code } = await run("cases", "--environment", "stagin");
	expect(stderr).toBe(
		'prod-debugger-mcp: "stagin" is not an environment (did you mean staging?); environments: production, staging. See --help.\n',
	);
	expect(code).toBe(2);
});
