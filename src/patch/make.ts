// Makes a patch of what is asked for: the changes in memory, their syntax, and their checked diff.
import type { Git, RepositoryRoot } from "../system/index.ts";
import { type EndingSettings, foretellAttributes, readAttributes } from "./apply/attributes.ts";
import { pathsOf, readChanges, refuseWrongNumber } from "./apply/changes.ts";
import { type Change, layCopies, makeCheckedDiff } from "./apply/checked-diff.ts";
import { readIndex } from "./apply/git-index.ts";
import { refuseIgnored } from "./apply/targets.ts";
import { checkSyntax, type SyntaxCheck } from "./prove/syntax.ts";
import type { Wish } from "./read/request.ts";

/** A patch before it is kept. */
export interface MadePatch {
	readonly changes: readonly Change[];
	readonly notes: readonly string[];
	readonly syntax: SyntaxCheck;
	readonly diff: string;
}

export interface PatchedRepository {
	readonly root: RepositoryRoot;
	readonly git: Git;
	/** What the user has set of line endings. */
	readonly readEndings: () => Promise<EndingSettings>;
}

/**
 * git is asked what it ignores while it makes the diff: to start a program costs more than anything else here. What it
 * ignores is refused whatever else is wrong with the patch, so that no other error shows what is in such a file.
 *
 * @param folder empty, for copies of the files
 */
export async function makePatch(
	wishes: readonly Wish[],
	{ root, git, readEndings }: PatchedRepository,
	folder: string,
	signal: AbortSignal,
): Promise<MadePatch> {
	refuseWrongNumber(wishes);
	const { targets, sources } = await pathsOf(root, wishes);
	const index = await readIndex(root);
	const permission = () => refuseIgnored(root, index, git, [...targets, ...sources.values()], signal);
	const { changes, notes } = await readChanges(root, wishes, targets, sources, signal).catch(
		async (error: unknown) => {
			await permission();
			throw error;
		},
	);
	const copies = await layCopies(folder, changes);
	const made = Promise.all([
		makeCheckedDiff(copies, git, signal),
		readAttributes(root, changes, index, git, signal),
		readEndings(),
		checkSyntax(changes, signal),
	]);
	const [permitted, parts] = await Promise.allSettled([permission(), made]);
	if (permitted.status === "rejected") throw permitted.reason;
	if (parts.status === "rejected") throw parts.reason;
	const [diff, attributes, settings, syntax] = parts.value;
	const foretold = await foretellAttributes(copies, attributes, settings, git, signal);
	return { changes, notes: [...notes, ...foretold], syntax, diff };
}
