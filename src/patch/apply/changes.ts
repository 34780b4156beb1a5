import type { RepositoryRoot } from "../../system/index.ts";
import { PatchRefused } from "../failures/index.ts";
import type { Wish } from "../read/request.ts";
import type { Change } from "./checked-diff.ts";
import { fulfil } from "./fulfil.ts";
import { readTargets, type Target, targetPaths } from "./targets.ts";

const maxFiles = 50;
/** Lines added and removed. */
export const maxLines = 5000;

/** Before any work on a patch that is too long. @throws {PatchRefused} */
export function refuseWrongNumber(wishes: readonly Wish[]): void {
	if (wishes.length === 0) throw new PatchRefused("no_change", undefined);
	if (wishes.length > maxFiles) throw new PatchRefused("too_many_files", undefined, `${wishes.length}`);
	refuseTooLong(wishes);
}

/** Resolves the path of each wish, and those of the files that copies are made of, by the names that the wishes give them. */
export async function pathsOf(root: RepositoryRoot, wishes: readonly Wish[]) {
	const targets = await targetPaths(
		root,
		wishes.map(({ path }) => path),
	);
	const sources = new Map<string, string>();
	for (const wish of wishes) {
		if (wish.kind !== "copy" || sources.has(wish.from)) continue;
		const [path] = await targetPaths(root, [wish.from]);
		if (path !== undefined) sources.set(wish.from, path);
	}
	return { targets, sources };
}

/** What the wishes make of the files, in memory. */
export async function readChanges(
	root: RepositoryRoot,
	wishes: readonly Wish[],
	paths: readonly string[],
	sources: ReadonlyMap<string, string>,
	signal: AbortSignal,
): Promise<{ readonly changes: readonly Change[]; readonly notes: readonly string[] }> {
	const targets = await readTargets(root, paths, signal);
	const copied = new Map<string, Target | undefined>();
	for (const [named, path] of sources) copied.set(named, (await readTargets(root, [path], signal))[0]);
	refuseNested(targets, wishes);
	const changes: Change[] = [];
	const notes: string[] = [];
	for (const [index, wish] of wishes.entries()) {
		signal.throwIfAborted();
		const target = targets[index];
		if (target === undefined) continue;
		const source = wish.kind === "copy" ? copied.get(wish.from) : undefined;
		const { after, executable, notes: more } = fulfil(wish, target, source);
		notes.push(...more.map((note) => `${target.path}: ${note}`));
		const { path, content: before } = target;
		const same = after === undefined ? before === undefined : before?.equals(after) === true;
		if (!same) changes.push({ path, before, after, executable });
	}
	if (changes.length === 0) throw new PatchRefused("no_change", undefined);
	return { changes, notes };
}

function refuseTooLong(wishes: readonly Wish[]): void {
	const hunks = wishes.flatMap((wish) => ("hunks" in wish ? wish.hunks : []));
	const lines = hunks.reduce((sum, { ops }) => sum + ops.filter(({ op }) => op !== "keep").length, 0);
	if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
	if (hunks.length > maxLines) {
		throw new PatchRefused("no_diff", undefined, `it has ${hunks.length} hunks, and ${maxLines} is the most`);
	}
}

/** A name cannot be a file and a folder at once. */
function refuseNested(targets: readonly Target[], wishes: readonly Wish[]): void {
	const made = new Set(
		targets.filter((_, index) => wishes[index]?.kind !== "delete").map(({ path }) => path),
	);
	for (const path of made) {
		for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
			if (made.has(path.slice(0, at))) throw new PatchRefused("not_a_file", path.slice(0, at));
		}
	}
}
