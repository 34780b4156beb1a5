// Finds the local repository's root.

import { realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type Explanation, Failure } from "../text/index.ts";

/** No repository is set, to search or to make patches for. */
export class RepositoryUnset extends Failure {
	readonly kind = "repository_unset";

	explain(): Explanation {
		return {
			problem:
				"No repository is set: the working directory is / or a home folder, which is searched only when named.",
			next: "Set PROD_DEBUGGER_REPO to the path of the code.",
			by: "user",
		};
	}
}

declare const repositoryRoot: unique symbol;
/** The absolute path of the local repository, all links resolved. */
export type RepositoryRoot = string & { readonly [repositoryRoot]: true };

/** Whether `path` is `folder` itself or below it. Both absolute and resolved. */
export function isInside(folder: string, path: string): boolean {
	const below = relative(folder, path);
	return below === "" || (below !== ".." && !below.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(below));
}

/**
 * The root of the git repository around `start`, or `start` itself without one.
 * `.git` may be a folder, or a file (a linked work tree, a submodule).
 */
export async function findRepositoryRoot(start: string): Promise<RepositoryRoot> {
	const from = await realpath(start);
	for (let folder = from; ; folder = dirname(folder)) {
		const git = await stat(join(folder, ".git")).catch(() => undefined);
		if (git !== undefined) return folder as RepositoryRoot;
		if (dirname(folder) === folder) return from as RepositoryRoot;
	}
}

/** Resolves a folder that the user named. @throws the file system's error if it does not exist */
export async function resolveRepositoryRoot(folder: string): Promise<RepositoryRoot> {
	return (await realpath(folder)) as RepositoryRoot;
}
