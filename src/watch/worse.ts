// Whether a trouble that was told has become much worse since.

import type { Amount, Standing } from "./round.ts";
import type { KnownTrouble } from "./state.ts";

/** What is compared with what was told: at least so long, in seconds. */
const leastSeconds = 3000;
/** Older marks are not kept. */
const mostSeconds = 3 * 3600;
/** Times as much as was told, by what is held against what is usual. */
const times = 3;
/** The same where nothing is usual and only time is known: a day has a shape of about 4 : 1. */
const timesByTime = 8;
/** A trouble that was told as growing must grow beyond what that says. */
const timesOfGrowing = 10;
/** Of a skill, whose share of failures has an upper bound. */
const timesOfSkill = 2;
const leastMore = { code: 20, skill: 10 } as const;
/** An onset that moved by more makes counts incomparable, in seconds. */
const sameOnset = 900;

export type Mark = KnownTrouble["marks"][number];

/** The marks with this round's. */
export function marked(marks: readonly Mark[], trouble: Standing, now: number): Mark[] {
	const { count, exposure, seconds, since } = trouble;
	const kept = marks.filter(
		(mark) => mark.at < now && mark.at >= now - mostSeconds && Math.abs(mark.since - since) <= sameOnset,
	);
	return [...kept, { at: now, since, count, exposure, seconds }];
}

/** @returns the amount since the mark where it is so much more than what was told; else undefined */
export function worsened(
	{ level, marks }: Pick<KnownTrouble, "level" | "marks">,
	trouble: Standing,
	now: number,
): Amount | undefined {
	const mark = [...marks].reverse().find(({ at }) => at <= now - leastSeconds);
	if (level === undefined || mark === undefined || Math.abs(mark.since - trouble.since) > sameOnset)
		return undefined;
	const since: Amount = {
		count: trouble.count - mark.count,
		exposure: trouble.exposure - mark.exposure,
		seconds: trouble.seconds - mark.seconds,
	};
	if (since.count < leastMore[trouble.of] || since.seconds <= 0) return undefined;
	return ratio(since, level) >= wanted(trouble, since, level) ? since : undefined;
}

function isHeldAgainst(one: Amount, other: Amount): boolean {
	return one.exposure >= 1 && other.exposure >= 1;
}

function ratio(one: Amount, other: Amount): number {
	const rate = ({ count, exposure, seconds }: Amount) =>
		count / (isHeldAgainst(one, other) ? exposure : Math.max(seconds, 3600));
	return rate(one) / Math.max(rate(other), Number.MIN_VALUE);
}

function wanted({ of, kind }: Standing, one: Amount, other: Amount): number {
	if (of === "skill") return timesOfSkill;
	if (kind === "growing") return timesOfGrowing;
	return isHeldAgainst(one, other) ? times : timesByTime;
}
