// One commit: its message, its place in the history, and its files with their counts of lines.

import { type Git, GitFailed } from "../../system/index.ts";
import { findCommit } from "./find-commit.ts";
import { logSettings } from "./read-log.ts";

export interface CommitFile {
	/** After the change; before it, if the file was deleted. */
	readonly path: string;
	/** Before a rename. */
	readonly oldPath?: string;
	/** Lines; undefined for a binary file, and where the contents are missing. */
	readonly counts?: { readonly added: number; readonly removed: number };
}

export interface CommitHead {
	/** The whole hash. */
	readonly id: string;
	/** When it was committed, epoch seconds. */
	readonly at: number;
	/** Of a merge, what it brought to the first of them is its change. */
	readonly parents: readonly string[];
	readonly tags: readonly string[];
	readonly subject: string;
	/** Clipped. */
	readonly body: string;
	/** The commits that its text says it reverts, as far as their hash is written. */
	readonly reverts: readonly string[];
	/** HEAD contains it. */
	readonly isInHead: boolean;
	/** A shallow clone ends here: its parents, and so its changes, are not known. */
	readonly isBoundary: boolean;
	/** Objects are missing (a partial clone): `names` where only the files' names are known. */
	readonly missing: "nothing" | "contents" | "names";
	/** All of them, in git's order. */
	readonly files: readonly CommitFile[];
}

const timeoutMs = 8000;
const maxBody = 4000;
const maxListBytes = 16 * 1024 * 1024;
const field = "\x1f";

/** @throws {CommitUnknown} {CommitAmbiguous} {GitFailed} */
export async function readCommit(git: Git, name: string, signal: AbortSignal): Promise<CommitHead> {
	const id = await findCommit(git, name, signal);
	const [head, raw, isInHead, listed] = await Promise.all([
		readHead(git, id, signal),
		git.run(["cat-file", "commit", id], { signal, timeoutMs, maxOutputBytes: maxListBytes }),
		isAncestor(git, id, signal),
		listFiles(git, id, signal),
	]);
	// The log of a shallow clone leaves parents out that are not there; the commit itself names them.
	const isBoundary = head.parents.length === 0 && /^parent /m.test(headerOf(raw.stdout));
	return { id, ...head, isInHead, isBoundary, ...(isBoundary ? { ...listed, files: [] } : listed) };
}

function headerOf(commit: Buffer): string {
	const text = commit.toString("latin1");
	return text.slice(0, text.indexOf("\n\n"));
}

async function readHead(git: Git, id: string, signal: AbortSignal) {
	const { stdout } = await git.run(
		[
			"log",
			"--no-walk",
			"--encoding=UTF-8",
			"--no-color",
			"--no-notes",
			"--no-show-signature",
			"--decorate-refs=refs/tags/",
			`--format=%ct${field}%P${field}%D${field}%s${field}%b`,
			id,
			"--",
		],
		{ signal, timeoutMs, maxOutputBytes: maxListBytes },
	);
	const [at = "", parents = "", refs = "", subject = "", ...rest] = stdout.toString("utf8").split(field);
	const body = rest.join(" ").trim();
	return {
		at: Number(at),
		parents: parents.split(" ").filter((parent) => parent !== ""),
		tags: refs
			.split(", ")
			.filter((ref) => ref.startsWith("tag: "))
			.map((ref) => ref.slice(5)),
		subject: subject.slice(0, 500),
		body: body.slice(0, maxBody),
		reverts: [...body.slice(0, 20_000).matchAll(/This reverts commit ([0-9a-f]{7,64})/g)].flatMap(
			([, hash]) => (hash === undefined ? [] : [hash]),
		),
	};
}

async function isAncestor(git: Git, id: string, signal: AbortSignal): Promise<boolean> {
	const { exitCode } = await git.run(["merge-base", "--is-ancestor", id, "HEAD"], {
		signal,
		timeoutMs,
		accept: [1, 128],
	});
	return exitCode === 0;
}

type Listed = Pick<CommitHead, "missing" | "files">;

async function listFiles(git: Git, id: string, signal: AbortSignal): Promise<Listed> {
	const counted = await list(git, id, ["--numstat", "--find-renames=90%", "-l200"], signal);
	if (counted !== undefined) return { missing: "nothing", files: readCounts(counted) };
	const named = await list(git, id, ["--name-only", "--no-renames"], signal);
	if (named === undefined) return { missing: "names", files: [] };
	return {
		missing: "contents",
		files: named
			.split("\0")
			.map((path) => path.trim())
			.filter((path) => path !== "")
			.map((path) => ({ path })),
	};
}

/** @returns undefined where git failed, as it does where objects are missing */
async function list(
	git: Git,
	id: string,
	how: readonly string[],
	signal: AbortSignal,
): Promise<string | undefined> {
	try {
		const { exitCode, stdout } = await git.run(
			[
				...logSettings,
				"log",
				"--no-walk",
				"--first-parent",
				"--diff-merges=first-parent",
				...how,
				"-z",
				"--no-color",
				"--no-ext-diff",
				"--no-textconv",
				"--no-relative",
				"--ignore-submodules=all",
				"--format=",
				id,
				"--",
			],
			{ signal, timeoutMs, maxOutputBytes: maxListBytes, accept: [128] },
		);
		return exitCode === 0 ? stdout.toString("utf8") : undefined;
	} catch (error) {
		if (error instanceof GitFailed) return undefined;
		throw error;
	}
}

/** `added TAB removed TAB path NUL`; of a rename the path is empty, and both names follow (git-diff(1), -z). */
function readCounts(text: string): readonly CommitFile[] {
	const parts = text.split("\0");
	const files: CommitFile[] = [];
	for (let index = 0; index < parts.length; index += 1) {
		const [, added, removed, path] = /^\n?(\d+|-)\t(\d+|-)\t(.*)$/s.exec(parts[index] ?? "") ?? [];
		if (added === undefined || removed === undefined || path === undefined) continue;
		const counts = added === "-" ? {} : { counts: { added: Number(added), removed: Number(removed) } };
		if (path !== "") {
			files.push({ path, ...counts });
			continue;
		}
		const [oldPath, newPath] = [parts[index + 1], parts[index + 2]];
		index += 2;
		if (oldPath !== undefined && newPath !== undefined) files.push({ path: newPath, oldPath, ...counts });
	}
	return files;
}
