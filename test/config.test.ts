import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCommandLine } from "../src/cli/command-line.ts";
import { ConfigError, flagOf, loadConfig, type SettingName, settings } from "../src/config/index.ts";

let folder: string;
const key = "sk_live_0123456789abcdef";

beforeAll(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), "config-")));
	await mkdir(join(folder, "repo", ".git"), { recursive: true });
	await mkdir(join(folder, "repo", "apps", "api"), { recursive: true });
	await writeFile(join(folder, "key"), `${key}\n`);
	await writeFile(join(folder, "empty"), "\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const load = (
	env: Record<string, string>,
	overrides: Partial<Record<SettingName, string>> = {},
	cwd = folder,
) => loadConfig(env, overrides, cwd);

async function refusal(env: Record<string, string>, overrides: Partial<Record<SettingName, string>> = {}) {
	const { problems = [] } = await load(env, overrides);
	expect(problems).toHaveLength(1);
	const [{ message } = { message: "" }] = problems;
	expect(message).not.toContain("\n");
	return message;
}

describe("defaults", () => {
	test("nothing set is a working set-up without a key", async () => {
		const config = await load({});
		expect(config).toMatchObject({
			apiUrl: "https://api.skillomatic.technology",
			apiKey: undefined,
			timeoutMs: 15_000,
			maxCallsPerMinute: 60,
			showPersonalData: false,
			check: undefined,
			logLevel: "warn",
		});
	});

	test("every default that is a value is one that the setting takes", async () => {
		const values = Object.entries(settings)
			.filter(([, { default: value }]) => /^\S+$/.test(value) && value !== "unset")
			.map(([name, { default: value }]) => [name, value]);
		expect(values.length).toBeGreaterThan(5);
		await expect(load(Object.fromEntries(values))).resolves.toBeDefined();
	});

	test.each(["", "   ", "${user_config.api_key}", "${SKILLOMATIC_API_KEY}"])(
		"%j counts as unset",
		async (blank) => {
			const env = Object.fromEntries(Object.keys(settings).map((name) => [name, blank]));
			expect(await load(env)).toEqual(await load({}));
		},
	);
});

describe("the key", () => {
	test("comes from the variable, or from a file, and the variable wins", async () => {
		const file = join(folder, "key");
		expect((await load({ SKILLOMATIC_API_KEY_FILE: file })).apiKey).toBe(key);
		expect((await load({ SKILLOMATIC_API_KEY_FILE: file, SKILLOMATIC_API_KEY: "sk_other" })).apiKey).toBe(
			"sk_other",
		);
	});

	test("is never a flag", () => {
		for (const word of [["--skillomatic-api-key", key], [`--skillomatic-api-key=${key}`]]) {
			expect(() => readCommandLine(word)).toThrow(/process list/);
			expect(() => readCommandLine(word)).not.toThrow(key);
		}
	});

	test.each(["two words", "line\nbreak", "ключ", "x".repeat(600)])(
		"%j is refused and not repeated",
		async (bad) => {
			const message = await refusal({ SKILLOMATIC_API_KEY: bad });
			expect(message).toMatch(/^SKILLOMATIC_API_KEY holds/);
			expect(message).not.toContain(bad);
		},
	);

	test.each([
		["missing", "cannot be read"],
		["empty", "is empty"],
		["repo", "is not a file"],
	])("a file that is %s says so", async (name, words) => {
		expect(await refusal({ SKILLOMATIC_API_KEY_FILE: join(folder, name) })).toContain(words);
	});

	test("is refused while certificates are not checked", async () => {
		const message = await refusal({ SKILLOMATIC_API_KEY: key, NODE_TLS_REJECT_UNAUTHORIZED: "0" });
		expect(message).toContain("NODE_TLS_REJECT_UNAUTHORIZED");
		expect(message).not.toContain(key);
	});
});

describe("the address", () => {
	test.each([
		["https://api.example.com/", "https://api.example.com"],
		["https://api.example.com/api/v1/", "https://api.example.com/api/v1"],
		["http://localhost:3000", "http://localhost:3000"],
		["http://127.0.0.1:3000/v1", "http://127.0.0.1:3000/v1"],
		["http://[::1]:3000", "http://[::1]:3000"],
	])("%s is taken", async (given, taken) => {
		expect((await load({ SKILLOMATIC_API_URL: given })).apiUrl).toBe(taken);
	});

	test.each([
		["http://api.example.com", "unencrypted"],
		["http://localhost.example.com", "unencrypted"],
		["http://127.0.0.1.example.com", "unencrypted"],
		["ftp://api.example.com", "takes an https:// address"],
		["api.example.com", "takes an https:// address"],
		["https://api.example.com/?key=1", "takes an https:// address"],
	])("%s is refused", async (given, words) => {
		expect(await refusal({ SKILLOMATIC_API_URL: given })).toContain(words);
	});

	test.each(["sk_live_a1b2c3d4a1b2c3d4", "https://user:sk_live_a1b2@[x", "sk_live_x:sk_live_a1b2c3d4"])(
		"%s is refused and not repeated",
		async (given) => {
			const message = await refusal({ SKILLOMATIC_API_URL: given });
			expect(message).toContain("takes an https:// address");
			expect(message).not.toContain("a1b2");
		},
	);

	test("credentials in it are refused and not repeated", async () => {
		const message = await refusal({ SKILLOMATIC_API_URL: "https://admin:hunter2hunter2@api.example.com" });
		expect(message).toContain("user name or a password");
		expect(message).not.toContain("hunter2");
	});
});

describe("the repository", () => {
	test("is the git root of the working directory", async () => {
		expect((await load({}, {}, join(folder, "repo", "apps", "api"))).repository).toBe(join(folder, "repo"));
	});

	test("is none where there is no git", async () => {
		expect((await load({}, {}, folder)).repository).toBeUndefined();
	});

	test("is never / or a home folder by default, but may be named", async () => {
		const home = await realpath(homedir());
		expect((await load({}, {}, "/")).repository).toBeUndefined();
		expect((await load({}, {}, home)).repository).toBeUndefined();
		expect((await load({ PROD_DEBUGGER_REPO: home }, {}, "/")).repository).toBe(home);
	});

	test("must be there", async () => {
		expect(await refusal({ PROD_DEBUGGER_REPO: join(folder, "nowhere") })).toMatch(
			/^PROD_DEBUGGER_REPO is ".*nowhere"/,
		);
	});
});

describe("numbers, switches and words", () => {
	test.each([
		["PROD_DEBUGGER_TIMEOUT_MS", "soon"],
		["PROD_DEBUGGER_TIMEOUT_MS", "999"],
		["PROD_DEBUGGER_TIMEOUT_MS", "600001"],
		["PROD_DEBUGGER_TIMEOUT_MS", "1e4"],
		["PROD_DEBUGGER_MAX_CALLS_PER_MINUTE", "0"],
		["PROD_DEBUGGER_SHOW_PERSONAL_DATA", "yes"],
		["PROD_DEBUGGER_CHECK_TIMEOUT_MS", "-1"],
		["PROD_DEBUGGER_CHECK_UNSANDBOXED", "on"],
		["PROD_DEBUGGER_TEST", "npx vitest run"],
		["PROD_DEBUGGER_TEST", "{files}"],
		["PROD_DEBUGGER_TEST", "npm test --files={files}"],
		["PROD_DEBUGGER_TEST", "pytest {files} {files}"],
		["PROD_DEBUGGER_TEST", "cd api && npx jest {files}"],
		["PROD_DEBUGGER_TEST", "pytest {files} | tee log"],
		["PROD_DEBUGGER_TEST", 'sh -c "pytest $HOME" {files}'],
		["PROD_DEBUGGER_TEST", "CI=1 pytest {files}"],
		["PROD_DEBUGGER_TEST", "pytest 'half {files}"],
		["PROD_DEBUGGER_READABLE_COLUMNS", "plan"],
		["PROD_DEBUGGER_READABLE_COLUMNS", "users.password_hash"],
		["PROD_DEBUGGER_READABLE_COLUMNS", "scrape_tasks.url"],
		["PROD_DEBUGGER_DEPLOYMENTS", "v*"],
		["PROD_DEBUGGER_DEPLOYMENTS", "branch:--all"],
		["PROD_DEBUGGER_DEPLOYMENTS", "tags:"],
		["PROD_DEBUGGER_LOG", "loud"],
		["PROD_DEBUGGER_STATE_DIR", "relative/folder"],
	] as const)("%s=%s names the variable, what it held and what it takes", async (name, value) => {
		expect(await refusal({ [name]: value })).toBe(
			`${name} is ${JSON.stringify(value)}: it takes ${settings[name].takes}.`,
		);
	});

	test.each([
		["npx vitest run {files}", ["npx", "vitest", "run", "{files}"]],
		[" pytest  -k 'not slow'  {files} ", ["pytest", "-k", "not slow", "{files}"]],
		[
			'node --test "--test-name-pattern=a b" {files}',
			["node", "--test", "--test-name-pattern=a b", "{files}"],
		],
	])("the test command %s is words, which no shell reads", async (line, words) => {
		expect((await load({ PROD_DEBUGGER_TEST: line })).test).toEqual({
			words,
			timeoutMs: 120_000,
			unsandboxed: false,
		});
	});

	test.each([
		["1", true],
		["true", true],
		["0", false],
		["false", false],
	])("a switch takes %s, as hosts write a checkbox", async (value, on) => {
		expect((await load({ PROD_DEBUGGER_SHOW_PERSONAL_DATA: value })).showPersonalData).toBe(on);
	});

	test.each([
		["tags:v*", { by: "tags", glob: "v*" }],
		["branch:production", { by: "branch", name: "production" }],
		["file:/var/log/deployments.jsonl", { by: "file", path: "/var/log/deployments.jsonl" }],
	])("deployments are told by %s", async (value, source) => {
		expect((await load({ PROD_DEBUGGER_DEPLOYMENTS: value })).deployments).toEqual(source);
	});

	test("columns are names with their tables, in any letter case", async () => {
		const columns = "Users.plan, roles.api_key,";
		expect((await load({ PROD_DEBUGGER_READABLE_COLUMNS: columns })).readableColumns).toEqual([
			"users.plan",
			"roles.api_key",
		]);
		expect((await load({})).readableColumns).toEqual([]);
	});

	test("a flag of the same name wins over the environment", async () => {
		const line = readCommandLine(["--prod-debugger-timeout-ms=2000", "--prod-debugger-log", "debug"]);
		const config = await load(
			{ PROD_DEBUGGER_TIMEOUT_MS: "9000", PROD_DEBUGGER_LOG: "error" },
			line.overrides,
		);
		expect(config).toMatchObject({ timeoutMs: 2000, logLevel: "debug" });
	});

	test("every setting but a secret has a flag", () => {
		for (const name of Object.keys(settings) as SettingName[]) {
			const read = () => readCommandLine([`--${flagOf(name)}=x`]).overrides[name];
			if ("secret" in settings[name]) expect(read).toThrow(ConfigError);
			else expect(read()).toBe("x");
		}
	});

	test("an unknown flag or command is one line", () => {
		expect(() => readCommandLine(["--nope"])).toThrow(/--nope.*--help/);
		expect(() => readCommandLine(["dance"])).toThrow(
			/"dance" is not a command; commands: serve, doctor, report/,
		);
	});
});
