// Files that change while they are searched, and names that few expect.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { renderSearch } from "../../src/answer/search-text.ts";
import { createCodeSearch } from "../../src/codebase/search.ts";
import { createGit, type Git } from "../../src/system/git.ts";
import { type TestRepository, testRepository } from "./repository.ts";

const raise = "throw new Error('THE_CODE');\n";
const signal = new AbortController().signal;
let repository: TestRepository | undefined;
afterEach(() => repository?.remove());

test("a line that has changed since ripgrep saw it is not shown as a match, and is counted", async () => {
	repository = await testRepository({ "a.ts": "one\nneedle\n", "b.ts": "needle\n" });
	repository.commit("first", "2026-11-01T00:00:00Z");
	const { root } = repository;
	const real = createGit(root);
	const seen: string[] = [];
	// git is asked for HEAD's files when ripgrep has ended, and before the files are read.
	const git: Git = {
		run(args, options) {
			seen.push(args[0] ?? "");
			if (args[0] === "ls-tree") writeFileSync(join(root, "a.ts"), "one\nanother line\n");
			return real.run(args, options);
		},
	};
	const result = await createCodeSearch({ root, git }).search({ query: "needle" }, signal);
	expect(seen).toContain("ls-tree");
	const text = renderSearch(result);
	expect(result.files.map(({ path }) => path)).toEqual(["b.ts"]);
	expect(text).toContain("2 matches in 2 files, showing 1.");
	expect(text).toContain("1 match is not shown: too large, binary, ignored by git, gone, changed while");
	expect(text).not.toContain("another line");
});

test("a name with a quote, a colon, a dash or other scripts is found and taken as a path", async () => {
	const names = ['quo"te.ts', "co:lon.ts", "-dash.ts", "spa ce/ünï.ts", "[a]*.ts", "$(x) `y`.ts"];
	repository = await testRepository(Object.fromEntries(names.map((name) => [name, raise])));
	repository.commit("first", "2026-11-01T00:00:00Z");
	const { files } = await repository.find({ errorCode: "THE_CODE" });
	expect(files.map(({ path }) => path).sort()).toEqual([...names].sort());
	expect(files.every(({ items }) => items[0]?.commit !== undefined)).toBe(true);
	for (const path of names) {
		expect((await repository.find({ query: "THE_CODE", path })).files.map((file) => file.path)).toEqual([
			path,
		]);
	}
});

test("a name that no argument can hold is counted, and not shown", async () => {
	repository = await testRepository({
		"new\nline.ts": raise,
		"tab\tbed.ts": raise,
		"back\\slash.ts": raise,
		"a.ts": raise,
	});
	repository.commit("first", "2026-11-01T00:00:00Z");
	const text = await repository.text({ query: "THE_CODE" });
	expect(text).toContain("4 matches in 4 files, showing 1.");
	expect(text).toContain("3 matches are not shown:");
	expect(text).not.toMatch(/bed|slash\.ts/);
});
