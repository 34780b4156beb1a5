// Finds where a hunk ends, and reads its lines.

import type { LineOp } from "../apply/line-ops.ts";

/** A hunk as written; its numbers are not trusted. */
export interface Hunk {
	/** The first line on the old side, from 1, as the header says. */
	readonly oldStart: number | undefined;
	/** The text after the second `@@`: git writes the line there that opens the function. */
	readonly heading: string;
	/** Lines above it that the patch names, the outermost first. */
	readonly anchors?: readonly string[];
	/** Its last line is the file's. */
	readonly endsFile?: boolean;
	readonly ops: readonly LineOp[];
	/** Which sides say `\ No newline at end of file`. */
	readonly oldEndsBare: boolean;
	readonly newEndsBare: boolean;
}

const header = /^@@ -(\d{1,7})(?:,(\d{1,7}))? \+(\d{1,7})(?:,(\d{1,7}))? @@/;

export function isFence(line: string): boolean {
	return /^ {0,3}(```|~~~)/.test(line) && !/^ ```/.test(line);
}

/**
 * `---` and `+++` in a row. In a hunk they count only where a hunk follows and both name one file, since a line of a file
 * may begin with `--` or `++`.
 */
export function isFileHeader(lines: readonly string[], index: number, inHunk = false): boolean {
	const [old = "", fresh = "", next = ""] = lines.slice(index, index + 3);
	if (!old.startsWith("--- ") || !fresh.startsWith("+++ ")) return false;
	return !inHunk || (next.startsWith("@@") && namesOneFile(old.slice(4), fresh.slice(4)));
}

function namesOneFile(old: string, fresh: string): boolean {
	const [one, other] = [old, fresh].map((name) =>
		(name.split("\t")[0] ?? "").trim().replace(/^"?[abciow]\//, ""),
	);
	return one === other || one === "/dev/null" || other === "/dev/null";
}

/** The `-- ` and version at the end of `git format-patch` output. */
export function isSignature(lines: readonly string[], index: number): boolean {
	if (!/^-- ?$/.test(lines[index] ?? "")) return false;
	const after = lines.slice(index + 1, index + 8).filter((line) => line.trim() !== "");
	return after.length <= 1 && /^\d+\.\d+/.test(after[0] ?? "0.0");
}

function endsHunk(lines: readonly string[], index: number): boolean {
	const line = lines[index];
	return (
		line === undefined ||
		line.startsWith("@@") ||
		line.startsWith("diff --git ") ||
		line.startsWith("Index: ") ||
		/^(```|~~~)/.test(line) ||
		isFileHeader(lines, index, true) ||
		isSignature(lines, index)
	);
}

/** Like `endsHunk`, after blank lines. */
function endsHunkSoon(lines: readonly string[], from: number): boolean {
	let index = from;
	while (lines[index] === "") index += 1;
	return endsHunk(lines, index);
}

/** The index after a hunk's last line: by its counts if they fit the following lines, else up to the next header. */
export function hunkEnd(lines: readonly string[], at: number): number {
	return endByCounts(lines, at) ?? endByHeaders(lines, at + 1);
}

function endByCounts(lines: readonly string[], at: number): number | undefined {
	const [found, , oldCount = "1", , newCount = "1"] = header.exec(lines[at] ?? "") ?? [];
	if (found === undefined) return undefined;
	let [oldLeft, newLeft] = [Number(oldCount), Number(newCount)];
	let index = at + 1;
	while (oldLeft > 0 || newLeft > 0) {
		const line = lines[index];
		if (line === undefined || isFileHeader(lines, index, true)) return undefined;
		const first = line.charAt(0);
		if (first === "" || first === " ") [oldLeft, newLeft] = [oldLeft - 1, newLeft - 1];
		else if (first === "-") oldLeft -= 1;
		else if (first === "+") newLeft -= 1;
		else if (first !== "\\") return undefined;
		index += 1;
	}
	while ((lines[index] ?? "").startsWith("\\")) index += 1;
	if (oldLeft !== 0 || newLeft !== 0 || !endsHunkSoon(lines, index)) return undefined;
	// If the counts are too high, trailing empty lines were counted; as context they can be dropped.
	while (lines[index - 1] === "") index -= 1;
	return index;
}

function endByHeaders(lines: readonly string[], from: number): number {
	let end = from;
	while (!endsHunk(lines, end) && /^([ +\-\\]|$)/.test(lines[end] ?? "")) end += 1;
	// A blank line is a context line that lost its space, except at the hunk's end.
	while (end > from && lines[end - 1] === "") end -= 1;
	return end;
}

export function readHunk(head: string, body: readonly string[]): Hunk {
	const ops: LineOp[] = [];
	let oldEndsBare = false;
	let newEndsBare = false;
	for (const line of body) {
		const text = line.slice(1);
		if (line.startsWith("\\")) {
			const last = ops.at(-1)?.op;
			oldEndsBare ||= last === "drop" || last === "keep";
			newEndsBare ||= last === "add" || last === "keep";
		} else if (line.startsWith("-")) ops.push({ op: "drop", text });
		else if (line.startsWith("+")) ops.push({ op: "add", text });
		else ops.push({ op: "keep", text });
	}
	const start = /^@@ -(\d{1,7})/.exec(head)?.[1];
	return {
		oldStart: start === undefined ? undefined : Number(start),
		heading: /^@@[^@]*@@ ?(.*)$/.exec(head)?.[1]?.trim() ?? "",
		ops,
		oldEndsBare,
		newEndsBare,
	};
}
