// Ranks the commits that may have caused an episode, and says when none explains it.

import PQueue from "p-queue";
import type { CodeWay, Commit, CommitLog, DeploymentSource, FileChange, Patch } from "../codebase/index.ts";
import { once, oncePer } from "../system/index.ts";
import { changedLines } from "./changed-lines.ts";
import { deploymentOf, type Rollouts, readRollouts } from "./deployed.ts";
import { withSwitches } from "./dormant.ts";
import { type Candidate, type Evidence, gatherEvidence } from "./features.ts";
import { isOwnVersion, isRename, looksTrivial, roleOfFile, runningFiles } from "./lines.ts";
import { likelihoods, type NoneFeatures } from "./model.ts";
import { endingOf, originOf, raisingLineCommit } from "./origin.ts";
import type { CauseAnswer, CauseQuestion, CauseSources, RuledOut, Suspect } from "./question.ts";
import { undoings } from "./undone.ts";
import { verdictOf } from "./verdict.ts";
import { whyOf } from "./why.ts";

export interface CauseOptions {
	readonly deployments?: DeploymentSource | undefined;
	/** Suspects to return. Default 5. */
	readonly limit?: number | undefined;
}

/** How far back a change may lie, in seconds: most of what breaks is noticed within days. */
export const reachSeconds = 14 * 86_400;
/** Commits whose trees are compared, to tell code from comments and layout; files of each. */
const maxCompared = 12;
const maxComparedFiles = 6;
/** Each runs two processes. */
const comparedAtOnce = 3;
/** A deployment is reached by clocks of other machines, in seconds. */
const clockSlack = 300;
/** Below it, a commit without anything near the code is not listed. */
const leastListed = 0.02;

export interface Weighed {
	readonly evidence: readonly Evidence[];
	readonly noneFeatures: NoneFeatures;
	readonly ruledOut: Partial<Record<RuledOut, number>>;
	readonly log: CommitLog;
	readonly way: CodeWay;
	readonly rollouts: Rollouts | undefined;
	readonly undone: ReadonlyMap<string, Commit>;
}

/** @throws what git and ripgrep throw, and the signal's reason */
export async function findCause(
	sources: CauseSources,
	question: CauseQuestion,
	{ deployments, limit = 5 }: CauseOptions,
	signal: AbortSignal,
): Promise<CauseAnswer | { readonly kind: "none"; readonly why: "no_git" | "no_commits" }> {
	const weighed = await weigh(sources, question, deployments, signal);
	return "why" in weighed ? weighed : conclude(sources, question, weighed, limit, signal);
}

/** Likelihoods and words for what was weighed. */
export async function conclude(
	sources: CauseSources,
	question: CauseQuestion,
	weighed: Weighed,
	limit: number,
	signal: AbortSignal,
): Promise<CauseAnswer> {
	const { evidence, noneFeatures, ruledOut, log, way, rollouts, undone } = weighed;
	const chances = likelihoods(
		evidence.map(({ features }) => features),
		noneFeatures,
	);
	const weighted = evidence.map((one, index) => ({ one, likelihood: chances.each[index] ?? 0 }));
	const ranked = [...withSwitches(weighted)].sort((first, second) => second.likelihood - first.likelihood);
	const shown = ranked.filter(({ one, likelihood }) => likelihood >= leastListed || isNear(one));
	const raisingLine = once(() => raisingLineCommit(sources, way, signal));
	const suspects = await Promise.all(
		shown.slice(0, limit).map(async ({ one, likelihood }): Promise<Suspect> => {
			const { commit } = one;
			const deployment = deploymentOf(commit, rollouts);
			const changed = changedLines(one);
			const origin = await originOf(one, evidence, raisingLine);
			return {
				commit,
				...(deployment === undefined ? {} : { deployment }),
				likelihood,
				why: whyOf(one, { onset: question.onset, deployment, undoneBy: undone.get(commit.id) }),
				...(changed === undefined ? {} : { changed }),
				...(origin === undefined ? {} : { origin }),
			};
		}),
	);
	const nothingNear = ranked.length - shown.length;
	const { since } = question.onset;
	const last = rollouts?.all.find(({ at }) => at <= question.onset.between[1]);
	const endedBy = endingOf(question.onset, log.commits, undone, suspects);
	return {
		kind: "found",
		verdict: verdictOf(suspects[0]?.likelihood ?? 0, chances.none, log, question.onset),
		none: chances.none,
		suspects,
		considered: evidence.length,
		ruledOut: { ...ruledOut, ...(nothingNear === 0 ? {} : { nothing_near: nothingNear }) },
		...(endedBy === undefined ? {} : { endedBy }),
		...(rollouts === undefined
			? {}
			: {
					deployments: {
						count: rollouts.count,
						isExplicit: rollouts.isExplicit,
						...(last === undefined ? {} : { last }),
					},
				}),
		...(log.branch === undefined ? {} : { branch: log.branch }),
		gaps: {
			isShallow: log.isShallow,
			isPartial: log.isPartial,
			isSparse: log.isSparse,
			...(log.newestAt !== undefined && log.newestAt < since - 86_400 ? { endsBefore: log.newestAt } : {}),
			...(log.oldestAt !== undefined && !log.isWhole && log.oldestAt > since - reachSeconds
				? { startsAfter: log.oldestAt }
				: {}),
			unread: log.unread,
			isWayCut: way.isCut,
			noRaising: way.raising === 0,
		},
	};
}

/** The evidence on each commit that could have reached production before the onset. */
export async function weigh(
	sources: CauseSources,
	question: CauseQuestion,
	deployments: DeploymentSource | undefined,
	signal: AbortSignal,
): Promise<Weighed | { readonly kind: "none"; readonly why: "no_git" | "no_commits" }> {
	const { onset, codes, messages, names, part, now } = question;
	const from = onset.between[0] - reachSeconds;
	const request = {
		codes,
		texts: fixedPieces(messages),
		words: names,
		...(part === undefined ? {} : { part }),
	};
	const [log, way] = await Promise.all([
		sources.commitsSince(from, now, signal),
		sources.wayTo(request, signal),
	]);
	if ("none" in log) return { kind: "none", why: log.none };
	const rollouts = await readRollouts(sources, deployments, log, signal);
	const undone = undoings(log.commits);
	const ruledOut: Partial<Record<RuledOut, number>> = {};
	const ruleOut = (why: RuledOut) => {
		ruledOut[why] = (ruledOut[why] ?? 0) + 1;
	};
	const candidates: Candidate[] = [];
	for (const commit of log.commits) {
		const deployment = deploymentOf(commit, rollouts);
		const isExplicit = rollouts?.isExplicit === true;
		if (commit.reachedAt > onset.between[1] + clockSlack) ruleOut("after_it_began");
		else if (isExplicit && (deployment === undefined || deployment.at > onset.between[1] + clockSlack))
			ruleOut("not_deployed");
		else if (!hasRunningCode(commit.patch)) ruleOut("no_running_code");
		else candidates.push(candidateOf(commit, deployment?.at, undone.get(commit.id), question));
	}
	const compared = await withoutLayout(sources, candidates, ruleOut, signal);
	const evidence = gatherEvidence(compared, {
		all: log.commits,
		way,
		query: [...codes, ...messages, ...names],
		names,
		since: onset.since,
		isOfSkill: codes.length === 0,
		isSlow: onset.kind === "growing" || onset.kind === "recurring",
	});
	return {
		evidence,
		noneFeatures: {
			none: 1,
			none_unraised: way.raising === 0 ? 1 : 0,
			none_many: Math.log1p(evidence.length),
			none_wide: Math.log1p(way.spots.filter(({ steps }) => steps === 1).length),
		},
		ruledOut,
		log,
		way,
		rollouts,
		undone,
	};
}

function candidateOf(
	commit: Commit,
	deployedAt: number | undefined,
	undoing: Commit | undefined,
	{ onset }: CauseQuestion,
): Candidate {
	const isBefore = deployedAt !== undefined && deployedAt <= onset.between[1] + clockSlack;
	const liveAt = isBefore ? deployedAt : commit.reachedAt;
	if (undoing === undefined || undoing.reachedAt <= onset.between[0]) return { commit, liveAt };
	const { until, untilBetween = until === undefined ? undefined : ([until, until] as const) } = onset;
	const isAtEnd =
		untilBetween !== undefined &&
		undoing.reachedAt >= untilBetween[0] - 6 * 3600 &&
		undoing.reachedAt <= untilBetween[1] + clockSlack;
	return { commit, liveAt, undone: isAtEnd ? "at_end" : "later" };
}

/** Judged by the files' names; the package's own version does not run. What is not known may run. */
const hasRunningCode = oncePer((patch: Patch): boolean => {
	if (patch.files.length === 0 || patch.isCut) return true;
	return runningFiles(patch).some((file) => !isOwnVersion(file));
});

/** Leaves out the commits of which the syntax trees show that only comments, layout and local names changed. */
async function withoutLayout(
	sources: CauseSources,
	candidates: readonly Candidate[],
	ruleOut: (why: RuledOut) => void,
	signal: AbortSignal,
): Promise<readonly Candidate[]> {
	const doubtful = candidates.filter(({ commit }) => looksLikeLayout(commit.patch)).slice(0, maxCompared);
	const onlyLayout = new Set<string>();
	const queue = new PQueue({ concurrency: comparedAtOnce });
	await queue.addAll(
		doubtful.map(({ commit }) => async () => {
			for (const file of commit.patch.files) {
				if (roleOfFile(file.path) !== "code") continue;
				if ((await sources.isOnlyLayout(file, signal)) !== true) return;
			}
			onlyLayout.add(commit.id);
		}),
	);
	return candidates.filter(({ commit }) => {
		if (!onlyLayout.has(commit.id)) return true;
		ruleOut("no_running_code");
		return false;
	});
}

const looksLikeLayout = oncePer((patch: Patch): boolean => {
	const running = runningFiles(patch);
	if (patch.isCut || running.length === 0 || running.length > maxComparedFiles) return false;
	const isChangedCode = ({ path, kind, isBinary, hunks }: FileChange) =>
		roleOfFile(path) === "code" && kind === "changed" && !isBinary && hunks.length > 0;
	if (!running.every(isChangedCode)) return false;
	return running.every(({ hunks }) => hunks.every(looksTrivial)) || isRename(running);
});

function isNear({ touches, sets, dependency, file, words }: Evidence): boolean {
	return (
		touches.length > 0 ||
		sets !== undefined ||
		dependency !== undefined ||
		file !== undefined ||
		(words?.score ?? 0) > 0.1
	);
}

/** The longest fixed piece of each message: between what was made `#`, long enough to be found in code. */
function fixedPieces(messages: readonly string[]): readonly string[] {
	const pieces = messages.flatMap((message) => {
		const parts = message.split(/[#"'`]|\d+|\$\{[^}]*\}|\n/).map((part) => part.trim());
		const longest = parts.sort((one, other) => other.length - one.length)[0] ?? "";
		return longest.length >= 8 ? [longest.slice(0, 80)] : [];
	});
	return [...new Set(pieces)].slice(0, 6);
}
