// A private repository that borrows the user's objects, so that git can merge without writing among them.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Git, GitFailed, type ProcessResult } from "../../system/index.ts";
import { makeGitDir, noAttributes } from "../apply/checked-diff.ts";
import { PatchRefused } from "../failures/index.ts";

const timeoutMs = 30_000;
const maxOutputBytes = 64 * 1024 * 1024;

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

export interface Merged {
	readonly tree: string;
	readonly conflicts: readonly { readonly kind: string; readonly paths: readonly string[] }[];
}

/**
 * git reads the user's objects through `objects/info/alternates`. What it writes, and its index, stay in the private
 * folder. The user's configuration and attributes are not read there: they could name a program that merges files.
 */
export class PrivateRepository {
	private constructor(
		private readonly git: Git,
		private readonly folder: string,
		private readonly gitDir: string,
		private readonly signal: AbortSignal,
		readonly objectFormat: "sha1" | "sha256",
	) {}

	/** @throws {GitFailed} where the root is not a git repository */
	static async borrow(git: Git, folder: string, signal: AbortSignal): Promise<PrivateRepository> {
		const { stdout } = await git.run(
			["rev-parse", "--path-format=absolute", "--git-path", "objects", "--show-object-format"],
			{ signal },
		);
		const [objects = "", format] = stdout.toString("utf8").split("\n");
		const objectFormat = format === "sha256" ? "sha256" : "sha1";
		const gitDir = await makeGitDir(folder, "borrowed", noAttributes);
		const own = new PrivateRepository(git, folder, gitDir, signal, objectFormat);
		await mkdir(join(gitDir, "objects", "info"));
		await writeFile(join(gitDir, "objects", "info", "alternates"), `${objects}\n`);
		const version = "[core]\n\trepositoryformatversion = 1\n";
		if (objectFormat === "sha256")
			await writeFile(join(gitDir, "config"), `${version}[extensions]\n\tobjectformat = sha256\n`);
		return own;
	}

	run(args: readonly string[], accept: readonly number[] = []): Promise<ProcessResult> {
		const { signal, gitDir, folder } = this;
		return this.git.run(args, { signal, gitDir, cwd: folder, accept, timeoutMs, maxOutputBytes });
	}

	private async line(args: readonly string[]): Promise<string> {
		return (await this.run(args)).stdout.toString("utf8").trim();
	}

	/** Those of some paths that a tree has. */
	async entries(tree: string, paths: readonly string[]): Promise<ReadonlyMap<string, TreeEntry>> {
		if (paths.length === 0) return new Map();
		const { stdout } = await this.run(["ls-tree", "-z", "-r", "--full-tree", tree, "--", ...paths]);
		return new Map(
			stdout
				.toString("utf8")
				.split("\0")
				.flatMap((row): [string, TreeEntry][] => {
					const [, mode, id, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(row) ?? [];
					return mode === undefined || id === undefined || path === undefined ? [] : [[path, { mode, id }]];
				}),
		);
	}

	async changes(from: string, to: string): Promise<readonly TreeChange[]> {
		const { stdout } = await this.run([
			"diff-tree",
			"-r",
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
			const [, oldMode, newMode, oldId, newId] = /^:(\d+) (\d+) (\w+) (\w+) /.exec(fields[index] ?? "") ?? [];
			const path = fields[index + 1];
			if (oldMode === undefined || newMode === undefined || oldId === undefined || newId === undefined)
				continue;
			if (path === undefined) continue;
			const entry = (mode: string, id: string) => (/^0+$/.test(mode) ? undefined : { mode, id });
			found.push({ path, before: entry(oldMode, oldId), after: entry(newMode, newId) });
		}
		return found;
	}

	async blob(id: string): Promise<Buffer> {
		return (await this.run(["cat-file", "blob", id])).stdout;
	}

	async emptyTree(): Promise<string> {
		await this.run(["read-tree", "--empty"]);
		return this.line(["write-tree"]);
	}

	/** The tree with some paths changed; a path without content is taken out. */
	async treeWith(
		tree: string,
		changes: readonly {
			readonly path: string;
			readonly mode: string;
			readonly content: Buffer | undefined;
		}[],
	): Promise<string> {
		await this.run(["read-tree", tree]);
		for (const { path, mode, content } of changes) {
			if (content === undefined) {
				await this.run(["update-index", "--force-remove", "--", path]);
				continue;
			}
			const file = join(this.folder, "content");
			await writeFile(file, content);
			const id = await this.line(["hash-object", "-w", "--no-filters", "--", file]);
			await this.run(["update-index", "--add", "--replace", "--cacheinfo", `${mode},${id},${path}`]);
		}
		return this.line(["write-tree"]);
	}

	/**
	 * git's own three-way merge, with renames found as `git revert` finds them. The trees are wrapped in commits, since
	 * `merge-tree --merge-base` is newer (git 2.40) than `merge-tree --write-tree` (2.38).
	 *
	 * @throws {PatchRefused} for an older git
	 */
	async merge(base: string, ours: string, theirs: string): Promise<Merged> {
		const root = await this.commit(base);
		const [own, other] = [await this.commit(ours, root), await this.commit(theirs, root)];
		let answer: ProcessResult;
		try {
			answer = await this.run(["merge-tree", "--write-tree", "-z", "--messages", own, other], [1]);
		} catch (error) {
			if (error instanceof GitFailed && /usage: git merge-tree/.test(error.stderr))
				throw new PatchRefused("old_git", undefined);
			throw error;
		}
		return readMerged(answer.stdout.toString("utf8"));
	}

	private commit(tree: string, parent?: string): Promise<string> {
		const parents = parent === undefined ? [] : ["-p", parent];
		const identity = ["-c", "user.name=none", "-c", "user.email=none"];
		return this.line([...identity, "commit-tree", "-m", "merge", ...parents, tree]);
	}
}

/** git-merge-tree(1), OUTPUT: the tree; the conflicted files; and messages: paths, kind, text. */
function readMerged(text: string): Merged {
	const fields = text.split("\0");
	const tree = fields.shift()?.trim() ?? "";
	while (fields.length > 0 && fields[0] !== "") fields.shift();
	fields.shift();
	const conflicts: { kind: string; paths: readonly string[] }[] = [];
	while (fields.length >= 4) {
		const count = Number(fields.shift());
		if (!Number.isInteger(count)) break;
		const paths = fields.splice(0, count);
		const kind = /^CONFLICT \((.*)\)$/.exec(fields.shift() ?? "")?.[1];
		fields.shift();
		if (kind !== undefined) conflicts.push({ kind, paths: [...new Set(paths)] });
	}
	return { tree, conflicts };
}
