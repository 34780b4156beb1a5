// Opens the private folder for the server's state, and reads and writes its files.

import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import {
	access,
	chmod,
	constants,
	copyFile,
	link,
	lstat,
	mkdir,
	mkdtemp,
	open,
	readdir,
	realpath,
	rename,
	rm,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Explanation, Failure, quoteUntrusted } from "../text/index.ts";
import { isInside, type RepositoryRoot } from "./repository.ts";

const problems = {
	inside_repository: "is inside the repository, which is never written to",
	link: "is a link, which is not followed",
	not_a_folder: "is not a folder",
	not_ours: "belongs to another user, who could change its content",
	unwritable: "cannot be written",
	unreadable: "holds a file that cannot be read",
};

/** Why the state folder cannot be used. */
export type StateFolderProblem = keyof typeof problems;

/** The state folder cannot be used. */
export class StateFolderUnusable extends Failure {
	readonly kind = "state_folder_unusable";

	constructor(
		readonly folder: string,
		readonly problem: StateFolderProblem,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `The folder in which the server keeps its state, ${quoteUntrusted(this.folder)}, ${problems[this.problem]}.`,
			next: "Set PROD_DEBUGGER_STATE_DIR to another folder, outside the repository.",
			by: "user",
		};
	}
}

/**
 * Opens a folder below the state folder, and creates missing folders: private to the user (0700), never through a link,
 * never inside the repository.
 *
 * @returns the absolute path, links above the state folder resolved
 * @throws {StateFolderUnusable}
 */
export async function openStateFolder(
	stateFolder: string,
	name: string,
	root: RepositoryRoot | undefined,
): Promise<string> {
	const base = resolve(stateFolder);
	if (root !== undefined && isInside(root, await realOf(base)))
		throw new StateFolderUnusable(base, "inside_repository");
	await mkdir(dirname(base), { recursive: true }).catch(() => {
		throw new StateFolderUnusable(base, "unwritable");
	});
	const real = join(await realpath(dirname(base)), base.slice(dirname(base).length).replace(/^[/\\]/, ""));
	if (root !== undefined && isInside(root, real)) throw new StateFolderUnusable(base, "inside_repository");
	await ownFolder(real);
	const folder = join(real, name);
	await ownFolder(folder);
	return folder;
}

/** Whether the state folder lies in one of the folders, through all links. */
export async function isStateInside(stateFolder: string, roots: readonly RepositoryRoot[]): Promise<boolean> {
	const real = await realOf(resolve(stateFolder));
	return roots.some((root) => isInside(root, real));
}

/** Where the server's state is kept. */
export interface StatePlace {
	readonly folder: string;
	/** Why it is kept for the life of this process alone; undefined where it lasts. */
	readonly notLasting: string | undefined;
}

/**
 * The state folder, or a temporary one where it cannot be written: a read-only or absent home must not cost a patch.
 *
 * @throws {StateFolderUnusable} for every other reason
 */
export async function placeOfState(
	stateFolder: string,
	name: string,
	root: RepositoryRoot,
): Promise<StatePlace> {
	try {
		await access(await openStateFolder(stateFolder, name, root), constants.W_OK);
		return { folder: stateFolder, notLasting: undefined };
	} catch (error) {
		if (error instanceof StateFolderUnusable && error.problem !== "unwritable") throw error;
		const folder = await mkdtemp(join(tmpdir(), "prod-debugger-mcp-")).catch(() => {
			throw new StateFolderUnusable(stateFolder, "unwritable");
		});
		process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
		const shown = quoteUntrusted(stateFolder, 200);
		return { folder, notLasting: `kept until this server ends, since the folder ${shown} cannot be written` };
	}
}

/**
 * Like `openStateFolder`, but creates nothing: undefined if the folder does not exist.
 *
 * @throws {StateFolderUnusable} if it must not be used
 */
export async function findStateFolder(
	stateFolder: string,
	name: string,
	root: RepositoryRoot | undefined,
): Promise<string | undefined> {
	const there = await lstat(join(resolve(stateFolder), name)).catch(() => undefined);
	return there === undefined ? undefined : openStateFolder(stateFolder, name, root);
}

/** Resolves the existing part of a path. */
async function realOf(path: string): Promise<string> {
	const real = await realpath(path).catch(() => undefined);
	if (real !== undefined) return real;
	return dirname(path) === path ? path : join(await realOf(dirname(path)), path.slice(dirname(path).length));
}

async function ownFolder(folder: string): Promise<void> {
	await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "EEXIST") throw new StateFolderUnusable(folder, "unwritable");
	});
	const there = await lstat(folder);
	if (there.isSymbolicLink()) throw new StateFolderUnusable(folder, "link");
	if (!there.isDirectory()) throw new StateFolderUnusable(folder, "not_a_folder");
	// On Windows folders below the user's own belong to the user.
	if (process.getuid !== undefined) {
		if (!isOurs(there)) throw new StateFolderUnusable(folder, "not_ours");
		if ((there.mode & 0o777) === 0o700) return;
		await chmod(folder, 0o700).catch(() => {
			throw new StateFolderUnusable(folder, "unwritable");
		});
	}
}

/** Writes a file that only the user can read, completely or not at all; an existing link is replaced, not followed. */
export async function writePrivate(folder: string, name: string, text: string | Buffer): Promise<string> {
	await withDraft(folder, name, text, (draft) => rename(draft, join(folder, name)));
	return join(folder, name);
}

/**
 * The same for a name that must be new: of several processes one alone succeeds.
 *
 * @returns false where the name exists
 * @throws {StateFolderUnusable}
 */
export async function createPrivate(folder: string, name: string, text: string | Buffer): Promise<boolean> {
	let isNew = true;
	await withDraft(folder, name, text, async (draft) => {
		try {
			await linkOrCopy(draft, join(folder, name));
		} catch (error) {
			if (codeOf(error) !== "EEXIST") throw error;
			isNew = false;
		} finally {
			await rm(draft, { force: true });
		}
	});
	return isNew;
}

async function withDraft(
	folder: string,
	name: string,
	text: string | Buffer,
	place: (draft: string) => Promise<void>,
): Promise<void> {
	const draft = join(folder, `.${name}.${randomBytes(6).toString("hex")}`);
	try {
		const handle = await open(draft, "wx", 0o600);
		try {
			await handle.writeFile(text);
		} finally {
			await handle.close();
		}
		await place(draft);
	} catch {
		await rm(draft, { force: true }).catch(() => {});
		throw new StateFolderUnusable(folder, "unwritable");
	}
}

/** Some file systems have no hard links. A copy may be seen half-written; whoever reads it takes the version before. */
async function linkOrCopy(from: string, to: string): Promise<void> {
	try {
		await link(from, to);
	} catch (error) {
		if (codeOf(error) === "EEXIST") throw error;
		await copyFile(from, to, constants.COPYFILE_EXCL);
	}
}

function codeOf(error: unknown): unknown {
	return error instanceof Error && "code" in error ? error.code : undefined;
}

/** The names of the files in a folder of ours. */
export function privateNames(folder: string): Promise<readonly string[]> {
	return readdir(folder);
}

/** Reads a file of ours; undefined if it is missing, a link, another user's, over `maxBytes`, or cannot be read. */
export async function readPrivate(
	folder: string,
	name: string,
	maxBytes: number,
): Promise<string | undefined> {
	return (await readPrivateBytes(folder, name, maxBytes))?.toString("utf8");
}

/** The same, for what need not be UTF-8. */
export async function readPrivateBytes(
	folder: string,
	name: string,
	maxBytes: number,
): Promise<Buffer | undefined> {
	const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
	const handle = await open(join(folder, name), flags).catch(() => undefined);
	if (handle === undefined) return undefined;
	try {
		const there = await handle.stat();
		if (!there.isFile() || !isOurs(there) || there.size > maxBytes) return undefined;
		return await handle.readFile().catch(() => undefined);
	} finally {
		await handle.close();
	}
}

/** Windows has no such owner. */
export function isOurs(
	{ uid }: { readonly uid: number },
	own: number | "none" = process.getuid?.() ?? "none",
): boolean {
	return own === "none" || uid === own;
}
