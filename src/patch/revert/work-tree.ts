// The tree as it is now: HEAD, with what the work tree has changed in some paths.

import { createHash } from "node:crypto";
import type { Git, RepositoryRoot } from "../../system/index.ts";
import { readTargets, targetPaths } from "../apply/targets.ts";
import { isLeftOut } from "../apply/tracked.ts";
import { EditRefused, PatchRefused } from "../failures/index.ts";
import type { NewContent } from "./private-repository.ts";
import type { TreeEntry, UserObjects } from "./trees.ts";

export interface WorkTree {
	/** Paths whose content is not HEAD's, with the line endings of HEAD. */
	readonly dirty: readonly NewContent[];
	/** Paths whose line endings the work tree alone has as CRLF (core.autocrlf). */
	readonly converted: ReadonlySet<string>;
}

/** @throws {PatchRefused} for a path that a patch may not touch */
export async function readWorkTree(
	root: RepositoryRoot,
	git: Git,
	objects: UserObjects,
	objectFormat: "sha1" | "sha256",
	head: string,
	paths: readonly string[],
	signal: AbortSignal,
): Promise<WorkTree> {
	const entries = await objects.entries(head, paths);
	for (const path of paths) refuseSpecial(path, entries.get(path));
	const targets = await readTargets(root, await targetPaths(root, paths), signal);
	const dirty: NewContent[] = [];
	const converted = new Set<string>();
	for (const { path, content, executable } of targets) {
		const entry = entries.get(path);
		const mode = executable ? "100755" : "100644";
		if (content === undefined) {
			if (entry === undefined) continue;
			if (await isLeftOut(git, path, signal))
				throw new EditRefused(path, "revert", { kind: "not_checked_out", sparse: true });
			dirty.push({ path, mode, content });
			continue;
		}
		if (entry !== undefined && entry.id === blobId(content, objectFormat)) continue;
		const plain = entry === undefined ? undefined : withoutCrlf(content, await objects.blob(entry.id));
		if (plain !== undefined) converted.add(path);
		if (entry === undefined || entry.id !== blobId(plain ?? content, objectFormat))
			dirty.push({ path, mode: entry?.mode ?? mode, content: plain ?? content });
	}
	return { dirty, converted };
}

/** Links and submodules are not text. */
export function refuseSpecial(path: string, entry: TreeEntry | undefined): void {
	if (entry?.mode === "120000") throw new PatchRefused("link", path);
	if (entry?.mode === "160000") throw new PatchRefused("submodule", path);
}

function blobId(content: Buffer, format: "sha1" | "sha256"): string {
	return createHash(format).update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** The content with `\n` alone, where HEAD has no `\r` and the work tree has one before each `\n`. */
function withoutCrlf(content: Buffer, inHead: Buffer): Buffer | undefined {
	const text = content.toString("latin1");
	if (inHead.includes("\r") || !text.includes("\r\n") || /(?<!\r)\n/.test(text)) return undefined;
	return Buffer.from(text.replaceAll("\r\n", "\n"), "latin1");
}
