import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git, Scratch } from "../../system/index.ts";
import { applyToCopies, layCopies, plain } from "./checked-diff.ts";

/** A file that a kept patch names, as it is now; undefined where it is gone or has become no file. */
export interface FileNow {
	readonly path: string;
	readonly content: Buffer | undefined;
}

/** Whether git takes a kept diff on the files as they are now: on copies, as when it was made. */
export async function stillApplies(
	diff: string,
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
