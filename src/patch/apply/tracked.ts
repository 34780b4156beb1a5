// Which files git tracks.

import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Git, RepositoryRoot } from "../../system/index.ts";

/**
 * Those of some paths that git tracks; none in a plain folder.
 *
 * @throws {GitFailed}
 */
export async function trackedAmong(
	root: RepositoryRoot,
	git: Git,
	paths: readonly string[],
	signal: AbortSignal,
): Promise<ReadonlySet<string>> {
	const isRepository = await lstat(join(root, ".git")).catch(() => undefined);
	if (isRepository === undefined) return new Set();
	const { stdout } = await git.run(["ls-files", "-z", "--", ...paths], { signal });
	const tracked = new Set(stdout.toString("utf8").split("\0"));
	return new Set(paths.filter((path) => tracked.has(path)));
}

/** Whether git was asked to leave a tracked file out of the work tree (a sparse checkout). */
export async function isLeftOut(git: Git, path: string, signal: AbortSignal): Promise<boolean> {
	const { stdout } = await git.run(["ls-files", "-t", "-z", "--", path], { signal });
	return stdout.toString("utf8").startsWith("S ");
}
