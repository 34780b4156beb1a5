// Opens files by untrusted paths, inside the repository only.

import { constants } from "node:fs";
import { type FileHandle, lstat, open, readlink, realpath } from "node:fs/promises";
import { posix, relative, resolve, sep, win32 } from "node:path";
import { type Explanation, Failure, quoteUntrusted } from "../text/index.ts";
import { isInside, type RepositoryRoot } from "./repository.ts";

/** For each problem: what is wrong, and what to do. */
const problems = {
	empty: ["is empty", "Give a path inside the repository, such as src."],
	malformed: [
		"is not a valid path in a repository",
		"Give one with / between its parts and without control characters.",
	],
	outside: ["leads out of the repository", "Give one inside it, relative to its root."],
	git_internal: ["leads into git's own folder, which is neither read nor changed", ""],
	missing: ["does not exist in the repository", "search_codebase finds the files that exist."],
	not_a_file: ["is not a regular file", ""],
	not_a_folder: ["is not a folder", ""],
	unreadable: ["cannot be read: its permissions forbid it", ""],
} as const;

/** Why a path is not opened. */
export type PathProblem = keyof typeof problems;

/** A path that is refused. */
export class PathRefused extends Failure {
	readonly kind = "path_refused";

	constructor(
		readonly path: string,
		readonly problem: PathProblem,
	) {
		super();
	}

	explain(): Explanation {
		const [problem, next] = problems[this.problem];
		return { problem: `The path ${quoteUntrusted(this.path)} ${problem}.`, next };
	}
}

/** An open regular file inside the repository. The caller closes `handle`. */
export interface ConfinedFile {
	readonly handle: FileHandle;
	/** Below the root, with `/` between the parts, all links resolved. */
	readonly path: string;
	readonly size: number;
	readonly mode: number;
}

/**
 * A path's parts that lead into git's own folder: `.git` in any letter case, with the trailing dots and
 * spaces that Windows drops, its short name there, and the code points that macOS leaves out of names.
 */
export function isGitInternal(path: string): boolean {
	return path.split(/[/\\]/).some((part) => {
		const bare = part.replace(/[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "").replace(/[. ]+$/, "");
		return /^(\.git|git~\d+)$/i.test(bare) || /^\.git(:|\s*$)/i.test(bare);
	});
}

/**
 * Checks a path's text and makes it relative to the root, without file system access. An absolute path is accepted if
 * it is inside the root.
 *
 * @throws {PathRefused}
 */
export function relativePath(
	root: RepositoryRoot,
	path: string,
	platform: NodeJS.Platform = process.platform,
): string {
	if (path.trim() === "") throw new PathRefused(path, "empty");
	if (/[\0-\x1f\x7f]/.test(path) || !path.isWellFormed() || path.length > 4096) {
		throw new PathRefused(path, "malformed");
	}
	if (platform === "win32" ? meansAnother(path) : path.includes("\\") || /^[A-Za-z]:/.test(path))
		throw new PathRefused(path, "malformed");
	const form = platform === "win32" ? win32 : posix;
	const absolute = form.isAbsolute(path) ? form.resolve(path) : form.resolve(root, path);
	if (!isInside(root, absolute, form)) throw new PathRefused(path, "outside");
	const way = form.relative(root, absolute).split(form.sep).join("/");
	if (isGitInternal(way)) throw new PathRefused(path, "git_internal");
	return way;
}

/** What Windows itself adds behind such a name, with and without an extension. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/**
 * Names by which Windows opens another file than the one that is spelled: a stream (`a.ts:x`), a device (`nul`), a short
 * name (`ENV~1`), and dots and spaces at the end, which it leaves out (`.env.`). A drive alone (`C:a`) is one too.
 */
function meansAnother(path: string): boolean {
	const parts = path.replace(/^[A-Za-z]:[\\/]/, "").split(/[\\/]/);
	return parts.some(
		(part) =>
			/[:*?"<>|]/.test(part) ||
			devices.test(part) ||
			/~\d/.test(part) ||
			(/[. ]$/.test(part) && part !== "." && part !== ".."),
	);
}

/**
 * Resolves a path inside the repository through all its links.
 *
 * @returns the absolute real path; `""` names the root itself
 * @throws {PathRefused}
 */
export async function resolveConfined(root: RepositoryRoot, path: string): Promise<string> {
	const way = relativePath(root, path);
	let real: string;
	try {
		real = await realpath(resolve(root, way));
	} catch {
		throw new PathRefused(path, "missing");
	}
	if (!isInside(root, real)) throw new PathRefused(path, "outside");
	if (isGitInternal(relative(root, real))) throw new PathRefused(path, "git_internal");
	return real;
}

/**
 * Opens a file inside the repository: the only way to open an untrusted path.
 *
 * The file is checked after opening: it is a regular file, and its real path is inside the root. So a name that is
 * replaced by a link between check and opening gains nothing, and a pipe or device does not block.
 *
 * @throws {PathRefused}
 */
export async function openConfined(root: RepositoryRoot, path: string): Promise<ConfinedFile> {
	const real = await resolveConfined(root, path);
	let handle: FileHandle;
	try {
		// Absent on Windows, where neither exists.
		const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
		handle = await open(real, flags);
	} catch {
		const kind = await lstat(real).catch(() => undefined);
		throw new PathRefused(path, kind === undefined ? "missing" : kind.isFile() ? "unreadable" : "not_a_file");
	}
	try {
		const opened = await handle.stat();
		if (!opened.isFile()) throw new PathRefused(path, "not_a_file");
		const place = await placeOf(handle, real, opened);
		if (place === undefined || !isInside(root, place)) throw new PathRefused(path, "outside");
		const way = relative(root, place).split(sep).join("/");
		if (isGitInternal(way)) throw new PathRefused(path, "git_internal");
		return { handle, path: way, size: opened.size, mode: opened.mode };
	} catch (error) {
		await handle.close();
		throw error;
	}
}

/** An open file's real path: from the kernel on Linux; elsewhere the name must still lead to the same file. */
async function placeOf(
	handle: FileHandle,
	expected: string,
	opened: { dev: number; ino: number },
): Promise<string | undefined> {
	if (process.platform === "linux") {
		return readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
	}
	const real = await realpath(expected).catch(() => undefined);
	if (real === undefined) return undefined;
	const there = await lstat(real);
	return there.dev === opened.dev && there.ino === opened.ino ? real : undefined;
}
