// Undoes a commit's change on the tree as it is now, by git's own three-way merge outside the work tree.

import { findCommit } from "../../codebase/index.ts";
import { type Git, GitFailed, type RepositoryRoot } from "../../system/index.ts";
import { PatchRefused, RevertConflicts } from "../failures/index.ts";
import type { FileRequest } from "../read/request.ts";
import { conflictPlaces } from "./conflicts.ts";
import { type Merged, PrivateRepository, type TreeChange } from "./private-repository.ts";
import { readWorkTree, refuseSpecial, type WorkTree } from "./work-tree.ts";

/** What undoing asks for, file by file. */
export interface Undone {
	readonly requests: readonly FileRequest[];
	readonly notes: readonly string[];
}

export interface UndoContext {
	readonly root: RepositoryRoot;
	readonly git: Git;
	/** Empty; git's objects and index are written there. */
	readonly folder: string;
	readonly signal: AbortSignal;
}

const maxFiles = 50;

/**
 * The merge is that of `git revert`: the base is the commit, one side the tree as it is now, the other the commit's
 * first parent.
 *
 * @param name the beginning of a hash, or a tag
 * @throws {RevertConflicts} {PatchRefused} {CommitUnknown} {CommitAmbiguous}
 */
export async function undo(name: string, context: UndoContext): Promise<Undone> {
	const { root, git, folder, signal } = context;
	const commit = await findCommit(git, name, signal);
	const short = commit.slice(0, 7);
	const repository = await PrivateRepository.borrow(git, folder, signal);
	const parents = await parentsOf(repository, commit);
	const head = await findCommit(git, "HEAD", signal);
	const before = parents[0] ?? (await repository.emptyTree());
	const own = await changesOf(repository, before, commit);
	refuseWidely(own, short);
	const clean = await repository.merge(`${commit}^{tree}`, `${head}^{tree}`, treeOf(before));
	const touched = pathsOf(clean, await repository.changes(`${head}^{tree}`, clean.tree), own);
	const now = await readWorkTree(root, git, repository, head, touched, signal);
	const dirty = new Set(now.dirty.map(({ path }) => path));
	const ours = now.dirty.length === 0 ? `${head}^{tree}` : await repository.treeWith(head, now.dirty);
	const merged =
		now.dirty.length === 0 ? clean : await repository.merge(`${commit}^{tree}`, ours, treeOf(before));
	if (merged.conflicts.length > 0) {
		const places = await conflictPlaces(merged, { git, repository, commit, ours, dirty, signal });
		throw new RevertConflicts(short, places);
	}
	const changes = await repository.changes(ours, merged.tree);
	if (changes.length === 0) throw new PatchRefused("undone_already", undefined, short);
	return {
		requests: await requestsOf(repository, changes, now, short),
		notes: notesOf(short, parents.length, own, changes, dirty, await isInHead(git, commit, signal)),
	};
}

/** `git revert` of the first commit takes all its files out: before it there is nothing. */
function treeOf(commitOrTree: string): string {
	return `${commitOrTree}^{tree}`;
}

/** As the commit itself names them: a shallow clone hides parents from all other commands. */
async function parentsOf(repository: PrivateRepository, commit: string): Promise<readonly string[]> {
	const { stdout } = await repository.run(["cat-file", "commit", commit]);
	const [header = ""] = stdout.toString("latin1").split("\n\n");
	const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id = ""]) => id);
	const [first] = parents;
	if (first === undefined) return [];
	const { exitCode } = await repository.run(["cat-file", "-e", `${first}^{tree}`], [1, 128]);
	if (exitCode !== 0) throw new PatchRefused("no_parent_here", undefined, commit.slice(0, 7));
	return parents;
}

async function changesOf(repository: PrivateRepository, before: string, commit: string) {
	try {
		return await repository.changes(treeOf(before), treeOf(commit));
	} catch (error) {
		// A partial clone has the commit, and not all that it holds.
		if (error instanceof GitFailed && error.end === "exited")
			throw new PatchRefused("no_parent_here", undefined, commit.slice(0, 7));
		throw error;
	}
}

function refuseWidely(own: readonly TreeChange[], commit: string): void {
	if (own.length > maxFiles) throw new PatchRefused("too_many_files", undefined, `${own.length}`);
	const isMode = ({ before, after }: TreeChange) => before?.id === after?.id && before?.mode !== after?.mode;
	if (own.length > 0 && own.every(isMode)) throw new PatchRefused("mode_only", undefined, commit);
}

/** Paths that the merge changes, or that the commit changed: what the work tree has there counts. */
function pathsOf(
	{ conflicts }: Merged,
	changes: readonly TreeChange[],
	own: readonly TreeChange[],
): readonly string[] {
	for (const { path, before, after } of [...own, ...changes]) {
		refuseSpecial(path, before);
		refuseSpecial(path, after);
	}
	const named = [...changes.map(({ path }) => path), ...conflicts.flatMap(({ paths }) => paths)];
	return [...new Set([...named, ...own.map(({ path }) => path)])];
}

async function requestsOf(
	repository: PrivateRepository,
	changes: readonly TreeChange[],
	{ converted }: WorkTree,
	commit: string,
): Promise<readonly FileRequest[]> {
	const what = `undoing ${commit}`;
	const requests: FileRequest[] = [];
	for (const { path, before, after } of changes) {
		if (after === undefined) {
			requests.push({ path, what, kind: "delete", hunks: [] });
			continue;
		}
		if (before?.id === after.id) continue;
		const content = await repository.blob(after.id);
		// The work tree keeps its own line endings.
		if (converted.has(path)) requests.push({ path, what, kind: "write", content: content.toString("utf8") });
		else requests.push({ path, what, kind: "bytes", content, executable: after.mode === "100755" });
	}
	return requests;
}

function notesOf(
	commit: string,
	parents: number,
	own: readonly TreeChange[],
	changes: readonly TreeChange[],
	dirty: ReadonlySet<string>,
	isInHead: boolean,
): readonly string[] {
	const known = new Set(own.map(({ path }) => path));
	const moved = changes.filter(({ path }) => !known.has(path)).map(({ path }) => path);
	const modes = changes.filter(({ before, after }) => before && after && before.mode !== after.mode);
	const uncommitted = changes.filter(({ path }) => dirty.has(path)).map(({ path }) => path);
	return [
		`it undoes ${commit} by git's own three-way merge, on the tree as it is now`,
		...(parents > 1 ? [`${commit} is a merge: it is undone against its first parent`] : []),
		...(isInHead ? [] : [`${commit} is not in HEAD's history`]),
		...moved.map((path) => `${path}: the file was renamed since; the change is undone there`),
		...uncommitted.map((path) => `${path}: has changes that are in no commit; they are kept`),
		...modes.map(({ path }) => `${path}: its mode is left as it is; git revert would change it back`),
	];
}

async function isInHead(git: Git, commit: string, signal: AbortSignal): Promise<boolean> {
	const { exitCode } = await git.run(["merge-base", "--is-ancestor", commit, "HEAD"], {
		signal,
		accept: [1, 128],
	});
	return exitCode === 0;
}
