// A private repository in which git merges: it holds copies of the objects that a merge reads, and nothing else.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Git, GitFailed, type GitOptions, type ProcessResult } from "../../system/index.ts";
import { makeGitDir, noAttributes } from "../apply/checked-diff.ts";
import { PatchRefused } from "../failures/index.ts";
import { readChanges, type TreeChange } from "./trees.ts";

const timeoutMs = 30_000;
const maxPackBytes = 256 * 1024 * 1024;

export interface Merged {
	readonly tree: string;
	readonly conflicts: readonly { readonly kind: string; readonly paths: readonly string[] }[];
}

/** A path whose content is not that of a tree. */
export interface NewContent {
	readonly path: string;
	readonly mode: string;
	/** undefined: it is gone. */
	readonly content: Buffer | undefined;
}

/**
 * The user's objects are copied, and not borrowed (`objects/info/alternates`): git would set the time of a borrowed one
 * that it meets again. His configuration and attributes are not read here: they could name a program that merges files.
 */
export class PrivateRepository {
	#packs = 0;

	private constructor(
		private readonly git: Git,
		private readonly folder: string,
		private readonly gitDir: string,
		private readonly signal: AbortSignal,
	) {}

	/** @param folder an empty one */
	static async create(
		git: Git,
		folder: string,
		objectFormat: "sha1" | "sha256",
		signal: AbortSignal,
	): Promise<PrivateRepository> {
		const gitDir = await makeGitDir(folder, "private", noAttributes);
		await mkdir(join(gitDir, "objects", "pack"));
		const format = "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n";
		if (objectFormat === "sha256") await writeFile(join(gitDir, "config"), format);
		return new PrivateRepository(git, folder, gitDir, signal);
	}

	/** Copies objects from the user's repository, of which nothing is written. */
	async copy(ids: readonly string[]): Promise<void> {
		const { stdout } = await this.git.run(
			["pack-objects", "--stdout", "--quiet", "--window=0", "--threads=1"],
			{
				signal: this.signal,
				timeoutMs,
				maxOutputBytes: maxPackBytes,
				input: [...new Set(ids)].map((id) => `${id}\n`).join(""),
			},
		);
		this.#packs += 1;
		const pack = join(this.gitDir, "objects", "pack", `pack-${this.#packs}.pack`);
		await writeFile(pack, stdout);
		await this.run(["index-pack", "--threads=1", pack]);
	}

	run(args: readonly string[], more: Partial<GitOptions> = {}): Promise<ProcessResult> {
		const { signal, gitDir, folder } = this;
		const maxOutputBytes = 64 * 1024 * 1024;
		return this.git.run(args, { signal, gitDir, cwd: folder, timeoutMs, maxOutputBytes, ...more });
	}

	private async line(args: readonly string[]): Promise<string> {
		return (await this.run(args)).stdout.toString("utf8").trim();
	}

	async changes(from: string, to: string): Promise<readonly TreeChange[]> {
		return readChanges((args) => this.run(args), from, to);
	}

	async blob(id: string): Promise<Buffer> {
		return (await this.run(["cat-file", "blob", id])).stdout;
	}

	/** The tree with some paths changed. All trees of it have to be here. */
	async treeWith(tree: string, changes: readonly NewContent[]): Promise<string> {
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
		return this.line(["write-tree", "--missing-ok"]);
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
		try {
			const merged = await this.run(["merge-tree", "--write-tree", "-z", "--messages", own, other], {
				accept: [1],
			});
			return readMerged(merged.stdout.toString("utf8"));
		} catch (error) {
			if (error instanceof GitFailed && /usage: git merge-tree/.test(error.stderr))
				throw new PatchRefused("old_git", undefined);
			throw error;
		}
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
