// Which places of the code's way each commit changed, although lines have moved since.

import type { Commit, FileChange, Hunk, Spot } from "../codebase/index.ts";
import { isRemark } from "./lines.ts";

/** A change of a place on the way. */
export interface Touch {
	readonly spot: Spot;
	readonly path: string;
	readonly hunk: Hunk;
	/** The first changed line, as the file stood after the commit. */
	readonly line: number;
}

interface Moving {
	readonly spot: Spot;
	from: number;
	to: number;
}

/**
 * Walks from the newest commit back: a place's lines are compared with what a commit changed, then moved to where they
 * stood before it. Commits on parallel branches are taken one after another, so lines there may be off by a little.
 *
 * @param commits newest first, back to the oldest of interest
 * @returns by commit id
 */
export function touchesOf(
	commits: readonly Commit[],
	spots: readonly Spot[],
): ReadonlyMap<string, readonly Touch[]> {
	const byPath = new Map<string, Moving[]>();
	for (const spot of spots) {
		const moving = { spot, from: spot.from, to: spot.to };
		byPath.set(spot.path, [...(byPath.get(spot.path) ?? []), moving]);
	}
	const touches = new Map<string, readonly Touch[]>();
	for (const { id, patch } of commits) {
		const found: Touch[] = [];
		for (const file of patch.files) {
			const here = byPath.get(file.path);
			if (here === undefined) continue;
			found.push(...touchesIn(file, here));
			moveBack(file, here, byPath);
		}
		if (found.length > 0) touches.set(id, found);
	}
	return touches;
}

function touchesIn(file: FileChange, here: readonly Moving[]): readonly Touch[] {
	return file.hunks.flatMap((hunk) => {
		const isTold = hunk.removed.length + hunk.added.length > 0;
		if (isTold && [...hunk.removed, ...hunk.added].every(isRemark)) return [];
		return here.flatMap(({ spot, from, to }): Touch[] => {
			const [first, last] = linesAfter(hunk, spot);
			if (last < from || first > to) return [];
			const line = Math.max(from, hunk.newCount === 0 ? hunk.newStart : hunk.newStart);
			return [{ spot, path: file.path, hunk, line }];
		});
	});
}

/** Where lines were only removed, the lines around the gap stand for them, if both are inside. */
function linesAfter({ newStart, newCount }: Hunk, { relation }: Spot): readonly [number, number] {
	if (newCount > 0) return [newStart, newStart + newCount - 1];
	return relation === "raises" || relation === "guards"
		? [newStart, newStart + 1]
		: [newStart + 0.5, newStart + 0.5];
}

function moveBack(file: FileChange, here: Moving[], byPath: Map<string, Moving[]>): void {
	const kept = here.filter((moving) => {
		const from = lineBefore(file.hunks, moving.from);
		const to = lineBefore(file.hunks, moving.to);
		// All of it was written by this commit.
		if (from.hunk !== undefined && from.hunk === to.hunk && from.hunk.oldCount === 0) return false;
		moving.from = from.line;
		moving.to = Math.max(from.line, to.line);
		return true;
	});
	byPath.delete(file.path);
	if (file.kind === "added") return;
	byPath.set(file.oldPath ?? file.path, kept);
}

function lineBefore(hunks: readonly Hunk[], line: number): { readonly line: number; readonly hunk?: Hunk } {
	let shift = 0;
	for (const hunk of hunks) {
		const { newStart, newCount, oldStart, oldCount } = hunk;
		const first = newCount === 0 ? newStart + 1 : newStart;
		if (line < first) break;
		if (line < first + newCount) {
			return { line: oldStart + Math.min(line - newStart, Math.max(0, oldCount - 1)), hunk };
		}
		shift += oldCount - newCount;
	}
	return { line: line + shift };
}
