// The changed lines of a commit's files with the lines and the function around them.

import PQueue from "p-queue";
import { type Git, isHiddenFile } from "../../system/index.ts";
import { decode } from "../find/source.ts";
import { namesAround } from "../syntax/names-around.ts";
import { keptLength } from "./patch-stream.ts";
import type { CommitFile } from "./read-commit.ts";
import { onePatchOptions, readLog } from "./read-log.ts";
import type { FileChange, Hunk } from "./types.ts";

/** A line of the file before or after the change. */
export interface DiffLine {
	readonly sign: "-" | "+" | " ";
	/** Clipped where a line is very long. */
	readonly text: string;
}

/** Changed lines that stand near each other, with lines around them. */
export interface Block {
	/** The first line shown, 1-based, as the file stood after the commit. */
	readonly line: number;
	/** The function or class around the first changed line, from the syntax tree; without a grammar, as git names it. */
	readonly enclosing: string | undefined;
	readonly lines: readonly DiffLine[];
	readonly hunks: readonly Hunk[];
}

export interface ChangedFile {
	readonly change: FileChange;
	readonly blocks: readonly Block[];
}

export interface Changes {
	readonly files: readonly ChangedFile[];
	/** Lines or files are left out, for their number or because git failed. */
	readonly isCut: boolean;
}

/** Lines shown around a change; changes with at most twice as many between them are one block. */
const around = 2;
const limits = { commits: 1, timeoutMs: 8000, maxOutputBytes: 32 * 1024 * 1024 };
const maxBlob = 1024 * 1024;
const readAtOnce = 4;

/**
 * @param files those to read, without hidden ones
 * @throws {GitFailed}
 */
export async function readChanges(
	git: Git,
	id: string,
	files: readonly CommitFile[],
	signal: AbortSignal,
): Promise<Changes> {
	const shown = files.filter(({ path, oldPath = path }) => !isHiddenFile(path) && !isHiddenFile(oldPath));
	const paths = shown.flatMap(({ path, oldPath }) => (oldPath === undefined ? [path] : [path, oldPath]));
	if (paths.length === 0) return { files: [], isCut: false };
	const { patches, end } = await readLog(git, onePatchOptions, [id, "--", ...paths], limits, signal);
	const patch = patches[0]?.patch;
	if (patch === undefined) return { files: [], isCut: end === "failed" };
	const queue = new PQueue({ concurrency: readAtOnce });
	const read = await queue.addAll(
		patch.files.map((change) => async (): Promise<ChangedFile> => {
			const text = await readAfter(git, id, change, signal);
			return { change, blocks: await blocksOf(change, text) };
		}),
	);
	return { files: read, isCut: patch.isCut || end === "failed" };
}

/** The file as the commit left it; undefined where there is none, or it is too large. */
async function readAfter(
	git: Git,
	id: string,
	{ kind, isBinary, path, hunks }: FileChange,
	signal: AbortSignal,
): Promise<string | undefined> {
	if (kind === "deleted" || isBinary || hunks.length === 0) return undefined;
	const read = await git
		.run(["cat-file", "blob", `${id}:${path}`], { signal, maxOutputBytes: maxBlob, accept: [128] })
		.catch(() => undefined);
	signal.throwIfAborted();
	return read?.exitCode === 0 ? decode(read.stdout) : undefined;
}

async function blocksOf(change: FileChange, text: string | undefined): Promise<readonly Block[]> {
	const lines = text?.split("\n").map((line) => line.replace(/\r$/, "")) ?? [];
	const groups: Hunk[][] = [];
	for (const hunk of change.hunks) {
		const group = groups.at(-1);
		const last = group?.at(-1);
		const isNear = last !== undefined && text !== undefined && firstOf(hunk) - endOf(last) <= 2 * around;
		if (isNear) group?.push(hunk);
		else groups.push([hunk]);
	}
	const marks = groups.map(([first]) => (first === undefined ? 1 : markOf(first)));
	const names = text === undefined ? undefined : await namesAround(change.path, text, marks);
	return groups.map((hunks, index): Block => {
		const [first] = hunks;
		const begin = first === undefined ? 1 : Math.max(1, firstOf(first) - around);
		return {
			line: begin,
			enclosing: names === undefined ? headingOf(first) : names[index],
			lines: linesOf(hunks, lines, begin),
			hunks,
		};
	});
}

/** The line before which the change begins; of a removal, the line after the gap. */
function firstOf({ newStart, newCount }: Hunk): number {
	return newCount === 0 ? newStart + 1 : newStart;
}

/** The line after the change. */
function endOf(hunk: Hunk): number {
	return firstOf(hunk) + hunk.newCount;
}

/** The line whose function names the change: the first that is neither blank nor a bracket. */
function markOf(hunk: Hunk): number {
	const index = hunk.added.findIndex((line) => /[\p{L}\p{N}]/u.test(line));
	return hunk.newCount === 0 ? Math.max(1, hunk.newStart) : hunk.newStart + Math.max(0, index);
}

function headingOf(hunk: Hunk | undefined): string | undefined {
	return hunk === undefined || hunk.heading.trim() === "" ? undefined : hunk.heading.trim();
}

function clipped(text: string): string {
	return text.length >= keptLength ? `${text}…` : text;
}

function linesOf(hunks: readonly Hunk[], lines: readonly string[], begin: number): readonly DiffLine[] {
	const shown: DiffLine[] = [];
	let next = begin;
	const same = (to: number) => {
		for (; next < to && next <= lines.length; next += 1)
			shown.push({ sign: " ", text: lines[next - 1] ?? "" });
	};
	for (const hunk of hunks) {
		same(firstOf(hunk));
		shown.push(...hunk.removed.map((text): DiffLine => ({ sign: "-", text: clipped(text) })));
		const first = hunk.newStart - 1;
		const added = hunk.added.map((text, index) => lines[first + index] ?? clipped(text));
		shown.push(...added.map((text): DiffLine => ({ sign: "+", text })));
		next = endOf(hunk);
	}
	// What follows the last line feed is not a line.
	same(Math.min(next + around, lines.at(-1) === "" ? lines.length : lines.length + 1));
	return shown;
}
