import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashSources, isFresh, writeStamp } from "../../scripts/stamp.ts";

let root: string;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), "stamp-"));
	for (const folder of ["src/room", "tools", "scripts", "dist"])
		await mkdir(join(root, folder), { recursive: true });
	for (const path of [
		"src/room/index.ts",
		"src/main.ts",
		"tools/index.ts",
		"scripts/build.ts",
		"scripts/page-script.ts",
		"scripts/stamp.ts",
		"scripts/view.ts",
		"scripts/demo.ts",
		"package.json",
		"package-lock.json",
	])
		await writeFile(join(root, path), `// ${path}\n`);
});
afterEach(() => rm(root, { recursive: true, force: true }));

test("a tree that was never built, or whose build was interrupted, is not fresh", async () => {
	expect(await isFresh(root)).toBe(false);
});

test("a built tree is fresh, and stays so where a file is touched that no build reads", async () => {
	await writeStamp(root, await hashSources(root));
	expect(await isFresh(root)).toBe(true);
	await appendFile(join(root, "scripts/demo.ts"), "other();\n");
	expect(await isFresh(root)).toBe(true);
});

test.each([
	["a source changes", () => appendFile(join(root, "src/room/index.ts"), "other();\n")],
	["a source is added", () => writeFile(join(root, "src/room/other.ts"), "")],
	["a source moves", () => rename(join(root, "src/main.ts"), join(root, "src/room/main.ts"))],
	["a tool goes", () => rm(join(root, "tools/index.ts"))],
	["the build itself changes", () => appendFile(join(root, "scripts/build.ts"), "other();\n")],
	["a package changes", () => appendFile(join(root, "package-lock.json"), " ")],
] as const)("%s: the tree is stale", async (_, change) => {
	await writeStamp(root, await hashSources(root));
	await change();
	expect(await isFresh(root)).toBe(false);
});
