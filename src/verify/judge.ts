// Whether the trouble stopped because of the fix: a verdict on the counts since, or that it is too early for one.
import { logBetaBinomialTail } from "../episodes/index.ts";
import { atMost, logAtLeast, type Predicted, quantile } from "./chances.ts";
import { bucketSeconds } from "./counted.ts";
import { type Levels, levelsOf } from "./levels.ts";
import { type Trouble, troubleBefore } from "./trouble.ts";
import type { FixJudgement, FixStory, FixVerdict, VictimCounts } from "./types.ts";

const day = 86_400;
/** What is left of the trouble must be less than this share of what it had above the level before. */
export const leftShare = 0.2;
/** The chance of "fixed" where that much is left, over all stretches looked at and all times that it is asked. */
const fixedChance = 0.008;
/** The chance that a fixed one has more than is foreseen by `enough_at`. */
const foreseen = 0.985;
/** Chances of the other verdicts. */
const fallChance = 0.02;
const riseChance = 0.002;
const backChance = 1e-4;
const sameChance = 0.02;
/** "Unchanged" rules out that it is at half of what the trouble had. */
const halfShare = 0.5;
const leastKnown = 10;
/** More than the level before by less than this chance: it is not back there. */
const aboveChance = 0.01;
/** How far ahead it is looked for the instant at which it can be told. */
export const aheadSeconds = 30 * day;
/** Hours after the fix from which on it may be at its level: clients with the old code, and a slow roll-out, come first. */
const settleHours = [0, 1, 3, 8, 24, 60];
/** Hours after the fix within which a tail is foreseen to end, where some of it was seen, and where none was. */
const tailHours = { seen: 24, unseen: 8 };
/** More than usual by less than this chance: not at its level. */
const unsettledChance = 1e-3;
const silentHours = [1, 2, 4, 8, 16, 32];
const silentChance = 0.002;
const lastHours = [0.5, 1, 2, 4, 8, 24];

/**
 * Each stretch from some hours after the fix until now is held against a fifth of the trouble being left. The hours are
 * a fixed list and the chance is divided by their number (Bonferroni), so that a tail of old clients delays "fixed" and
 * never makes it wrong. Of a quiet hour alone nothing is concluded: what counts is how much was expected in it.
 *
 * @throws {RangeError} where the history is empty
 */
export function judgeFix(story: FixStory): FixJudgement {
	const trouble = troubleBefore(story);
	const levels = levelsOf(story, trouble, story.history.now + aheadSeconds);
	const { fixAt, nowAt } = levels;
	const known = facts(levels, trouble);
	const came = backSince(levels);
	const settled = settledAt(levels, nowAt, (from) => levels.counts.between(from, nowAt));
	if (trouble.until !== undefined && trouble.until < story.deployedAt) {
		const isOn = isRaised(levels, fixAt, nowAt, backChance);
		return isOn
			? { ...known, verdict: "came_back", basis: "rise_after" }
			: { ...known, verdict: "ended_before", basis: "end_before" };
	}
	if (came !== undefined) {
		return { ...known, verdict: "came_back", basis: "rise_after", backSince: timeOf(levels, came) };
	}
	if (settled !== undefined) {
		if (isSilentBefore(levels, trouble)) return { ...known, verdict: "ended_before", basis: "end_before" };
		const settledSince = timeOf(levels, settled.from);
		const confidence = 1 - Math.min(1, settled.chance * settleHours.length);
		return { ...known, verdict: "fixed", basis: "counts", confidence, settledAt: settledSince };
	}
	const { count } = known;
	const unfixed = levels.unfixed(fixAt, nowAt);
	const more = Math.exp(logAtLeast(count, unfixed));
	if (more < riseChance && isTroubleKnown(levels, trouble))
		return { ...known, verdict: "worse", basis: "counts", confidence: 1 - more };
	const middle = Math.floor((fixAt + nowAt) / 2);
	const fell = Math.max(
		atMost(count, unfixed),
		atMost(levels.counts.between(middle, nowAt), levels.unfixed(middle, nowAt)),
	);
	const isAbove = isRaised(levels, middle, nowAt, aboveChance);
	if (fell < fallChance && isAbove) {
		return { ...known, verdict: "reduced", basis: "counts", confidence: 1 - fell };
	}
	const half = Math.exp(logAtLeast(count, levels.between(fixAt, nowAt, halfShare)));
	if (half < sameChance && fell > sameChance) {
		return { ...known, verdict: "unchanged", basis: "counts", confidence: 1 - half };
	}
	if (!isAbove && areVictimsWell(story.victims)) {
		return { ...known, verdict: "fixed", basis: "victims", confidence: 1 - fixedChance };
	}
	const enough = enoughAt(levels);
	return {
		...known,
		verdict: "too_early",
		basis: "nothing",
		...(enough === undefined ? {} : { enoughAt: timeOf(levels, enough) }),
	};
}

/** Without an episode, and with hardly any events before the fix, there is nothing that it could be worse than. */
function isTroubleKnown({ first, fixAt, counts }: Levels, { kind, since }: Trouble): boolean {
	return kind !== undefined || counts.between(Math.ceil(since / bucketSeconds) - first, fixAt) >= leastKnown;
}

type Known = Omit<FixJudgement, "verdict" | "basis">;

function facts(levels: Levels, trouble: Trouble): Known {
	const { fixAt, nowAt } = levels;
	const unfixed = levels.unfixed(fixAt, nowAt);
	const { kind, since, between, until } = trouble;
	return {
		count: levels.counts.between(fixAt, nowAt),
		expectedIfUnfixed: {
			count: unfixed.mean,
			low: unfixed.mean <= 0 ? 0 : quantile(0.025, unfixed),
			high: unfixed.mean <= 0 ? 0 : quantile(0.975, unfixed),
		},
		expectedIfFixed: levels.usual(fixAt, nowAt).mean,
		trouble: {
			since,
			...(kind === undefined ? {} : { kind }),
			...(between === undefined ? {} : { between }),
			...(until === undefined ? {} : { until }),
		},
	};
}

function timeOf({ first }: Levels, bucket: number): number {
	return (first + bucket) * bucketSeconds;
}

function isRaised(levels: Levels, from: number, to: number, chance: number): boolean {
	return logAtLeast(levels.counts.between(from, to), levels.usual(from, to)) < Math.log(chance);
}

/** Too few came in the hours before the fix for the trouble to have been on. */
function isSilentBefore({ first, fixAt, counts, unfixed }: Levels, { since, between }: Trouble): boolean {
	const begun = Math.ceil((between?.[1] ?? since) / bucketSeconds) - first;
	return silentHours.some((hours) => {
		const from = fixAt - 1 - hours * 12;
		if (from < begun) return false;
		return atMost(counts.between(from, fixAt - 1), unfixed(from, fixAt - 1)) < silentChance;
	});
}

interface Settled {
	readonly from: number;
	readonly chance: number;
}

/** The first stretch that ends at a bucket in which too few came for a fifth of the trouble to be left, and no more than usual. */
function settledAt(
	levels: Levels,
	to: number,
	countFrom: (from: number) => number,
	leastHours = 0,
): Settled | undefined {
	for (const hours of settleHours) {
		if (hours < leastHours) continue;
		const from = levels.fixAt + Math.round(hours * 12);
		if (from >= to) return undefined;
		const count = countFrom(from);
		const chance = atMost(count, levels.between(from, to, leftShare));
		if (chance >= fixedChance / settleHours.length) continue;
		if (logAtLeast(count, levels.usual(from, to)) >= Math.log(unsettledChance)) return { from, chance };
	}
	return undefined;
}

/** On again: a stretch after the fix that was at its level, and a rise in the last hours that this level does not explain. */
function backSince(levels: Levels): number | undefined {
	const { fixAt, nowAt, counts } = levels;
	for (const hours of lastHours) {
		const from = nowAt - hours * 12;
		if (from <= fixAt) return undefined;
		if (!isRaised(levels, from, nowAt, backChance)) continue;
		if (atMost(counts.between(from, nowAt), levels.between(from, nowAt, leftShare)) < aboveChance) continue;
		for (let to = from; to > fixAt + 6; to -= 6) {
			const settled = settledAt(levels, to, (at) => counts.between(at, to));
			if (settled !== undefined) return to;
		}
	}
	return undefined;
}

/**
 * The users hit before, one by one: the share of their runs that failed (the failure by which each is known left out), and
 * how many of those who came back were hit again. A fifth of that share must be unlikely to spare so many.
 */
function areVictimsWell(victims: VictimCounts | undefined): boolean {
	if (victims === undefined || victims.seenSince === 0) return false;
	const { before, runs, failures, seenSince, hitSince } = victims;
	const share = (failures - before) / Math.max(1, runs - before);
	if (share <= 0 || runs <= before) return false;
	const left = Math.min(0.99, leftShare * share);
	// As many spared or more, where each is hit with that chance.
	const spared = seenSince - hitSince;
	return logBetaBinomialTail(spared, seenSince, 1 - left, 0.01) < Math.log(fixedChance / 2);
}

/** The first instant at which a fixed trouble would be told so, were what is to come at the level before. */
function enoughAt(levels: Levels): number | undefined {
	const { fixAt, nowAt, counts } = levels;
	const end = nowAt + aheadSeconds / bucketSeconds;
	const middle = Math.floor((fixAt + nowAt) / 2);
	// What still comes may be a tail of old clients, whose length is not known yet.
	const least = isRaised(levels, middle, nowAt, sameChance) ? tailHours.seen : tailHours.unseen;
	for (let to = nowAt + 1; to <= end; to += Math.max(1, Math.floor((to - fixAt) / 25))) {
		const countFrom = (from: number) => {
			const begin = Math.max(from, nowAt);
			const ahead: Predicted = levels.usual(begin, to);
			const past = from < nowAt ? counts.between(from, nowAt) : 0;
			return past + (ahead.mean <= 0 ? 0 : quantile(foreseen, ahead));
		};
		if (settledAt(levels, to, countFrom, least) !== undefined) return to;
	}
	return undefined;
}

/** Verdicts that end the question. */
export function isFinal(verdict: FixVerdict): boolean {
	return verdict !== "too_early";
}
