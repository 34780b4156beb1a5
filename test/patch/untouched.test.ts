import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createPatchProposer, type Edit, type PatchRequest } from "../../src/patch/propose.ts";
import { systemClock } from "../../src/system/clock.ts";
import { createGit } from "../../src/system/git.ts";
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

test("500 calls of every kind leave the repository as it was, to the byte, mode and time", async () => {
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
	});
	await symlink("../a.txt", join(own.root, "src/link"));
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
		});
	const quick = checked("0", 10_000);
	const slow = checked("30", 150);
	const kinds: readonly (readonly Edit[])[] = [
		[{ path: "a.txt", old_text: "two", new_text: "2" }],
		[{ path: "crlf.txt", content: "new\n" }],
		[{ path: "src/b.ts", delete: true }],
		[{ path: "src/new/deep.ts", content: "x" }],
		[{ path: "src/b.ts", old_text: "nothing like it", new_text: "x" }],
		[{ path: "../out.txt", content: "x" }],
		[{ path: "ignored/x", content: "x" }],
		[{ path: "src/link", content: "x" }],
		[{ path: ".git/config", content: "x" }],
	];
	const before = await snapshot(own.root);
	let calls = 0;
	let made = 0;
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
			() => {},
		);
	};
	for (let round = 0; round < 48; round += 1) {
		for (const edits of kinds) await call(own.proposer, { edits });
		await call(own.proposer, { diff: "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n" });
	}
	for (let round = 0; round < 5; round += 1) {
		await call(quick, { edits: kinds[0] });
		await call(slow, { edits: kinds[0] });
		const controller = new AbortController();
		const cancelled = call(slow, { edits: kinds[3] }, controller.signal);
		setImmediate(() => controller.abort(new Error("cancelled")));
		await cancelled;
		await call(quick, { diff: "nonsense" });
	}
	expect(calls).toBe(500);
	expect(made).toBeGreaterThan(200);
	expect(await snapshot(own.root)).toEqual(before);
	expect(await readdir(join(own.stateFolder, "scratch"))).toEqual([]);
}, 120_000);
