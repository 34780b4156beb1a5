// Copies the work tree, without files that may hold secrets.

import { constants } from "node:fs";
import {
	chmod,
	copyFile,
	lstat,
	mkdir,
	readdir,
	readFile,
	readlink,
	realpath,
	rm,
	symlink,
	writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Git, GitFailed, isHiddenFile, type RepositoryRoot } from "../../system/index.ts";
import type { Change } from "../apply/checked-diff.ts";
import { mayHoldSecrets, staysClosed } from "../apply/flags.ts";

/** The tree is over the limits of a copy. */
export class TreeTooLarge extends Error {}

const maxFiles = 100_000;
const maxBytes = 1024 * 1024 * 1024;

/** The tree's files as they are on disk: tracked ones, and untracked ones that are not ignored. */
export async function listTree(
	root: RepositoryRoot,
	git: Git,
	signal: AbortSignal,
): Promise<readonly string[]> {
	const isRepository = await lstat(join(root, ".git")).catch(() => undefined);
	if (isRepository === undefined) return walk(root, signal);
	const { stdout } = await git
		.run(["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
			signal,
			timeoutMs: 60_000,
			maxOutputBytes: 64 * 1024 * 1024,
		})
		.catch((error: unknown) => {
			throw error instanceof GitFailed && error.end === "output_limit" ? new TreeTooLarge() : error;
		});
	const paths = new Set(stdout.toString("utf8").split("\0"));
	paths.delete("");
	if (paths.size > maxFiles) throw new TreeTooLarge();
	return [...paths];
}

/** The files of a plain folder, without installed packages. */
async function walk(root: RepositoryRoot, signal: AbortSignal): Promise<readonly string[]> {
	const found: string[] = [];
	const open = [""];
	for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
		signal.throwIfAborted();
		for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
			const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
			if (entry.isDirectory()) {
				if (entry.name !== "node_modules" && entry.name !== ".git") open.push(path);
			} else found.push(path);
			if (found.length > maxFiles) throw new TreeTooLarge();
		}
	}
	return found;
}

/**
 * Copies links as links, and only those that stay inside. Files that hold secrets are not copied: an agent wrote the code
 * that runs on the copy, and gets its output.
 *
 * @throws {TreeTooLarge}
 */
export async function copyTree(
	root: string,
	paths: readonly string[],
	into: string,
	signal: AbortSignal,
): Promise<void> {
	let bytes = 0;
	const made = new Set<string>();
	const real = new Map<string, boolean>();
	const isReal = async (folder: string): Promise<boolean> => {
		if (folder === ".") return true;
		const known = real.get(folder);
		if (known !== undefined) return known;
		const there = await lstat(join(root, folder)).catch(() => undefined);
		const answer = there?.isDirectory() === true && (await isReal(dirname(folder)));
		real.set(folder, answer);
		return answer;
	};
	const copyOne = async (path: string) => {
		if (staysClosed(path) || !(await isReal(dirname(path)))) return;
		const from = join(root, path);
		const there = await lstat(from).catch(() => undefined);
		if (there === undefined || (!there.isFile() && !there.isSymbolicLink())) return;
		if (there.isFile() && isHiddenFile(path) && mayHoldSecrets(path, await readFile(from))) return;
		const to = join(into, path);
		const folder = dirname(to);
		if (!made.has(folder)) {
			await mkdir(folder, { recursive: true });
			made.add(folder);
		}
		if (there.isSymbolicLink()) {
			const target = await readlink(from);
			if (staysInside(path, target)) await symlink(target, to);
			return;
		}
		bytes += there.size;
		if (bytes > maxBytes) throw new TreeTooLarge();
		await copyFile(from, to, constants.COPYFILE_FICLONE);
	};
	const waiting = [...paths];
	const worker = async () => {
		for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
			signal.throwIfAborted();
			await copyOne(path);
		}
	};
	await Promise.all(Array.from({ length: 8 }, worker));
}

/** Whether a relative link stays in the tree, and does not go up again after going down. */
function staysInside(path: string, target: string): boolean {
	if (target.startsWith("/")) return false;
	let climbs = 0;
	let wentDown = false;
	for (const part of target.split("/")) {
		if (part === "" || part === ".") continue;
		if (part !== "..") wentDown = true;
		else if (wentDown) return false;
		else climbs += 1;
	}
	return climbs < path.split("/").length;
}

/** Applies the patch's changes to the copy. */
export async function writeChanges(changes: readonly Change[], into: string): Promise<void> {
	for (const { path, after, executable } of changes) {
		const target = join(into, path);
		await rm(target, { force: true });
		if (after === undefined) continue;
		await mkdir(dirname(target), { recursive: true });
		await writeFile(target, after, { flag: "wx" });
		await chmod(target, executable ? 0o755 : 0o644);
	}
}

/**
 * Folders of installed packages: Python's virtual environments, and those beside the `package.json` files of the tree.
 * A link to such a folder elsewhere counts only if the user made it: a link in the repository could lead anywhere.
 */
export async function installedFolders(root: string, paths: readonly string[]): Promise<readonly string[]> {
	const tree = new Set(paths);
	const folders = new Set(["."]);
	for (const path of paths) if (/(^|\/)package\.json$/.test(path)) folders.add(dirname(path));
	const found: string[] = [];
	for (const folder of folders) {
		const place = join(folder, "node_modules");
		const there = await lstat(join(root, place)).catch(() => undefined);
		const real = await realpath(join(root, place)).catch(() => undefined);
		if (there === undefined || real === undefined || tree.has(place)) continue;
		const isOwn = there.isSymbolicLink() ? basename(real) === "node_modules" : real === join(root, place);
		if (isOwn) found.push(place);
	}
	return [...found, ...(await virtualEnvironments(root, tree))];
}

/** At the root, made by the user: not part of the tree, and no link. */
async function virtualEnvironments(root: string, tree: ReadonlySet<string>): Promise<readonly string[]> {
	const found: string[] = [];
	for (const name of [".venv", "venv"]) {
		const there = await lstat(join(root, name)).catch(() => undefined);
		const marker = await lstat(join(root, name, "pyvenv.cfg")).catch(() => undefined);
		const isOwn = there?.isDirectory() === true && marker?.isFile() === true;
		if (isOwn && !tree.has(`${name}/pyvenv.cfg`)) found.push(name);
	}
	return found;
}
