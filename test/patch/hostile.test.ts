import { execFileSync } from "node:child_process";
import { link, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PatchRequest } from "../../src/patch/read/request.ts";
import { Failure } from "../../src/text/failure.ts";
import { describeError } from "../../src/text/index.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository;
let outside: string;

beforeAll(async () => {
	repository = await makeRepository({
		"a.txt": "one\ntwo\n",
		"dir/b.txt": "b\n",
		"latin1.txt": Buffer.from([0x61, 0xe9, 0x0a]),
		"utf16.txt": Buffer.from("a\n", "utf16le"),
		"image.png": Buffer.from([0x89, 0x50, 0, 1, 2]),
		"large.txt": "x\n".repeat(1024 * 1024 + 1),
		"same.txt": "x\n".repeat(50_000),
		".gitignore": "ignored/\n*.log\n",
		".npmrc": "//host/:_authToken=abc\n",
		"tracked.pem": "key\n",
	});
	const base = join(repository.root, "..");
	outside = join(base, "outside");
	await mkdir(outside);
	await writeFile(join(outside, "target.txt"), "precious\n");
	const { root } = repository;
	await symlink(outside, join(root, "link-folder"));
	await symlink(join(outside, "target.txt"), join(root, "link-file"));
	await symlink("dir", join(root, "link-inside"));
	await symlink("nowhere", join(root, "link-dangling"));
	await symlink("loop", join(root, "loop"));
	await mkdir(join(root, "ignored"));
	await writeFile(join(root, "ignored", "x.txt"), "x\n");
	await writeFile(join(root, ".env"), "SECRET=1\n");
	await mkdir(join(root, "nested", ".git"), { recursive: true });
	execFileSync("mkfifo", [join(root, "pipe")]);
	// A gitlink that is not checked out: only the index knows of it.
	const head = repository.git("rev-parse", "HEAD").trim();
	repository.git("update-index", "--add", "--cacheinfo", `160000,${head},sub`);
	await mkdir(join(root, "sub"));
	await link(join(outside, "target.txt"), join(root, "hard-link.txt"));
});
afterAll(() => repository.remove());

const badPaths: readonly (readonly [string, RegExp])[] = [
	["../outside/target.txt", /out of the repository/],
	["dir/../../outside/target.txt", /out of the repository/],
	["/etc/passwd", /out of the repository/],
	["/", /out of the repository/],
	["..", /out of the repository/],
	[".", /not a regular file/],
	["", /is empty/],
	["   ", /is empty/],
	["dir", /not a regular file/],
	["a.txt/x", /not a regular file/],
	["pipe", /not a regular file/],
	["link-folder/target.txt", /is a link/],
	["link-folder/new.txt", /is a link/],
	["link-file", /is a link/],
	["link-inside/b.txt", /is a link/],
	["link-dangling", /is a link/],
	["loop", /is a link/],
	["loop/x", /is a link/],
	[".git/config", /git's own folder/],
	[".git/hooks/pre-commit", /git's own folder/],
	[".GIT/config", /git's own folder/],
	[".Git/hooks/post-checkout", /git's own folder/],
	["dir/.git/config", /git's own folder/],
	[".git", /git's own folder/],
	[".git./config", /git's own folder/],
	[".git /config", /git's own folder/],
	["git~1/config", /git's own folder/],
	[".g\u200cit/config", /git's own folder/],
	[".git\ufeff/config", /git's own folder/],
	[".git::$INDEX_ALLOCATION/config", /git's own folder/],
	["nested/x.txt", /repository inside this one/],
	["sub/x.txt", /repository inside this one/],
	["ignored/x.txt", /ignored by git/],
	["ignored/new.txt", /ignored by git/],
	["debug.log", /ignored by git/],
	[".env", /may hold secrets/],
	[".ENV", /may hold secrets/],
	[".env.production", /may hold secrets/],
	[".env-prod", /may hold secrets/],
	["dir/.env.local", /may hold secrets/],
	[".envrc", /may hold secrets/],
	[".ssh/config", /may hold secrets/],
	["id_rsa", /may hold secrets/],
	["tracked.pem", /may hold secrets/],
	[".npmrc", /may hold secrets/],
	["a\0b", /not a usable path/],
	["a\nb", /not a usable path/],
	["a\u001b[31m", /not a usable path/],
	["\ud800.txt", /not a usable path/],
	["..\\outside\\target.txt", /not a usable path/],
	["C:\\Windows\\x", /not a usable path/],
	["C:x", /not a usable path/],
	["x".repeat(300), /longer than file names/],
	[`${"d/".repeat(900)}x`, /longer than file names/],
	["x".repeat(5000), /not a usable path/],
];

const one = (path: string, content = "x\n"): Partial<PatchRequest> => ({ edits: [{ path, content }] });
const lines = (count: number, text: string) =>
	Array.from({ length: count }, (_, index) => `${text} ${index}\n`).join("");

const badRequests: readonly (readonly [string, Partial<PatchRequest>, RegExp])[] = [
	["neither edits nor a diff", {}, /exactly one/],
	["both", { ...one("n.txt"), diff: "x" }, /exactly one/],
	["no edits", { edits: [] }, /changes nothing/],
	[
		"a guess at what stands in an ignored file",
		{ edits: [{ path: "ignored/x.txt", old_text: "a guess", new_text: "y" }] },
		/ignored by git/,
	],
	["an ignored file as it stands", one("ignored/x.txt"), /ignored by git/],
	["nothing changed", one("a.txt", "one\ntwo\n"), /changes nothing/],
	[
		"an edit into itself",
		{ edits: [{ path: "a.txt", old_text: "one", new_text: "one" }] },
		/changes nothing/,
	],
	["no old text", { edits: [{ path: "a.txt", old_text: "", new_text: "x" }] }, /no lines of the file/],
	[
		"a file twice",
		{ edits: [...(one("n.txt").edits ?? []), ...(one("n.txt").edits ?? [])] },
		/named by two parts/,
	],
	[
		"the same file by two names",
		{
			edits: [
				{ path: "n", content: "x" },
				{ path: "./n", content: "y" },
			],
		},
		/two parts/,
	],
	[
		"a file as a folder",
		{
			edits: [
				{ path: "n", content: "x" },
				{ path: "n/m", content: "y" },
			],
		},
		/not a regular file/,
	],
	["a deletion of nothing", { edits: [{ path: "nope", delete: true }] }, /no such file/],
	["a deletion of a folder", { edits: [{ path: "dir", delete: true }] }, /not a regular file/],
	["a deletion of a link", { edits: [{ path: "link-file", delete: true }] }, /is a link/],
	["an edit of nothing", { edits: [{ path: "nope", old_text: "a", new_text: "b" }] }, /no such file/],
	["what Latin-1 does not have", one("latin1.txt", "日\n"), /not UTF-8, and its encoding has no/],
	["UTF-16 without a mark", one("utf16.txt"), /is binary/],
	["an image", { edits: [{ path: "image.png", delete: true }] }, /is binary/],
	["a large file", { edits: [{ path: "large.txt", old_text: "x", new_text: "y" }] }, /over 2 MiB/],
	["a large new file", one("new.txt", "x".repeat(2 * 1024 * 1024 + 1)), /over 2 MiB/],
	["zero characters", one("new.txt", "a\0b"), /is binary/],
	["half a character", one("new.txt", "a\ud800b"), /holds half a character/],
	[
		"51 files",
		{ edits: Array.from({ length: 51 }, (_, n) => ({ path: `n${n}`, content: "x\n" })) },
		/the limit is 50/,
	],
	["5,001 lines", one("new.txt", lines(5001, "x")), /the limit is 5000/],
	["an API key", one("new.ts", `const k = "sk_live_${"a1B2".repeat(8)}";\n`), /looks like a secret.*line 1/],
	["a private key", one("new.ts", "x\n-----BEGIN RSA PRIVATE KEY-----\n"), /looks like a secret.*line 2/],
	["a diff that climbs", { diff: "--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n" }, /out of the repository/],
	[
		"a diff with an absolute path",
		{ diff: "--- /dev/null\n+++ /etc/x\n@@ -0,0 +1 @@\n+x\n" },
		/out of the repository/,
	],
	[
		"a diff of git's configuration",
		{ diff: "--- a/.git/config\n+++ b/.git/config\n@@ -1 +1 @@\n-x\n+y\n" },
		/git's own/,
	],
	[
		"a quoted path that climbs",
		{ diff: '--- /dev/null\n+++ "b/\\056\\056/x"\n@@ -0,0 +1 @@\n+x\n' },
		/out of the repository/,
	],
	["a path quoted by half", { diff: '--- /dev/null\n+++ "b/x\n@@ -0,0 +1 @@\n+x\n' }, /quoted in a way/],
	[
		"a rename out of the repository",
		{ diff: "diff --git a/a.txt b/x\nrename from a.txt\nrename to ../x\n" },
		/out of the/,
	],
	[
		"a rename from outside",
		{ diff: "diff --git a/x b/y\nrename from ../outside/target.txt\nrename to y\n" },
		/out of the/,
	],
	["a copy of a secret", { diff: "diff --git a/.env b/y\ncopy from .env\ncopy to y\n" }, /may hold secrets/],
	["a copy through a link", { diff: "diff --git a/l b/y\ncopy from link-file\ncopy to y\n" }, /is a link/],
	["a million at signs", { diff: "@".repeat(1_000_000) }, /cannot be used/],
	["headers without end", { diff: "--- a\n+++ b\n".repeat(100_000) }, /cannot be used|the limit is 50/],
	[
		"hunks without end",
		{ diff: `--- a/a.txt\n+++ b/a.txt\n${"@@ -1 +1 @@\n".repeat(100_000)}` },
		/100000 hunks, and 5000 is the most/,
	],
	[
		"hunks without a place of their own",
		{ diff: `--- a/same.txt\n+++ b/same.txt\n${"@@ ... @@\n-x\n+y\n".repeat(2000)}` },
		/occur at 50000 places.*give the exact start line/,
	],
	[
		"lines without end",
		{ diff: `--- a/same.txt\n+++ b/same.txt\n${"@@ -1 +1 @@\n-x\n+y\n".repeat(2501)}` },
		/changes 5002 lines, and the limit is 5000/,
	],
	[
		"only a change of line endings",
		{ diff: "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+one\r\n" },
		/line endings stay/,
	],
	[
		"a submodule's commit",
		{
			diff: "diff --git a/m b/m\nindex 1..2 160000\n--- a/m\n+++ b/m\n@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n",
		},
		/repository inside this one/,
	],
	[
		"another target of a link",
		{ diff: "diff --git a/l b/l\nindex 1..2 120000\n--- a/l\n+++ b/l\n@@ -1 +1 @@\n-x\n+/etc/passwd\n" },
		/is a link/,
	],
	[
		"names swapped",
		{
			diff: "diff --git a/a.txt b/dir/b.txt\nrename from a.txt\nrename to dir/b.txt\ndiff --git a/dir/b.txt b/a.txt\nrename from dir/b.txt\nrename to a.txt\n",
		},
		/named by two parts/,
	],
	[
		"a diff of a merge",
		{ diff: "diff --cc a.txt\n--- a/a.txt\n+++ b/a.txt\n@@@ -1,1 -1,1 +1,1 @@@\n--one\n++1\n" },
		/diff of a merge/,
	],
	[
		"a zero byte in a quoted name",
		{ diff: '--- /dev/null\n+++ "b/a\\000b"\n@@ -0,0 +1 @@\n+x\n' },
		/not a usable path/,
	],
	[
		"spaces without end",
		{ diff: `--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-${" ".repeat(1_000_000)}x\n+y\n` },
		/not in the file/,
	],
];

async function refusalOf(request: Partial<PatchRequest>): Promise<string> {
	const whole = { title: "t", rationale: "r", ...request };
	const error = await repository.proposer.propose(whole, new AbortController().signal).then(
		() => new Error("it was not refused"),
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(Failure);
	return describeError(error) ?? "";
}

describe("refused, and told why", () => {
	test("the list is long enough", () => {
		expect(badPaths.length + badRequests.length).toBeGreaterThanOrEqual(60);
	});

	test.each(badPaths.map(([path, words]) => [JSON.stringify(path).slice(0, 60), path, words] as const))(
		"the path %s",
		async (_, path, words) => {
			const deletion = await refusalOf({ edits: [{ path, delete: true }] });
			for (const said of [await refusalOf(one(path)), deletion]) {
				expect(said).toMatch(words);
				expect(said.length).toBeLessThan(2000);
				expect(said).not.toMatch(/precious|SECRET=1|[\0\u001b\u200c\ufeff]/);
			}
		},
	);

	test.each(badRequests)("%s", async (_, request, words) => {
		const said = await refusalOf(request);
		expect(said).toMatch(words);
		expect(said.length).toBeLessThan(2000);
	});

	test("nothing outside the repository or in it has changed by all that", async () => {
		const { root } = repository;
		expect(await readdir(outside)).toEqual(["target.txt"]);
		expect(await readFile(join(outside, "target.txt"), "utf8")).toBe("precious\n");
		expect(await readFile(join(root, "a.txt"), "utf8")).toBe("one\ntwo\n");
		expect(await readdir(join(repository.stateFolder, "scratch")).catch(() => [])).toEqual([]);
	});

	test("odd names that are fine make a patch that git applies", async () => {
		const names = [
			":(top)x.txt",
			"sp ace.txt",
			'quo"te.txt',
			"tab-é-日本.txt",
			"-dash.txt",
			"*?[x].txt",
			"b/b/b.txt",
			"#hash",
			"!bang",
			"$(touch x)",
		];
		const edits = names.map((path) => ({ path, content: `${path}\n` }));
		const patch = await repository.edit(...edits);
		expect(patch.files.map(({ path }) => path)).toEqual(names);
		expect(patch.files.every(({ added }) => added === 1)).toBe(true);
		repository.git("apply", patch.file);
		for (const name of names) expect(await readFile(join(repository.root, name), "utf8")).toBe(`${name}\n`);
	});
});

test.each([
	[".github/workflows/ci.yml"],
	["package-lock.json"],
	["package.json"],
	[".husky/pre-commit"],
	[".gitattributes"],
	["sub-project/.npmrc"],
	[".mcp.json"],
	[".claude/settings.json"],
	[".vscode/tasks.json"],
	["CLAUDE.md"],
	["AGENTS.md"],
	["vitest.config.ts"],
	["tsconfig.json"],
	["Makefile"],
])("flagged and not refused: %s", async (path) => {
	const { files } = await repository.edit({ path, content: "x\n" });
	expect(files[0]?.flags.length).toBeGreaterThan(0);
});
