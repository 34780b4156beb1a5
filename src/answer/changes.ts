import type { Change, Changes } from "../codebase/index.ts";
import { maskSecrets, visibleLine } from "../text/index.ts";

/** How long before a spike a change may have caused it, in hours. */
export const hoursBefore = 6;

/** The most commits that are told of one spike. */
const maxCommits = 5;
const maxSubject = 100;
const maxPath = 80;
/** So far, in seconds, clocks may differ before a commit counts as dated in the future. */
const clockSlack = 300;

/** What the local repository tells of the hours before a spike. */
export type ToldChanges = Changes | { readonly none: "no_repository" | "no_git" | "no_commits" };

/**
 * The commits before a spike, those first that touch the code's own area; and where there are none, why.
 *
 * @param spikeFrom epoch seconds
 * @param now epoch seconds
 * @param isArea whether a file belongs to it
 */
export function changeLines(
	changes: ToldChanges,
	spikeFrom: number,
	now: number,
	isArea: (path: string) => boolean,
): readonly string[] {
	if ("none" in changes) return [absence(changes.none)];
	const { commits, newest, shallow, branch } = changes;
	const where = branch === undefined ? "a detached HEAD" : clip(branch, maxPath);
	const newestAt = newest === undefined ? Number.NaN : Date.parse(newest) / 1000;
	const notes = [
		...(newestAt > now + clockSlack ? [`the newest commit is dated in the future (${newest})`] : []),
		...(shallow ? ["the clone is shallow: commits may be missing"] : []),
	];
	if (commits.length === 0) {
		const none =
			newestAt < spikeFrom - hoursBefore * 3600
				? `the local history ends before it: the newest commit on ${where} is of ${newest}`
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
	const on = [where, ...tags.slice(0, 3).map((tag) => clip(tag, maxPath))].join(", ");
	const touches = file === undefined ? "" : `; touches ${clip(file, maxPath)}`;
	return `${at} ${id} ${clip(maskSecrets(subject), maxSubject)} (${on}${touches})`;
}

function absence(none: "no_repository" | "no_git" | "no_commits"): string {
	switch (none) {
		case "no_repository":
			return "no repository is set";
		case "no_git":
			return "the local folder is no git repository";
		case "no_commits":
			return "the local repository has no commits";
	}
}

/** The spike's time, as far back as a change is looked for; milliseconds since the epoch. */
export function changeSpan(spikeFrom: number): { readonly from: number; readonly to: number } {
	return { from: (spikeFrom - hoursBefore * 3600) * 1000, to: spikeFrom * 1000 };
}

/**
 * Whether a file is of an error code's area: it names the code, or its path has a skill or a provider that the code is
 * bound to.
 *
 * @param named the files that name the code
 */
export function areaOf(named: ReadonlySet<string>, bound: readonly string[]): (path: string) => boolean {
	const words = bound.map(letters).filter((word) => word.length > 2);
	return (path) => named.has(path) || words.some((word) => letters(path).includes(word));
}

/** `google-calendar`, `googleCalendar` and `google_calendar` are one. */
function letters(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function clip(text: string, length: number): string {
	const line = visibleLine(text);
	return line.length > length ? `${line.slice(0, length).toWellFormed()}…` : line;
}
