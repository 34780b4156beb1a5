// The lines of a suspect that count: those near the code, or the setting or version that it changes.

import type { FileChange, Hunk } from "../codebase/index.ts";
import { isHiddenFile } from "../system/index.ts";
import type { Evidence } from "./features.ts";
import { roleOfFile } from "./lines.ts";
import type { ChangedLines } from "./question.ts";

/** @returns undefined where no line of it is near, where its lines were not read, and of a file that is hidden */
export function changedLines({
	commit,
	touches,
	sets,
	dependency,
}: Pick<Evidence, "commit" | "touches" | "sets" | "dependency">): ChangedLines | undefined {
	const [best] = touches;
	if (best !== undefined) return told(best.path, best.hunk);
	const { files } = commit.patch;
	if (sets !== undefined) return withText(files, sets.name, ({ path }) => path === sets.path);
	if (dependency !== undefined)
		return withText(files, dependency, ({ path }) => roleOfFile(path) === "dependencies");
	return undefined;
}

function withText(
	files: readonly FileChange[],
	name: string,
	isMeant: (file: FileChange) => boolean,
): ChangedLines | undefined {
	for (const file of files.filter(isMeant)) {
		const hunk = file.hunks.find(({ removed, added }) =>
			[...removed, ...added].some((line) => line.includes(name)),
		);
		if (hunk !== undefined) return told(file.path, hunk);
	}
	return undefined;
}

function told(
	path: string,
	{ newStart, oldCount, newCount, removed, added }: Hunk,
): ChangedLines | undefined {
	if (removed.length + added.length === 0 || isHiddenFile(path)) return undefined;
	return { path, line: newStart, removed, added, count: oldCount + newCount };
}
