// Lets git write the diff on copies, and proves that git applies it to the expected result.

import { isUtf8 } from "node:buffer";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Git } from "../../system/index.ts";
import { PatchRefused } from "../failures/index.ts";
import { rewriteHeaders } from "../read/diff-sections.ts";
import { decode } from "./encodings.ts";

/** One file before and after; undefined where it does not exist. */
export interface Change {
	/** Below the root, with `/` between its parts. */
	readonly path: string;
	readonly before: Buffer | undefined;
	readonly after: Buffer | undefined;
	readonly executable: boolean;
}

/**
 * One unified diff of all changes, written by git and proven: applied to copies of the files as they are, it yields
 * the requested content byte for byte.
 *
 * Everything happens on copies, in a private folder with a separate git folder: in the user's repository, configured
 * filters run even under `apply --check`, attributes change the result, and from a subdirectory git skips files and
 * still reports success.
 *
 * @throws {PatchRefused} when git does not take the diff back
 */
export async function makeCheckedDiff(copies: Copies, git: Git, signal: AbortSignal): Promise<Buffer> {
	const diff = await writeDiff(copies, git, signal);
	await writeFile(join(copies.folder, "patch.diff"), diff);
	const applied = await applyToCopies(copies, "tree", plain, git, signal);
	if (applied.problem !== undefined) throw new PatchRefused("does_not_apply", undefined, applied.problem);
	const [other] = applied.different;
	if (other !== undefined) throw new PatchRefused("does_not_apply", other, "git's result differs");
	return diff;
}

/** The same changes to read: with every file in UTF-8. It does not apply to files in another encoding. */
export async function makeReadableDiff(
	folder: string,
	changes: readonly Change[],
	git: Git,
	signal: AbortSignal,
): Promise<string> {
	const inUtf8 = (content: Buffer | undefined) => {
		const decoded = content === undefined || isUtf8(content) ? undefined : decode(content);
		return decoded === undefined
			? content
			: Buffer.from(decoded.text.replaceAll(/[\uf780-\uf7ff]/g, "\ufffd"));
	};
	await mkdir(folder);
	const readable = changes.map((change) => {
		const { before, after } = change;
		return { ...change, before: inUtf8(before), after: inUtf8(after) };
	});
	const diff = await writeDiff(await layCopies(folder, readable), git, signal);
	return diff.toString("utf8");
}

async function writeDiff({ folder, gitDir }: Copies, git: Git, signal: AbortSignal): Promise<Buffer> {
	const result = await git.run(
		[
			...plain,
			"diff",
			"--no-index",
			"--no-color",
			"--no-ext-diff",
			"--no-textconv",
			"--no-renames",
			"--no-prefix",
			"--unified=3",
			"--text",
			"--",
			"a",
			"b",
		],
		{ signal, cwd: folder, gitDir, accept: [1], maxOutputBytes: 128 * 1024 * 1024, timeoutMs: 30_000 },
	);
	// As bytes: files may be in any encoding.
	return Buffer.from(rewriteHeaders(result.stdout.toString("latin1")), "latin1");
}

/** Settings that decide how lines end and how names are written. Nothing is converted here. */
export const plain = [
	"core.autocrlf=false",
	"core.eol=lf",
	"core.safecrlf=false",
	"core.quotePath=false",
	"core.fileMode=true",
	"core.symlinks=true",
	"core.whitespace=",
	"apply.whitespace=nowarn",
	"diff.algorithm=myers",
].flatMap((setting) => ["-c", setting]);

/** Attributes that override any `.gitattributes` among the copies. */
export const noAttributes =
	"* -text !eol !crlf !filter !ident !diff !merge !whitespace !working-tree-encoding !conflict-marker-size\n";

export interface Copies {
	readonly folder: string;
	readonly gitDir: string;
	readonly changes: readonly Change[];
}

/** Writes the files before (`a`) and after (`b`) into a private folder. */
export async function layCopies(folder: string, changes: readonly Change[]): Promise<Copies> {
	const gitDir = await makeGitDir(folder, "git", noAttributes);
	for (const side of ["a", "b"]) await mkdir(join(folder, side));
	for (const { path, before, after, executable } of changes) {
		if (before !== undefined) await lay(join(folder, "a"), path, before, executable);
		if (after !== undefined) await lay(join(folder, "b"), path, after, executable);
	}
	return { folder, gitDir, changes };
}

/** The minimum that git accepts as a repository, with attributes that override any file's. */
export async function makeGitDir(folder: string, name: string, attributes: string): Promise<string> {
	const gitDir = join(folder, name);
	await Promise.all(
		["objects", "refs", "info"].map((part) => mkdir(join(gitDir, part), { recursive: true })),
	);
	await writeFile(join(gitDir, "HEAD"), "ref: refs/heads/none\n");
	await writeFile(join(gitDir, "info", "attributes"), attributes);
	return gitDir;
}

async function lay(folder: string, path: string, content: Buffer, executable: boolean): Promise<void> {
	const target = join(folder, path);
	await mkdir(dirname(target), { recursive: true });
	await writeFile(target, content);
	// The `mode` of writeFile is subject to the umask.
	await chmod(target, executable ? 0o755 : 0o644);
}

/**
 * Checks the folder's `patch.diff` against fresh copies of the files as they were, and applies it to them.
 *
 * @returns git's error message, or the paths whose result differs from the requested content
 */
export async function applyToCopies(
	{ folder, gitDir, changes }: Copies,
	name: string,
	settings: readonly string[],
	git: Git,
	signal: AbortSignal,
): Promise<{ readonly problem: string | undefined; readonly different: readonly string[] }> {
	const tree = join(folder, name);
	await mkdir(tree);
	for (const { path, before, executable } of changes) {
		if (before !== undefined) await lay(tree, path, before, executable);
	}
	const patch = join(folder, "patch.diff");
	const result = await git.run([...settings, "apply", "--check", "--apply", "--whitespace=nowarn", patch], {
		signal,
		cwd: tree,
		gitDir,
		accept: [1, 128],
		timeoutMs: 30_000,
	});
	if (result.exitCode !== 0) return { problem: result.stderr.trim().slice(0, 300), different: [] };
	const different: string[] = [];
	for (const { path, after } of changes) {
		const result = await readFile(join(tree, path)).catch(() => undefined);
		const same = after === undefined ? result === undefined : result?.equals(after) === true;
		if (!same) different.push(path);
	}
	return { problem: undefined, different };
}
