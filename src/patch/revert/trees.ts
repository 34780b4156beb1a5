// Reads trees of a repository: their entries, and what differs between two.

import type { Git, ProcessResult } from "../../system/index.ts";

/** An entry of a tree. */
export interface TreeEntry {
	readonly mode: string;
	readonly id: string;
}

/** A path that differs between two trees; undefined where it is not in one. */
export interface TreeChange {
	readonly path: string;
	readonly before: TreeEntry | undefined;
	readonly after: TreeEntry | undefined;
}

type Run = (args: readonly string[]) => Promise<ProcessResult>;

/** @param more `-t` names the trees between as well */
export async function readChanges(
	run: Run,
	from: string,
	to: string,
	more: readonly string[] = [],
): Promise<readonly TreeChange[]> {
	const { stdout } = await run([
		"diff-tree",
		"-r",
		...more,
		"-z",
		"--raw",
		"--no-renames",
		"--no-abbrev",
		from,
		to,
	]);
	const fields = stdout.toString("utf8").split("\0");
	const found: TreeChange[] = [];
	for (let index = 0; index + 1 < fields.length; index += 2) {
		const [, oldMode = "0", newMode = "0", oldId = "", newId = ""] =
			/^:(\d+) (\d+) (\w+) (\w+) /.exec(fields[index] ?? "") ?? [];
		const path = fields[index + 1];
		if (path === undefined || oldId === "") continue;
		const entry = (mode: string, id: string) => (/^0+$/.test(mode) ? undefined : { mode, id });
		found.push({ path, before: entry(oldMode, oldId), after: entry(newMode, newId) });
	}
	return found;
}

/** The user's own repository, read and never written. */
export class UserObjects {
	constructor(
		private readonly git: Git,
		private readonly signal: AbortSignal,
	) {}

	readonly run: Run = (args) =>
		this.git.run(args, { signal: this.signal, timeoutMs: 30_000, maxOutputBytes: 64 * 1024 * 1024 });

	async line(args: readonly string[]): Promise<string> {
		return (await this.run(args)).stdout.toString("utf8").trim();
	}

	changes(from: string, to: string): Promise<readonly TreeChange[]> {
		return readChanges(this.run, from, to);
	}

	/** The objects that tell two trees apart: trees and files of both sides, the roots among them. */
	async apart(from: string, to: string): Promise<readonly string[]> {
		const changes = await readChanges(this.run, from, to, ["-t"]);
		// A submodule's commit is an object of another repository.
		const own = (entry: TreeEntry | undefined) =>
			entry === undefined || entry.mode === "160000" ? [] : [entry.id];
		return [from, to, ...changes.flatMap(({ before, after }) => [...own(before), ...own(after)])];
	}

	/** Every tree below a tree, itself among them. */
	async trees(tree: string): Promise<readonly string[]> {
		const { stdout } = await this.run(["ls-tree", "-r", "-d", "-z", "--full-tree", tree]);
		const rows = stdout.toString("utf8").split("\0");
		return [tree, ...rows.flatMap((row) => /^\d+ tree ([0-9a-f]+)\t/.exec(row)?.[1] ?? [])];
	}

	/** Those of some paths that a tree has. */
	async entries(tree: string, paths: readonly string[]): Promise<ReadonlyMap<string, TreeEntry>> {
		if (paths.length === 0) return new Map();
		return readEntries(this.run, tree, paths);
	}

	async blob(id: string): Promise<Buffer> {
		return (await this.run(["cat-file", "blob", id])).stdout;
	}
}

export async function readEntries(
	run: Run,
	tree: string,
	paths: readonly string[],
): Promise<ReadonlyMap<string, TreeEntry>> {
	const { stdout } = await run(["ls-tree", "-z", "-r", "--full-tree", tree, "--", ...paths]);
	const rows = stdout.toString("utf8").split("\0");
	return new Map(
		rows.flatMap((row): [string, TreeEntry][] => {
			const [, mode, id, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(row) ?? [];
			return mode === undefined || id === undefined || path === undefined ? [] : [[path, { mode, id }]];
		}),
	);
}
