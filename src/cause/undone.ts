// Which commits were undone later, and by which.

import type { Commit } from "../codebase/index.ts";
import { isRemark } from "./lines.ts";

/** A commit that undoes an earlier one, by its text or by its lines. @returns the undone commit's id to the undoing one */
export function undoings(newestFirst: readonly Commit[]): ReadonlyMap<string, Commit> {
	const undone = new Map<string, Commit>();
	const changes = new Map<string, string[]>();
	for (const commit of [...newestFirst].reverse()) {
		const inverse = signature(commit, true);
		const earlier = inverse === undefined ? undefined : changes.get(inverse);
		const byLines = earlier?.at(-1);
		if (byLines !== undefined) undone.set(byLines, commit);
		for (const hash of commit.reverts) {
			const named = newestFirst.find(({ id }) => id.startsWith(hash));
			if (named !== undefined) undone.set(named.id, commit);
		}
		const own = signature(commit, false);
		if (own !== undefined) changes.set(own, [...(changes.get(own) ?? []), commit.id]);
	}
	return undone;
}

const maxLines = 2000;

/** Paths with their removed and added lines, or the other way round. */
function signature({ patch }: Commit, inverted: boolean): string | undefined {
	if (patch.isCut || patch.isMissing === true || patch.files.length > 50) return undefined;
	const parts: string[] = [];
	let lines = 0;
	for (const { path, hunks } of patch.files) {
		for (const { removed, added } of hunks) {
			lines += removed.length + added.length;
			const [from, to] = inverted ? [added, removed] : [removed, added];
			const strip = (side: readonly string[]) =>
				side
					.filter((line) => !isRemark(line))
					.map((line) => line.trim())
					.join("\n");
			parts.push(`${path}\0${strip(from)}\0${strip(to)}`);
		}
	}
	if (lines === 0 || lines > maxLines) return undefined;
	return parts.sort().join("\x01");
}
