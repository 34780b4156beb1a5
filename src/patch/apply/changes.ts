// Computes in memory what the requested changes make of each file.

import { isUtf8 } from "node:buffer";
import type { RepositoryRoot } from "../../system/index.ts";
import { PatchRefused } from "../failures/index.ts";
import type { FileRequest } from "../read/request.ts";
import { applyRequest } from "./apply-request.ts";
import type { Change } from "./checked-diff.ts";
import { decode, encodingNote } from "./encodings.ts";
import { readTargets, type Target, targetPaths } from "./targets.ts";

const maxFiles = 50;
/** Lines added and removed. */
export const maxLines = 5000;

/** Called before any work on the patch. @throws {PatchRefused} */
export function refuseWrongNumber(requests: readonly FileRequest[]): void {
	if (requests.length === 0) throw new PatchRefused("no_change", undefined);
	if (requests.length > maxFiles) throw new PatchRefused("too_many_files", undefined, `${requests.length}`);
	refuseTooLong(requests);
}

/** Resolves the path of each request, and the paths of files to copy from, keyed by the name in the request. */
export async function pathsOf(root: RepositoryRoot, requests: readonly FileRequest[]) {
	const targets = await targetPaths(
		root,
		requests.map(({ path }) => path),
	);
	const sources = new Map<string, string>();
	for (const request of requests) {
		if (request.kind !== "copy" || sources.has(request.from)) continue;
		const [path] = await targetPaths(root, [request.from]);
		if (path !== undefined) sources.set(request.from, path);
	}
	return { targets, sources };
}

export async function readChanges(
	root: RepositoryRoot,
	requests: readonly FileRequest[],
	paths: readonly string[],
	sources: ReadonlyMap<string, string>,
	signal: AbortSignal,
): Promise<{ readonly changes: readonly Change[]; readonly notes: readonly string[] }> {
	const targets = await readTargets(root, paths, signal);
	const copied = new Map<string, Target | undefined>();
	for (const [named, path] of sources) copied.set(named, (await readTargets(root, [path], signal))[0]);
	refuseNested(targets, requests);
	const changes: Change[] = [];
	const notes: string[] = [];
	for (const [index, request] of requests.entries()) {
		signal.throwIfAborted();
		const target = targets[index];
		if (target === undefined) continue;
		const source = request.kind === "copy" ? copied.get(request.from) : undefined;
		const { after, executable, notes: more } = applyRequest(request, target, source);
		notes.push(...more.map((note) => `${target.path}: ${note}`));
		const { path, content: before } = target;
		const note =
			before === undefined || after === undefined || isUtf8(before) ? undefined : noteOf(path, before);
		if (note !== undefined) notes.push(note);
		const same = after === undefined ? before === undefined : before?.equals(after) === true;
		if (!same) changes.push({ path, before, after, executable });
	}
	if (changes.length === 0) throw new PatchRefused("no_change", undefined);
	return { changes, notes };
}

function noteOf(path: string, content: Buffer): string | undefined {
	const decoded = decode(content);
	return decoded === undefined ? undefined : encodingNote(path, decoded.encoding);
}

function refuseTooLong(requests: readonly FileRequest[]): void {
	const hunks = requests.flatMap((request) => ("hunks" in request ? request.hunks : []));
	const lines = hunks.reduce((sum, { ops }) => sum + ops.filter(({ op }) => op !== "keep").length, 0);
	if (lines > maxLines) throw new PatchRefused("too_many_lines", undefined, `${lines}`);
	if (hunks.length > maxLines) {
		throw new PatchRefused("no_diff", undefined, `it has ${hunks.length} hunks, and ${maxLines} is the most`);
	}
}

/** A name cannot be a file and a folder at once. */
function refuseNested(targets: readonly Target[], requests: readonly FileRequest[]): void {
	const made = new Set(
		targets.filter((_, index) => requests[index]?.kind !== "delete").map(({ path }) => path),
	);
	for (const path of made) {
		for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
			if (made.has(path.slice(0, at))) throw new PatchRefused("not_a_file", path.slice(0, at));
		}
	}
}
