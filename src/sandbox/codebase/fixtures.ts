// Reads the files of the story's commits from fixtures/.

import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const fixtures = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** A file that a commit adds or rewrites. */
export interface CommittedFile {
	/** Below the work tree, with slashes. */
	readonly path: string;
	readonly content: Buffer;
}

/** @param commit its folder's name under fixtures/ */
export async function filesOf(commit: string): Promise<readonly CommittedFile[]> {
	const source = join(fixtures, commit);
	const entries = await readdir(source, { recursive: true, withFileTypes: true });
	return Promise.all(
		entries
			.filter((entry) => entry.isFile())
			.map(async ({ parentPath, name }) => ({
				path: posix.join(relative(source, parentPath).replaceAll("\\", "/"), realName(name)),
				content: await readFile(join(parentPath, name)),
			})),
	);
}

/** `_.gitignore` stands for `.gitignore`, which npm excludes from packages; mcpb excludes `tsconfig.json` from bundles. */
function realName(name: string): string {
	return name.replace(/^_/, "");
}
