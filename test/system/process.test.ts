import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createGit, GitFailed } from "../../src/system/git.ts";
import { once } from "../../src/system/once.ts";
import { runProcess } from "../../src/system/process.ts";
import { findProgram } from "../../src/system/programs.ts";
import { type RepositoryRoot, resolveRepositoryRoot } from "../../src/system/repository.ts";

const { signal } = new AbortController();

async function emptyFolder(): Promise<RepositoryRoot> {
	const folder = await mkdtemp(join(tmpdir(), "system-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	return resolveRepositoryRoot(folder);
}

test("an output that is too long is no answer, though the program has ended well", async () => {
	const git = createGit(await emptyFolder());
	await expect(git.run(["version"], { signal })).resolves.toMatchObject({ end: "exited", exitCode: 0 });
	const cut = git.run(["version"], { signal, maxOutputBytes: 3 });
	await expect(cut).rejects.toBeInstanceOf(GitFailed);
	await expect(cut).rejects.toMatchObject({ end: "output_limit" });
});

test("what a reader throws fails the call, and ends nothing else", async () => {
	const root = await emptyFolder();
	const program = await findProgram("git", root);
	const read = runProcess({
		program,
		args: ["version"],
		cwd: root,
		signal,
		timeoutMs: 10_000,
		maxOutputBytes: 1000,
		onStdout: () => {
			throw new Error("not a line of JSON");
		},
	});
	await expect(read).rejects.toThrow("not a line of JSON");
});

test("what is made once is kept, and what failed is made again", async () => {
	let made = 0;
	const answer = once(async () => {
		made += 1;
		if (made === 1) throw new Error("not yet");
		return made;
	});
	await expect(answer()).rejects.toThrow("not yet");
	expect(await Promise.all([answer(), answer()])).toEqual([2, 2]);
	expect(await answer()).toBe(2);
});
