// Lists the repository's files as a search sees them: neither ignored nor hidden.

import { type RepositoryRoot, refuseForeignExit, runProcess, workingRipgrep } from "../../system/index.ts";
import { judgeRefusal, walking } from "./ripgrep.ts";

export interface FileListing {
	/** Below the root, with `/` between their parts, sorted. */
	readonly files: readonly string[];
	/** There are more, or the walk took too long. */
	readonly isCut: boolean;
}

export interface ListRequest {
	readonly root: RepositoryRoot;
	/** Where to start, below the root; `""` or undefined for all of it. */
	readonly path?: string | undefined;
	/** ripgrep's file type. */
	readonly type?: string | undefined;
	readonly accepts: (path: string) => boolean;
	readonly signal: AbortSignal;
}

const timeoutMs = 5000;
const maxBytes = 32 * 1024 * 1024;

/** @throws {InvalidArgument} for a type that ripgrep does not know */
export async function listFiles({ root, path, type, accepts, signal }: ListRequest): Promise<FileListing> {
	const result = await runProcess({
		program: (await workingRipgrep()).program,
		args: [
			"--files",
			"--null",
			...walking,
			...(type === undefined ? [] : [`--type=${type}`]),
			"--",
			path === undefined || path === "" ? "." : `./${path}`,
		],
		cwd: root,
		signal,
		timeoutMs,
		maxOutputBytes: maxBytes,
	});
	refuseForeignExit(result);
	const { end, exitCode, stdout, stderr } = result;
	if (exitCode === 2) judgeRefusal(stderr, type);
	const names = stdout.toString("utf8").split("\0");
	// The last name may be cut off.
	names.pop();
	const files = names
		.map((name) => name.replace(/^\.[/\\]/, "").replaceAll("\\", "/"))
		// A name that is not UTF-8 could not be given back.
		.filter((name) => !name.includes("\ufffd") && accepts(name))
		.sort();
	return { files, isCut: end !== "exited" };
}
