// Reads a file that the user named, of a bounded size.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { type Explanation, Failure, quoteUntrusted } from "../text/index.ts";

const problems = {
	missing: "there is no such file",
	not_a_file: "it is not a regular file",
	too_large: "it is larger than such a file can be",
	not_permitted: "the system does not permit it",
	not_text: "it is not UTF-8 text",
} as const;

/** A file that the user named cannot be read. */
export class FileNotRead extends Failure {
	readonly kind = "file_not_read";

	constructor(
		readonly path: string,
		readonly problem: keyof typeof problems,
	) {
		super();
	}

	explain(): Explanation {
		const problem = `${quoteUntrusted(this.path, 500)} was not read: ${problems[this.problem]}.`;
		return { problem, next: "Name another." };
	}
}

/** A pipe or a device is not opened for reading: it could keep the reader waiting. @throws {FileNotRead} */
export async function readNamed(named: string, maxBytes: number): Promise<string> {
	const path = resolve(named);
	const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
		(error: unknown) => {
			throw new FileNotRead(path, isMissing(error) ? "missing" : "not_permitted");
		},
	);
	try {
		const there = await handle.stat();
		if (!there.isFile()) throw new FileNotRead(path, "not_a_file");
		if (there.size > maxBytes) throw new FileNotRead(path, "too_large");
		const bytes = await handle.readFile();
		if (bytes.length > maxBytes) throw new FileNotRead(path, "too_large");
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (error) {
		if (error instanceof FileNotRead) throw error;
		throw new FileNotRead(path, error instanceof TypeError ? "not_text" : "not_permitted");
	} finally {
		await handle.close();
	}
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
