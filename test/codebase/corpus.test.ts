import { afterAll, beforeAll, expect, test } from "vitest";
import { type CodeSearch, createCodeSearch } from "../../src/codebase/search.ts";
import { createGit } from "../../src/system/git.ts";
import { corpusFiles, layOut, names, temporaryFolder } from "./corpus/lay-out.ts";
import { type Score, scoreCorpus } from "./corpus/score.ts";

let score: Score;
let search: CodeSearch;
let remove: () => Promise<void>;

beforeAll(async () => {
	const folder = await temporaryFolder();
	remove = folder.remove;
	await layOut(folder.root, corpusFiles);
	search = createCodeSearch({ root: folder.root, git: createGit(folder.root) });
	score = await scoreCorpus(search);
}, 60_000);
afterAll(() => remove());

test("the corpus is as large as it says", () => {
	expect(names.length).toBeGreaterThanOrEqual(60);
	expect(score.raised).toBeGreaterThanOrEqual(40);
});

test("the first result is right for at least 95 % of the names", () => {
	expect(score.firstRight / score.names, score.wrong.join("\n")).toBeGreaterThanOrEqual(0.95);
});

test("all raising lines stand within the first five for at least 95 % of the codes", () => {
	expect(score.raisedFirst / score.raised, score.wrong.join("\n")).toBeGreaterThanOrEqual(0.95);
});

test("enclosing names are right for at least 98 % of the labels", () => {
	expect(score.enclosingRight / score.enclosing, score.wrong.join("\n")).toBeGreaterThanOrEqual(0.98);
});

test("roles are right for at least 95 % of the lines of production code", () => {
	for (const role of ["raises", "handles", "defines", "mention"]) {
		const row = score.confusion.get(role) ?? new Map<string, number>();
		const all = [...row.values()].reduce((sum, count) => sum + count, 0);
		expect((row.get(role) ?? 0) / all, score.wrong.join("\n")).toBeGreaterThanOrEqual(0.95);
	}
});

test("a file with many matches does not bury the others", async () => {
	const { files } = await search.search({ query: "code", limit: 30 }, new AbortController().signal);
	for (const { items } of files) expect(items.length).toBeLessThanOrEqual(15);
	expect(files.length).toBeGreaterThan(5);
});
