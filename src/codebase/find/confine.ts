import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import {
	type Git,
	isHiddenFile,
	PathRefused,
	ProgramMissing,
	type RepositoryRoot,
	resolveConfined,
	unquoteGitName,
} from "../../system/index.ts";
import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

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

/** The file is never shown: it may hold secrets, or it tells a host what to run. */
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

/** A path that a search may be narrowed to. */
export interface SearchScope {
	/** Where ripgrep begins, below the root; `""` is the root. */
	readonly start: string;
	/** It is all of the repository. */
	readonly isWhole: boolean;
	/** Whether a file that was found stands in the scope. */
	readonly holds: (file: string) => boolean;
}

const everything: SearchScope = { start: "", isWhole: true, holds: () => true };

/**
 * Resolves a path to search in: through all links inside the repository, a folder or a regular file, not
 * ignored, not hidden. ripgrep searches an ignored folder when it is named; so git is asked first, and
 * where there is no git the search begins at the root, where ripgrep itself leaves ignored files out.
 *
 * @throws {PathRefused} {PathIgnored} {PathHidden}
 */
export async function scopeOf(
	root: RepositoryRoot,
	git: Git,
	path: string | undefined,
	signal: AbortSignal,
): Promise<SearchScope> {
	if (path === undefined) return everything;
	const real = await resolveConfined(root, path);
	const way = relative(root, real).split(sep).join("/");
	if (way === "") return everything;
	const kind = await stat(real);
	// A folder's name hides nothing but what stands in a host's own folder.
	if (isHiddenFile(kind.isDirectory() ? `${way}/any` : way)) throw new PathHidden(path);
	if (!kind.isFile() && !kind.isDirectory()) throw new PathRefused(path, "not_a_file");
	const ignored = await ignoredAmong(git, [way], signal);
	if (ignored?.has(way) === true) throw new PathIgnored(path);
	const holds = (file: string) => file === way || file.startsWith(`${way}/`);
	return { start: ignored === undefined ? "" : way, isWhole: false, holds };
}

/**
 * Which of some paths git ignores, by its own rules and whether or not it tracks them.
 *
 * @returns undefined when git cannot tell: there is no repository
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
		const { exitCode, stdout } = await git.run(["check-ignore", "--no-index", "--", ...literal], {
			signal,
			accept: [1, 128],
		});
		if (exitCode === 128) return undefined;
		const names = stdout.toString("utf8").split("\n").filter(Boolean);
		return new Set(names.map((name) => (unquoteGitName(name) ?? name).replace(/^\.\//, "")));
	} catch (error) {
		if (error instanceof ProgramMissing) return undefined;
		throw error;
	}
}
