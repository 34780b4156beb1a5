import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

test("a patch of edits, new and deleted files is one that the user's git applies", async () => {
	repository = await makeRepository({ "a.ts": "one\ntwo\nthree\n", "old.txt": "gone\n" });
	const patch = await repository.edit(
		{ path: "a.ts", old_text: "two", new_text: "2" },
		{ path: "b/c.ts", content: "x\n" },
		{ path: "old.txt", delete: true },
	);
	expect(patch.files.map(({ path, change }) => `${path} ${change}`)).toEqual([
		"a.ts changed",
		"b/c.ts new",
		"old.txt deleted",
	]);
	expect(await readFile(join(repository.root, "a.ts"), "utf8")).toBe("one\ntwo\nthree\n");
	repository.git("apply", patch.file);
	expect(await readFile(join(repository.root, "a.ts"), "utf8")).toBe("one\n2\nthree\n");
	expect(await readFile(join(repository.root, "b/c.ts"), "utf8")).toBe("x\n");
	expect(repository.git("status", "--porcelain").split("\n").filter(Boolean)).toEqual([
		" M a.ts",
		" D old.txt",
		"?? b/",
	]);
});
