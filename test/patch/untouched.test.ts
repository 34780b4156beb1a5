import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createPatchProposer, type Edit, type PatchRequest } from "../../src/patch/propose.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createGit } from "../../src/system/git.ts";
import { Failure } from "../../src/text/failure.ts";
import { describeError } from "../../src/text/index.ts";
import { part } from "../part.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

/** Every byte, mode and time below a folder, `.git` and `node_modules` among it. Reading changes access times only. */
async function snapshot(folder: string): Promise<Readonly<Record<string, string>>> {
	const found: Record<string, string> = {};
	const look = async (path: string) => {
		const there = await lstat(join(folder, path), { bigint: true });
		const times = `${there.mode} ${there.mtimeNs} ${there.ctimeNs} ${there.ino}`;
		if (there.isSymbolicLink()) found[path] = `${times} ${await readlink(join(folder, path))}`;
		else if (there.isDirectory()) {
			found[path] = times;
			for (const name of (await readdir(join(folder, path))).sort()) await look(join(path, name));
		} else {
			const bytes = await readFile(join(folder, path));
			found[path] = `${times} ${createHash("sha256").update(bytes).digest("hex")}`;
		}
	};
	await look(".");
	return found;
}

test("calls of every kind leave the repository as it was, to the byte, mode and time", async () => {
	repository = await makeRepository({
		"a.txt": "one\ntwo\nthree\n",
		"crlf.txt": "one\r\ntwo\r\n",
		"src/b.ts": "export const b = 1;\n",
		".gitignore": "node_modules\nignored\n",
		"package.json": '{"name":"x"}\n',
	});
	const own = repository;
	await own.write({
		"node_modules/pkg/index.js": "module.exports = 1;\n",
		"untracked.txt": "u\n",
		"ignored/x": "x\n",
		"a.txt": "one\ntwo\ndirty\n",
		"src/b.ts": "export const b = 1;\nexport const c = 2;\n",
	});
	await symlink("../a.txt", join(own.root, "src/link"));
	own.git("commit", "-qm", "to be undone", "src/b.ts");
	own.git("stash", "list");
	own.git("branch", "other");
	own.git("status");
	const command =
		"echo x > a.txt; echo x > node_modules/pkg/index.js; rm -rf src .git; touch new; sleep $SLEEP";
	const checked = (SLEEP: string, timeoutMs: number) =>
		createPatchProposer({
			root: own.root,
			git: createGit(own.root),
			stateFolder: own.stateFolder,
			clock: systemClock,
			check: { command: `SLEEP=${SLEEP}; ${command}`, timeoutMs, unsandboxed: true },
			test: { words: ["sh", "-c", `SLEEP=${SLEEP}; ${command}`, "{files}"], timeoutMs, unsandboxed: true },
		});
	const quick = checked("0", 10_000);
	const slow = checked("30", 150);
	const change: readonly Edit[] = [{ path: "a.txt", old_text: "two", new_text: "2" }];
	const undone = own.git("rev-parse", "HEAD").trim();
	const making: readonly Partial<PatchRequest>[] = [
		{ edits: change },
		{ edits: [{ path: "crlf.txt", content: "new\n" }] },
		{ edits: [{ path: "src/b.ts", delete: true }] },
		{ edits: [{ path: "src/new/deep.ts", content: "x" }] },
		{ edits: [{ path: "src/b.ts", content: "export const b = ;\n" }] },
		{ diff: "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n" },
		{ diff: "diff --git a/a.txt b/b.txt\nrename from a.txt\nrename to b.txt\n" },
		{ revert: undone },
	];
	const failing: readonly Partial<PatchRequest>[] = [
		{ edits: [{ path: "src/b.ts", old_text: "nothing like it", new_text: "x" }] },
		{ edits: [{ path: "a.txt", old_text: "o", new_text: "x" }] },
		{ edits: [{ path: "a.txt", content: "one\ntwo\ndirty\n" }] },
		{ edits: [{ path: "../out.txt", content: "x" }] },
		{ edits: [{ path: "ignored/x", content: "x" }] },
		{ edits: [{ path: "node_modules/pkg/index.js", content: "x" }] },
		{ edits: [{ path: "src/link", content: "x" }] },
		{ edits: [{ path: ".git/config", content: "x" }] },
		{ edits: [{ path: ".env", content: "x" }] },
		{ edits: [{ path: "src", delete: true }] },
		{ edits: [{ path: "key.ts", content: `sk_live_${"a1B2".repeat(8)}` }] },
		{ diff: "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-three\n+2\n" },
		{ diff: "nonsense" },
	];
	const conflicting = own.git("rev-list", "--max-parents=0", "HEAD").trim();
	const before = await snapshot(own.root);
	let calls = 0;
	let made = 0;
	const reasons = new Set<unknown>();
	const call = async (
		proposer: typeof quick,
		request: Partial<PatchRequest>,
		signal = new AbortController().signal,
	) => {
		calls += 1;
		await proposer.propose({ title: `call ${calls}`, rationale: "r", ...request }, signal).then(
			() => {
				made += 1;
			},
			(reason: unknown) => {
				reasons.add(reason instanceof Failure ? describeError(reason) : reason);
			},
		);
	};
	const rounds = part([...Array(20).keys()], 4).map((round) => {
		const some = [round, round + 3].flatMap((index) => making[index % making.length] ?? []);
		return [...some, ...failing].map((request) => () => call(own.proposer, request));
	});
	const checks = Array.from({ length: 5 }, () => [
		() => call(quick, { edits: change }),
		() => call(slow, { edits: change }),
		() => call(quick, { diff: "nonsense" }),
		() => {
			const controller = new AbortController();
			const cancelled = call(slow, { edits: change }, controller.signal);
			setImmediate(() => controller.abort(new Error("cancelled")));
			return cancelled;
		},
	]);
	const proofs = Array.from({ length: 3 }, () => [
		() => call(own.proposer, { revert: conflicting }),
		() => call(quick, { edits: change, test: ["untracked.txt"], check: false }),
		() => call(slow, { edits: change, test: ["untracked.txt"], check: false }),
		() => {
			const controller = new AbortController();
			const request = { edits: change, test: ["untracked.txt"], check: false };
			const cancelled = call(slow, request, controller.signal);
			setImmediate(() => controller.abort(new Error("cancelled")));
			return cancelled;
		},
	]);
	const waiting = [...rounds, ...checks, ...proofs].flat();
	// As a host may call: several at a time.
	const work = async () => {
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
	};
	await Promise.all(Array.from({ length: 4 }, work));
	// 332 with TESTS=all.
	expect(calls).toBe(rounds.flat().length + 32);
	expect(made).toBeGreaterThan(12);
	expect(reasons.size).toBeGreaterThan(12);
	expect(await snapshot(own.root)).toEqual(before);
	expect(await readdir(join(own.stateFolder, "scratch"))).toEqual([]);
}, 120_000);
