// The answer of verify_fix: what was deployed when, both sides of it, the verdict and what it rests on.

import { z } from "zod";
import type { FixAnswer, FixSide, SideEffect } from "../production/index.ts";
import { isoInstant } from "../text/index.ts";
import { type FixJudgement, fixOutcomes } from "../verify/index.ts";
import { significant } from "./facts.ts";
import type { Show } from "./findings/episode-words.ts";

const side = z.record(z.string(), z.unknown());

/** Lean: what the sides and the fix hold is named in their keys, and definitions cost tokens. */
export const fixSchema = z.object({
	fix: side,
	before: side.optional(),
	after: side.optional(),
	expected_if_unfixed: z.record(z.string(), z.number()).optional(),
	verdict: z.enum(fixOutcomes),
	enough_at: z.string().optional(),
	confidence: z.number().optional(),
	victims: z.record(z.string(), z.number()).optional(),
	side_effects: z.array(z.string()).optional(),
	findings: z.array(z.string()),
	untrusted: z.array(z.string()),
});

const mostEffects = 8;

/** Everything that production says of it. */
export function fixFacts(answer: FixAnswer, show: Show) {
	const { judgement, before, after, victims, sideEffects } = answer;
	const { verdict, enoughAt, confidence, expectedIfUnfixed } = judgement;
	return {
		before: sideFacts(before),
		after: sideFacts(after),
		expected_if_unfixed: {
			count: significant(expectedIfUnfixed.count),
			low: expectedIfUnfixed.low,
			high: expectedIfUnfixed.high,
		},
		verdict,
		...(enoughAt === undefined ? {} : { enough_at: isoInstant(enoughAt) }),
		...(confidence === undefined
			? {}
			: { confidence: Math.min(0.999, Math.floor(1000 * confidence) / 1000) }),
		victims: { before: victims.before, seen_since: victims.seenSince, hit_since: victims.hitSince },
		...(sideEffects.length === 0
			? {}
			: { side_effects: sideEffects.slice(0, mostEffects).map((one) => effectWords(one, show)) }),
		findings: [...fixFindings(answer), ...effectsLeft(sideEffects)],
	};
}

function sideFacts({ window, count, users, sessions, runs }: FixSide) {
	return {
		window: { since: isoInstant(window.from), until: isoInstant(window.to) },
		...(runs === undefined ? { count } : { runs, failures: count }),
		users,
		...(sessions === undefined ? {} : { sessions }),
	};
}

function effectWords({ of, name, since, isOn, count, expected }: SideEffect, show: Show): string {
	const usual = expected < 10 ? Math.round(10 * expected) / 10 : Math.round(expected);
	const kind = of === "code" ? "" : "skill ";
	return `${kind}${show(name)}: since ${isoInstant(since)}${isOn ? ", on" : ", over"}, ${count} where ${usual} are usual`;
}

function effectsLeft(effects: readonly SideEffect[]): readonly string[] {
	const left = effects.length - mostEffects;
	return left > 0 ? [`${left} more codes or skills rose since: error_stats lists them.`] : [];
}

function fixFindings({ judgement, tail, victims, after, historyFrom }: FixAnswer): readonly string[] {
	const { trouble } = judgement;
	return [
		verdictWords(judgement),
		...(tail === undefined || tail === 0
			? []
			: [
					`${tail} of the ${after.count} events since are of sessions that began before the fix: clients that may still run the old code.`,
				]),
		...(victims.wellSince > 0
			? [
					`${victims.wellSince} of the ${victims.before} users hit before had a run since that succeeded; ${victims.hitSince} were hit again.`,
				]
			: []),
		...(victims.before > 0 && victims.seenSince === 0
			? ["None of the users hit before has been seen since."]
			: []),
		...(trouble.kind === undefined
			? [
					`No rise stands out before the fix: the time since ${isoInstant(trouble.since)} is taken as the trouble, and the level before it as none.`,
				]
			: []),
		...(trouble.since - historyFrom < 6 * 3600 && trouble.kind !== undefined
			? [`Rows begin at ${isoInstant(historyFrom)}: the level before the trouble is hardly known.`]
			: []),
	];
}

function verdictWords(judgement: FixJudgement): string {
	const {
		verdict,
		count,
		expectedIfUnfixed,
		expectedIfFixed,
		basis,
		settledAt,
		backSince,
		enoughAt,
		trouble,
	} = judgement;
	const expected = `${significant(expectedIfUnfixed.count)} expected if nothing was fixed`;
	const usual = `${significant(expectedIfFixed)} at the level before the trouble`;
	switch (verdict) {
		case "fixed":
			return basis === "victims"
				? `Fixed: users hit before came back and were spared; ${count} since, ${expected}.`
				: `Fixed${settledAt === undefined ? "" : ` from ${isoInstant(settledAt)} on`}: ${count} since the fix, ${expected}, ${usual}.`;
		case "reduced":
			return `Reduced, not gone: ${count} since the fix, ${expected}, ${usual}.`;
		case "unchanged":
			return `Unchanged: ${count} since the fix, ${expected}.`;
		case "worse":
			return `Worse: ${count} since the fix, ${expected}.`;
		case "ended_before":
			return `It had stopped before the fix${trouble.until === undefined ? "" : `, about ${isoInstant(trouble.until)}`}: its end says nothing of the fix.`;
		case "came_back":
			return `It came back${backSince === undefined ? "" : ` about ${isoInstant(backSince)}`}: ${count} since the fix, ${usual}.`;
		case "too_early":
			return enoughAt === undefined
				? `Too early: ${count} since the fix, ${expected}; at the present traffic it cannot be told within 30 days.`
				: `Too early: ${count} since the fix, ${expected}. If it is fixed, that can be told at ${isoInstant(enoughAt)} at the present traffic.`;
	}
}
