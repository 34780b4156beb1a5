// What goes into the search for episodes, and what it answers.

/** Epoch seconds: the oldest row known (28 days back at most), and the end of the data. Later rows are ignored. */
export interface History {
	readonly start: number;
	readonly now: number;
}

/** Events by time, sparse: what is missing is 0. */
export interface Counts {
	/** Hour (epoch seconds / 3600, whole) to count, over the whole history. */
	readonly hours: ReadonlyMap<number, number>;
	/**
	 * Five minutes (epoch seconds / 300, whole) to count, of some hours whole or of all; without it, an episode's edges
	 * are found to the hour.
	 */
	readonly fine?: ReadonlyMap<number, number>;
}

export type Dimension = "skill" | "provider" | "action" | "http_status" | "organization";

/** One value of one dimension, as it stands in the table. */
export interface Part {
	readonly dimension: Dimension;
	readonly value: string;
}

/** The events of a code that are in all of the parts named: one part, or two for a pair. */
export interface PartSeries {
	readonly parts: readonly Part[];
	readonly counts: Counts;
}

export interface CodeSeries {
	readonly code: string;
	readonly counts: Counts;
	readonly parts?: readonly PartSeries[];
	/** Of how many parts these were chosen; as many as there are where it is not said. */
	readonly partsLookedAt?: number;
}

export interface EpisodesInput {
	readonly history: History;
	/** Every code of the production: their hours make the day's shape, whichever of them is asked for. */
	readonly codes: readonly CodeSeries[];
	/** The codes that episodes are wanted of; all of them where it is not said. */
	readonly only?: readonly string[];
}

/** One skill's runs, and those of them that failed. */
export interface RunSeries {
	readonly skill: string;
	readonly runs: Counts;
	readonly failed: Counts;
}

export interface RunEpisodesInput {
	readonly history: History;
	readonly skills: readonly RunSeries[];
}

/**
 * `burst`: began and ended. `on`: began and goes on. `recurring`: the same hours on several days. `growing`: a slow
 * rise.
 */
export type EpisodeKind = "burst" | "on" | "recurring" | "growing";

/** Epoch seconds; `to` is excluded. */
export interface TimeSpan {
	readonly from: number;
	readonly to: number;
}

/** The 5 % and the 95 % point of what is known of an instant, epoch seconds. */
export type Interval = readonly [earliest: number, latest: number];

/** A stretch in which a series stands far above what is usual for it. */
export interface Episode {
	readonly kind: EpisodeKind;
	/** The likeliest onset, epoch seconds; of a growing one, when it was half as much again as usual. */
	readonly since: number;
	readonly between: Interval;
	/** The likeliest end; missing while it goes on. */
	readonly until?: number;
	readonly untilBetween?: Interval;
	/** Hours of the day (UTC) in which a recurring one falls, in order. */
	readonly hours?: readonly number[];
	/** How many times as much each day, of a growing one. */
	readonly perDay?: number;
	/** Never seen before it, in the history that there is. */
	readonly isNew: boolean;
	readonly count: number;
	/** What is usual for the same spans. */
	readonly expected: number;
	/** count / expected; missing where less than one event is expected. */
	readonly factor?: number;
	/** ln of the chance of so many or more, times everything that was looked at. */
	readonly logChance: number;
	/** Days of history before the onset that the usual is taken from: 14 at most. */
	readonly daysBefore: number;
	/** The times that belong to it, in order: one span, or one for each time that a recurring one came. */
	readonly spans: readonly TimeSpan[];
	/** Seconds that its edges are found to. */
	readonly grain: number;
}

export interface CodeEpisode extends Episode {
	readonly code: string;
	/** The smallest part that holds nearly all of the excess; missing where it is the whole code. */
	readonly where?: readonly Part[];
}

export interface RunEpisode extends Episode {
	readonly skill: string;
	/** Runs in its spans. */
	readonly runs: number;
	/** Share of runs that failed in it, and that fail as usual. */
	readonly rate: number;
	readonly usualRate: number;
}
