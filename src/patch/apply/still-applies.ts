// Checks whether a kept patch still applies to the files as they are now.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git, Scratch } from "../../system/index.ts";
import { applyToCopies, layCopies, plain } from "./checked-diff.ts";

/** A file that a kept patch names, as it is now; undefined if it is gone or not a regular file. */
export interface FileNow {
	readonly path: string;
	readonly content: Buffer | undefined;
}

/** Applies the diff to copies, as when it was made. */
export async function stillApplies(
	diff: Buffer,
	files: readonly FileNow[],
	{ git, scratch, signal }: { readonly git: Git; readonly scratch: Scratch; readonly signal: AbortSignal },
): Promise<boolean> {
	return scratch.with(async (folder) => {
		const changes = files.map(({ path, content }) => ({
			path,
			before: content,
			after: undefined,
			executable: false,
		}));
		const copies = await layCopies(folder, changes);
		await writeFile(join(folder, "patch.diff"), diff);
		return (await applyToCopies(copies, "tree", plain, git, signal)).problem === undefined;
	});
}
