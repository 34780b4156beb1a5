import { realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type Explanation, Failure } from "../text/index.ts";

/** There is no repository to search or to make patches for. */
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

/** Whether `path` is `folder` itself or stands below it. Both absolute and resolved. */
export function isInside(folder: string, path: string): boolean {
	const way = relative(folder, path);
	return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(way));
}

/**
 * The root of the git repository that `start` stands in, or `start` itself where there is none.
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

/** A folder that the user named, resolved. @throws what the file system says when it is not there */
export async function resolveRepositoryRoot(folder: string): Promise<RepositoryRoot> {
	return (await realpath(folder)) as RepositoryRoot;
}
