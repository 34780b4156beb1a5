// Makes a patch: changes in memory, their syntax, and their checked diff.

import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { type Git, once, type RepositoryRoot } from "../system/index.ts";
import {
	attributeFiles,
	type EndingSettings,
	predictAttributeEffects,
	readAttributes,
} from "./apply/attributes.ts";
import { pathsOf, readChanges, refuseWrongNumber } from "./apply/changes.ts";
import { type Change, layCopies, makeCheckedDiff, makeReadableDiff } from "./apply/checked-diff.ts";
import { refuseIgnored } from "./apply/targets.ts";
import { isLeftOut, trackedAmong } from "./apply/tracked.ts";
import { EditRefused } from "./failures/index.ts";
import { checkSyntax, type SyntaxCheck } from "./prove/syntax.ts";
import type { FileRequest } from "./read/request.ts";

/** A patch before it is kept. */
export interface MadePatch {
	readonly changes: readonly Change[];
	readonly notes: readonly string[];
	readonly syntax: SyntaxCheck;
	/** To read: in UTF-8, whatever the files are in. */
	readonly diff: string;
	/** What applies, byte for byte. */
	readonly bytes: Buffer;
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
			throw await sayAbsent(error, await tracked(), git, signal);
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
	const [bytes, attributes, settings, syntax] = parts.value;
	const predicted = await predictAttributeEffects(copies, attributes, settings, git, signal);
	const diff =
		isUtf8(bytes) && !bytes.includes(0)
			? bytes.toString("utf8")
			: await makeReadableDiff(join(folder, "readable"), changes, git, signal);
	const absent = await notesOfAbsent(changes, await tracked(), git, signal);
	return { changes, notes: [...notes, ...absent, ...predicted], syntax, diff, bytes };
}

/** A tracked file that is absent is not one to create anew. */
async function sayAbsent(
	error: unknown,
	tracked: ReadonlySet<string>,
	git: Git,
	signal: AbortSignal,
): Promise<unknown> {
	if (!(error instanceof EditRefused) || error.problem.kind !== "no_such_file") return error;
	const { path, what } = error;
	if (!tracked.has(path)) return error;
	return new EditRefused(path, what, { kind: "not_checked_out", sparse: await isLeftOut(git, path, signal) });
}

/** Of files that the patch makes anew over what HEAD has. */
async function notesOfAbsent(
	changes: readonly Change[],
	tracked: ReadonlySet<string>,
	git: Git,
	signal: AbortSignal,
): Promise<readonly string[]> {
	const notes: string[] = [];
	for (const { path, before } of changes) {
		if (before !== undefined || !tracked.has(path)) continue;
		const why = (await isLeftOut(git, path, signal)) ? "a sparse checkout" : "it was deleted";
		notes.push(
			`${path}: git tracks it, and the work tree does not have it (${why}); the patch writes it anew`,
		);
	}
	return notes;
}
