// The git command with which the user applies a patch.

import { lstat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type RepositoryRoot, shellQuoted } from "../../system/index.ts";

/**
 * The command without the patch's file name, for any working directory. Run below a repository's root, git takes the
 * patch's paths from that root, silently skips missing ones and reports success: so the command goes to the root, and names
 * the folder. What the user has set as `apply.whitespace` would change lines, or refuse them, that were proven as they are.
 */
export async function howToApply(root: RepositoryRoot): Promise<string> {
	for (let folder: string = root; ; folder = dirname(folder)) {
		const git = await lstat(join(folder, ".git")).catch(() => undefined);
		if (git !== undefined) {
			const below = relative(folder, root).split(sep).join("/");
			const inside = below === "" ? "" : ` --directory=${shellQuoted(below)}`;
			return `${applyIn(folder)}${inside}`;
		}
		if (dirname(folder) === folder) return applyIn(root);
	}
}

function applyIn(folder: string): string {
	return `git -C ${shellQuoted(folder)} apply --whitespace=nowarn`;
}
