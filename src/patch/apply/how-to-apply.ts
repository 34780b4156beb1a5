// The git command with which the user applies a patch.

import { lstat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type RepositoryRoot, shellQuoted } from "../../system/index.ts";

/**
 * The command without the patch's file name. Below a repository's root, git resolves the patch's paths from that root
 * and silently skips missing ones; so the command names the folder.
 */
export async function howToApply(root: RepositoryRoot): Promise<string> {
	for (let folder: string = root; ; folder = dirname(folder)) {
		const git = await lstat(join(folder, ".git")).catch(() => undefined);
		if (git !== undefined) {
			const below = relative(folder, root).split(sep).join("/");
			return below === "" ? "git apply" : `git apply --directory=${shellQuoted(below)}`;
		}
		if (dirname(folder) === folder) return "git apply";
	}
}
