// Limits a search to a path inside the repository that is neither ignored nor hidden.

import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import {
	type Git,
	isHiddenFile,
	PathRefused,
	ProgramMissing,
	type RepositoryRoot,
	relativePath,
	resolveConfined,
	unquoteGitName,
} from "../../system/index.ts";
import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";
import { listFiles } from "./list-files.ts";
import { nearestPath } from "./names.ts";
import { findNested } from "./nested.ts";
import { isInHeadAlone } from "./not-checked-out.ts";

/** git ignores the path, so it is not part of the code. */
export class PathIgnored extends Failure {
	readonly kind = "path_ignored";

	constructor(readonly path: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `path: ${quoteUntrusted(this.path)} is ignored by git, and ignored files are not searched.`,
			next: "Leave path out, or name another.",
		};
	}
}

/** The file is never shown: it may hold secrets, or it decides what a host runs. */
export class PathHidden extends Failure {
	readonly kind = "path_hidden";

	constructor(readonly path: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `path: ${quoteUntrusted(this.path)} may hold secrets or a host's configuration, so it is never shown.`,
			next: "Leave path out, or name another; a template such as .env.example can be searched.",
		};
	}
}

/** The path is not there. */
export class PathMissing extends Failure {
	readonly kind = "path_missing";

	/**
	 * @param near the path that was most likely meant
	 * @param isInHead a sparse checkout leaves it out of the work tree
	 */
	constructor(
		readonly path: string,
		readonly near: string | undefined,
		readonly isInHead = false,
	) {
		super();
	}

	explain(): Explanation {
		if (this.isInHead) {
			return {
				problem: `path: ${quoteUntrusted(this.path)} is in HEAD, and not checked out here (a sparse checkout).`,
				next: "Ask the user to add its folder with git sparse-checkout add; a query without path tells which such files hold it.",
			};
		}
		return {
			problem: `path: ${quoteUntrusted(this.path)} does not exist in the repository.`,
			next:
				this.near === undefined
					? "mode file finds files by a part of their name."
					: `The nearest is ${quoteUntrusted(this.near)}.`,
		};
	}
}

/** A path that a search may be narrowed to. */
export interface SearchScope {
	/** Where ripgrep starts, below the root; `""` is the root. */
	readonly start: string;
	/** It is all of the repository. */
	readonly isWhole: boolean;
	/** Whether a file is in the scope. */
	readonly holds: (file: string) => boolean;
}

/** A scope that a path names. */
export interface PathScope extends SearchScope {
	/** Below the root, through all links; `""` is the root. */
	readonly path: string;
	readonly isFile: boolean;
	/** git was asked whether it ignores the path. */
	readonly isJudged: boolean;
	/** The nested repository that it is in, which has rules and a history of its own. */
	readonly nested: string | undefined;
}

const everything = {
	path: "",
	start: "",
	isWhole: true,
	isFile: false,
	isJudged: true,
	nested: undefined,
	holds: () => true,
};

/**
 * Resolves a path to search in: through all links inside the repository, a folder or a regular file, not
 * ignored, not hidden. ripgrep searches an ignored folder if it is named explicitly; so git is asked
 * first, and without git the search starts at the root, where ripgrep skips ignored files itself.
 *
 * @param accepts which files may be named
 * @throws {PathRefused} {PathMissing} {PathIgnored} {PathHidden}
 */
export async function scopeOf(
	root: RepositoryRoot,
	git: Git,
	path: string | undefined,
	accepts: (file: string) => boolean,
	signal: AbortSignal,
): Promise<PathScope> {
	if (path === undefined) return everything;
	const real = await resolveConfined(root, path).catch(async (error: unknown) => {
		const isMissing = error instanceof PathRefused && error.problem === "missing";
		throw isMissing ? await missing(root, git, path, accepts, signal) : error;
	});
	const below = relative(root, real).split(sep).join("/");
	if (below === "") return everything;
	const kind = await stat(real);
	// A folder is hidden only if the files in it are.
	if (isHiddenFile(kind.isDirectory() ? `${below}/any` : below)) throw new PathHidden(path);
	if (!kind.isFile() && !kind.isDirectory()) throw new PathRefused(path, "not_a_file");
	const nested = findNested(root)(`${below}/any`);
	const ignored = nested === undefined ? await ignoredAmong(git, [below], signal) : new Set<string>();
	if (ignored?.has(below) === true) throw new PathIgnored(path);
	return {
		path: below,
		start: ignored === undefined ? "" : below,
		isWhole: false,
		isFile: kind.isFile(),
		isJudged: ignored !== undefined,
		nested,
		holds: (file) => file === below || file.startsWith(`${below}/`),
	};
}

async function missing(
	root: RepositoryRoot,
	git: Git,
	path: string,
	accepts: (file: string) => boolean,
	signal: AbortSignal,
): Promise<PathMissing> {
	const below = relativePath(root, path);
	if (!isHiddenFile(below) && (await isInHeadAlone(root, git, below, signal).catch(() => false))) {
		return new PathMissing(path, undefined, true);
	}
	const { files } = await listFiles({ root, accepts, signal });
	return new PathMissing(path, nearestPath(below, files));
}

/** Upper bound of files that are tracked though ignored. */
const maxTrackedIgnored = 500;

/** Files that git tracks although its rules ignore them (`git add -f`): they are part of the code. */
export async function trackedThoughIgnored(git: Git, signal: AbortSignal): Promise<readonly string[]> {
	const asked = await git
		.run(["ls-files", "-z", "-i", "-c", "--exclude-standard"], { signal, accept: [128, 129] })
		.catch((error: unknown) => {
			if (signal.aborted) throw error;
			return undefined;
		});
	if (asked?.exitCode !== 0) return [];
	return asked.stdout.toString("utf8").split("\0").filter(Boolean).slice(0, maxTrackedIgnored);
}

/**
 * The given paths that git ignores: by its rules, and not tracked all the same.
 *
 * @returns undefined without git or a repository
 */
export async function ignoredAmong(
	git: Git,
	paths: readonly string[],
	signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
	if (paths.length === 0) return new Set();
	try {
		// A path that begins with a colon would be an expression.
		const literal = paths.map((path) => `./${path}`);
		const ask = (options: readonly string[]) =>
			git.run(["check-ignore", ...options, "--", ...literal], { signal, accept: [1, 128] });
		const asked = await ask([]);
		// Of a path in a submodule git tells the rules alone.
		const { exitCode, stdout } = asked.exitCode === 128 ? await ask(["--no-index"]) : asked;
		if (exitCode === 128) return undefined;
		const names = stdout.toString("utf8").split("\n").filter(Boolean);
		return new Set(names.map((name) => (unquoteGitName(name) ?? name).replace(/^\.\//, "")));
	} catch (error) {
		if (error instanceof ProgramMissing) return undefined;
		throw error;
	}
}
