// The file of environments: who may read it, what it takes, and what one of its environments costs the others.

import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig, unusableFor } from "../src/config/index.ts";

let folder: string;
beforeAll(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), "config-environments-")));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const staging = {
	SKILLOMATIC_API_URL: "https://staging.example.com",
	SKILLOMATIC_API_KEY: "sk_live_staging_0000000000",
};
const own = { SKILLOMATIC_API_KEY: "sk_live_production_00000000" };
let files = 0;

async function written(content: unknown, { mode = 0o600, at = folder } = {}): Promise<string> {
	files += 1;
	const path = join(at, `environments-${files}.json`);
	await writeFile(path, typeof content === "string" ? content : JSON.stringify(content), { mode });
	await chmod(path, mode);
	return path;
}

const load = (path: string, env: Record<string, string> = {}) =>
	loadConfig({ SKILLOMATIC_ENVIRONMENTS: path, ...env }, {}, folder);

/** The one sentence with which a file is refused. */
async function refusal(path: string, env: Record<string, string> = {}): Promise<string> {
	const config = await load(path, env);
	const [{ setting, message } = { setting: "", message: "" }, ...others] = config.problems ?? [];
	expect(others).toEqual([]);
	expect(setting).toBe("SKILLOMATIC_ENVIRONMENTS");
	expect(message).toMatch(/^SKILLOMATIC_ENVIRONMENTS is "/);
	expect(message).not.toContain("sk_live");
	expect(config.others).toBeUndefined();
	expect(config.environment).toBeUndefined();
	return message;
}

describe("which environments there are", () => {
	test("those of the file, the first by default", async () => {
		const config = await load(
			await written({ staging, other: { ...staging, SKILLOMATIC_API_URL: "https://o.example.com" } }),
		);
		expect(config).toMatchObject({
			environment: { name: "staging", from: "file" },
			apiUrl: "https://staging.example.com",
			apiKey: staging.SKILLOMATIC_API_KEY,
		});
		expect(config.others).toMatchObject([
			{ environment: { name: "other", from: "file" }, apiUrl: "https://o.example.com" },
		]);
		expect(config.problems).toBeUndefined();
	});

	test("the settings' own comes before them, and is called production", async () => {
		const config = await load(await written({ staging }), own);
		expect(config).toMatchObject({
			environment: { name: "production", from: "settings" },
			apiUrl: "https://api.skillomatic.technology",
			apiKey: own.SKILLOMATIC_API_KEY,
		});
		expect(config.others).toMatchObject([{ environment: { name: "staging" } }]);
	});

	test("an address without a key names none", async () => {
		const config = await load(await written({ staging }), { SKILLOMATIC_API_URL: "https://api.example.com" });
		expect(config).toMatchObject({ environment: { name: "staging" }, apiUrl: "https://staging.example.com" });
		expect(config.others).toBeUndefined();
	});

	test("deployments that are of none are told, and keep nothing from being asked", async () => {
		const config = await load(await written({ staging }), { PROD_DEBUGGER_DEPLOYMENTS: "branch:main" });
		expect(config.deployments).toBeUndefined();
		expect(config.problems).toMatchObject([{ message: expect.stringContaining("set it in the file") }]);
		expect(unusableFor(config, "production")).toBeUndefined();
		expect(unusableFor(config, "deployments")).toBeUndefined();
	});

	test("paths in the file begin at its folder, and deployments are each environment's own", async () => {
		await writeFile(join(folder, "staging.key"), "sk_live_from_a_file_000\n");
		const config = await load(
			await written({
				staging: {
					SKILLOMATIC_API_URL: "https://staging.example.com",
					SKILLOMATIC_API_KEY_FILE: "staging.key",
					PROD_DEBUGGER_DEPLOYMENTS: "branch:staging",
				},
			}),
			{ ...own, PROD_DEBUGGER_DEPLOYMENTS: "branch:main" },
		);
		expect(config.deployments).toEqual({ by: "branch", name: "main" });
		expect(config.others).toMatchObject([
			{ apiKey: "sk_live_from_a_file_000", deployments: { by: "branch", name: "staging" } },
		]);
		const without = await load(await written({ staging }), {
			...own,
			PROD_DEBUGGER_DEPLOYMENTS: "branch:main",
		});
		expect(without.others?.[0]?.deployments).toBeUndefined();
	});
});

describe("a file is refused", () => {
	test.skipIf(process.platform === "win32").each([0o644, 0o640, 0o606, 0o620])(
		"that others can read or change: %o",
		async (mode) => {
			const path = await written({ staging }, { mode });
			const message = await refusal(path, own);
			expect(message).toContain(`(mode ${mode.toString(8)})`);
			expect(message).toMatch(new RegExp(`: chmod 600 ${path}$`));
		},
	);

	test("that git tracks or does not ignore, also by way of a link to it; not one that it ignores", async () => {
		const repository = join(folder, "repository");
		await mkdir(repository);
		const git = (...args: string[]) => execFileSync("git", args, { cwd: repository, stdio: "pipe" });
		git("init", "-q");
		const path = await written({ staging }, { at: repository });
		expect(await refusal(path, own)).toContain("is in a git repository that does not ignore it");
		await writeFile(join(repository, ".gitignore"), "*.json\n");
		expect(await load(path)).toMatchObject({ environment: { name: "staging" } });
		git("add", "--force", path);
		expect(await refusal(path, own)).toContain("git tracks, so that everyone with the repository has it");
		const link = join(folder, "link.json");
		await symlink(path, link);
		expect(await refusal(link, own)).toContain(`git rm --cached ${path}`);
	});

	test.each([
		["no such file", undefined, "which cannot be read"],
		["not JSON", '{"staging": sk_live_0000', "which is not JSON of names with their settings"],
		["a list", [staging], "which is not JSON of names with their settings"],
		["a number for a text", { staging: { SKILLOMATIC_API_URL: 1 } }, "is not JSON of names with their"],
		["no environment", {}, "which names 0 environments: it takes 1 to 20"],
		["a name with a space", { "my staging": staging }, 'an environment "my staging": a name has up to 32'],
		["a name of a path", { "../x": staging }, 'an environment "../x": a name has up to 32'],
		["a name twice", { staging, Staging: staging }, 'an environment "Staging" twice: rename one'],
		["the settings' own name", { Production: staging }, 'an environment "Production", as the one is called'],
		[
			"an unknown setting",
			{ staging: { ...staging, SKILLOMATIC_API_URI: "x" } },
			'"staging" has "SKILLOMATIC_API_URI" (did you mean SKILLOMATIC_API_URL?): an environment takes',
		],
	])("with %s", async (_, content, words) => {
		const path = content === undefined ? join(folder, "none.json") : await written(content);
		expect(await refusal(path, own)).toContain(words);
	});

	test("the settings' own production is asked as before; without one the file's sentence is the answer", async () => {
		const path = await written({}, {});
		expect(unusableFor(await load(path, own), "production")).toBeUndefined();
		expect(unusableFor(await load(path), "production")?.sentence).toContain("names 0 environments");
	});
});

describe("one environment that cannot be used", () => {
	test.each([
		[{ SKILLOMATIC_API_URL: "http://staging.example.com", SKILLOMATIC_API_KEY: "sk" }, "over plain http"],
		[{ ...staging, SKILLOMATIC_API_KEY: "two words" }, "SKILLOMATIC_API_KEY holds"],
		[{ SKILLOMATIC_API_KEY: "sk_live_0" }, "SKILLOMATIC_API_URL is not set: an environment of the file has"],
		[{}, "SKILLOMATIC_API_URL is not set"],
		[
			{ SKILLOMATIC_API_URL: "https://staging.example.com" },
			"it has no key: give it SKILLOMATIC_API_KEY_FILE",
		],
	])("%j says why, and costs no other anything", async (values, words) => {
		const config = await load(await written({ staging: values }), own);
		expect(config.problems).toBeUndefined();
		expect(unusableFor(config, "production")).toBeUndefined();
		const [other] = config.others ?? [];
		const sentence = other === undefined ? "" : (unusableFor(other, "production")?.sentence ?? "");
		expect(sentence).toMatch(/^Environment "staging": /);
		expect(sentence).toContain(words);
		expect(sentence).not.toContain("two words");
	});
});
