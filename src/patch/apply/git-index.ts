// Reads git's index file directly, since starting git costs far more.

import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RepositoryRoot } from "../../system/index.ts";

/**
 * Supports the common format only; for others git has to be asked.
 *
 * @see https://git-scm.com/docs/gitformat-index
 */
export interface GitIndex {
	/** The given paths that git tracks. */
	trackedAmong(paths: readonly string[]): ReadonlySet<string>;
	/** Whether the index contains a text anywhere, so that a name may contain it. */
	mentions(text: string): boolean;
}

/** Upper bound of an index, in bytes: about half a million files. */
const maxBytes = 64 * 1024 * 1024;
const headerBytes = 12;
/** Of an entry before its flags: times, numbers, size, and a name of SHA-1. */
const statBytes = 60;
const isExtended = 0x4000;
/** Of the flags, the length of the name; longer names have all bits set. */
const lengthMask = 0xfff;

/** @returns undefined where git has to be asked */
export async function readIndex(root: RepositoryRoot): Promise<GitIndex | undefined> {
	const folder = join(root, ".git");
	// A linked work tree or a submodule has its git folder elsewhere.
	if ((await lstat(folder).catch(() => undefined))?.isDirectory() !== true) return undefined;
	// A split index keeps its names in a file beside it.
	if ((await readdir(folder)).some((name) => name.startsWith("sharedindex."))) return undefined;
	const path = join(folder, "index");
	const there = await stat(path).catch(() => undefined);
	if (there === undefined) return { trackedAmong: () => new Set(), mentions: () => false };
	if (!there.isFile() || there.size > maxBytes) return undefined;
	const bytes = await readFile(path);
	const names = namesIn(bytes);
	if (names === undefined) return undefined;
	return {
		trackedAmong: (paths) => {
			const wanted = paths.map((one) => ({ path: one, bytes: Buffer.from(one, "utf8") }));
			const found = new Set<string>();
			for (const [from, to] of names) {
				for (const one of wanted) {
					if (to - from === one.bytes.length && one.bytes.compare(bytes, from, to) === 0) found.add(one.path);
				}
			}
			return found;
		},
		mentions: (text) => bytes.includes(text),
	};
}

/** Where each name begins and ends; undefined for a version that shortens names, and for a malformed index. */
function namesIn(bytes: Buffer): readonly (readonly [number, number])[] | undefined {
	if (bytes.length < headerBytes || bytes.toString("latin1", 0, 4) !== "DIRC") return undefined;
	const version = bytes.readUInt32BE(4);
	if (version !== 2 && version !== 3) return undefined;
	const names: [number, number][] = [];
	let entry = headerBytes;
	for (let left = bytes.readUInt32BE(8); left > 0; left -= 1) {
		if (entry + statBytes + 4 > bytes.length) return undefined;
		const flags = bytes.readUInt16BE(entry + statBytes);
		const from = entry + statBytes + ((flags & isExtended) === 0 ? 2 : 4);
		const to = bytes.indexOf(0, from);
		// With a hash other than SHA-1 the flags are elsewhere, and this check fails.
		if (to < 0 || Math.min(to - from, lengthMask) !== (flags & lengthMask)) return undefined;
		names.push([from, to]);
		// Names end with one to eight NULs, so that the next entry begins at a multiple of eight.
		entry += (to - entry + 8) & ~7;
	}
	return names;
}
