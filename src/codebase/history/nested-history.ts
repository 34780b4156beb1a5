// git for a path that a repository inside the repository may hold.

import { join } from "node:path";
import { createGit, type Git, type RepositoryRoot, resolveRepositoryRoot } from "../../system/index.ts";

/** @param nested where that repository is, below the root */
export async function historyOf(
	git: Git,
	root: RepositoryRoot,
	nested: string | undefined,
): Promise<{ readonly own: Git; readonly prefix: string }> {
	if (nested === undefined) return { own: git, prefix: "" };
	return { own: createGit(await resolveRepositoryRoot(join(root, nested))), prefix: `${nested}/` };
}
