// A commit undone on the tree as it is now, held against git revert in a clone.

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ProposedPatch } from "../../../src/patch/propose.ts";
import { Failure } from "../../../src/text/failure.ts";
import { describeError } from "../../../src/text/index.ts";
import { commitAll } from "../../git.ts";
import { makeRepository, type TestRepository, userEnvironment, userGit } from "../repository.ts";
import { gitRevert, treeWithPatch, writeHistory } from "./histories.ts";

const never = new AbortController().signal;

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

function revert(own: TestRepository, commit: string): Promise<ProposedPatch> {
	return own.proposer.propose({ title: "Roll back", rationale: "It broke.", revert: commit }, never);
}

async function refusal(own: TestRepository, commit: string): Promise<string> {
	return revert(own, commit).then(
		() => "made",
		(error: unknown) => describeError(error) ?? String(error),
	);
}

function commit(own: TestRepository, message: string): string {
	commitAll(own.root, message, userEnvironment(own.root));
	return own.git("rev-parse", "HEAD").trim();
}

const numbers = (...changed: readonly [number, string][]) => {
	const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
	for (const [at, text] of changed) lines[at - 1] = text;
	return `${lines.join("\n")}\n`;
};

test("commits of a drawn history are undone as git revert undoes them, conflicts alike", async () => {
	repository = await makeRepository();
	const own = repository;
	writeHistory(own.root, 40, 7);
	const clone = join(own.root, "..", "clone");
	userGit(own.root, ["clone", "-q", own.root, clone]);
	const outcomes: string[] = [];
	const ids = own.git("rev-list", "HEAD").trim().split("\n");
	// The newest are mostly undone cleanly; older ones have met later changes.
	for (const id of [...ids.slice(0, 5), ...ids.slice(24, 28)]) {
		const wanted = gitRevert(clone, id);
		const made = await revert(own, id).catch((error: unknown) => {
			if (error instanceof Failure && "places" in error) return error.places;
			// An empty commit.
			if (wanted.diff === own.git("rev-parse", "HEAD^{tree}").trim()) return undefined;
			throw error;
		});
		if (made === undefined) continue;
		if ("file" in (made as object)) {
			expect(treeWithPatch(clone, (made as ProposedPatch).file)).toBe(wanted.diff);
			outcomes.push("undone");
		} else {
			const paths = (made as readonly { path: string }[]).map(({ path }) => path);
			expect(paths).toEqual(expect.arrayContaining([...wanted.conflicts]));
			expect(wanted.conflicts.length).toBeGreaterThan(0);
			outcomes.push("conflict");
		}
	}
	expect(new Set(outcomes)).toEqual(new Set(["undone", "conflict"]));
});

describe("undoing a commit", () => {
	test("keeps later changes of other lines, committed or not, and writes nothing", async () => {
		repository = await makeRepository({ "a.txt": numbers() });
		const own = repository;
		await own.write({ "a.txt": numbers([5, "bad"]) });
		const bad = commit(own, "bad");
		await own.write({ "a.txt": numbers([5, "bad"], [12, "later"]) });
		commit(own, "later");
		await own.write({ "a.txt": numbers([5, "bad"], [12, "later"], [19, "not committed"]) });
		const objects = own.git("count-objects", "-v");
		const patch = await revert(own, bad.slice(0, 8));
		expect(own.git("count-objects", "-v")).toBe(objects);
		expect(patch.notes.join("\n")).toMatch(/a\.txt: has changes that are in no commit; they are kept/);
		own.git("apply", patch.file);
		expect(await readFile(join(own.root, "a.txt"), "utf8")).toBe(
			numbers([12, "later"], [19, "not committed"]),
		);
	});

	test("follows a rename, and says so", async () => {
		repository = await makeRepository({ "a.txt": numbers() });
		const own = repository;
		await own.write({ "a.txt": numbers([5, "bad"]) });
		const bad = commit(own, "bad");
		own.git("mv", "a.txt", "b.txt");
		commit(own, "move");
		const patch = await revert(own, bad);
		expect(patch.files.map(({ path }) => path)).toEqual(["b.txt"]);
		expect(patch.notes.join("\n")).toMatch(/b\.txt: the file was renamed since/);
	});

	test("names the lines that were changed again, and the commit that did", async () => {
		repository = await makeRepository({ "a.txt": numbers() });
		const own = repository;
		await own.write({ "a.txt": numbers([5, "bad"]) });
		const bad = commit(own, "bad");
		await own.write({ "a.txt": `first\n${numbers([5, "worse"])}` });
		const since = commit(own, "change it again").slice(0, 7);
		expect(await refusal(own, bad)).toMatch(
			new RegExp(`"a\\.txt":6 \\(since then ${since} "change it again"\\)`),
		);
		await own.write({ "a.txt": numbers([5, "bad"]) });
		commit(own, "back");
		await own.write({ "a.txt": numbers([5, "in hand"]) });
		expect(await refusal(own, bad)).toMatch(/"a\.txt":5 \(.*changes in no commit\)/);
	});

	test("a merge goes against its first parent, a tag names a commit, a new file goes and a deleted one comes back", async () => {
		repository = await makeRepository({ "a.txt": numbers(), "gone.txt": "gone\n" });
		const own = repository;
		own.git("checkout", "-qb", "side");
		await own.write({ "new.txt": "new\n" });
		await rm(join(own.root, "gone.txt"));
		commit(own, "side");
		own.git("checkout", "-q", "main");
		await own.write({ "a.txt": numbers([3, "main"]) });
		commit(own, "main");
		own.git("merge", "-q", "--no-edit", "side");
		own.git("tag", "-m", "release", "v1.0");
		const patch = await revert(own, "v1.0");
		expect(patch.files.map(({ path, change }) => `${path} ${change}`)).toEqual([
			"gone.txt new",
			"new.txt deleted",
		]);
		expect(patch.notes.join("\n")).toMatch(/is a merge: it is undone against its first parent/);
	});

	test("what is undone already, unknown, or not text is told", async () => {
		repository = await makeRepository({ "a.txt": numbers() });
		const own = repository;
		await own.write({ "a.txt": numbers([5, "bad"]) });
		const bad = commit(own, "bad");
		await own.write({ "a.txt": numbers() });
		commit(own, "undo it");
		expect(await refusal(own, bad)).toMatch(/is undone already/);
		expect(await refusal(own, "deadbeef")).toMatch(/no commit and no tag/);
		expect(await refusal(own, "HEAD~1")).toMatch(/neither the beginning of a hash/);
		await own.write({ "logo.bin": Buffer.from([0, 1, 2, 0]) });
		const binary = commit(own, "logo");
		expect(await refusal(own, binary)).toMatch(/binary/);
	});

	test("line endings that the work tree alone has are kept", async () => {
		repository = await makeRepository({ "a.txt": numbers() });
		const own = repository;
		own.git("config", "core.autocrlf", "true");
		await own.write({ "a.txt": numbers([5, "bad"]).replaceAll("\n", "\r\n") });
		const bad = commit(own, "bad");
		const patch = await revert(own, bad);
		expect(patch.files).toMatchObject([{ path: "a.txt", added: 1, removed: 1 }]);
		expect(patch.diff).toMatch(/^-bad\r\n\+line 5\r$/m);
	});

	test("a merge driver that the repository names is not run, and a shallow clone says what is missing", async () => {
		repository = await makeRepository({ "a.txt": numbers(), ".gitattributes": "*.txt merge=own\n" });
		const own = repository;
		const ran = join(own.root, "..", "ran");
		own.git("config", "merge.own.driver", `touch ${ran}`);
		await own.write({ "a.txt": numbers([5, "bad"]) });
		const bad = commit(own, "bad");
		await own.write({ "a.txt": numbers([5, "bad"], [15, "later"]) });
		commit(own, "later");
		expect((await revert(own, bad)).files).toHaveLength(1);
		await expect(readFile(ran)).rejects.toThrow();
		const shallow = await makeRepository({}, { init: false, at: join(own.root, "..", "shallow") });
		userGit(own.root, ["clone", "-q", "--depth=1", `file://${own.root}`, join(shallow.root, "x")]);
		userGit(shallow.root, ["-C", "x", "config", "x.x", "x"]);
		const only = await makeRepository({}, { init: false, at: join(shallow.root, "x") });
		await writeFile(join(only.root, "note"), "");
		expect(await refusal(only, only.git("rev-parse", "HEAD").trim())).toMatch(/history is cut off/);
		await only.remove();
		await shallow.remove();
	});
});
