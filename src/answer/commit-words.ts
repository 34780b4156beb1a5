// Renders a line's last commit, and lines as ranges.

import type { LineCommit, LineRange } from "../codebase/index.ts";
import { foreign } from "./code-line.ts";

const maxSubject = 72;

/** @param namedCommits commits whose subject was shown before */
export function commitWords(commit: LineCommit, namedCommits: Set<string>): string {
	if (commit === "uncommitted") return "not committed yet";
	if (commit.isOldestKnown === true) return `at ${commit.at} or before (the clone is shallow)`;
	if (namedCommits.has(commit.id)) return commit.id;
	namedCommits.add(commit.id);
	return `${commit.at} ${commit.id} ${foreign(commit.subject, maxSubject)}`;
}

const maxRanges = 12;

/** Such as `3-5, 9`. */
export function rangeWords(ranges: readonly LineRange[]): string {
	const words = ranges.slice(0, maxRanges).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
	return [
		...words,
		...(ranges.length > maxRanges ? [`and ${ranges.length - maxRanges} more places`] : []),
	].join(", ");
}

export function count(number: number, one: string, many: string): string {
	return `${number} ${number === 1 ? one : many}`;
}
