import { lstat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type RepositoryRoot, shellQuoted } from "../../system/index.ts";

/**
 * The command that applies a patch, but for the file's name. Below a repository's root git reads the patch's paths from
 * that root on, and passes over what is not there without a word; so the folder is told to it.
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
