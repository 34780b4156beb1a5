// What one round saw of production, as plain facts: troubles, new codes, and the user's limits.

import type { EpisodeKind, TimeSpan } from "../episodes/index.ts";

/** Why something is worth a line. */
export const alerts = [
	"new",
	"on",
	"burst",
	"recurring",
	"growing",
	"worse",
	"over",
	"came_back",
	"limit",
] as const;
export type Alert = (typeof alerts)[number];

/** How much of a trouble there is. */
export interface Amount {
	/** Events, or failures. */
	readonly count: number;
	/** Events that are usual in the same time; of a skill, its runs. */
	readonly exposure: number;
	/** Length of its spans. */
	readonly seconds: number;
}

/** An episode, as far as it matters for whether it is told. Instants in epoch seconds. */
export interface Standing extends Amount {
	readonly of: "code" | "skill";
	/** The code or the skill, then the other codes of the same trouble. */
	readonly names: readonly string[];
	/** The part of the code, such as `provider greenhouse`; empty for all of it. */
	readonly parts: readonly string[];
	readonly kind: EpisodeKind;
	readonly since: number;
	readonly between: readonly [earliest: number, latest: number];
	readonly until?: number;
	readonly isNew: boolean;
	/** It is of a case that was found fixed, and stands again. */
	readonly isBack: boolean;
	/** The user has muted its case. */
	readonly isMuted?: boolean;
}

/** A code with events in the window that the history does not hold before. */
export interface NewCode {
	readonly code: string;
	readonly count: number;
	/** The hour in which it was first seen, epoch seconds. */
	readonly since: number;
}

/** A limit of the user's, as it was counted. */
export interface LimitReading {
	/** As it was written. */
	readonly limit: string;
	/** Length of the time that is counted, in seconds. */
	readonly seconds: number;
	readonly isExceeded: boolean;
}

export interface Round {
	/** Production's time, epoch seconds. */
	readonly now: number;
	/** Where the history that troubles are looked for in begins. */
	readonly historyFrom: number;
	readonly troubles: readonly Standing[];
	readonly newCodes: readonly NewCode[];
	readonly limits: readonly LimitReading[];
}

export function secondsOf(spans: readonly TimeSpan[]): number {
	return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
