import { lstat, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openConfined, PathRefused, relativePath } from "../system/confined-file.ts";
import type { Git } from "../system/git.ts";
import { isHiddenFile } from "../system/hidden-files.ts";
import { isInside, type RepositoryRoot } from "../system/repository.ts";
import { PatchRefused } from "./errors.ts";

/** A file that a patch may touch, as it is now. */
export interface Target {
	/** Below the root, with `/` between its parts. */
	readonly path: string;
	/** undefined: not there yet. */
	readonly content: Buffer | undefined;
	readonly executable: boolean;
}

const maxBytes = 2 * 1024 * 1024;

/**
 * Looks at a path that a patch names, and reads the file where there is one.
 *
 * @throws {PatchRefused} with the reason why it may not be touched
 */
export async function readTarget(
	root: RepositoryRoot,
	git: Git,
	named: string,
	signal: AbortSignal,
): Promise<Target> {
	const path = confine(root, named);
	if (isHiddenFile(path)) throw new PatchRefused("hidden", path);
	await refuseAncestors(root, path);
	const ignored = await git.run(["check-ignore", "--quiet", "--", path], { signal, accept: [1, 128] });
	if (ignored.exitCode === 0) throw new PatchRefused("ignored", path);
	const there = await lstat(join(root, path)).catch(() => undefined);
	if (there === undefined) return { path, content: undefined, executable: false };
	if (there.isSymbolicLink()) throw new PatchRefused("link", path);
	if (!there.isFile()) throw new PatchRefused("not_a_file", path);
	const file = await openConfined(root, path);
	try {
		// A name in another letter case, or one through a link, is another file to git.
		if (file.path !== path) throw new PatchRefused("link", path, file.path);
		if (file.size > maxBytes) throw new PatchRefused("file_too_large", path);
		return { path, content: await file.handle.readFile(), executable: (file.mode & 0o111) !== 0 };
	} finally {
		await file.handle.close();
	}
}

function confine(root: RepositoryRoot, named: string): string {
	try {
		const path = relativePath(root, named);
		if (path === "") throw new PatchRefused("not_a_file", named);
		return path;
	} catch (error) {
		if (!(error instanceof PathRefused)) throw error;
		if (error.problem === "outside") throw new PatchRefused("outside", named);
		if (error.problem === "git_internal") throw new PatchRefused("git_internal", named);
		throw error;
	}
}

/** Every folder on the way: inside the repository, no link, no repository of its own. */
async function refuseAncestors(root: RepositoryRoot, path: string): Promise<void> {
	for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
		const absolute = join(root, folder);
		const there = await lstat(absolute).catch(() => undefined);
		if (there === undefined) continue;
		if (there.isSymbolicLink()) throw new PatchRefused("link", folder);
		if (!there.isDirectory()) throw new PatchRefused("not_a_file", folder);
		const real = await realpath(absolute);
		if (!isInside(root, real)) throw new PatchRefused("outside", path);
		const own = await lstat(join(absolute, ".git")).catch(() => undefined);
		if (own !== undefined) throw new PatchRefused("submodule", folder);
	}
}
