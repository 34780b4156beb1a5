// What the search for a cause is asked, and what it answers.

import type { CodeSearch, Commit, Deployment, WayRequest } from "../codebase/index.ts";
import type { EpisodeKind } from "../episodes/index.ts";

/** The code and history that a cause is looked for in. */
export type CauseSources = Pick<
	CodeSearch,
	"commitsSince" | "wayTo" | "isOnlyLayout" | "lastCommitOf" | "deployments"
>;

/** What one commit is read from. */
export type CommitSources = Pick<CodeSearch, "commit" | "changesOf" | "revertsOf">;

/** When the trouble began, epoch seconds. */
export interface Onset {
	readonly since: number;
	readonly between: readonly [earliest: number, latest: number];
	readonly kind: EpisodeKind | undefined;
	/** Missing while it goes on. */
	readonly until?: number;
	readonly untilBetween?: readonly [earliest: number, latest: number];
}

export interface CauseQuestion {
	readonly onset: Onset;
	readonly codes: readonly string[];
	/** Messages and message patterns of failing runs. */
	readonly messages: readonly string[];
	/** Names of skills, providers and actions. */
	readonly names: readonly string[];
	/** What the episode's events share. */
	readonly part?: WayRequest["part"];
	/** Epoch seconds. */
	readonly now: number;
}

export type Verdict = "likely" | "possible" | "no_commit_explains_it" | "history_too_short";

export type RuledOut = "after_it_began" | "not_deployed" | "no_running_code" | "nothing_near";

/** The commit that wrote lines which another switched on. */
export interface Origin {
	readonly id: string;
	/** Epoch seconds. */
	readonly at: number;
	readonly subject: string;
}

/** The hunk of a suspect that counts, as it was before and after, from the line on that counts. */
export interface ChangedLines {
	readonly path: string;
	/** After the commit. */
	readonly line: number;
	/** Without comments, and clipped in a large change. */
	readonly removed: readonly string[];
	readonly added: readonly string[];
	/** All lines of both sides. */
	readonly count: number;
}

export interface Suspect {
	/** Where there are several repositories. */
	readonly repo?: string;
	readonly commit: Commit;
	/** The first deployment that carried it. */
	readonly deployment?: Deployment;
	/** 0 to 1. */
	readonly likelihood: number;
	/** Short texts, the strongest first; they quote the repository. */
	readonly why: readonly string[];
	readonly changed?: ChangedLines;
	/** For a change that only switches on what lay dormant. */
	readonly origin?: Origin;
}

export interface Ending {
	/** Where there are several repositories. */
	readonly repo?: string;
	readonly commit: Commit;
	/** The suspect or other commit that it undoes. */
	readonly undoes?: string;
}

/** What is missing of the local history. */
export interface HistoryGaps {
	readonly isShallow: boolean;
	readonly isPartial: boolean;
	readonly isSparse: boolean;
	/** The newest commit is older than the onset by more than a day, epoch seconds. */
	readonly endsBefore?: number;
	readonly startsAfter?: number;
	readonly unread: number;
	readonly isWayCut: boolean;
	/** No line raises one of the codes. */
	readonly noRaising: boolean;
}

export interface Deployments {
	readonly count: number;
	/** The last before the onset. */
	readonly last?: Deployment;
	/** Set by the user, so that commits are ruled out by them. */
	readonly isExplicit: boolean;
}

export interface CauseAnswer {
	readonly kind: "found";
	readonly verdict: Verdict;
	/** That no commit of the history explains it, 0 to 1. */
	readonly none: number;
	/** Likeliest first. */
	readonly suspects: readonly Suspect[];
	readonly considered: number;
	readonly ruledOut: Readonly<Partial<Record<RuledOut, number>>>;
	readonly endedBy?: Ending;
	readonly deployments?: Deployments;
	readonly branch?: string;
	readonly gaps: HistoryGaps;
}
