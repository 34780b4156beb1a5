// Writes a file that the user named, completely or not at all.

import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Explanation, Failure, quoteUntrusted } from "../text/index.ts";

/** For each problem: what is wrong, and what to do. */
const problems = {
	folder: ["it is a folder", "Name a file in it."],
	not_a_file: ["it exists, and is not a regular file", "Name another."],
	no_folder: ["its folder does not exist", "Create it first, or name another."],
	full: ["the disk is full", "Free some space, or name a file elsewhere."],
	not_permitted: ["the system does not permit it", "Name a file in a folder that you own."],
} as const;

/** Why a file that the user named cannot be written. */
export type FileProblem = keyof typeof problems;

/** A file that the user named cannot be written; an existing one is unchanged. */
export class FileNotWritten extends Failure {
	readonly kind = "file_not_written";

	constructor(
		readonly path: string,
		readonly problem: FileProblem,
	) {
		super();
	}

	explain(): Explanation {
		const [problem, next] = problems[this.problem];
		return { problem: `${quoteUntrusted(this.path, 500)} was not written: ${problem}.`, next };
	}
}

/**
 * Checks early whether the file can be written, before the work whose result it is to hold.
 *
 * @returns the absolute path
 * @throws {FileNotWritten}
 */
export async function checkTarget(named: string): Promise<string> {
	const path = resolve(named);
	const there = await stat(path).catch(() => undefined);
	if (there?.isDirectory() === true || named.endsWith("/")) throw new FileNotWritten(path, "folder");
	// A device or a pipe would be replaced by a file.
	if (there !== undefined && !there.isFile()) throw new FileNotWritten(path, "not_a_file");
	return path;
}

/**
 * The file is private to the user (0600), and replaces an existing one only when it is complete. A link is replaced,
 * not followed.
 *
 * @returns the absolute path
 * @throws {FileNotWritten}
 */
export async function writeWhole(named: string, text: string): Promise<string> {
	const path = await checkTarget(named);
	const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}`);
	try {
		const handle = await open(draft, "wx", 0o600);
		try {
			await handle.writeFile(text);
		} finally {
			await handle.close();
		}
		await rename(draft, path);
	} catch (error) {
		await rm(draft, { force: true }).catch(() => {});
		throw new FileNotWritten(path, problemOf(error));
	}
	return path;
}

function problemOf(error: unknown): FileProblem {
	switch (error instanceof Error && "code" in error ? error.code : undefined) {
		case "ENOENT":
		case "ENOTDIR":
			return "no_folder";
		case "ENOSPC":
		case "EDQUOT":
		case "EFBIG":
			return "full";
		default:
			return "not_permitted";
	}
}
