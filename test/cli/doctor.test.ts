import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import { runCommand } from "../e2e/run.ts";
import { userGit } from "../patch/repository.ts";

let base: string;
let repository: string;
const open: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "doctor-")));
	repository = join(base, "repository");
	await mkdir(repository);
	await mkdir(join(base, "plain"));
	await writeFile(join(repository, "app.ts"), "export {};\n");
	for (const args of [
		["init", "-q"],
		["add", "-A"],
		["commit", "-qm", "first"],
	])
		userGit(repository, args);
});
afterAll(() => rm(base, { recursive: true, force: true }));
afterEach(async () => {
	for (const server of open.splice(0)) await server.close();
});

async function sandbox(options: SandboxOptions = { fill: "empty" }): Promise<Sandbox> {
	const started = await startSandbox(options);
	open.push(started);
	return started;
}

/** A story of one row each is enough to tell how time is stored. */
const fewRows: SandboxOptions["fill"] = (db) => {
	const at = Math.floor(Date.now() / 1000);
	db.insert("error_events", [{ id: "e1", error_code: "LLM_TIMEOUT", error_category: "llm", created_at: at }]);
	db.insert("skill_usage_logs", [
		{ id: "r1", skill_id: "s1", user_id: "u1", status: "success", created_at: at },
	]);
};

/** Scripts rely on them. */
const names = [
	"settings",
	"node",
	"ripgrep",
	"git",
	"repository",
	"deployments",
	"state_folder",
	"check_sandbox",
	"api_key",
	"reachable",
	"address",
	"key_accepted",
	"super_admin",
	"tables",
	"stored_time",
	"clock",
	"rate_limit",
	"database",
];

interface Run {
	readonly code: number;
	readonly stdout: string;
	/** With what differs from run to run taken out. */
	readonly text: string;
}

async function doctor(
	server: { readonly url: string; readonly key: string | undefined },
	more: {
		readonly args?: readonly string[];
		readonly env?: Record<string, string>;
		readonly cwd?: string;
	} = {},
): Promise<Run> {
	const { code, stdout, stderr } = await runCommand({
		args: ["doctor", ...(more.args ?? [])],
		cwd: more.cwd ?? repository,
		env: {
			HOME: base,
			XDG_STATE_HOME: join(base, "state"),
			SKILLOMATIC_API_URL: server.url,
			...(server.key === undefined ? {} : { SKILLOMATIC_API_KEY: server.key }),
			...more.env,
		},
	});
	expect(stderr).toBe("");
	if (server.key !== undefined) expect(stdout).not.toContain(server.key);
	expect(stdout).not.toMatch(/^\s+at /m);
	return {
		code,
		stdout,
		text: stdout
			.replaceAll(base, "BASE")
			.replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
			.replaceAll(/\d+ ms/g, "N ms")
			.replace(/v\d+\.\d+\.\d+$/m, "NODE")
			.replace(/ripgrep \d.*/, "RIPGREP")
			.replace(/git version \d.*/, "GIT")
			.replace(/at [0-9a-f]{7} of \S+/, "at COMMIT")
			.replace(/^prod-debugger-mcp \S+/, "prod-debugger-mcp VERSION")
			.replace(/machine's by \d s/, "machine's by N s")
			.replace(/next \d+ s/, "next N s"),
	};
}

/** The lines that are not plainly good, each with its mend. */
function notable({ text }: Run): string {
	return text
		.split("\n")
		.filter((line) => /^(WARN|FAIL|skip) |^ +-> |^(Ready|Not ready)/.test(line))
		.filter((line) => !line.includes("check sandbox"))
		.join("\n");
}

describe("the doctor", () => {
	test("is one screen of good lines where all is well", async () => {
		const { url, keys } = await sandbox({ fill: fewRows });
		const run = await doctor({ url, key: keys.superAdmin });
		expect(run.code).toBe(0);
		expect(run.text).toMatchInlineSnapshot(`
			"prod-debugger-mcp VERSION
			ok    settings       every variable and flag is valid
			ok    node           NODE
			ok    ripgrep        RIPGREP
			ok    git            GIT
			ok    repository     BASE/repository, at COMMIT
			skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			ok    state folder   BASE/state/prod-debugger-mcp
			skip  check sandbox  no check of your own is set (PROD_DEBUGGER_CHECK): no code is run
			ok    api key        set (56 characters)
			ok    reachable      answers in N ms (the first time in N ms)
			ok    address        http://HOST/v1
			ok    key accepted   production accepts it
			ok    super admin    its owner is a super admin
			ok    tables         17 tables; rows: 1 error_events, 1 skill_usage_logs
			ok    stored time    error_events in seconds, skill_usage_logs in seconds
			ok    clock          production's differs from this machine's by N s
			ok    rate limit     92 of 100 requests left for the next N s
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Ready.
			"
		`);
	});

	test("finds the API at its other prefix", async () => {
		const { url, keys } = await sandbox({ fill: fewRows, prefix: "/api/v1" });
		const run = await doctor({ url, key: keys.superAdmin });
		expect(run.code).toBe(0);
		expect(run.text).toContain("address        http://HOST/api/v1");
	});

	test("without a key asks nothing and says what to set", async () => {
		const { url, requests } = await sandbox();
		const run = await doctor({ url, key: undefined });
		expect(run.code).toBe(1);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			FAIL  api key        not set
			                     -> Set SKILLOMATIC_API_KEY, or SKILLOMATIC_API_KEY_FILE, to a super admin's key.
			skip  reachable      production is not asked without a key
			skip  address        http://HOST, not asked without a key
			skip  key accepted   production is not asked without a key
			skip  super admin    production is not asked without a key
			skip  tables         production is not asked without a key
			skip  stored time    production is not asked without a key
			skip  clock          production is not asked without a key
			skip  rate limit     production is not asked without a key
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
		expect(requests).toEqual([]);
	});

	test("a key that production does not know", async () => {
		const { url } = await sandbox();
		const run = await doctor({ url, key: "sk_live_wrong" });
		expect(run.code).toBe(1);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			FAIL  key accepted   production rejected the API key (401): it is unknown or revoked, so trying again does not help
			                     -> Make a new key as a super admin, and set SKILLOMATIC_API_KEY to it.
			skip  super admin    not asked, since "key accepted" failed
			skip  tables         not asked, since "key accepted" failed
			skip  stored time    not asked, since "key accepted" failed
			skip  clock          not asked, since "key accepted" failed
			skip  rate limit     not asked, since "key accepted" failed
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
	});

	test("a key whose owner is no super admin", async () => {
		const { url, keys } = await sandbox();
		const run = await doctor({ url, key: keys.ordinary });
		expect(run.code).toBe(1);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			FAIL  super admin    the API key is valid, but its owner is not a super admin (403), and only a super admin can query the database
			                     -> Set SKILLOMATIC_API_KEY to a super admin's key.
			skip  tables         not asked, since "super admin" failed
			skip  stored time    not asked, since "super admin" failed
			skip  clock          not asked, since "super admin" failed
			skip  rate limit     not asked, since "super admin" failed
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
	});

	test("an address whose path is not the API's", async () => {
		const { url, keys } = await sandbox();
		const run = await doctor({ url: `${url}/somewhere/v1`, key: keys.superAdmin });
		expect(run.code).toBe(1);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			FAIL  address        nothing answers the database API at http://HOST/somewhere/v1 (404): the URL's host or path is wrong
			                     -> Leave the path "/somewhere/v1" out of SKILLOMATIC_API_URL: the API's own path is found without it.
			skip  key accepted   not asked, since "address" failed
			skip  super admin    not asked, since "address" failed
			skip  tables         not asked, since "address" failed
			skip  stored time    not asked, since "address" failed
			skip  clock          not asked, since "address" failed
			skip  rate limit     not asked, since "address" failed
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
	});

	test("an address where nothing listens", async () => {
		const { url } = await startSandbox({ fill: "empty" }).then(async (gone) => {
			await gone.close();
			return gone;
		});
		const run = await doctor({ url, key: "sk_live_any" });
		expect(run.code).toBe(1);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			FAIL  reachable      no connection to HOST (ECONNREFUSED: nothing listens there)
			                     -> Check the network (a proxy, a VPN) and SKILLOMATIC_API_URL, then try again.
			skip  address        http://HOST, not reached
			skip  key accepted   not asked, since "reachable" failed
			skip  super admin    not asked, since "reachable" failed
			skip  tables         not asked, since "reachable" failed
			skip  stored time    not asked, since "reachable" failed
			skip  clock          not asked, since "reachable" failed
			skip  rate limit     not asked, since "reachable" failed
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
	});

	test("a rate limit that is used up", async () => {
		const { url, keys } = await sandbox({ fill: "empty", rateLimit: 0 });
		const run = await doctor({ url, key: keys.superAdmin });
		expect(run.code).toBe(1);
		expect(notable(run).replace(/in \d+ s/, "in N s")).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			skip  key accepted   not asked, since "rate limit" failed
			skip  super admin    not asked, since "rate limit" failed
			skip  tables         not asked, since "rate limit" failed
			skip  stored time    not asked, since "rate limit" failed
			skip  clock          not asked, since "rate limit" failed
			FAIL  rate limit     production's rate limit is reached (100 requests a minute per key)
			                     -> Try again in N s.
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
	});

	test("a clock that is five minutes off", async () => {
		const now = Math.floor(Date.now() / 1000) + 300;
		const { url, keys } = await sandbox({ fill: fewRows, now });
		const run = await doctor({ url, key: keys.superAdmin });
		expect(run.code).toBe(0);
		expect(notable(run).replace(/is (29|30)\d s/, "is 300 s")).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			WARN  clock          production's is 300 s ahead of this machine's; windows end at production's time
			                     -> Set this machine's clock (NTP), unless production's is the wrong one.
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Ready, with 1 warning."
		`);
	});

	test("tables without a row", async () => {
		const { url, keys } = await sandbox({ missingTables: ["skill_proposals"], fill: "empty" });
		const run = await doctor({ url, key: keys.superAdmin });
		expect(run.code).toBe(0);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			WARN  tables         16 tables; rows: 0 error_events, 0 skill_usage_logs; this deployment has no skill_proposals
			                     -> There is nothing to find in an empty table: check that SKILLOMATIC_API_URL is the deployment you mean.
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Ready, with 1 warning."
		`);
		expect(run.text).toContain("error_events in no form yet (no rows)");
	});

	test("a table that the tools live on is missing", async () => {
		const { url, keys } = await sandbox({ missingTables: ["skill_usage_logs"], fill: "empty" });
		const run = await doctor({ url, key: keys.superAdmin });
		expect(run.code).toBe(1);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			FAIL  tables         skill_usage_logs is missing, so these do not work: failed_skill_runs
			                     -> Run the platform's migrations, or check that SKILLOMATIC_API_URL is the deployment you mean.
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
	});

	test("a column that stores time in two forms", async () => {
		const { url, keys } = await sandbox({
			fill: (db) => {
				const row = { error_code: "LLM_TIMEOUT", error_category: "llm" };
				db.insert("error_events", [
					{ id: "e1", ...row, created_at: 1_795_377_600 },
					{ id: "e2", ...row, created_at: "2026-11-23 20:00:00" },
				]);
			},
		});
		const run = await doctor({ url, key: keys.superAdmin });
		expect(run.code).toBe(1);
		expect(notable(run)).toContain(
			"FAIL  stored time    error_events.created_at is stored in an unknown form (known: Unix seconds, milliseconds, ISO or SQLite text), or in several, so a window would leave rows out",
		);
	});

	test("a plain folder, a state folder inside it, and settings of a check", async () => {
		const { url, keys } = await sandbox({ fill: fewRows });
		const plain = join(base, "plain");
		const run = await doctor(
			{ url, key: keys.superAdmin },
			{
				cwd: plain,
				env: {
					PROD_DEBUGGER_REPO: plain,
					PROD_DEBUGGER_STATE_DIR: join(plain, "state"),
					PROD_DEBUGGER_CHECK: "npm test",
					PATH: join(base, "no-programs"),
				},
			},
		);
		expect(run.code).toBe(1);
		expect(
			run.text
				.split("\n")
				.filter((line) => /git|repository|state|sandbox|->/.test(line))
				.join("\n"),
		).toMatchInlineSnapshot(`
			"FAIL  git            git was not found on PATH outside the repository
			                     -> Install git, and put its folder on PATH.
			WARN  repository     BASE/plain, without git history
			                     -> Search and patches work; blame and the commits before an episode need a git repository with commits.
			FAIL  state folder   the folder in which the server keeps its state, "BASE/plain/state", is inside the repository, which is never written to
			                     -> Set PROD_DEBUGGER_STATE_DIR to another folder, outside the repository.
			FAIL  check sandbox  bubblewrap was not found, so "npm test" is not run
			                     -> Install it (Debian, Ubuntu: apt-get install bubblewrap; Fedora: dnf install bubblewrap)."
		`);
	});

	test("the home folder is no repository unless it is named", async () => {
		const { url, keys } = await sandbox({ fill: fewRows });
		const run = await doctor({ url, key: keys.superAdmin }, { cwd: base });
		expect(run.code).toBe(1);
		expect(notable(run)).toMatchInlineSnapshot(`
			"skip  git            not needed without a repository
			FAIL  repository     none: the working directory is a home folder
			                     -> Set PROD_DEBUGGER_REPO to the path of the code.
			skip  deployments    PROD_DEBUGGER_DEPLOYMENTS is not set
			skip  state folder   for patches, which need a repository
			skip  database       SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked
			Not ready: 1 check failed."
		`);
	});

	test("a setting that cannot be used is a line, in JSON too", async () => {
		const server = { url: "ftp://nowhere", key: "sk_live_any" };
		expect(
			notable(await doctor(server))
				.split("\n")
				.slice(0, 2),
		).toMatchInlineSnapshot(`
			[
			  "FAIL  settings       SKILLOMATIC_API_URL is "ftp:…": it takes an https:// address (http:// only on this machine itself) without a user name, query or fragment.",
			  "                     -> Change that variable or flag; prod-debugger-mcp --help describes each.",
			]
		`);
		const { code, stdout } = await doctor(server, { args: ["--json"] });
		expect(code).toBe(1);
		const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; state: string }[] };
		expect(ok).toBe(false);
		expect(checks.map(({ name }) => name)).toEqual(names);
		expect(checks[0]).toMatchObject({ name: "settings", state: "failed" });
	});
});

describe("for scripts", () => {
	test("--json has the same names, good or bad, and the exit code says which", async () => {
		const { url, keys } = await sandbox({ fill: fewRows });
		const good = await doctor({ url, key: keys.superAdmin }, { args: ["--json"] });
		const bad = await doctor({ url, key: "sk_live_wrong" }, { args: ["--json"] });
		for (const { stdout } of [good, bad]) {
			const { checks, version } = JSON.parse(stdout) as { checks: { name: string }[]; version: string };
			expect(checks.map(({ name }) => name)).toEqual(names);
			expect(version).toMatch(/^\d+\.\d+\.\d+/);
		}
		expect([good.code, bad.code]).toEqual([0, 1]);
		expect(JSON.parse(good.stdout)).toMatchObject({ ok: true });
		expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false });
	});

	test("what production or a path holds cannot act on a terminal", async () => {
		const evil = "\u001b]0;owned\u0007\u202e";
		const schema = (table: string) => ({
			table,
			columns: [{ cid: 0, name: "created_at", type: "INTEGER", notnull: 1, dflt_value: null, pk: 0 }],
		});
		const answers: Record<string, unknown> = {
			tables: { tables: ["error_events", "skill_usage_logs"] },
			error_events: schema("error_events"),
			skill_usage_logs: schema("skill_usage_logs"),
			stats: { stats: { error_events: 1, skill_usage_logs: 1, [`evil${evil}`]: -1 } },
		};
		const server = createServer((request, response) => {
			const answer = answers[(request.url ?? "").split("/").at(-1) ?? ""];
			response.writeHead(answer === undefined ? 500 : 200, { "content-type": "application/json" });
			response.end(
				JSON.stringify(answer === undefined ? { error: { message: `no ${evil}` } } : { data: answer }),
			);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		open.push({ close: async () => server.close() });
		const cwd = join(base, `folder\u001b[31m`);
		await mkdir(cwd);
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
		const run = await doctor({ url, key: "sk_live_any" }, { cwd, env: { PROD_DEBUGGER_REPO: cwd } });
		expect(run.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
		expect(run.text).toContain("folder\\u{1b}[31m");
		expect(run.text).toContain("evil\\u{1b}]0;owned\\u{7}\\u{202e}");
		expect(run.text).toContain('reported an error: "no \\u{1b}');
	});
});
