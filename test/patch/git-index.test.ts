import { afterEach, expect, test } from "vitest";
import { readIndex } from "../../src/patch/apply/git-index.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(() => repository?.remove());

async function indexOf({ root }: TestRepository) {
	return readIndex(await resolveRepositoryRoot(root));
}

/** Names of each length modulo eight, by which entries are padded; long ones, and other letters. */
const names = [
	...Array.from({ length: 20 }, (_, length) => `${"n".repeat(length + 1)}`),
	"a folder/with spaces.txt",
	"straße/日本.txt",
	`${"deep/".repeat(40)}x.txt`,
];

test("says of each path what git says", async () => {
	repository = await makeRepository(Object.fromEntries(names.map((name) => [name, "x\n"])));
	await repository.write({ untracked: "x\n", "n.txt": "x\n" });
	const tracked = new Set(repository.git("ls-files", "-z").split("\0").filter(Boolean));
	expect(tracked.size).toBe(names.length);
	const asked = [...names, "untracked", "n.txt", "deep", "deep/deep", "missing"];
	const index = await indexOf(repository);
	expect(index?.trackedAmong(asked)).toEqual(new Set(asked.filter((name) => tracked.has(name))));
});

test("and where entries are longer, since some have more flags", async () => {
	repository = await makeRepository(Object.fromEntries(names.map((name) => [name, "x\n"])));
	await repository.write({ "added later": "x\n", "not at all": "x\n" });
	repository.git("add", "--intent-to-add", "added later");
	const asked = [...names, "added later", "not at all"];
	const index = await indexOf(repository);
	expect(index?.trackedAmong(asked)).toEqual(new Set([...names, "added later"]));
});

test("a repository without an index tracks nothing", async () => {
	repository = await makeRepository({}, { init: false });
	repository.git("init", "-q");
	const index = await indexOf(repository);
	expect(index?.trackedAmong(["a.txt"])).toEqual(new Set());
});

test.each<readonly [string, readonly string[]]>([
	["shortens its names", ["update-index", "--index-version", "4"]],
	["is split", ["update-index", "--split-index"]],
])("git has to be asked where the index %s", async (_, command) => {
	repository = await makeRepository({ "a.txt": "x\n" });
	repository.git(...command);
	expect(await indexOf(repository)).toBeUndefined();
});

test.each<readonly [string, readonly (readonly string[])[]]>([
	["its index is read", []],
	["git is asked", [["update-index", "--index-version", "4"]]],
])("an ignored file whose name is a pattern that fits a tracked one is refused: %s", async (_, commands) => {
	repository = await makeRepository({ "a.log": "x\n", "pages/[id].ts": "export {};\n" });
	await repository.write({ ".gitignore": "*.log\n", "[ab].log": "secret\n", "[id].log": "secret\n" });
	repository.git("add", "--force", "a.log", ".gitignore");
	for (const command of commands) repository.git(...command);
	const edit = (path: string) => repository?.edit({ path, content: "y\n" });
	await expect(edit("[ab].log")).rejects.toMatchObject({ problem: "ignored" });
	await expect(edit("[id].log")).rejects.toMatchObject({ problem: "ignored" });
	expect((await edit("a.log"))?.files.map(({ path }) => path)).toEqual(["a.log"]);
	expect((await edit("pages/[id].ts"))?.files.map(({ path }) => path)).toEqual(["pages/[id].ts"]);
	expect((await edit("pages/[new].ts"))?.files.map(({ path }) => path)).toEqual(["pages/[new].ts"]);
});

test("git has to be asked where objects have other names, and in a plain folder", async () => {
	repository = await makeRepository({}, { init: false });
	expect(await indexOf(repository)).toBeUndefined();
	repository.git("init", "-q", "--object-format=sha256");
	await repository.write({ "a.txt": "x\n", "b.txt": "x\n" });
	repository.git("add", "-A");
	expect(await indexOf(repository)).toBeUndefined();
});
