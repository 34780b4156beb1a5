// Reads the commits before each episode from the local history.

import PQueue from "p-queue";
import type { Changes, CodeSearch } from "../codebase/index.ts";
import type { Concentration, CountedEpisode, ErrorStats } from "../production/index.ts";
import { endDeadline, RepositoryUnset, remainingMs, withDeadline } from "../system/index.ts";
import { Failure } from "../text/index.ts";

/** How long before an episode a change may have caused it, in hours. */
export const hoursBefore = 6;

/** What the local history says about the hours before one episode. */
export type ChangesBefore =
	| {
			readonly kind: "read";
			readonly changes: Changes;
			/** Whether a file belongs to the episode's error code: it contains the code, or its path has the skill or provider. */
			readonly isArea: (path: string) => boolean;
	  }
	| { readonly kind: "none"; readonly why: "no_repository" | "no_git" | "no_commits" }
	| { readonly kind: "late" }
	| { readonly kind: "failed"; readonly failure: Failure };

/** The local code, if a repository is set. */
export interface History {
	/** @throws {RepositoryUnset} */
	codebase(): Pick<CodeSearch, "changesBetween" | "filesMentioning">;
}

/** Episodes examined in parallel: each runs git and ripgrep, up to three processes at once. */
const episodesAtOnce = 2;
/** Upper bound for all episodes together, in milliseconds: a slow disk must not cost production's numbers. */
const budgetMs = 3000;

/**
 * What was committed in the hours before each episode. An unreadable history is part of the answer, not a failure of the
 * call.
 *
 * @returns in the order of the episodes
 */
export function changesBeforeEpisodes(
	history: History,
	{ episodes, concentrations }: Pick<ErrorStats, "episodes" | "concentrations">,
	signal: AbortSignal,
): Promise<readonly ChangesBefore[]> {
	const queue = new PQueue({ concurrency: episodesAtOnce });
	const within = withDeadline(signal, Math.min(budgetMs, remainingMs(signal) / 2));
	const reads = queue.addAll(
		episodes.map((episode) => async (): Promise<ChangesBefore> => {
			try {
				return await changesBefore(history, episode, concentrations, within);
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

async function changesBefore(
	{ codebase }: History,
	{ code, since, between }: Pick<CountedEpisode, "code" | "since" | "between">,
	concentrations: readonly Concentration[],
	signal: AbortSignal,
): Promise<ChangesBefore> {
	const search = codebase();
	// A change that came at the latest instant of the onset may have caused it.
	const span = { from: (since - hoursBefore * 3600) * 1000, to: between[1] * 1000 };
	const changes = await search.changesBetween(span.from, span.to, signal);
	if ("none" in changes) return { kind: "none", why: changes.none };
	const named = changes.commits.length > 0 ? await search.filesMentioning(code, signal) : new Set<string>();
	const bound = concentrations
		.filter((one) => one.code === code && (one.by === "skill" || one.by === "provider"))
		.map(({ who }) => who);
	return { kind: "read", changes, isArea: areaOf(named, bound) };
}

/**
 * Whether a file belongs to an error code: it contains the code, or its path has a skill or provider that occurs with
 * the code.
 *
 * @param named the files that contain the code
 */
export function areaOf(named: ReadonlySet<string>, bound: readonly string[]): (path: string) => boolean {
	const words = bound.map(letters).filter((word) => word.length > 2);
	return (path) => named.has(path) || words.some((word) => letters(path).includes(word));
}

/** `google-calendar`, `googleCalendar` and `google_calendar` are equal. */
function letters(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
