// What the likelihoods come to, in one word.

import type { CommitLog } from "../codebase/index.ts";
import type { Onset, Verdict } from "./question.ts";

/** Chosen on the incidents that the weights were fitted to: a wrong "none" is worse than a missing one. */
const likelyAt = 0.6;
const noneAt = 0.6;

/** @param log without commits before the onset, it says nothing of a cause */
export function verdictOf(
	best: number,
	none: number,
	{ commits, isWhole, newestAt }: CommitLog,
	{ since, between }: Onset,
): Verdict {
	const isBefore = commits.some(({ reachedAt }) => reachedAt <= between[1]);
	const endsBefore = newestAt !== undefined && newestAt < since - 86_400 && !isBefore;
	if (best < likelyAt && ((!isBefore && !isWhole) || endsBefore)) return "history_too_short";
	return verdictBy(best, none);
}

/** Where the history reaches back far enough. */
export function verdictBy(best: number, none: number): Verdict {
	if (best >= likelyAt) return "likely";
	return none >= noneAt ? "no_commit_explains_it" : "possible";
}
