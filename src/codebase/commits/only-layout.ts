// Whether a commit changed only comments, layout and local names of a file, by comparing the syntax trees of both versions.

import type { Git } from "../../system/index.ts";
import { decode } from "../find/source.ts";
import { isSameCode } from "../syntax/same-code.ts";
import type { FileChange } from "./types.ts";

const maxBytes = 1024 * 1024;
const timeoutMs = 2000;
const maxKept = 2000;

/** Compares the versions of files; a pair of blobs never changes, so its answer is kept. */
export class LayoutCheck {
	readonly #git: Git;
	readonly #known = new Map<string, boolean>();

	constructor(git: Git) {
		this.#git = git;
	}

	/** @returns undefined without a grammar, and where a version cannot be read */
	async isOnlyLayout({ kind, path, blobs }: FileChange, signal: AbortSignal): Promise<boolean | undefined> {
		if (kind !== "changed" || blobs === undefined) return undefined;
		const key = `${path} ${blobs.join(" ")}`;
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const [before, after] = await Promise.all(blobs.map((blob) => this.#read(blob, signal)));
		if (before === undefined || after === undefined) return undefined;
		const isSame = await isSameCode(path, before, after);
		if (isSame !== undefined && this.#known.size < maxKept) this.#known.set(key, isSame);
		return isSame;
	}

	async #read(blob: string, signal: AbortSignal): Promise<string | undefined> {
		const read = await this.#git
			.run(["cat-file", "blob", blob], { signal, timeoutMs, maxOutputBytes: maxBytes, accept: [128] })
			.catch(() => undefined);
		signal.throwIfAborted();
		return read?.exitCode === 0 ? decode(read.stdout) : undefined;
	}
}
