// Several repositories in one setting: their names, their paths on every platform, and what is refused.

import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../src/config/index.ts";
import { splitRepositories } from "../src/config/repositories.ts";

let base: string;
beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "named-")));
	for (const name of ["web", "worker", "web/inner", "a, b=c", "web=x,y"])
		await mkdir(join(base, name), { recursive: true });
});
afterAll(() => rm(base, { recursive: true, force: true }));

const load = (value: string, env = {}) => loadConfig({ PROD_DEBUGGER_REPO: value, ...env }, {}, base);
const at = (name: string) => join(base, name);

async function named(value: string): Promise<readonly string[]> {
	const { repositories = [], problems = [] } = await load(value);
	return [
		...repositories.map(({ name, root }) => `${name} ${root.slice(base.length + 1)}`),
		...problems.map(({ message }) => message),
	];
}

test.each<[string, readonly string[]]>([
	["web=./web,worker=./worker", ["web web", "worker worker"]],
	[" web = ./web , worker= ./worker ", ["web web", "worker worker"]],
	["api=./web , jobs=./worker", ["api web", "jobs worker"]],
	["web=./web", ["web web"]],
	["./web,./worker", ["web web", "worker worker"]],
	["./web", ["web web"]],
	// A folder's name may hold commas and equals signs.
	["./a, b=c", ["a-b-c a, b=c"]],
	["odd=./a, b=c", ["odd a, b=c"]],
	["./web=x,y", ["web-x-y web=x,y"]],
])("%s", async (value, expected) => {
	const found = await named(value);
	expect(found).toHaveLength(expected.length);
	for (const [index, one] of expected.entries()) expect(found[index]).toContain(one);
});

test.each<[string, readonly (readonly [string | undefined, string])[]]>([
	[
		"web=C:\\code\\web,worker=D:\\code\\worker",
		[
			["web", "C:\\code\\web"],
			["worker", "D:\\code\\worker"],
		],
	],
	[
		"C:\\code\\web,D:/worker",
		[
			[undefined, "C:\\code\\web"],
			[undefined, "D:/worker"],
		],
	],
	["C:\\code\\a,b", [[undefined, "C:\\code\\a,b"]]],
	[
		"web=\\\\server\\share\\web,worker=file:///C:/code",
		[
			["web", "\\\\server\\share\\web"],
			["worker", "file:///C:/code"],
		],
	],
])("paths of Windows: %s", (value, expected) => {
	expect(splitRepositories(value).map(({ name, path }) => [name, path])).toEqual(expected);
});

test.each([
	["web=./web,web=./worker", "two repositories named web"],
	["web-app=./web,Web_App=./worker", "two repositories named web-app"],
	["outer=./web,inner=./web/inner", "inner inside outer: name outer alone"],
	["inner=./web/inner,outer=./web", "inner inside outer"],
	["web=./web,again=./web", "inside"],
	["web=./web,worker=./gone", 'PROD_DEBUGGER_REPO is "./gone"'],
	[Array.from({ length: 13 }, (_, index) => `repo${index}=./web`).join(","), "at most 12"],
])("%s is refused in one sentence", async (value, sentence) => {
	const { repository, repositories, problems = [] } = await load(value);
	expect(problems.map(({ message }) => message).join()).toContain(sentence);
	expect(repository).toBeUndefined();
	expect(repositories).toBeUndefined();
});

test("a state folder in one of several keeps nothing: it would be written in a repository", async () => {
	const env = { PROD_DEBUGGER_STATE_DIR: at("worker/state") };
	expect((await load("web=./web,worker=./worker", env)).stateInRepository).toBe(true);
	const outside = { PROD_DEBUGGER_STATE_DIR: at("state") };
	expect((await load("web=./web,worker=./worker", outside)).stateInRepository).toBeUndefined();
});
