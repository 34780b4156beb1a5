// Runs the user's own check on a copy of the tree, with and without the patch.

import { lstat, mkdir, readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import {
	findSandbox,
	type Git,
	type NoSandbox,
	type ProcessResult,
	type RepositoryRoot,
	runUnsandboxed,
	type Scratch,
} from "../../system/index.ts";
import type { Change } from "../apply/checked-diff.ts";
import { OutputTail } from "./output-tail.ts";
import { copyTree, installedFolders, listTree, TreeTooLarge, writeChanges } from "./tree-copy.ts";

/** The user's own check, as configured. */
export interface CheckSettings {
	/** A line for the shell. */
	readonly command: string;
	readonly timeoutMs: number;
	/** Run it where there is no sandbox. */
	readonly unsandboxed: boolean;
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

export type CheckOutcome =
	| { readonly status: "not_set" | "not_asked" }
	| { readonly status: "not_run"; readonly command: string; readonly reason: NoSandbox | "tree_too_large" }
	| {
			readonly status: "ran";
			readonly command: string;
			readonly sandboxed: boolean;
			readonly timeoutMs: number;
			readonly after: CheckRun;
			/** Without the patch; run only if it failed with it. */
			readonly before: CheckRun | undefined;
	  };

export interface CheckContext {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly scratch: Scratch;
	readonly signal: AbortSignal;
	readonly progress: (message: string) => void;
}

/** Runs the user's check on a copy of the tree with the patch, and where it fails, on one without it. */
export async function runCheck(
	settings: CheckSettings,
	changes: readonly Change[],
	context: CheckContext,
): Promise<CheckOutcome> {
	const { command, timeoutMs, unsandboxed } = settings;
	const { root, git, signal, progress } = context;
	const sandbox = await findSandbox(root, signal);
	if (!sandbox.available && !unsandboxed) return { status: "not_run", command, reason: sandbox.reason };
	try {
		const paths = await listTree(root, git, signal);
		progress("running the user's check on a copy with the patch");
		const after = await runOnce(settings, paths, changes, sandbox, context);
		if (after.end === "failed") progress("it failed: running the user's check on a copy without the patch");
		const before = after.end === "failed" ? await runOnce(settings, paths, [], sandbox, context) : undefined;
		return { status: "ran", command, sandboxed: sandbox.available, timeoutMs, after, before };
	} catch (error) {
		if (error instanceof TreeTooLarge) return { status: "not_run", command, reason: "tree_too_large" };
		throw error;
	}
}

/** Folders of installed packages in which tools keep reproducible files. */
const cacheFolders = [".cache", ".tmp", ".vite", ".vite-temp", ".vitest"];

async function runOnce(
	{ command, timeoutMs }: CheckSettings,
	paths: readonly string[],
	changes: readonly Change[],
	sandbox: Awaited<ReturnType<typeof findSandbox>>,
	{ root, scratch, signal }: CheckContext,
): Promise<CheckRun> {
	return scratch.with(async (folder) => {
		const copy = join(folder, "tree");
		await mkdir(copy);
		await copyTree(root, paths, copy, signal);
		await writeChanges(changes, copy);
		const installed = await installedFolders(root, paths);
		const tail = new OutputTail();
		const onOutput = (chunk: Buffer) => tail.add(chunk);
		const started = performance.now();
		let result: ProcessResult;
		if (sandbox.available) {
			const readOnly: { from: string; at: string }[] = [];
			const ephemeral: string[] = [];
			for (const place of installed) {
				const from = await realpath(join(root, place)).catch(() => undefined);
				if (from === undefined) continue;
				readOnly.push({ from, at: join(root, place) });
				for (const name of cacheFolders) {
					const cache = await lstat(join(from, name)).catch(() => undefined);
					if (cache?.isDirectory() === true) ephemeral.push(join(root, place, name));
				}
			}
			const request = { command, writable: copy, at: root, readOnly, ephemeral, signal, timeoutMs, onOutput };
			result = await sandbox.run(request);
		} else {
			// Copied and never linked: a write through a link would reach the real tree.
			for (const place of installed) await copyInstalled(root, place, copy, signal);
			result = await runUnsandboxed({ command, cwd: copy, signal, timeoutMs, onOutput }, root);
		}
		const end = result.end === "timed_out" ? "timed_out" : result.exitCode === 0 ? "passed" : "failed";
		const milliseconds = Math.round(performance.now() - started);
		return { end, exitCode: result.exitCode, milliseconds, output: tail.text() };
	});
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
