// Undoes a commit's change on the tree as it is now, by git's own three-way merge outside the work tree.

import { findCommit } from "../../codebase/index.ts";
import { type Git, GitFailed, type RepositoryRoot } from "../../system/index.ts";
import { PatchRefused, RevertConflicts } from "../failures/index.ts";
import type { FileRequest } from "../read/request.ts";
import { conflictPlaces } from "./conflicts.ts";
import { type Merged, PrivateRepository } from "./private-repository.ts";
import { type TreeChange, UserObjects } from "./trees.ts";
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
	const objects = new UserObjects(git, signal);
	const format = (await objects.line(["rev-parse", "--show-object-format"])) === "sha256" ? "sha256" : "sha1";
	const parents = await parentsOf(objects, commit);
	const tree = (revision: string) => objects.line(["rev-parse", "--verify", `${revision}^{tree}`]);
	const [base, head] = [await tree(commit), await tree("HEAD")];
	const before = parents[0] === undefined ? emptyTree[format] : await tree(parents[0]);
	const own = await objects.changes(before, base);
	refuseWidely(own, short);
	const repository = await PrivateRepository.create(git, folder, format, signal);
	await orMissing(repository.copy(await readable(objects, base, [head, before], short)), short);
	const clean = await repository.merge(base, head, before);
	const touched = pathsOf(clean, await repository.changes(head, clean.tree), own);
	const now = await readWorkTree(root, git, objects, format, head, touched, signal);
	const dirty = new Set(now.dirty.map(({ path }) => path));
	let [ours, merged] = [head, clean];
	if (now.dirty.length > 0) {
		await repository.copy(await objects.trees(head));
		ours = await repository.treeWith(head, now.dirty);
		merged = await repository.merge(base, ours, before);
	}
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

/** What stands before a repository's first commit. */
const emptyTree = {
	sha1: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
	sha256: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
} as const;

/** As the commit itself names them: a shallow clone hides parents from all other commands. */
async function parentsOf(objects: UserObjects, commit: string): Promise<readonly string[]> {
	const { stdout } = await objects.run(["cat-file", "commit", commit]);
	const [header = ""] = stdout.toString("latin1").split("\n\n");
	const parents = [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id = ""]) => id);
	const [first] = parents;
	if (first === undefined) return [];
	await orMissing(objects.run(["cat-file", "-e", `${first}^{tree}`]), commit.slice(0, 7));
	return parents;
}

/** The objects that a merge of the sides reads. A partial clone may not have all of them. */
async function readable(
	objects: UserObjects,
	base: string,
	sides: readonly string[],
	commit: string,
): Promise<readonly string[]> {
	const lists = sides.map((side) => orMissing(objects.apart(base, side), commit));
	return (await Promise.all(lists)).flat().filter((id) => !Object.values<string>(emptyTree).includes(id));
}

/** @throws {PatchRefused} where git does not have what it asks for */
async function orMissing<T>(asked: Promise<T>, commit: string): Promise<T> {
	try {
		return await asked;
	} catch (error) {
		if (error instanceof GitFailed && error.end === "exited")
			throw new PatchRefused("no_parent_here", undefined, commit);
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
