// The files of the story's commits: they lie under fixtures/ as they are, and the build copies them beside the bundle.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));

/**
 * Lays a commit's files over what is there, byte for byte.
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
		// Not copied as a file: an installation may be read-only, and a later commit writes over this one's files.
		await writeFile(target, await readFile(join(entry.parentPath, entry.name)));
	}
}

/** `_.gitignore` is `.gitignore`, which npm leaves out of a package; mcpb leaves `tsconfig.json` out of a bundle too. */
function realName(name: string): string {
	return name.replace(/^_/, "");
}
