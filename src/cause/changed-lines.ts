// The lines of a suspect that count: those near the code, or the setting or version that it changes.

import type { FileChange, Hunk } from "../codebase/index.ts";
import { isHiddenFile } from "../system/index.ts";
import type { Evidence } from "./features.ts";
import { isRemark, roleOfFile } from "./lines.ts";
import type { ChangedLines } from "./question.ts";

/** @returns undefined where no line of it is near and no file bears the name, where its lines were not read, and of a file that is hidden */
export function changedLines({
	commit,
	touches,
	sets,
	dependency,
	file,
}: Pick<Evidence, "commit" | "touches" | "sets" | "dependency" | "file">): ChangedLines | undefined {
	const [best] = touches;
	if (best !== undefined) return told(best.path, best.hunk, best.line - best.hunk.newStart);
	const { files } = commit.patch;
	if (sets !== undefined) return withText(files, sets.name, ({ path }) => path === sets.path);
	if (dependency !== undefined)
		return withText(files, dependency, ({ path }) => roleOfFile(path) === "dependencies");
	if (file?.why === "named") {
		const [hunk] = files.find(({ path }) => path === file.path)?.hunks ?? [];
		return hunk === undefined ? undefined : told(file.path, hunk, 0);
	}
	return undefined;
}

function withText(
	files: readonly FileChange[],
	name: string,
	isMeant: (file: FileChange) => boolean,
): ChangedLines | undefined {
	for (const file of files.filter(isMeant)) {
		for (const hunk of file.hunks) {
			const places = [hunk.added, hunk.removed].map((lines) =>
				lines.findIndex((line) => line.includes(name)),
			);
			const at = places.find((place) => place >= 0);
			if (at !== undefined) return told(file.path, hunk, at);
		}
	}
	return undefined;
}

/** @param at how many lines into the hunk those stand that count */
function told(path: string, hunk: Hunk, at: number): ChangedLines | undefined {
	const { newStart, oldCount, newCount, removed, added } = hunk;
	if (removed.length + added.length === 0 || isHiddenFile(path)) return undefined;
	const start = Math.min(at, Math.max(0, added.length - 1));
	// Line by line only where each has taken another's place.
	const startBefore = oldCount === newCount ? start : 0;
	return {
		path,
		line: newStart + start,
		removed: removed.slice(startBefore).filter(isCode),
		added: added.slice(start).filter(isCode),
		count: oldCount + newCount,
	};
}

function isCode(line: string): boolean {
	return !isRemark(line);
}
