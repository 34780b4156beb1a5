// Reads patches in the form `*** Begin Patch`, which some models are trained to write.

import { PatchRefused } from "../failures/index.ts";
import type { FileDiff } from "./file-diff.ts";
import type { Hunk } from "./read-hunk.ts";

/** Whether a text is such a patch; fences and prose around it are passed over. */
export function isBeginPatch(text: string): boolean {
	return /^\*\*\* (?:Begin Patch\s*$|(?:Update|Add|Delete) File: )/m.test(text);
}

interface OpenFile {
	readonly kind: "update" | "add" | "delete";
	readonly path: string;
	moveTo: string | undefined;
	readonly hunks: OpenHunk[];
}

interface OpenHunk {
	readonly anchors: string[];
	readonly ops: Hunk["ops"][number][];
	endsFile: boolean;
}

/**
 * Files are updated, added, deleted and moved. `@@ text` names a line above the hunk, several of them one after another;
 * `*** End of File` puts a hunk at the end.
 *
 * @throws {PatchRefused} for a line that is none of these
 */
export function readBeginPatch(text: string): readonly FileDiff[] {
	const files: OpenFile[] = [];
	let [isOpen, number] = [!/^\*\*\* Begin Patch\s*$/m.test(text), 0];
	for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
		number += 1;
		if (/^\*\*\* Begin Patch\s*$/.test(line)) isOpen = true;
		else if (/^\*\*\* End Patch\s*$/.test(line)) isOpen = false;
		else if (isOpen) readLine(line, files, number);
	}
	if (files.length === 0) throw notAPatch("it has no *** Update File, *** Add File or *** Delete File line");
	return files.map(finish);
}

function notAPatch(detail: string, path?: string): PatchRefused {
	return new PatchRefused("no_diff", path, detail);
}

function readLine(line: string, files: OpenFile[], number: number): void {
	const [, action, name] = /^\*\*\* (Update|Add|Delete) File: (.{1,4096})$/.exec(line) ?? [];
	if (action !== undefined && name !== undefined) {
		const kind = action === "Update" ? "update" : action === "Add" ? "add" : "delete";
		files.push({ kind, path: name.trim(), moveTo: undefined, hunks: [] });
		return;
	}
	const file = files.at(-1);
	const moved = /^\*\*\* Move to: (.{1,4096})$/.exec(line)?.[1];
	if (file === undefined) {
		if (line.trim() === "" || /^ {0,3}(?:```|~~~)/.test(line)) return;
		throw notAPatch(`its line ${number} precedes the first *** Update File, *** Add File or *** Delete File`);
	}
	if (moved !== undefined) file.moveTo = moved.trim();
	else if (/^\*\*\* End of File\s*$/.test(line)) hunkOf(file).endsFile = true;
	else if (file.kind === "delete") {
		if (line.trim() !== "") throw notAPatch(`its line ${number} follows a *** Delete File`, file.path);
	} else if (line.startsWith("@@"))
		openHunk(
			file,
			line
				.slice(2)
				.replace(/@@\s*$/, "")
				.trim(),
		);
	else readOp(line, file, number);
}

/** `@@` lines in a row belong to one hunk. */
function openHunk(file: OpenFile, anchor: string): void {
	const last = file.hunks.at(-1);
	const hunk = last !== undefined && last.ops.length === 0 ? last : newHunk(file);
	if (anchor !== "") hunk.anchors.push(anchor);
}

function newHunk(file: OpenFile): OpenHunk {
	const hunk: OpenHunk = { anchors: [], ops: [], endsFile: false };
	file.hunks.push(hunk);
	return hunk;
}

function hunkOf(file: OpenFile): OpenHunk {
	return file.hunks.at(-1) ?? newHunk(file);
}

function readOp(line: string, file: OpenFile, number: number): void {
	const sign = line.charAt(0);
	const op = sign === "+" ? "add" : sign === "-" ? "drop" : sign === " " || line === "" ? "keep" : undefined;
	if (op === undefined || (file.kind === "add" && op !== "add" && line !== "")) {
		const wanted = file.kind === "add" ? "+" : "a space, + or -";
		throw notAPatch(`its line ${number} does not begin with ${wanted}`, file.path);
	}
	hunkOf(file).ops.push({ op: file.kind === "add" ? "add" : op, text: line.slice(1) });
}

function finish({ kind, path, moveTo, hunks }: OpenFile): FileDiff {
	const read = hunks.map(closed).filter(({ ops }) => ops.length > 0);
	if (kind === "delete") return { kind, path, hunks: [] };
	if (kind === "add") return { kind: "create", path, hunks: read, executable: false };
	if (moveTo !== undefined && moveTo !== path)
		return { kind: "rename", from: path, path: moveTo, hunks: read };
	if (read.length === 0) throw notAPatch("it changes nothing in this file", path);
	return { kind: "change", path, hunks: read };
}

/** Empty lines at the end of a hunk separate it from what follows. */
function closed({ anchors, ops, endsFile }: OpenHunk): Hunk {
	const kept = [...ops];
	while (kept.at(-1)?.text === "" && kept.at(-1)?.op === "keep") kept.pop();
	return {
		oldStart: undefined,
		heading: "",
		anchors,
		ops: kept,
		oldEndsBare: false,
		newEndsBare: false,
		...(endsFile ? { endsFile } : {}),
	};
}
