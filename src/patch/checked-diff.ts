import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Git } from "../system/git.ts";
import { PatchRefused } from "./errors.ts";

/** One file before and after; undefined where it is not there. */
export interface Change {
	/** Below the root, with `/` between its parts. */
	readonly path: string;
	readonly before: Buffer | undefined;
	readonly after: Buffer | undefined;
	readonly executable: boolean;
}

/**
 * One unified diff of all changes, written by git and proven: git applies it to copies of the files as they are, and
 * what comes out is what was wanted, byte for byte.
 *
 * Everything happens on copies in a private folder outside every repository: in the user's own, configured filters
 * run even under `apply --check`, attributes change what comes out, and from a subdirectory git skips files and still
 * says yes.
 *
 * @throws {PatchRefused} when git does not take the diff back
 */
export async function makeCheckedDiff(
	changes: readonly Change[],
	git: Git,
	signal: AbortSignal,
): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "prod-debugger-patch-"));
	try {
		const parts: string[] = [];
		for (const change of changes) parts.push(await diffOne(folder, change, git, signal));
		const diff = parts.join("");
		await prove(folder, changes, diff, git, signal);
		return diff;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const mode = (executable: boolean) => (executable ? 0o755 : 0o644);

async function lay(folder: string, path: string, content: Buffer, executable: boolean): Promise<void> {
	const target = join(folder, path);
	await mkdir(dirname(target), { recursive: true });
	await writeFile(target, content);
	await chmod(target, mode(executable));
}

/** Settings that decide how lines end and how names are written; nothing here is converted. */
const plain = [
	"-c",
	"core.autocrlf=false",
	"-c",
	"core.eol=lf",
	"-c",
	"core.safecrlf=false",
	"-c",
	"core.quotePath=false",
];

async function diffOne(folder: string, change: Change, git: Git, signal: AbortSignal): Promise<string> {
	const { path, before, after, executable } = change;
	if (before !== undefined) await lay(join(folder, "a"), path, before, executable);
	if (after !== undefined) await lay(join(folder, "b"), path, after, executable);
	const { stdout } = await git.run(
		[
			...plain,
			"diff",
			"--no-index",
			"--no-color",
			"--no-ext-diff",
			"--no-textconv",
			"--no-prefix",
			"--text",
			"--",
			before === undefined ? "/dev/null" : `a/${path}`,
			after === undefined ? "/dev/null" : `b/${path}`,
		],
		{ signal, cwd: folder, accept: [1], maxOutputBytes: 16 * 1024 * 1024 },
	);
	const text = stdout.toString("utf8");
	const end = text.indexOf("\n");
	// With /dev/null on one side git repeats the other's prefix in its first line.
	const quoted = (prefix: string) =>
		/["\\\t]/.test(path) ? JSON.stringify(`${prefix}/${path}`) : `${prefix}/${path}`;
	return text === "" ? "" : `diff --git ${quoted("a")} ${quoted("b")}${text.slice(end)}`;
}

async function prove(
	folder: string,
	changes: readonly Change[],
	diff: string,
	git: Git,
	signal: AbortSignal,
): Promise<void> {
	const tree = join(folder, "tree");
	await mkdir(tree);
	for (const { path, before, executable } of changes) {
		if (before !== undefined) await lay(tree, path, before, executable);
	}
	const patch = join(folder, "patch.diff");
	await writeFile(patch, diff);
	for (const step of [["--check"], []]) {
		const result = await git.run([...plain, "apply", ...step, "--whitespace=nowarn", patch], {
			signal,
			cwd: tree,
			accept: [1, 128],
		});
		if (result.exitCode !== 0)
			throw new PatchRefused("does_not_apply", undefined, result.stderr.trim().slice(0, 300));
	}
	for (const { path, after } of changes) {
		const result = await readFile(join(tree, path)).catch(() => undefined);
		const same = after === undefined ? result === undefined : result?.equals(after) === true;
		if (!same) throw new PatchRefused("does_not_apply", path, "git makes something else of it");
	}
}
