// Copies the files of the story's commits from fixtures/ into a work tree.

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));

/**
 * Overwrites existing files, byte for byte.
 *
 * @param commit its folder's name under fixtures/
 * @param into the work tree
 */
export async function layOut(commit: string, into: string): Promise<void> {
	const source = join(fixtures, commit);
	for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const target = join(into, relative(source, entry.parentPath), realName(entry.name));
		await mkdir(dirname(target), { recursive: true });
		// Written, not copied: files of a read-only installation would be read-only, and later commits overwrite them.
		await writeFile(target, await readFile(join(entry.parentPath, entry.name)));
	}
}

/** `_.gitignore` stands for `.gitignore`, which npm excludes from packages; mcpb excludes `tsconfig.json` from bundles. */
function realName(name: string): string {
	return name.replace(/^_/, "");
}
