// Whether a commit changed only comments and layout of a file, by comparing the syntax trees of both versions.

import type { Git } from "../../system/index.ts";
import { decode } from "../find/source.ts";
import { isSameCode } from "../syntax/same-code.ts";
import type { FileChange } from "./types.ts";

const maxBytes = 1024 * 1024;
const timeoutMs = 2000;

/** @returns undefined without a grammar, and where a version cannot be read */
export async function isOnlyLayout(
	git: Git,
	{ kind, path, blobs }: FileChange,
	signal: AbortSignal,
): Promise<boolean | undefined> {
	if (kind !== "changed" || blobs === undefined) return undefined;
	const [before, after] = await Promise.all(blobs.map((blob) => readBlob(git, blob, signal)));
	if (before === undefined || after === undefined) return undefined;
	return isSameCode(path, before, after);
}

async function readBlob(git: Git, blob: string, signal: AbortSignal): Promise<string | undefined> {
	const read = await git
		.run(["cat-file", "blob", blob], { signal, timeoutMs, maxOutputBytes: maxBytes, accept: [128] })
		.catch(() => undefined);
	signal.throwIfAborted();
	return read?.exitCode === 0 ? decode(read.stdout) : undefined;
}
