// Renders the commits before an episode as lines.

import { type ChangesBefore, hoursBefore } from "../cause/index.ts";
import type { Change, Changes } from "../codebase/index.ts";
import { describeError } from "../text/index.ts";
import { foreign } from "./code-line.ts";

/** Upper bound of the commits shown for one episode. */
const maxCommits = 5;
const maxSubject = 100;
const maxPath = 80;
/** Seconds that clocks may differ before a commit counts as dated in the future. */
const clockSlack = 300;

/**
 * The commits before an episode, those that touch the code's own area first; without commits, the reason.
 *
 * @param began epoch seconds
 * @param now epoch seconds
 */
export function changeLines(before: ChangesBefore, began: number, now: number): readonly string[] {
	switch (before.kind) {
		case "read":
			return commitLines(before.changes, began, now, before.isArea);
		case "none":
			return [absence(before.why)];
		case "late":
			return ["the local history could not be read in time"];
		case "failed":
			return [describeError(before.failure) ?? "the local history could not be read"];
	}
}

function commitLines(
	changes: Changes,
	began: number,
	now: number,
	isArea: (path: string) => boolean,
): readonly string[] {
	const { commits, newest, shallow, branch } = changes;
	const where = branch === undefined ? "a detached HEAD" : foreign(branch, maxPath);
	const newestAt = newest === undefined ? Number.NaN : Date.parse(newest) / 1000;
	const notes = [
		...(newestAt > now + clockSlack ? [`the newest commit is dated in the future (${newest})`] : []),
		...(shallow ? ["the clone is shallow: commits may be missing"] : []),
	];
	if (commits.length === 0) {
		const none =
			newestAt < began - hoursBefore * 3600
				? `the local history ends before it: the newest commit on ${where} is from ${newest}`
				: `no commit on ${where} in the ${hoursBefore} hours before`;
		return [none, ...notes];
	}
	const touched = ({ files }: Change) => files.find(isArea);
	const ordered = [
		...commits.filter((commit) => touched(commit) !== undefined),
		...commits.filter((commit) => touched(commit) === undefined),
	];
	const left = ordered.length - maxCommits;
	return [
		...ordered.slice(0, maxCommits).map((commit) => commitLine(commit, where, touched(commit))),
		...(left > 0 ? [`and ${left} more commits`] : []),
		...notes,
	];
}

function commitLine({ at, id, subject, tags }: Change, where: string, file: string | undefined): string {
	const on = [where, ...tags.slice(0, 3).map((tag) => foreign(tag, maxPath))].join(", ");
	const touches = file === undefined ? "" : `; touches ${foreign(file, maxPath)}`;
	return `${at} ${id} ${foreign(subject, maxSubject)} (${on}${touches})`;
}

function absence(none: "no_repository" | "no_git" | "no_commits"): string {
	switch (none) {
		case "no_repository":
			return "no repository is set";
		case "no_git":
			return "the local folder is not a git repository";
		case "no_commits":
			return "the local repository has no commits";
	}
}
