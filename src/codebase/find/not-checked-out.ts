// Lines of HEAD in files that a sparse checkout leaves out of the work tree.

import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Git, RepositoryRoot } from "../../system/index.ts";
import { isOfType } from "./file-type.ts";
import { compileGlob } from "./glob.ts";
import type { Asked } from "./request.ts";

export interface NotCheckedOut {
	/** Files with matches that may be named, in the order of their paths. */
	readonly files: readonly { readonly path: string; readonly lines: readonly number[] }[];
	/** The files could not all be looked at: a partial clone lacks them, or it took too long. */
	readonly isCut: boolean;
}

export interface AbsentRequest {
	readonly root: RepositoryRoot;
	readonly git: Git;
	readonly pattern: string;
	readonly asked: Asked;
	/** Whether a file counts, by the scope and by what may be shown. */
	readonly accepts: (file: string) => boolean;
	readonly signal: AbortSignal;
}

const timeoutMs = 3000;
const maxOutputBytes = 4 * 1024 * 1024;
/** Upper bound of files that are looked for in the work tree. */
const maxFiles = 500;

/** @returns undefined where nothing of HEAD is left out, or nothing there matches */
export async function readNotCheckedOut(request: AbsentRequest): Promise<NotCheckedOut | undefined> {
	const { root, git, pattern, asked, accepts, signal } = request;
	if (!(await isSparse(root, git, signal))) return undefined;
	const { exitCode, end, stdout } = await git.run(
		[
			"grep",
			"--no-textconv",
			"--no-color",
			"-z",
			"-n",
			"-I",
			...matching(asked),
			"-e",
			pattern,
			"HEAD",
			"--",
		],
		{ signal, timeoutMs, maxOutputBytes, accept: [1, 2, 128] },
	);
	const inGlob = asked.glob === undefined ? () => true : compileGlob(asked.glob);
	const lines = new Map<string, number[]>();
	for (const row of stdout.toString("utf8").split("\n")) {
		// `HEAD:path NUL line NUL text`
		const [, path = "", line = ""] = /^HEAD:([^\0]+)\0(\d+)\0/.exec(row) ?? [];
		if (path === "" || !accepts(path) || !inGlob(path)) continue;
		if (asked.type !== undefined && !isOfType(path, asked.type)) continue;
		lines.set(path, [...(lines.get(path) ?? []), Number(line)]);
	}
	const looked = [...lines].slice(0, maxFiles);
	const absent = await Promise.all(looked.map(([path]) => isAbsent(join(root, path))));
	const files = looked.flatMap(([path, found], index) =>
		absent[index] === true ? [{ path, lines: found }] : [],
	);
	const isCut = end !== "exited" || (exitCode ?? 2) > 1 || lines.size > maxFiles;
	return files.length === 0 && !isCut ? undefined : { files, isCut };
}

/** git's names for what ripgrep is asked. */
function matching({ mode, errorCode, query, caseSensitive }: Asked): readonly string[] {
	const isSmart = caseSensitive === undefined && query !== undefined && !/\p{Lu}/u.test(query);
	const isInsensitive = caseSensitive === false || isSmart;
	return [
		mode === "regex" ? "-P" : "-F",
		...(mode === "word" || errorCode !== undefined ? ["-w"] : []),
		...(isInsensitive ? ["-i"] : []),
	];
}

/** Whether the work tree leaves out some of HEAD. git is asked only where it was ever told to: for most, no process. */
export async function isSparse(root: RepositoryRoot, git: Git, signal: AbortSignal): Promise<boolean> {
	const own = join(root, ".git");
	// In a linked work tree `.git` is a file that names its folder.
	const named = await readFile(own, "utf8").catch(() => undefined);
	const told = named === undefined ? own : /^gitdir: (.+)$/m.exec(named)?.[1];
	if (told === undefined) return false;
	const folder = isAbsolute(told) ? told : join(root, told);
	if (await isAbsent(join(folder, "info", "sparse-checkout"))) return false;
	const options = { signal, timeoutMs, accept: [1, 128] };
	const { stdout } = await git.run(["config", "--type=bool", "--get", "core.sparseCheckout"], options);
	return stdout.toString("utf8").trim() === "true";
}

/** Whether HEAD holds a file or folder that is not in the work tree. @param path below the root */
export async function isInHeadAlone(
	root: RepositoryRoot,
	git: Git,
	path: string,
	signal: AbortSignal,
): Promise<boolean> {
	if (!(await isSparse(root, git, signal))) return false;
	const options = { signal, timeoutMs, accept: [1, 128] };
	const { exitCode } = await git.run(["cat-file", "-e", `HEAD:${path}`], options);
	return exitCode === 0;
}

async function isAbsent(path: string): Promise<boolean> {
	return stat(path).then(
		() => false,
		() => true,
	);
}
