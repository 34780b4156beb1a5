// What the judgement of a fix is made from, and what it says.
import type { Counts, EpisodeKind, History, Interval } from "../episodes/index.ts";

/** What is said of a fix. `reduced`: below what was expected and above the level before the trouble. */
export const fixOutcomes = [
	"fixed",
	"reduced",
	"unchanged",
	"worse",
	"ended_before",
	"came_back",
	"too_early",
	"not_deployed",
] as const;

export type FixOutcome = (typeof fixOutcomes)[number];

/** What the counts can say of it. */
export type FixVerdict = Exclude<FixOutcome, "not_deployed">;

/** Users hit in the trouble who used the same thing again. */
export interface VictimCounts {
	/** In the trouble: those hit, their runs and the failures among these. */
	readonly before: number;
	readonly runs: number;
	readonly failures: number;
	/** Those of them with a run since the fix, and those hit again. */
	readonly seenSince: number;
	readonly hitSince: number;
}

export interface FixStory {
	readonly history: History;
	/** When production had the fix, epoch seconds. */
	readonly deployedAt: number;
	/** Of what is asked: by the hour, and by five minutes over the whole history. */
	readonly counts: Counts;
	/** Of the other codes of the production: they tell how busy an hour is. */
	readonly others: readonly Counts[];
	/** Runs, where what is asked are failures among them: the exposure. */
	readonly runs?: Counts;
	readonly victims?: VictimCounts;
}

/** The stretch before the fix in which it stood above its usual level. */
export interface TroubleBefore {
	/** Missing where no episode stood out: then the fortnight before the fix is taken, and the level before as none. */
	readonly kind?: EpisodeKind;
	readonly since: number;
	readonly between?: Interval;
	/** Missing where it was on when the fix came. */
	readonly until?: number;
}

export interface Expected {
	readonly count: number;
	/** The 2.5 % and the 97.5 % point. */
	readonly low: number;
	readonly high: number;
}

export interface FixJudgement {
	readonly verdict: FixVerdict;
	/** One sentence: what the verdict rests on. */
	readonly basis: FixBasis;
	/** 0 to 1: how sure the verdict is, if counts follow the law supposed. Missing where there is none yet. */
	readonly confidence?: number;
	readonly expectedIfUnfixed: Expected;
	/** What the level before the trouble makes of the same hours. */
	readonly expectedIfFixed: number;
	readonly count: number;
	/** Where it is too early: when it can be told at the present traffic; missing where that is further than a month. */
	readonly enoughAt?: number;
	/** From when on it is at its level, epoch seconds: later than the fix where a tail came first. */
	readonly settledAt?: number;
	/** When it came back, about. */
	readonly backSince?: number;
	readonly trouble: TroubleBefore;
}

export type FixBasis = "counts" | "victims" | "end_before" | "rise_after" | "nothing";
