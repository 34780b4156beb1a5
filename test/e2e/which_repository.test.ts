// Which repository is searched: the setting, the host's roots, its environment, the working directory's git root.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { part } from "../part.ts";
import { userGit } from "../patch/repository.ts";
import { connect, connectV1, type Launch } from "./connect.ts";
import { runCommand } from "./run.ts";

let base: string;

/** A repository with one file that names it. */
async function repository(name: string): Promise<string> {
	const folder = join(base, name);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, "here.ts"), `export const needle = "${name.replaceAll("/", "-")}";\n`);
	for (const args of [
		["init", "-q"],
		["add", "-A"],
		["commit", "-qm", "first"],
	])
		userGit(folder, args);
	return folder;
}

const at = (name: string) => join(base, name);
const url = (name: string) => pathToFileURL(at(name)).href;

beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "which-")));
	await mkdir(at("plain"));
	await mkdir(at("home"));
	for (const name of ["one", "two", "three", "home/code", "wt/.claude/worktrees/fix", 'it\'s a "ß" path'])
		await repository(name);
	await mkdir(at("one/apps/api"), { recursive: true });
	await repository("mono");
	for (const [path, text] of [
		["mono/apps/api/api.ts", 'export const needle = "api";\nexport const e = 1;\n'],
		["mono/apps/web/page.ts", "export const elsewhere = 1;\n"],
	] as const) {
		await mkdir(dirname(at(path)), { recursive: true });
		await writeFile(at(path), text);
	}
	await writeFile(at("plain/here.ts"), 'export const needle = "plain";\n');
	await symlink("/", at("root-link"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

/** What a search finds, or its error. */
async function found(open: typeof connect | typeof connectV1, launch: Launch): Promise<string> {
	const connection = await open({ ...launch, env: { HOME: at("home"), ...launch.env } });
	try {
		const { text, isError } = await connection.call("search_codebase", { query: "needle", history: false });
		return isError ? text : (/needle = "([^\n]*)";/.exec(text)?.[1] ?? text);
	} finally {
		await connection.close();
	}
}

const openers = [
	["a host of 2025", connectV1],
	["a client of today in the old era", (launch: Launch) => connect(launch, "legacy")],
	["a client of today in the new era", (launch: Launch) => connect(launch, "modern")],
] as const;

describe.each(part(openers, 3))("%s", (_, open) => {
	const where = (launch: Launch) => found(open as typeof connect, launch);

	test("the setting wins over everything", async () => {
		const launch = {
			cwd: at("three"),
			roots: [url("two")],
			env: { PROD_DEBUGGER_REPO: at("one"), CLAUDE_PROJECT_DIR: at("two") },
		};
		expect(await where(launch)).toBe("one");
	});

	test("a host's roots win over its environment and the working directory", async () => {
		const launch = { cwd: at("three"), roots: [url("one")], env: { CLAUDE_PROJECT_DIR: at("two") } };
		expect(await where(launch)).toBe("one");
	});

	test("a root below a repository is that repository; of several the first that has git", async () => {
		expect(await where({ cwd: "/etc", roots: [url("plain"), url("one/apps/api"), url("two")] })).toBe("one");
	});

	test("several roots are several repositories, each under its name and none in reach of another", async () => {
		const launch = { cwd: "/etc", roots: [url("one"), url("two"), url("one/apps/api"), url("plain")] };
		const connection = await (open as typeof connect)({ ...launch, env: { HOME: at("home") } });
		const ask = (args: Record<string, unknown>) => connection.call("search_codebase", args);
		try {
			const both = await ask({ query: "needle", history: false });
			expect(both.text).toMatch(
				/^Searched one, two; repo chooses one\.\n# repo one\n[\s\S]*"one"[\s\S]*# repo two\n/,
			);
			const { tools } = await connection.client.listTools();
			const listed = tools.filter(({ inputSchema }) => "repo" in (inputSchema.properties ?? {}));
			expect(listed.map(({ name }) => name).sort()).toEqual([
				"propose_patch",
				"recall_cases",
				"search_codebase",
				"show_commit",
				"suspect_commits",
				"verify_fix",
			]);
			const second = await ask({ query: "needle", repo: "two", history: false });
			expect(second.text).toContain('needle = "two"');
			expect(second.text).not.toContain('needle = "one"');
			const out = await ask({ query: "needle", repo: "two", path: at("one/here.ts") });
			expect(out.text).toContain("leads out of the repository");
		} finally {
			await connection.close();
		}
	});

	test("a root below a repository is searched first, and that is said", async () => {
		const launch = { cwd: "/etc", roots: [url("mono/apps/api")], env: { HOME: at("home") } };
		const connection = await (open as typeof connect)(launch);
		const ask = async (args: Record<string, unknown>) =>
			(await connection.call("search_codebase", { history: false, ...args })).text;
		try {
			const within = await ask({ query: "needle" });
			expect(within).toMatch(/^Searched "apps\/api", the folder that the host names; path "\." searches/);
			expect(within).not.toContain('needle = "mono"');
			expect(await ask({ query: "needle", path: "." })).toContain('needle = "mono"');
			const paged = { query: "e", limit: 1 };
			const [, cursor] = /More: cursor (\S+?),/.exec(await ask(paged)) ?? [];
			expect(await ask({ ...paged, cursor })).not.toMatch(/^cursor: /);
			// Alone, without the arguments of the first page.
			expect((await connection.call("search_codebase", { cursor })).isError).toBe(false);
			const beyond = await ask({ query: "elsewhere" });
			expect(beyond).toMatch(/^Nothing in "apps\/api", .*: the whole repository was searched\.\n/);
			expect(beyond).toContain("apps/web/page.ts");
		} finally {
			await connection.close();
		}
	});

	test("roots that cannot be searched are passed over", async () => {
		const launch = {
			cwd: at("two"),
			roots: ["file:///", url("home"), url("root-link"), "https://example.com/x"],
		};
		expect(await where(launch)).toBe("two");
	});

	test("without a repository it is said why, and how to set one", async () => {
		expect(await where({ cwd: "/etc", roots: ["file:///", url("home")] })).toMatch(
			/^No repository is set: the host's folder "\/" is \/, all of this machine; the host's folder ".*" is a home folder; the working directory is a system folder\. Ask the user to set PROD_DEBUGGER_REPO/,
		);
	});
});

describe("a host without roots", () => {
	const where = (launch: Launch) => found(connectV1 as unknown as typeof connect, launch);

	test.each<[string, Record<string, string>, string]>([
		["WORKSPACE_FOLDER_PATHS", { WORKSPACE_FOLDER_PATHS: "two" }, "two"],
		["both", { CLAUDE_PROJECT_DIR: "one", WORKSPACE_FOLDER_PATHS: "two" }, "one"],
	])("that names its folder by %s", async (_, named, repositoryName) => {
		const env = Object.fromEntries(Object.entries(named).map(([name, folder]) => [name, at(folder)]));
		expect(await where({ cwd: at("three"), env })).toBe(repositoryName);
	});

	test("that names several: the first that is there", async () => {
		const env = { WORKSPACE_FOLDER_PATHS: `${at("gone")},${at("two")}` };
		expect(await where({ cwd: at("three"), env })).toBe("two");
	});

	test("the working directory's git root", async () => {
		expect(await where({ cwd: at("one/apps/api") })).toBe("one");
		expect(await where({ cwd: at("home/code") })).toBe("home-code");
	});

	test("a work tree below .claude is a repository like any other", async () => {
		const launch = { cwd: at("wt/.claude/worktrees/fix") };
		expect(await where(launch)).toBe("wt-.claude-worktrees-fix");
		const connection = await connectV1(launch);
		const { text, isError } = await connection.call("search_codebase", {
			query: "needle",
			path: join(launch.cwd, "here.ts"),
		});
		await connection.close();
		expect(isError, text).toBe(false);
	});

	test.each([
		["/etc", "a system folder"],
		["/usr/lib", "a system folder"],
		["/", "all of this machine"],
		["home", "a home folder"],
		["plain", "in no git repository"],
	])("started in %s: none", async (folder, why) => {
		const said = await where({ cwd: folder.startsWith("/") ? folder : at(folder) });
		expect(said).toContain(why);
		expect(said).toContain("PROD_DEBUGGER_REPO");
	});
});

describe("a path as people and hosts write it", () => {
	const where = (value: string, env = {}) =>
		found(connectV1 as unknown as typeof connect, {
			cwd: at("plain"),
			env: { PROD_DEBUGGER_REPO: value, ...env },
		});

	test("in the home folder, and as a file URL with other scripts", async () => {
		expect(await where("${userHome}/code")).toBe("home-code");
		expect(await where(url('it\'s a "ß" path'))).toBe('it\'s a "ß" path');
	});

	test("${workspaceFolder} is the host's folder, where it names one", async () => {
		const env = { WORKSPACE_FOLDER_PATHS: at("one") };
		expect(await where("${workspaceFolder}/.", env)).toBe("one");
		expect(await where("${workspaceFolder}", env)).toBe("one");
	});
});

describe("a setting that cannot be used never keeps the server from starting", () => {
	test.each<[string, Record<string, string>, string]>([
		[
			"a folder that there is not",
			{ PROD_DEBUGGER_REPO: "/nowhere/at/all" },
			'PROD_DEBUGGER_REPO is "/nowhere',
		],
		[
			"an unfilled variable",
			{ PROD_DEBUGGER_REPO: "${workspaceFolder}/x" },
			"did not fill in ${workspaceFolder}",
		],
		["another variable", { PROD_DEBUGGER_REPO: "%USERPROFILE%/x" }, "did not fill in %USERPROFILE%"],
		["another URL", { PROD_DEBUGGER_REPO: "https://example.com/x" }, "PROD_DEBUGGER_REPO is"],
	])("the repository: %s", async (_, env, said) => {
		const connection = await connectV1({ cwd: at("one"), env });
		const search = await connection.call("search_codebase", { query: "needle" });
		const production = await connection.call("describe_database");
		await connection.close();
		expect(search.isError).toBe(true);
		expect(search.text).toContain(said);
		expect(production.text).toContain("No API key is set");
	});

	test.each<[string, Record<string, string>, string]>([
		["the URL", { SKILLOMATIC_API_URL: "nonsense" }, "SKILLOMATIC_API_URL is not a URL"],
		["the key", { SKILLOMATIC_API_KEY: "two words" }, "SKILLOMATIC_API_KEY holds"],
		["the key's file", { SKILLOMATIC_API_KEY_FILE: "/nowhere" }, "SKILLOMATIC_API_KEY_FILE is"],
		["a number", { PROD_DEBUGGER_TIMEOUT_MS: "15s" }, 'PROD_DEBUGGER_TIMEOUT_MS is "15s"'],
		["a switch", { PROD_DEBUGGER_SHOW_PERSONAL_DATA: "maybe" }, "PROD_DEBUGGER_SHOW_PERSONAL_DATA is"],
		["the columns", { PROD_DEBUGGER_READABLE_COLUMNS: "users" }, "PROD_DEBUGGER_READABLE_COLUMNS is"],
	])("production: %s", async (_, env, said) => {
		const connection = await connectV1({ cwd: at("one"), env });
		const production = await connection.call("describe_database");
		const search = await connection.call("search_codebase", { query: "needle", history: false });
		await connection.close();
		expect(production.isError).toBe(true);
		expect(production.text).toContain(said);
		expect(production.text).toContain("Ask the user to correct it");
		expect(search.isError).toBe(false);
	});

	test("production: the doctor names all of them at once, each once", async () => {
		const env = {
			SKILLOMATIC_API_URL: "nonsense",
			SKILLOMATIC_API_KEY: "two words",
			PROD_DEBUGGER_TIMEOUT_MS: "15s",
			PROD_DEBUGGER_READABLE_COLUMNS: "users",
		};
		const { code, stdout } = await runCommand({ args: ["doctor"], cwd: at("one"), env });
		expect(code).toBe(1);
		for (const name of Object.keys(env)) expect(stdout.split(`${name} `), stdout).toHaveLength(2);
		expect(stdout).not.toMatch(/^skip .*(corrected|reachable)/m);
		expect(stdout).toMatch(/^ok {4}repository/m);
	});

	test.each<[string, Record<string, string>, string]>([
		["the state folder", { PROD_DEBUGGER_STATE_DIR: "relative" }, "PROD_DEBUGGER_STATE_DIR is"],
		["the check", { PROD_DEBUGGER_CHECK_TIMEOUT_MS: "0" }, "PROD_DEBUGGER_CHECK_TIMEOUT_MS is"],
	])("patches: %s", async (_, env, said) => {
		const connection = await connectV1({ cwd: at("one"), env });
		const patch = await connection.call("propose_patch", {
			title: "t",
			rationale: "r",
			edits: [{ path: "new.md", content: "x\n" }],
		});
		const search = await connection.call("search_codebase", { query: "needle", history: false });
		await connection.close();
		expect(patch.text).toContain(said);
		expect(search.isError).toBe(false);
	});

	test("the deployments", async () => {
		const env = { PROD_DEBUGGER_DEPLOYMENTS: "monthly" };
		const connection = await connectV1({ cwd: at("one"), env });
		const commit = await connection.call("show_commit", { commit: "HEAD" });
		const search = await connection.call("search_codebase", { query: "needle" });
		await connection.close();
		expect(commit.text).toContain("PROD_DEBUGGER_DEPLOYMENTS is");
		expect(search.isError).toBe(false);
	});

	test("the log: everything works", async () => {
		const connection = await connectV1({ cwd: at("one"), env: { PROD_DEBUGGER_LOG: "loud" } });
		const search = await connection.call("search_codebase", { query: "needle", history: false });
		await connection.close();
		expect(search.isError).toBe(false);
	});

	test("each is named on standard error at the start", async () => {
		const env = { PROD_DEBUGGER_LOG: "loud", PROD_DEBUGGER_TIMEOUT_MS: "1" };
		const { code, stderr, stdout } = await runCommand({ cwd: at("one"), env });
		expect(code).toBe(0);
		expect(stdout).toBe("");
		expect(stderr).toMatch(
			/^prod-debugger-mcp: PROD_DEBUGGER_TIMEOUT_MS is "1": .*\nprod-debugger-mcp: PROD_DEBUGGER_LOG is "loud": .*\n$/,
		);
	});
});
