// Makes a patch: changes in memory, their syntax, and their checked diff.

import { type Git, once, type RepositoryRoot } from "../system/index.ts";
import {
	attributeFiles,
	type EndingSettings,
	predictAttributeEffects,
	readAttributes,
} from "./apply/attributes.ts";
import { pathsOf, readChanges, refuseWrongNumber } from "./apply/changes.ts";
import { type Change, layCopies, makeCheckedDiff } from "./apply/checked-diff.ts";
import { refuseIgnored } from "./apply/targets.ts";
import { trackedAmong } from "./apply/tracked.ts";
import { checkSyntax, type SyntaxCheck } from "./prove/syntax.ts";
import type { FileRequest } from "./read/request.ts";

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
	/** The user's line-ending settings. */
	readonly readEndings: () => Promise<EndingSettings>;
}

/**
 * git checks for ignored files while it makes the diff, since starting a program costs more than anything else here.
 * Ignored files are refused first, whatever else is wrong, so that no other error reveals such a file's content.
 *
 * @param folder empty, for copies of the files
 */
export async function makePatch(
	requests: readonly FileRequest[],
	{ root, git, readEndings }: PatchedRepository,
	folder: string,
	signal: AbortSignal,
): Promise<MadePatch> {
	refuseWrongNumber(requests);
	const { targets, sources } = await pathsOf(root, requests);
	const named = [...targets, ...sources.values()];
	const tracked = once(() => trackedAmong(root, git, [...named, ...attributeFiles(targets)], signal));
	const permission = async () => refuseIgnored(root, await tracked(), git, named, signal);
	const { changes, notes } = await readChanges(root, requests, targets, sources, signal).catch(
		async (error: unknown) => {
			await permission();
			throw error;
		},
	);
	const copies = await layCopies(folder, changes);
	const made = Promise.all([
		makeCheckedDiff(copies, git, signal),
		readAttributes(root, changes, tracked, git, signal),
		readEndings(),
		checkSyntax(changes, signal),
	]);
	const [permitted, parts] = await Promise.allSettled([permission(), made]);
	if (permitted.status === "rejected") throw permitted.reason;
	if (parts.status === "rejected") throw parts.reason;
	const [diff, attributes, settings, syntax] = parts.value;
	const predicted = await predictAttributeEffects(copies, attributes, settings, git, signal);
	return { changes, notes: [...notes, ...predicted], syntax, diff };
}
