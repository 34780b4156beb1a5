// Detects whether dist/ is up to date: a hash of all inputs of a build, kept beside its output.

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The inputs of a build; the lock file represents the packages. */
const folders = ["src", "tools"] as const;
const files = [
	"scripts/build.ts",
	"scripts/page-script.ts",
	"scripts/stamp.ts",
	"scripts/view.ts",
	"package.json",
	"package-lock.json",
] as const;

/** package.json excludes it from the package. */
export const stampName = ".built-from";

/** @param root the project's folder */
export async function hashSources(root: string): Promise<string> {
	// V8 accepts compiled code only from the same version.
	const hash = createHash("sha256").update(process.version);
	const inside = await Promise.all(
		folders.map(async (folder) => {
			const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
			return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
		}),
	);
	for (const path of [...inside.flat().sort(), ...files.map((file) => join(root, file))]) {
		const text = await readFile(path);
		hash.update(`\0${path.slice(root.length)}\0${text.length}\0`).update(text);
	}
	return hash.digest("hex");
}

/** The last step of a build, so that an interrupted build does not count. */
export async function writeStamp(root: string, hash: string): Promise<void> {
	await writeFile(join(root, "dist", stampName), `${hash}\n`);
}

export async function isFresh(root: string): Promise<boolean> {
	const built = await readFile(join(root, "dist", stampName), "utf8").catch(() => "");
	return built.trim() === (await hashSources(root));
}
