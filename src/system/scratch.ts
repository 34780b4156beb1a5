// Temporary private folders, cleaned up even after a crash.

import { createHash, randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { RepositoryRoot } from "./repository.ts";
import { findStateFolder, openStateFolder } from "./state-folder.ts";

const folderName = "scratch";
const lockName = ".sweeping";
/** Age in milliseconds after which a lock counts as left behind by a crash. */
const staleLockMs = 10 * 60_000;
/** Longer than any work in a scratch folder: an older one is removed even if its owner is unknown. */
const staleFolderMs = 24 * 3600_000;

/** Distinguishes this machine's processes from those of another that shares the state folder. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Each folder is removed after use; after a crash, at the next start. */
export class Scratch {
	readonly #stateFolder: string;
	readonly #root: RepositoryRoot;
	readonly #swept: Promise<void>;

	/** Starts to remove what earlier processes left. */
	constructor(stateFolder: string, root: RepositoryRoot) {
		this.#stateFolder = stateFolder;
		this.#root = root;
		// Errors are ignored here: they recur, and are reported, when a folder is created.
		this.#swept = sweep(stateFolder, root).catch(() => {});
	}

	/** @throws {StateFolderUnusable} and what `use` throws */
	async with<T>(use: (folder: string) => Promise<T>): Promise<T> {
		return this.withThen(use, async (result) => result);
	}

	/**
	 * Works in a folder, and continues with the result while the folder is removed.
	 *
	 * @throws {StateFolderUnusable} and what `use` and `goOn` throw
	 */
	async withThen<T, R>(use: (folder: string) => Promise<T>, goOn: (result: T) => Promise<R>): Promise<R> {
		await this.#swept;
		const base = await openStateFolder(this.#stateFolder, folderName, this.#root);
		const folder = join(base, `${machine}-${process.pid}-${randomBytes(6).toString("hex")}`);
		await mkdir(folder, { mode: 0o700 });
		let removed: Promise<void> | undefined;
		// A folder that cannot be removed now is removed at the next start; the result is unaffected.
		const remove = () => {
			removed ??= removeTree(folder).catch(() => {});
			return removed;
		};
		try {
			const result = await use(folder);
			void remove();
			return await goOn(result);
		} finally {
			await remove();
		}
	}
}

/** Removes folders of dead processes, one sweeper at a time. Links are not followed. */
async function sweep(stateFolder: string, root: RepositoryRoot): Promise<void> {
	const base = await findStateFolder(stateFolder, folderName, root).catch(() => undefined);
	if (base === undefined) return;
	const lock = join(base, lockName);
	const held = await stat(lock).catch(() => undefined);
	if (held !== undefined && Date.now() - held.mtimeMs > staleLockMs) await rm(lock, { force: true });
	const handle = await open(lock, "wx", 0o600).catch(() => undefined);
	if (handle === undefined) return;
	try {
		for (const name of await readdir(base)) {
			const owner = /^([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{12}$/.exec(name);
			if (owner === null) continue;
			const folder = join(base, name);
			const made = await lstat(folder).catch(() => undefined);
			if (made?.isDirectory() !== true) continue;
			const old = Date.now() - made.mtimeMs > staleFolderMs;
			const gone = owner[1] === machine && !isAlive(Number(owner[2]));
			if (old || gone) await removeTree(folder);
		}
	} finally {
		await handle.close();
		await rm(lock, { force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// Another user's process is alive as well.
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}

/** Removes a folder and its content, including folders without permissions; links are removed, not their targets. */
export async function removeTree(folder: string): Promise<void> {
	const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;
	try {
		await rm(folder, options);
	} catch {
		await unlock(folder);
		await rm(folder, options);
	}
}

async function unlock(folder: string): Promise<void> {
	await chmod(folder, 0o700);
	for (const entry of await readdir(folder, { withFileTypes: true })) {
		if (entry.isDirectory()) await unlock(join(folder, entry.name));
	}
}
