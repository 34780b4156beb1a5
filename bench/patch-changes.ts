// Real changes of files, from a repository's history or from a package's releases, with git's diff of each.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A changed file, before and after the change. */
export interface RealChange {
	readonly path: string;
	readonly before: string;
	readonly after: string;
}

export interface RealHunk {
	/** 0-based, on the old side. */
	readonly at: number;
	readonly header: string;
	readonly oldLines: readonly string[];
	readonly newLines: readonly string[];
	/** For each new line, the index in `oldLines` that it is kept from; -1 for an added one. */
	readonly keptFrom: readonly number[];
	readonly body: readonly string[];
}

export interface RealDiff extends RealChange {
	/** As git writes it. */
	readonly diff: string;
	readonly hunks: readonly RealHunk[];
}

const git = (cwd: string, ...args: string[]): string => {
	const options = { cwd, encoding: "utf8", maxBuffer: 1024 * 1024 * 1024 } as const;
	try {
		return execFileSync("git", args, { ...options, stdio: ["ignore", "pipe", "ignore"] });
	} catch (error) {
		// `git diff` exits with 1 where there are differences.
		if (error instanceof Error && "status" in error && error.status === 1 && "stdout" in error)
			return String(error.stdout);
		throw error;
	}
};

const isText = (content: string) => !content.includes("\0") && !content.includes("\ufffd") && content !== "";

/** Files that were changed, and neither made nor deleted, commit by commit. */
export function changesOfHistory(repository: string, maxCommits: number, newest = "HEAD"): RealChange[] {
	const raw = git(
		repository,
		...["log", "--no-merges", `--max-count=${maxCommits}`, "--format=", "--raw", "--no-abbrev"],
		...["--no-renames", "--diff-filter=M", "-z", newest],
	);
	const fields = raw.split("\0");
	const named: { path: string; old: string; fresh: string }[] = [];
	for (let index = 0; index + 1 < fields.length; index += 2) {
		const [, , old = "", fresh = ""] = (fields[index] ?? "").trim().split(" ");
		named.push({ path: fields[index + 1] ?? "", old, fresh });
	}
	const texts = blobs(repository, [...new Set(named.flatMap(({ old, fresh }) => [old, fresh]))]);
	return named.flatMap(({ path, old, fresh }) => {
		const [before = "", after = ""] = [texts.get(old), texts.get(fresh)];
		return before !== after && isText(before) && isText(after) ? [{ path, before, after }] : [];
	});
}

/** Reads many objects with one process (git-cat-file(1), "BATCH OUTPUT"). */
function blobs(repository: string, ids: readonly string[]): ReadonlyMap<string, string> {
	const output = execFileSync("git", ["cat-file", "--batch"], {
		cwd: repository,
		input: ids.map((id) => `${id}\n`).join(""),
		maxBuffer: 1024 * 1024 * 1024,
	});
	const found = new Map<string, string>();
	for (let at = 0; at < output.length; ) {
		const end = output.indexOf("\n", at);
		const [id = "", type, size = "0"] = output.toString("latin1", at, end).split(" ");
		at = end + 1;
		if (type === "missing") continue;
		const next = at + Number(size);
		if (type === "blob") found.set(id, output.toString("utf8", at, next));
		at = next + 1;
	}
	return found;
}

/** Files that differ between releases, each folder with the next. */
export function changesOfReleases(
	folders: readonly string[],
	suffix: string,
	maxFiles: number,
): RealChange[] {
	return folders.slice(1).flatMap((folder, index) => {
		const old = folders[index] ?? "";
		const names = readdirSync(old, { recursive: true, encoding: "utf8" }).filter((name) =>
			name.endsWith(suffix),
		);
		const changes: RealChange[] = [];
		for (const path of names.sort()) {
			if (changes.length >= maxFiles) break;
			const [from, to] = [join(old, path), join(folder, path)];
			if (!statSync(to, { throwIfNoEntry: false })?.isFile() || !statSync(from).isFile()) continue;
			const [before, after] = [readFileSync(from, "utf8"), readFileSync(to, "utf8")];
			if (before !== after && isText(before) && isText(after)) changes.push({ path, before, after });
		}
		return changes;
	});
}

/** Has git write the diffs of all changes, in one go. */
export function withDiffs(changes: readonly RealChange[]): RealDiff[] {
	const folder = mkdtempSync(join(tmpdir(), "patch-replay-"));
	try {
		for (const [index, { before, after }] of changes.entries()) {
			for (const [side, content] of [
				["a", before],
				["b", after],
			] as const) {
				const target = join(folder, side, `${index}`);
				mkdirSync(dirname(target), { recursive: true });
				writeFileSync(target, content);
			}
		}
		const text = git(folder, "diff", "--no-index", "--no-prefix", "--no-color", "--text", "-U3", "a", "b");
		return text
			.split(/^(?=diff --git )/m)
			.filter(Boolean)
			.flatMap((section) => {
				const index = Number(/^diff --git a\/(\d+) /.exec(section)?.[1]);
				const change = changes[index];
				if (change === undefined) return [];
				const from = section.search(/^@@/m);
				const body = section.slice(from);
				const diff = `--- a/${change.path}\n+++ b/${change.path}\n${body}`;
				return [{ ...change, diff, hunks: hunksOf(body) }];
			});
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Reads git's hunks by their counts, independently of the reader that is measured. */
function hunksOf(text: string): RealHunk[] {
	const hunks: RealHunk[] = [];
	const lines = text.split("\n");
	for (let index = 0; index < lines.length; ) {
		const header = lines[index] ?? "";
		const numbers = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(header);
		if (numbers === null) {
			index += 1;
			continue;
		}
		const [oldCount, newCount] = [Number(numbers[2] ?? 1), Number(numbers[4] ?? 1)];
		const [oldLines, newLines, keptFrom, body]: [string[], string[], number[], string[]] = [[], [], [], []];
		index += 1;
		while (oldLines.length < oldCount || newLines.length < newCount || lines[index]?.startsWith("\\")) {
			const line = lines[index] ?? "";
			body.push(line);
			if (!line.startsWith("\\")) {
				if (!line.startsWith("-")) {
					newLines.push(line.slice(1));
					keptFrom.push(line.startsWith("+") ? -1 : oldLines.length);
				}
				if (!line.startsWith("+")) oldLines.push(line.slice(1));
			}
			index += 1;
		}
		hunks.push({
			at: Number(numbers[1]) - (oldCount === 0 ? 0 : 1),
			header,
			oldLines,
			newLines,
			keptFrom,
			body,
		});
	}
	return hunks;
}

export interface HistoryOptions {
	/** Of a repository, the newest. */
	readonly commits?: number | undefined;
	/** Of releases, how many files of each pair, and how their names end. */
	readonly files?: number | undefined;
	readonly suffix?: string | undefined;
}

/** @param history a repository's folder, or those of a package's releases, oldest first, with commas */
export function changesOf(
	history: string,
	{ commits = 1000, files = 150, suffix = ".js" }: HistoryOptions = {},
): RealChange[] {
	const folders = history.split(",");
	return folders.length > 1 ? changesOfReleases(folders, suffix, files) : changesOfHistory(history, commits);
}
