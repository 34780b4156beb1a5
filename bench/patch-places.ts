// Where a hunk's lines could stand, counted naively: what a refusal as ambiguous is held against.

import type { RealHunk } from "./patch-changes.ts";

/** A file's lines; what follows its last newline is none. */
export function linesOf(content: string): readonly string[] {
	const lines = content.split("\n");
	return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Every place at which each line of a block is the same as the file's, in the sense that is given. */
export function placesWhere(
	file: readonly string[],
	block: readonly string[],
	isSame: (there: string, own: string, at: number) => boolean,
): readonly number[] {
	const places: number[] = [];
	for (let at = 0; at + block.length <= file.length; at += 1) {
		let count = 0;
		while (count < block.length && isSame(file[at + count] ?? "", block[count] ?? "", at)) count += 1;
		if (count === block.length) places.push(at);
	}
	return places;
}

/** Places of lines that all have the same white space in front of them in the file. */
export function placesShifted(file: readonly string[], block: readonly string[]): readonly number[] {
	const first = block.findIndex((line) => line.trim() !== "");
	return placesWhere(file, block, (there, own, at) => {
		const [opening, written] = [file[at + first] ?? "", block[first] ?? ""];
		if (!opening.endsWith(written)) return false;
		const more = opening.slice(0, opening.length - written.length);
		return own.trim() === "" ? there.trim() === "" : more.trim() === "" && there === more + own;
	});
}

/** How often a text stands in another, not cut out of the middle of a name. */
export function timesInside(content: string, part: string): number {
	let times = 0;
	for (let at = content.indexOf(part); at >= 0; at = content.indexOf(part, at + 1)) {
		const isCut = [at, at + part.length].some(
			(edge) => /[\w$]/.test(content.charAt(edge - 1)) && /[\w$]/.test(content.charAt(edge)),
		);
		if (!isCut) times += 1;
	}
	return times;
}

/** The heading that git writes above a hunk that begins there. */
function headingAt(file: readonly string[], at: number): string {
	for (let index = at - 1; index >= 0; index -= 1) {
		const line = file[index] ?? "";
		if (/^[A-Za-z_$]/.test(line)) return line.trimEnd();
	}
	return "";
}

export function headingOf({ header }: RealHunk): string {
	return /^@@[^@]*@@ ?(.*)$/.exec(header)?.[1]?.trim() ?? "";
}

/** Whether hunks can be laid over a file in several ways, in order, none over another, each under its heading. */
export function hasSeveralWays(file: readonly string[], hunks: readonly RealHunk[]): boolean {
	// How many ways end at each line, up to the hunk that is looked at.
	let ways = new Map<number, number>([[0, 1]]);
	for (const hunk of hunks) {
		const heading = headingOf(hunk);
		const next = new Map<number, number>();
		for (const at of placesWhere(file, hunk.oldLines, (there, own) => there === own)) {
			if (heading !== "" && !headingAt(file, at).startsWith(heading)) continue;
			let sum = 0;
			for (const [end, count] of ways) if (end <= at) sum += count;
			if (sum > 0) next.set(at + hunk.oldLines.length, Math.min(sum, 2));
		}
		ways = next;
	}
	let total = 0;
	for (const count of ways.values()) total += count;
	return total > 1;
}
