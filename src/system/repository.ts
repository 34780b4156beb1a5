// Finds the local repository's root.

import { realpath, stat } from "node:fs/promises";
import machine, { dirname, join } from "node:path";
import { type Explanation, Failure } from "../text/index.ts";

/** There is no repository to search or to make patches for. */
export class RepositoryUnset extends Failure {
	readonly kind = "repository_unset";

	/** @param why in words, without the full stop */
	constructor(readonly why = "the working directory is in no git repository") {
		super();
	}

	explain(): Explanation {
		return {
			problem: `No repository is set: ${this.why}.`,
			next: "Set PROD_DEBUGGER_REPO to the path of the code.",
			by: "user",
		};
	}
}

/** There are several repositories, and the call does not say which is meant. */
export class RepositoryUnchosen extends Failure {
	readonly kind = "repository_unchosen";

	/** @param names plain ones */
	constructor(readonly names: readonly string[]) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `repo: there are several repositories (${this.names.join(", ")}), and it is not said which is meant.`,
			next: `Give repo, such as ${this.names[0]}.`,
		};
	}
}

/** A setting cannot be used, and what was asked for needs it. */
export class SettingUnusable extends Failure {
	readonly kind = "setting_unusable";

	/** @param sentence what is wrong with it, and what it takes */
	constructor(readonly sentence: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: this.sentence,
			next: "Correct it in this server's configuration, and restart it.",
			by: "user",
		};
	}
}

declare const repositoryRoot: unique symbol;
/** The absolute path of the local repository, all links resolved. */
export type RepositoryRoot = string & { readonly [repositoryRoot]: true };

/** Whether `path` is `folder` itself or below it. Both absolute and resolved. */
export function isInside(folder: string, path: string, { relative, sep, isAbsolute } = machine): boolean {
	const below = relative(folder, path);
	// On Windows another drive and a share have no way from the folder: then it is the whole path.
	return below === "" || (below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below));
}

/** The root of the git repository around `start`. `.git` may be a folder, or a file (a linked work tree, a submodule). */
export async function findGitRoot(start: string): Promise<RepositoryRoot | undefined> {
	for (let folder = await realpath(start); ; folder = dirname(folder)) {
		const git = await stat(join(folder, ".git")).catch(() => undefined);
		if (git !== undefined) return folder as RepositoryRoot;
		if (dirname(folder) === folder) return undefined;
	}
}

/** The root of the git repository around `start`, or `start` itself without one. */
export async function findRepositoryRoot(start: string): Promise<RepositoryRoot> {
	return (await findGitRoot(start)) ?? ((await realpath(start)) as RepositoryRoot);
}

/** Resolves a folder that the user named. @throws the file system's error if it does not exist */
export async function resolveRepositoryRoot(folder: string): Promise<RepositoryRoot> {
	return (await realpath(folder)) as RepositoryRoot;
}
