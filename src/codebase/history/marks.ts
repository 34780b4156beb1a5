// Groups lines by their last commit, so that a commit is said once however many lines it changed.

import { rangesOf } from "../find/spans.ts";
import type { LineRange } from "../way/line-range.ts";
import type { LineCommit } from "./blame.ts";

/** A commit, and the lines that it changed last. */
export interface LineMark {
	readonly commit: LineCommit;
	readonly lines: readonly LineRange[];
}

/** @returns the newest first, uncommitted lines before all */
export function marksOf(commits: Iterable<readonly [line: number, commit: LineCommit]>): readonly LineMark[] {
	const groups = new Map<string, { readonly commit: LineCommit; readonly lines: number[] }>();
	for (const [line, commit] of commits) {
		const key = commit === "uncommitted" ? "" : commit.id;
		const group = groups.get(key) ?? { commit, lines: [] };
		groups.set(key, group);
		group.lines.push(line);
	}
	return [...groups.values()]
		.sort((one, other) => (isNewer(one.commit, other.commit) ? -1 : 1))
		.map(({ commit, lines }) => ({ commit, lines: rangesOf(lines) }));
}

export function isNewer(one: LineCommit, other: LineCommit): boolean {
	if (other === "uncommitted") return false;
	return one === "uncommitted" || one.at > other.at;
}
