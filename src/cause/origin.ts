// The commit behind a switch, and the commit that ended the trouble.

import type { CodeWay, Commit, LineCommit } from "../codebase/index.ts";
import type { Evidence } from "./features.ts";
import type { CauseSources, Ending, Onset, Origin, Suspect } from "./question.ts";

/** Hours before the end of an episode in which the commit that ended it is looked for. */
const hoursBeforeEnd = 6;

/** The commit that last changed what raises the error. */
export function raisingLineCommit(
	sources: Pick<CauseSources, "lastCommitOf">,
	{ spots }: CodeWay,
	signal: AbortSignal,
): Promise<LineCommit | undefined> {
	const raising = spots.find(({ relation }) => relation === "guards" || relation === "raises");
	if (raising === undefined) return Promise.resolve(undefined);
	return sources.lastCommitOf(raising.path, raising.from, signal);
}

/**
 * Of a commit that only changes a setting: the newest earlier commit on the raising function, else by its lines.
 *
 * @param raisingLine asked only where the commits that were read do not tell
 */
export async function originOf(
	suspect: Evidence,
	all: readonly Evidence[],
	raisingLine: () => Promise<LineCommit | undefined>,
): Promise<Origin | undefined> {
	// What is on no way to the error switches nothing of it on.
	const { isSettingOnly, touches, sets, dependency } = suspect;
	if (!isSettingOnly || (touches.length === 0 && sets === undefined && dependency === undefined))
		return undefined;
	const earlier = all.find(
		({ commit, touches }) =>
			commit.position > suspect.commit.position && touches.some(({ spot }) => spot.steps === 0),
	);
	if (earlier !== undefined) {
		const { id, at, subject } = earlier.commit;
		return { id, at, subject };
	}
	const last = await raisingLine();
	if (last === undefined || last === "uncommitted" || suspect.commit.id.startsWith(last.id)) return undefined;
	return { id: last.id, at: Date.parse(last.at) / 1000, subject: last.subject };
}

/** A commit that undoes a suspect; of an episode that is over, another that undoes what was there before it. */
export function endingOf(
	{ until, untilBetween, between }: Onset,
	commits: readonly Commit[],
	undone: ReadonlyMap<string, Commit>,
	suspects: readonly Suspect[],
): Ending | undefined {
	for (const { commit } of suspects) {
		const by = undone.get(commit.id);
		if (by !== undefined && by.reachedAt > between[0]) return { commit: by, undoes: commit.id };
	}
	if (until === undefined) return undefined;
	const [earliest, latest] = untilBetween ?? [until, until];
	for (const commit of commits) {
		const by = undone.get(commit.id);
		if (by === undefined || commit.reachedAt > between[1]) continue;
		if (by.reachedAt >= earliest - hoursBeforeEnd * 3600 && by.reachedAt <= latest)
			return { commit: by, undoes: commit.id };
	}
	return undefined;
}
