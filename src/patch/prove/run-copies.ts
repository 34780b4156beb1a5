// Runs a command of the user's own on copies of the tree, in a sandbox.

import type { Dirent } from "node:fs";
import { lstat, mkdir, readdir, readlink, realpath, symlink } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import {
	findSandbox,
	type Git,
	type NoSandbox,
	type ProcessResult,
	type RepositoryRoot,
	runUnsandboxed,
	type SandboxState,
	type Scratch,
} from "../../system/index.ts";
import type { Change } from "../apply/checked-diff.ts";
import { OutputTail } from "./output-tail.ts";
import { copyTree, installedFolders, listTree, TreeTooLarge, writeChanges } from "./tree-copy.ts";

/** What to run, and for how long. */
export interface CopyCommand {
	/** A line for the shell, or words that no shell reads. */
	readonly command: string | readonly string[];
	readonly timeoutMs: number;
	/** Run it where there is no sandbox. */
	readonly unsandboxed: boolean;
	/** How much of the end of its output is kept. */
	readonly keepBytes?: number;
}

/** How one run ended. */
export interface CheckRun {
	readonly end: "passed" | "failed" | "timed_out";
	/** null when a signal ended it. */
	readonly exitCode: number | null;
	readonly milliseconds: number;
	/** The end of what it printed. */
	readonly output: string;
}

/** Why nothing was run. `not_made`: the sandbox works, but could not be made for this run. */
export type NotRun = NoSandbox | "not_made" | "tree_too_large";

export interface CheckContext {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly scratch: Scratch;
	readonly signal: AbortSignal;
	readonly progress: (message: string) => void;
}

/** Runs the command on a fresh copy of the tree with these changes. */
export type RunOnCopy = (changes: readonly Change[]) => Promise<CheckRun>;

/** The sandbox was not made, although it can be: nothing of the command has run. */
class SandboxNotMade extends Error {}

/** Prepares copies of the tree for `use`, unless the command cannot be run on them. */
export async function withCopies<T>(
	command: CopyCommand,
	context: CheckContext,
	use: (run: RunOnCopy, sandboxed: boolean) => Promise<T>,
): Promise<T | { readonly notRun: NotRun }> {
	const { root, git, signal } = context;
	const sandbox = await findSandbox(root, signal);
	if (!sandbox.available && !command.unsandboxed) return { notRun: sandbox.reason };
	try {
		const paths = await listTree(root, git, signal);
		return await use((changes) => runOnce(command, paths, changes, sandbox, context), sandbox.available);
	} catch (error) {
		if (error instanceof TreeTooLarge) return { notRun: "tree_too_large" };
		if (error instanceof SandboxNotMade) return { notRun: "not_made" };
		throw error;
	}
}

async function runOnce(
	{ command, timeoutMs, keepBytes }: CopyCommand,
	paths: readonly string[],
	changes: readonly Change[],
	sandbox: SandboxState,
	{ root, scratch, signal }: CheckContext,
): Promise<CheckRun> {
	return scratch.with(async (folder) => {
		const copy = join(folder, "tree");
		await mkdir(copy);
		await copyTree(root, paths, copy, signal);
		await writeChanges(changes, copy);
		const installed = await installedFolders(root, paths);
		const tail = new OutputTail(keepBytes);
		const onOutput = (chunk: Buffer) => tail.add(chunk);
		const started = performance.now();
		const limits = { signal, timeoutMs, onOutput };
		if (!sandbox.available || sandbox.inPlace) {
			// Copied and never linked: a write through a link would reach the real tree.
			for (const place of installed) await copyInstalled(root, place, copy, signal);
		}
		let result: ProcessResult;
		if (sandbox.available) {
			const places = sandbox.inPlace
				? await placesInside(folder, copy)
				: { writable: copy, at: root, ...(await mountsOf(root, installed, copy)) };
			const sandboxed = await sandbox.run({ command, ...places, ...limits });
			if (!sandboxed.begun) throw new SandboxNotMade();
			result = sandboxed;
		} else result = await runUnsandboxed({ command, cwd: copy, ...limits }, root);
		const end = result.end === "timed_out" ? "timed_out" : result.exitCode === 0 ? "passed" : "failed";
		const milliseconds = Math.round(performance.now() - started);
		return { end, exitCode: result.exitCode, milliseconds, output: tail.text() };
	});
}

/** In the scratch folder itself, with a home and a folder for temporary files beside the copy. */
async function placesInside(folder: string, copy: string) {
	for (const name of ["home", "tmp"]) await mkdir(join(folder, name));
	return { writable: folder, at: copy, readOnly: [], ephemeral: [] };
}

/** Folders of installed packages in which tools keep reproducible files. */
const cacheFolders = [".cache", ".tmp", ".vite", ".vite-temp", ".vitest"];

/** Each mount makes the next one slower. */
const maxMounts = 400;

/** Installed packages read-only, and the caches in them empty and writable. */
async function mountsOf(root: string, installed: readonly string[], copy: string) {
	const readOnly: { from: string; at: string }[] = [];
	const ephemeral: string[] = [];
	for (const place of installed) {
		const from = await realpath(join(root, place)).catch(() => undefined);
		if (from === undefined) continue;
		const entries = await readdir(from, { withFileTypes: true });
		const caches = entries.filter((entry) => entry.isDirectory() && cacheFolders.includes(entry.name));
		const isFresh = !caches.some(({ name }) => name === ".vite-temp");
		if (isFresh && entries.some(({ name }) => name === "vite") && entries.length <= maxMounts) {
			readOnly.push(...(await mountsOfEach(from, entries, join(root, place), join(copy, place))));
			continue;
		}
		readOnly.push({ from, at: join(root, place) });
		for (const { name } of caches) ephemeral.push(join(root, place, name));
	}
	return { readOnly, ephemeral };
}

/**
 * Packages one by one, in a folder of the copy that can be written: vite makes a folder among them before it reads its
 * configuration, and ends where it cannot.
 */
async function mountsOfEach(from: string, entries: readonly Dirent[], at: string, inCopy: string) {
	await mkdir(inCopy, { recursive: true });
	const mounts: { from: string; at: string }[] = [];
	for (const entry of entries) {
		const { name } = entry;
		if (cacheFolders.includes(name)) continue;
		// A workspace's package is a link to the tree, and has to lead to the copy.
		if (entry.isSymbolicLink()) await symlink(await readlink(join(from, name)), join(inCopy, name));
		else mounts.push({ from: join(from, name), at: join(at, name) });
	}
	return mounts;
}

async function copyInstalled(root: string, place: string, copy: string, signal: AbortSignal): Promise<void> {
	const there = await lstat(join(root, place));
	// Workspace packages are links from here into the tree, so links are copied relative to its root.
	const [from, below] = there.isDirectory() ? [root, place] : [await realpath(join(root, place)), "."];
	const entries = await readdir(join(from, below), { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => !entry.isDirectory())
		.map((entry) => relative(from, join(entry.parentPath, entry.name)).split(sep).join("/"));
	await copyTree(from, paths, there.isDirectory() ? copy : join(copy, place), signal);
}
