// Resolves and reads the files that a patch names, and refuses those it must not touch.

import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
	type Git,
	GitFailed,
	openConfined,
	PathRefused,
	type RepositoryRoot,
	relativePath,
	unquoteGitName,
} from "../../system/index.ts";
import { PatchRefused } from "../failures/index.ts";
import { mayHoldSecrets, staysClosed } from "./flags.ts";
import { maxFileBytes } from "./text-file.ts";

/** A file that a patch may touch, as it is now. */
export interface Target {
	/** Below the root, with `/` between its parts. */
	readonly path: string;
	/** undefined: it does not exist yet. */
	readonly content: Buffer | undefined;
	readonly executable: boolean;
}

/** In bytes: the longest name that file systems support, and the longest path that fits below the folders with copies. */
const maxNameBytes = 255;
const maxPathBytes = 1024;

/**
 * The paths that a patch names, below the root: none twice, none hidden, and no link among the parent folders.
 *
 * @returns in the order in which they are named
 * @throws {PatchRefused} with the reason why one of them may not be touched
 */
export async function targetPaths(
	root: RepositoryRoot,
	named: readonly string[],
): Promise<readonly string[]> {
	const paths = named.map((path) => confine(root, path));
	const seen = new Set<string>();
	for (const path of paths) {
		if (seen.has(path)) throw new PatchRefused("same_file_twice", path);
		seen.add(path);
	}
	for (const path of paths) {
		if (staysClosed(path)) throw new PatchRefused("hidden", path);
		await refuseAncestors(root, path);
	}
	return paths;
}

/**
 * Reads the files that are there. `refuseIgnored` checks whether git ignores one of them.
 *
 * @param paths as `targetPaths` gives them
 * @returns in the order of the paths
 * @throws {PatchRefused} with the reason why one of them may not be touched
 */
export async function readTargets(
	root: RepositoryRoot,
	paths: readonly string[],
	signal: AbortSignal,
): Promise<readonly Target[]> {
	const targets: Target[] = [];
	for (const path of paths) {
		signal.throwIfAborted();
		targets.push(await readTarget(root, path));
	}
	return targets;
}

/** The current content of a file that was a target before; undefined if it is gone or no longer allowed. */
export async function readAgain(root: RepositoryRoot, path: string): Promise<Buffer | undefined> {
	try {
		await refuseAncestors(root, path);
		return (await readTarget(root, path)).content;
	} catch (error) {
		if (error instanceof PatchRefused) return undefined;
		throw error;
	}
}

async function readTarget(root: RepositoryRoot, path: string): Promise<Target> {
	const there = await lstat(join(root, path)).catch(() => undefined);
	if (there === undefined) return { path, content: undefined, executable: false };
	if (there.isSymbolicLink()) throw new PatchRefused("link", path);
	if (!there.isFile()) throw new PatchRefused("not_a_file", path);
	const file = await openConfined(root, path).catch((error: unknown) => {
		throw error instanceof PathRefused ? refusalOf(error, path) : error;
	});
	try {
		// A name that differs in letter case, or goes through a link, is another file to git.
		if (file.path !== path) throw new PatchRefused("link", path, file.path);
		if (file.size > maxFileBytes) throw new PatchRefused("file_too_large", path);
		const content = await file.handle.readFile();
		if (mayHoldSecrets(path, content)) throw new PatchRefused("hidden", path);
		return { path, content, executable: (file.mode & 0o111) !== 0 };
	} finally {
		await file.handle.close();
	}
}

function confine(root: RepositoryRoot, named: string): string {
	let path: string;
	try {
		path = relativePath(root, named);
	} catch (error) {
		throw error instanceof PathRefused ? refusalOf(error, named) : error;
	}
	if (path === "") throw new PatchRefused("not_a_file", named);
	const bytes = (text: string) => Buffer.byteLength(text, "utf8");
	if (bytes(path) > maxPathBytes || path.split("/").some((part) => bytes(part) > maxNameBytes)) {
		throw new PatchRefused("bad_path", path.slice(0, 100), "it is longer than file names can be");
	}
	return path;
}

function refusalOf({ problem }: PathRefused, path: string): PatchRefused {
	switch (problem) {
		case "outside":
		case "git_internal":
		case "unreadable":
			return new PatchRefused(problem, path);
		case "empty":
			return new PatchRefused("bad_path", path, "it is empty");
		case "malformed":
			return new PatchRefused("bad_path", path, "it holds a control character, a backslash or a drive");
		case "missing":
		case "not_a_file":
		case "not_a_folder":
			return new PatchRefused("not_a_file", path);
	}
}

/** Parent folders must be real folders and not repositories. Without a link among them, the path is inside the root. */
async function refuseAncestors(root: RepositoryRoot, path: string): Promise<void> {
	for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
		const there = await lstat(join(root, folder)).catch(() => undefined);
		if (there === undefined) continue;
		if (there.isSymbolicLink()) throw new PatchRefused("link", folder);
		if (!there.isDirectory()) throw new PatchRefused("not_a_file", folder);
		const own = await lstat(join(root, folder, ".git")).catch(() => undefined);
		if (own !== undefined) throw new PatchRefused("submodule", folder);
	}
}

/**
 * Refuses what git ignores, by the repository's rules and the user's own. A plain folder has no such rules, and git
 * never ignores tracked files (gitignore(5)).
 *
 * @throws {PatchRefused}
 */
export async function refuseIgnored(
	root: RepositoryRoot,
	tracked: ReadonlySet<string>,
	git: Git,
	all: readonly string[],
	signal: AbortSignal,
): Promise<void> {
	const paths = all.filter((path) => !tracked.has(path));
	if (paths.length === 0) return;
	const isRepository = await lstat(join(root, ".git")).catch(() => undefined);
	if (isRepository === undefined) return;
	const refuse = async (args: readonly string[]) => {
		const ignored = await git.run(args, { signal, accept: [1] });
		if (ignored.exitCode !== 0) return;
		const [first = ""] = ignored.stdout.toString("utf8").split("\n");
		throw new PatchRefused("ignored", (unquoteGitName(first) ?? first).replace(/^\.\//, ""));
	};
	try {
		// A path that begins with a colon would be an expression.
		const literal = paths.map((path) => `./${path}`);
		await refuse(["check-ignore", "--", ...literal]);
		// check-ignore treats a name such as [id].ts as a pattern, and counts it as tracked if any tracked file matches.
		const patterns = paths.filter((path) => /[*?[]/.test(path));
		if (patterns.length > 0)
			await refuse(["check-ignore", "--no-index", "--", ...patterns.map((path) => `./${path}`)]);
	} catch (error) {
		if (!(error instanceof GitFailed)) throw error;
		// If the submodule is not checked out, only git's index has it.
		const inside = /Pathspec '(.{1,1100})' is in submodule/.exec(error.stderr)?.[1];
		if (inside !== undefined) throw new PatchRefused("submodule", inside);
		throw error;
	}
}
