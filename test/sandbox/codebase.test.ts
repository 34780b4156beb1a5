import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createStoryCodebase, type MadeCommit } from "../../src/sandbox/codebase.ts";
import { createGit } from "../../src/system/git.ts";
import type { RepositoryRoot } from "../../src/system/repository.ts";

const now = 1_795_469_476;
const { signal } = new AbortController();
let folder: string;
let commits: readonly MadeCommit[];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "story-"));
	({ commits } = await createStoryCodebase(join(folder, "a"), { now, signal }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the history is a real one, dated as the story tells it", async () => {
	const git = createGit(join(folder, "a") as RepositoryRoot);
	const log = await git.run(["log", "--first-parent", "--format=%H %ct"], { signal });
	const told = commits.map(({ id, at }) => `${id} ${at}`).reverse();
	expect(log.stdout.toString("utf8").trim().split("\n")).toEqual(told);
	const tags = await git.run(["tag", "--list"], { signal });
	expect(tags.stdout.toString("utf8")).toContain("v1.6.1");
});

test("the same time makes the same commits", async () => {
	const again = await createStoryCodebase(join(folder, "b"), { now, signal });
	expect(again.commits).toEqual(commits);
});

test("the refresh broke half an hour before its errors began, and the bug is there", async () => {
	const broken = commits.find(({ subject }) => subject === "refactor(gmail): token cache");
	expect(now - (broken?.at ?? 0)).toBe(20 * 3600 + 31 * 60);
	const source = await readFile(join(folder, "a/apps/api/src/integrations/gmail.ts"), "utf8");
	expect(source).toContain("cached.expiresAt * 1000 < Date.now() / 1000 + 60");
});
