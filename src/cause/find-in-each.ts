// The cause among the commits of several repositories: found in each, then weighed against each other.

import PQueue from "p-queue";
import { Failure } from "../text/index.ts";
import { type CauseOptions, findCause } from "./find-cause.ts";
import type { CauseAnswer, CauseQuestion, CauseSources, Deployments, HistoryGaps } from "./question.ts";
import { verdictBy } from "./verdict.ts";

/** The history of one repository. */
export interface NamedHistory {
	/** Undefined where there is one repository. */
	readonly repo: string | undefined;
	readonly code: CauseSources;
}

type Found = Awaited<ReturnType<typeof findCause>>;

interface Weighed {
	readonly repo: string;
	readonly answer: CauseAnswer;
}

/** Each runs git and ripgrep. */
const atOnce = 2;

/**
 * As `findCause`, of each repository that has a history. One that cannot be read leaves the others.
 *
 * @throws where none can be read, what the first throws
 */
export async function findCauseInEach(
	histories: readonly NamedHistory[],
	question: CauseQuestion,
	options: CauseOptions,
	signal: AbortSignal,
): Promise<Found> {
	const [only, ...others] = histories;
	if (only !== undefined && others.length === 0) return findCause(only.code, question, options, signal);
	const queue = new PQueue({ concurrency: atOnce });
	const read = await queue.addAll(
		histories.map(({ repo = "", code }) => async () => {
			try {
				return { repo, answer: await findCause(code, question, options, signal) };
			} catch (failure) {
				signal.throwIfAborted();
				if (failure instanceof Failure) return { repo, failure };
				throw failure;
			}
		}),
	);
	const found = read.flatMap(({ repo, answer }): Weighed[] =>
		answer?.kind === "found" ? [{ repo, answer }] : [],
	);
	if (found.length > 0) return merged(found, options.limit ?? 5);
	const [first] = read;
	if (first?.answer !== undefined) return first.answer;
	throw first?.failure ?? new Error("no history was given");
}

/**
 * In each repository a commit's likelihood over that of "none" is its weight; the weights of all repositories stand
 * beside one "none" (the logit of `model.ts` over the union).
 */
function merged(all: readonly Weighed[], limit: number): CauseAnswer {
	const least = 1e-9;
	const odds = all.map(({ answer }) => (1 - answer.none) / Math.max(answer.none, least));
	const whole = odds.reduce((sum, one) => sum + one, 1);
	const suspects = all
		.flatMap(({ repo, answer }) =>
			answer.suspects.map((suspect) => ({
				...suspect,
				repo,
				likelihood: suspect.likelihood / Math.max(answer.none, least) / whole,
			})),
		)
		.sort((one, other) => other.likelihood - one.likelihood);
	const [best] = suspects;
	const none = 1 / whole;
	const isShort = all.every(({ answer }) => answer.verdict === "history_too_short");
	const answers = all.map(({ answer }) => answer);
	const ended =
		all.find(({ repo, answer }) => repo === best?.repo && answer.endedBy !== undefined) ??
		all.find(({ answer }) => answer.endedBy?.undoes !== undefined);
	const deployments = deploymentsOf(answers);
	return {
		kind: "found",
		verdict: isShort ? "history_too_short" : verdictBy(best?.likelihood ?? 0, none),
		none,
		suspects: suspects.slice(0, limit),
		considered: answers.reduce((sum, { considered }) => sum + considered, 0),
		ruledOut: ruledOutOf(answers),
		...(ended?.answer.endedBy === undefined
			? {}
			: { endedBy: { ...ended.answer.endedBy, repo: ended.repo } }),
		...(deployments === undefined ? {} : { deployments }),
		gaps: gapsOf(answers.map(({ gaps }) => gaps)),
	};
}

function ruledOutOf(answers: readonly CauseAnswer[]): CauseAnswer["ruledOut"] {
	const reasons = ["after_it_began", "not_deployed", "no_running_code", "nothing_near"] as const;
	return Object.fromEntries(
		reasons.flatMap((reason) => {
			const count = answers.reduce((sum, { ruledOut }) => sum + (ruledOut[reason] ?? 0), 0);
			return count === 0 ? [] : [[reason, count]];
		}),
	);
}

function deploymentsOf(answers: readonly CauseAnswer[]): Deployments | undefined {
	const known = answers.flatMap(({ deployments }) => (deployments === undefined ? [] : [deployments]));
	if (known.length === 0) return undefined;
	const lasts = known.flatMap(({ last }) => (last === undefined ? [] : [last]));
	const last = lasts.sort((one, other) => other.at - one.at)[0];
	return {
		count: known.reduce((sum, { count }) => sum + count, 0),
		isExplicit: known.some(({ isExplicit }) => isExplicit),
		...(last === undefined ? {} : { last }),
	};
}

/** A repository without recent commits, or one that does not raise the code, counts as a gap only if all are like that. */
function gapsOf(gaps: readonly HistoryGaps[]): HistoryGaps {
	const ends = gaps.map(({ endsBefore }) => endsBefore);
	const endsBefore = ends.every((end) => end !== undefined) ? Math.max(...ends) : undefined;
	const starts = gaps.flatMap(({ startsAfter }) => (startsAfter === undefined ? [] : [startsAfter]));
	return {
		isShallow: gaps.some(({ isShallow }) => isShallow),
		isPartial: gaps.some(({ isPartial }) => isPartial),
		isSparse: gaps.some(({ isSparse }) => isSparse),
		...(endsBefore === undefined ? {} : { endsBefore }),
		...(starts.length === 0 ? {} : { startsAfter: Math.max(...starts) }),
		unread: gaps.reduce((sum, { unread }) => sum + unread, 0),
		isWayCut: gaps.some(({ isWayCut }) => isWayCut),
		noRaising: gaps.every(({ noRaising }) => noRaising),
	};
}
