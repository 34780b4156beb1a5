// The causes of all episodes of one answer, within a bounded time.

import PQueue from "p-queue";
import type { DeploymentSource } from "../codebase/index.ts";
import { endDeadline, RepositoryUnset, remainingMs, withDeadline } from "../system/index.ts";
import { Failure } from "../text/index.ts";
import { type AskedEpisode, onsetOf, wordsOfEpisode } from "./asked-episode.ts";
import { findCauseInEach, type NamedHistory } from "./find-in-each.ts";
import type { CauseAnswer } from "./question.ts";

export type EpisodeCause =
	| CauseAnswer
	| { readonly kind: "none"; readonly why: "no_repository" | "no_git" | "no_commits" }
	| { readonly kind: "late" }
	| { readonly kind: "failed"; readonly failure: Failure };

/** The local code, if a repository is set. */
export interface CauseHistory {
	/** @throws {RepositoryUnset} */
	codebases(): readonly NamedHistory[];
}

/** An episode whose cause is looked for. */
export interface EpisodeQuestion {
	readonly asked: AskedEpisode;
	/** Patterns of its failing runs' messages. */
	readonly messages?: readonly string[];
}

export interface EpisodeCauseOptions {
	readonly deployments: DeploymentSource | undefined;
	/** Epoch seconds. */
	readonly now: number;
	/** Suspects of each. Default 1. */
	readonly limit?: number;
}

/** Each runs git and ripgrep, up to two processes at once. */
const episodesAtOnce = 2;
/** Upper bound for all episodes together, in milliseconds: a slow disk must not cost production's numbers. */
const budgetMs = 6000;

/** @returns in the order of the episodes; a history that cannot be read is part of the answer, not a failure of the call */
export function causesOfEpisodes(
	history: CauseHistory,
	episodes: readonly EpisodeQuestion[],
	{ deployments, now, limit = 1 }: EpisodeCauseOptions,
	signal: AbortSignal,
): Promise<readonly EpisodeCause[]> {
	const queue = new PQueue({ concurrency: episodesAtOnce });
	const within = withDeadline(signal, Math.min(budgetMs, remainingMs(signal) / 2));
	const reads = queue.addAll(
		episodes.map(({ asked, messages = [] }) => async (): Promise<EpisodeCause> => {
			try {
				const onset = onsetOf(asked);
				const question = { onset, ...wordsOfEpisode(asked, {}), messages, now };
				return await findCauseInEach(history.codebases(), question, { deployments, limit }, within);
			} catch (error) {
				signal.throwIfAborted();
				if (within.aborted) return { kind: "late" };
				if (error instanceof RepositoryUnset) return { kind: "none", why: "no_repository" };
				if (error instanceof Failure) return { kind: "failed", failure: error };
				throw error;
			}
		}),
	);
	return reads.finally(() => endDeadline(within));
}
