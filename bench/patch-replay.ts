import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { applyRequest } from "../src/patch/apply/apply-request.ts";
import { EditRefused } from "../src/patch/failures/index.ts";
import { type PatchRequest, readFileRequests } from "../src/patch/read/request.ts";

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
export function changesOfHistory(repository: string, maxCommits: number): RealChange[] {
	const raw = git(
		repository,
		...["log", "--no-merges", `--max-count=${maxCommits}`, "--format=", "--raw", "--no-abbrev"],
		...["--no-renames", "--diff-filter=M", "-z", "HEAD"],
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

export const variants = [
	"as it is",
	"CRLF",
	"BOM",
	"mixed endings",
	"no final newline",
	"counts wrong",
	"starts off by 25",
] as const;
export type Variant = (typeof variants)[number];

export interface Score {
	applied: number;
	refused: number;
	/** Refused without a line number to go by. */
	unexplained: number;
	wrong: number;
}

export const emptyScore = (): Score => ({ applied: 0, refused: 0, unexplained: 0, wrong: 0 });

/** Gives a file's lines the endings of the variant. Which line gets which depends on its number only. */
function dress(content: string, variant: Variant): string {
	if (variant === "CRLF") return content.replaceAll("\n", "\r\n");
	if (variant === "BOM") return `\ufeff${content}`;
	if (variant !== "mixed endings") return content;
	return content
		.split("\n")
		.map((line, index, all) => (index === all.length - 1 ? line : `${line}${endingOf(index)}`))
		.join("");
}

function endingOf(index: number): string {
	return (createHash("md5").update(`${index}`).digest()[0] ?? 0) % 2 === 0 ? "\n" : "\r\n";
}

/**
 * Whether the result is right: byte for byte, and with mixed endings, kept lines with their own.
 *
 * @param kept which lines of a hunk are surely kept, as indices of its old lines
 */
export function isRight(
	result: string,
	before: string,
	hunks: readonly RealHunk[],
	variant: Variant,
	kept: (hunk: RealHunk) => readonly number[] = ({ keptFrom }) => keptFrom,
): boolean {
	const old = before.split("\n");
	const expected: { text: string; from: number }[] = [];
	let at = 0;
	for (const hunk of hunks) {
		for (; at < hunk.at; at += 1) expected.push({ text: old[at] ?? "", from: at });
		const keptFrom = kept(hunk);
		for (const [index, text] of hunk.newLines.entries()) {
			const from = keptFrom[index] ?? -1;
			expected.push({ text, from: from < 0 ? -1 : hunk.at + from });
		}
		at += hunk.oldLines.length;
	}
	for (; at < old.length; at += 1) expected.push({ text: old[at] ?? "", from: at });
	if (variant !== "mixed endings") {
		const plain = expected.map(({ text }) => text).join("\n");
		return result === dress(plain, variant);
	}
	const lines = result.split("\n");
	return (
		lines.length === expected.length &&
		expected.every(({ text, from }, index) => {
			const line = lines[index] ?? "";
			const bare = line.endsWith("\r") ? line.slice(0, -1) : line;
			const isLast = index === expected.length - 1;
			return (
				bare === text &&
				(isLast || from < 0 || from >= old.length - 1 || `${line.slice(bare.length)}\n` === endingOf(from))
			);
		})
	);
}

/** An edit gives two texts, so it is not known which lines between its first and last change are kept. */
export function keptAround({ oldLines, newLines, keptFrom }: RealHunk): readonly number[] {
	const shorter = Math.min(oldLines.length, newLines.length);
	let head = 0;
	while (head < shorter && oldLines[head] === newLines[head]) head += 1;
	let tail = 0;
	while (tail < shorter - head && oldLines.at(-1 - tail) === newLines.at(-1 - tail)) tail += 1;
	return keptFrom.map((_, index) => {
		if (index < head) return index;
		return index >= newLines.length - tail ? oldLines.length - newLines.length + index : -1;
	});
}

export function attempt(request: Pick<PatchRequest, "edits" | "diff">, path: string, before: string): string {
	const [fileRequest] = readFileRequests({ title: "", rationale: "", ...request });
	if (fileRequest === undefined) throw new Error("nothing is asked for");
	const content = Buffer.from(before, "utf8");
	const { after } = applyRequest(fileRequest, { path, content, executable: false }, undefined);
	return after?.toString("utf8") ?? "";
}

export function count(score: Score, run: () => boolean): void {
	try {
		if (run()) score.applied += 1;
		else score.wrong += 1;
	} catch (error) {
		if (!(error instanceof EditRefused)) throw error;
		score.refused += 1;
		const { problem } = error;
		const explained =
			(problem.kind === "several" && problem.lines.length > 1) ||
			(problem.kind === "none" && problem.nearest !== undefined) ||
			problem.kind === "part_of_line" ||
			problem.kind === "already_applied";
		if (!explained) score.unexplained += 1;
	}
}

/** Spoils the numbers of a hunk's header as the variant says. */
function spoil(header: string, variant: Variant, file: number, hunk: number): string {
	if (variant !== "counts wrong" && variant !== "starts off by 25") return header;
	return header.replace(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/, (_, a, b = "1", c, d = "1") => {
		if (variant === "counts wrong")
			return `@@ -${a},${Math.max(0, Number(b) + ((file + hunk) % 5) - 2)} +${c},${Math.max(0, Number(d) + ((file + hunk) % 3) - 1)} @@`;
		const off = file % 2 === 0 ? 25 : -25;
		const shift = (start: string) => Math.max(1, Number(start) + off);
		return `@@ -${shift(a)},${b} +${shift(c)},${d} @@`;
	});
}

/** Every hunk by itself, as an edit with three lines of context. */
export function replayEdits(diffs: readonly RealDiff[], variant: Variant): Score {
	const score = emptyScore();
	for (const { path, before, hunks } of diffs) {
		for (const hunk of hunks) {
			if (hunk.oldLines.length === 0) continue;
			const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
			const edits = [{ path, old_text: text(hunk.oldLines), new_text: text(hunk.newLines) }];
			count(score, () => {
				const result = attempt({ edits }, path, dress(before, variant));
				return isRight(result, before, [hunk], variant, keptAround);
			});
		}
	}
	return score;
}

/** Every file's diff as a whole. */
export function replayDiffs(diffs: readonly RealDiff[], variant: Variant): Score {
	const score = emptyScore();
	for (const [index, { path, before, hunks }] of diffs.entries()) {
		const body = hunks.flatMap((hunk, place) => [spoil(hunk.header, variant, index, place), ...hunk.body]);
		const diff = [`--- a/${path}`, `+++ b/${path}`, ...body, ""].join("\n");
		count(score, () => isRight(attempt({ diff }, path, dress(before, variant)), before, hunks, variant));
	}
	return score;
}

/** The changes with the last newline taken from both sides. */
export function withoutFinalNewline(changes: readonly RealChange[]): RealDiff[] {
	const strip = (text: string) => text.replace(/\n+$/, "");
	const stripped = changes.map(({ path, before, after }) => ({
		path,
		before: strip(before),
		after: strip(after),
	}));
	return withDiffs(stripped.filter(({ before, after }) => before !== after && before !== "" && after !== ""));
}
