// Replays real changes as edits and as diffs, and holds each result against what git gives, byte for byte.

import { createHash } from "node:crypto";
import { applyRequest } from "../src/patch/apply/apply-request.ts";
import { EditRefused } from "../src/patch/failures/index.ts";
import { type PatchRequest, readFileRequests } from "../src/patch/read/request.ts";
import { type RealChange, type RealDiff, type RealHunk, withDiffs } from "./patch-changes.ts";
import { hasSeveralWays, linesOf, placesWhere } from "./patch-places.ts";

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
	/** Refused, and its lines stand in one place. */
	refused: number;
	/** Refused, and its lines do stand in several places. */
	ambiguous: number;
	/** Of these, applied when sent again with the line that it is meant for. */
	withLine: number;
	/** Refused without a line number to go by. */
	unexplained: number;
	wrong: number;
}

export const emptyScore = (): Score => ({
	applied: 0,
	refused: 0,
	ambiguous: 0,
	withLine: 0,
	unexplained: 0,
	wrong: 0,
});

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

/** @param isAmbiguous counted by other means than the product's. */
export function count(score: Score, run: () => boolean, isAmbiguous: () => boolean): void {
	try {
		if (run()) score.applied += 1;
		else score.wrong += 1;
	} catch (error) {
		if (!(error instanceof EditRefused)) throw error;
		const { problem } = error;
		if (problem.kind === "several" && isAmbiguous()) score.ambiguous += 1;
		else score.refused += 1;
		const explained =
			(problem.kind === "several" && problem.lines.length > 1) ||
			(problem.kind === "none" && problem.nearest !== undefined) ||
			problem.kind === "part_of_line" ||
			problem.kind === "already_applied";
		if (!explained) score.unexplained += 1;
	}
}

/** Sends an edit, and where it is refused as ambiguous, again with its line. */
export function countEdit(
	score: Score,
	edit: { readonly path: string; readonly old_text: string; readonly new_text: string },
	before: string,
	hunk: RealHunk,
	variant: Variant,
	times: () => number,
): void {
	const { path } = edit;
	const isRightWith = (line?: number) =>
		isRight(
			attempt({ edits: [line === undefined ? edit : { ...edit, line }] }, path, dress(before, variant)),
			before,
			[hunk],
			variant,
			keptAround,
		);
	const earlier = score.ambiguous;
	count(score, isRightWith, () => times() > 1);
	if (score.ambiguous === earlier) return;
	const again = emptyScore();
	count(
		again,
		() => isRightWith(hunk.at + 1),
		() => false,
	);
	score.withLine += again.applied;
	score.wrong += again.wrong;
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
			const edit = { path, old_text: text(hunk.oldLines), new_text: text(hunk.newLines) };
			const isSame = (there: string, own: string) => there === own;
			countEdit(
				score,
				edit,
				before,
				hunk,
				variant,
				() => placesWhere(linesOf(before), hunk.oldLines, isSame).length,
			);
		}
	}
	return score;
}

/** Every file's diff as a whole. */
export function replayDiffs(diffs: readonly RealDiff[], variant: Variant): Score {
	const score = emptyScore();
	for (const [index, change] of diffs.entries()) {
		const { path, before, hunks } = change;
		const body = hunks.flatMap((hunk, place) => [spoil(hunk.header, variant, index, place), ...hunk.body]);
		const diff = [`--- a/${path}`, `+++ b/${path}`, ...body, ""].join("\n");
		count(
			score,
			() => isAfter(attempt({ diff }, path, dress(before, variant)), change, variant),
			() => hasSeveralWays(linesOf(before), hunks),
		);
	}
	return score;
}

/** Of kept lines with mixed endings each has its own, except where the last newline comes or goes. */
function isAfter(result: string, { before, after, hunks }: RealDiff, variant: Variant): boolean {
	if (variant !== "mixed endings") return result === dress(after, variant);
	return before.endsWith("\n") === after.endsWith("\n")
		? isRight(result, before, hunks, variant)
		: result.replaceAll("\r\n", "\n") === after;
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
