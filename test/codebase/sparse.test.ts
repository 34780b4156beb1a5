// Repositories that hold less than the code: sparse, shallow and partial ones.
import { execFileSync } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { renderSearch } from "../../src/answer/search-text.ts";
import type { SearchRequest } from "../../src/codebase/find/request.ts";
import { createCodeSearch } from "../../src/codebase/search.ts";
import { createGit } from "../../src/system/git.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { type TestRepository, testRepository } from "./repository.ts";

const raise = "export function send() {\n\tthrow new Error('THE_CODE');\n}\n";
const calm = "export function send() {}\n";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of open.splice(0)) await close();
});

async function given(files: Readonly<Record<string, string>>): Promise<TestRepository> {
	const repository = await testRepository(files);
	open.push(repository.remove);
	repository.commit("first", "2026-11-01T00:00:00Z");
	return repository;
}

/** The search in a clone that was made with these options. */
async function cloned(of: TestRepository, options: readonly string[], prepare: readonly string[][] = []) {
	const folder = await realpath(await mkdtemp(join(tmpdir(), "clone-")));
	open.push(() => rm(folder, { recursive: true, force: true }));
	const git = (...args: readonly string[]) =>
		execFileSync("git", [...args], { cwd: folder, stdio: "ignore" });
	of.git("config", "uploadpack.allowFilter", "true");
	git("clone", "--quiet", "--no-local", ...options, `file://${of.root}`, "code");
	for (const args of prepare) git("-C", "code", ...args);
	const root = await resolveRepositoryRoot(join(folder, "code"));
	const search = createCodeSearch({ root, git: createGit(root) });
	const signal = new AbortController().signal;
	return async (request: SearchRequest) => renderSearch(await search.search(request, signal));
}

const sparseTo = (...folders: readonly string[]) => [["sparse-checkout", "set", ...folders]];

test("a sparse checkout: what HEAD holds beside it is named with its lines, and never called absent", async () => {
	const repository = await given({
		"api/send.ts": raise,
		"api/list.py": "raise Failure('THE_CODE')\n",
		"web/words.ts": "export const words = { THE_CODE: 'try again' };\n",
		"api/.env": "THE_CODE=secret\n",
	});
	const text = await cloned(repository, [], sparseTo("web"));
	const code = await text({ errorCode: "THE_CODE" });
	expect(code).toContain('Nothing in the checked-out code raises "THE_CODE"; this checkout is sparse.');
	expect(code).toContain(
		'HEAD holds 2 files with it that are not checked out here (a sparse checkout): "api/list.py:1"; "api/send.ts:2".',
	);
	expect(code).not.toContain(".env");
	expect(await text({ query: "the_code", type: "py" })).toMatch(
		/No match[\s\S]*1 file with it[\s\S]*"api\/list\.py:1"/,
	);
	expect(await text({ query: "THE_C\\w+E", mode: "regex", glob: "*.ts" })).toContain('"api/send.ts:2"');
	expect(await text({ query: "THE_COD", mode: "word" })).not.toContain("HEAD holds");
	await expect(text({ query: "THE_CODE", path: "api/send.ts" })).rejects.toMatchObject({ isInHead: true });
	await expect(text({ query: "THE_CODE", path: "api/none.ts" })).rejects.toMatchObject({ isInHead: false });
});

test("a sparse checkout that has all that matches says nothing of the rest", async () => {
	const repository = await given({ "api/send.ts": raise, "web/other.ts": calm });
	const text = await cloned(repository, [], sparseTo("api"));
	expect(await text({ errorCode: "THE_CODE" })).not.toContain("sparse");
});

test("a sparse checkout that was ended is a whole one", async () => {
	const repository = await given({ "api/send.ts": raise, "web/other.ts": calm });
	const text = await cloned(repository, [], [...sparseTo("web"), ["sparse-checkout", "disable"]]);
	expect(await text({ errorCode: "THE_CODE" })).toContain("api/send.ts");
	expect(await text({ query: "nowhere" })).not.toContain("sparse");
});

test("a sparse and partial clone, whose other files are not here: it is said that they were not searched", async () => {
	const repository = await given({ "api/send.ts": raise, "web/other.ts": calm });
	const text = await cloned(repository, ["--filter=blob:none", "--sparse"], sparseTo("web"));
	const code = await text({ errorCode: "THE_CODE" });
	expect(code).toContain("What a sparse checkout leaves out could not all be searched.");
	expect(code).not.toContain("Nothing in the code raises");
});

test("a shallow clone does not say that no commit removed the code", async () => {
	const repository = await given({ "api/send.ts": raise });
	await repository.write({ "api/send.ts": calm });
	repository.commit("second", "2026-11-02T00:00:00Z");
	await repository.write({ "api/more.ts": calm });
	repository.commit("third", "2026-11-03T00:00:00Z");
	const whole = await cloned(repository, []);
	expect(await whole({ errorCode: "THE_CODE" })).toContain("# last raising line, removed 2026-11-02");
	const shallow = await cloned(repository, ["--depth=1"]);
	expect(await shallow({ errorCode: "THE_CODE" })).toContain(
		"No commit that this shallow clone holds removed",
	);
});
