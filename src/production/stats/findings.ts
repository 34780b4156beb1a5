// What stands out in the statistics, in sentences that carry their counts.

import { percentWords } from "../../text/index.ts";
import type { Concentration, ErrorStats } from "./stats.ts";

/** Below this many events of a code there is nothing to say of who has most of them. */
const enough = 5;
/** Most of a code: this share and more. */
const mostShare = 0.6;
/** Bound to one skill or provider: nearly all. */
const boundShare = 0.9;
/** A share says something only when it is so much above the same one's share of everything else. */
const aboveRest = 3;
/** A code's share of all errors, its rise and its count, from which it is said to lead or to rise. */
const leadingShare = 0.25;
const risingFactor = 2;
const risingCount = 10;
/** Two counts differ by more than chance makes likely: in standard deviations of the difference of two Poisson counts. */
const risingDeviations = 3;
/** A span holds most of a code: more than half. */
const spanShare = 0.5;

/** The order of findings: what happened, by how many events it added; then who is behind it; then what it is bound to. */
const headline = 1000;
const behind = 300;

/** Codes with few events that are named in one line. */
const maxFew = 5;

/** The most findings that are told. */
const maxFindings = 8;

/** One thing a person would notice first. */
interface Finding {
	/** Higher matters more. */
	readonly weight: number;
	readonly words: string;
}

export interface FindingWords {
	/** How an error code is shown: clients send what they like. */
	readonly code: (code: string) => string;
	/** How an id is shown. */
	readonly id: (id: string) => string;
	/** How an instant is shown, from epoch seconds. */
	readonly instant: (seconds: number) => string;
}

/**
 * What stands out, ordered by what matters: codes that are new, spans that hold most of a code, codes that rose, who is
 * behind most of a code, what a code that matters is bound to, events dated in the future. Each carries the counts
 * that it is made of, and those stand in the answer too.
 */
export function findFindings(stats: ErrorStats, show: FindingWords): readonly string[] {
	const spans = longSpans(stats, show);
	const spanned = new Set(spans.map(({ code }) => code));
	const findings = [
		...newCodes(stats, show),
		...spans,
		...rises(stats, show).filter(({ code }) => !spanned.has(code)),
		...concentrated(stats, show),
	];
	// Rows of the future are in no window that ends now: they keep their line, the last.
	const last = dated(stats);
	const told = findings.sort((one, other) => other.weight - one.weight).slice(0, maxFindings - last.length);
	return [...told.map(({ words }) => words), ...last];
}

type CodeFinding = Finding & { readonly code: string };

/** Codes that are new: each by itself, but those with few events, such as what is rare anyway, in one line. */
function newCodes({ codes, previous }: ErrorStats, show: FindingWords): Finding[] {
	const since = `none before, back to ${show.instant(previous.from)}`;
	const fresh = codes.filter(({ isNew }) => isNew);
	const few = fresh.filter(({ count }) => count < risingCount);
	const left = few.length - maxFew;
	const names = few.slice(0, maxFew).map(({ code, count }) => `${show.code(code)} ${count}`);
	return [
		...fresh
			.filter(({ count }) => count >= risingCount)
			// What nobody has seen before matters more than more of the same.
			.map(({ code, count }) => ({
				weight: headline + 2 * count,
				words: `${show.code(code)} is new: ${count} events, ${since}`,
			})),
		...(few.length === 0
			? []
			: [
					{
						weight: headline,
						words: `new, with few events: ${[...names, ...(left > 0 ? [`${left} more`] : [])].join(", ")}; ${since}`,
					},
				]),
	];
}

/** A spike that holds most of its code's events; of a new code that needs no saying. */
function longSpans({ spikes, codes, timeline }: ErrorStats, show: FindingWords): CodeFinding[] {
	const isNew = new Set(codes.filter((one) => one.isNew).map(({ code }) => code));
	return (spikes ?? []).flatMap(({ code, from, to, count, expected, factor }) => {
		const all = timeline.byCode.find((one) => one.code === code)?.counts.reduce((sum, n) => sum + n, 0) ?? 0;
		if (isNew.has(code) || all === 0 || count / all <= spanShare) return [];
		return [
			{
				code,
				weight: headline + count - expected,
				words: `${show.code(code)}: ${count} of ${all} (${percentWords(count, all)}) from ${show.instant(from)} to ${show.instant(to)}, ${Number(factor.toPrecision(3))} times what is usual then`,
			},
		];
	});
}

/** A code that rose by more than everything else did: on a Monday all of them rise above Sunday. */
function rises({ codes, total, previousTotal }: ErrorStats, show: FindingWords): CodeFinding[] {
	return codes.flatMap(({ code, isNew, count, previous }) => {
		const [rest, restBefore] = [total - count, previousTotal - previous];
		const expected = previous * (restBefore === 0 ? 1 : Math.max(1, rest / restBefore));
		const isRise =
			!isNew &&
			count >= risingCount &&
			count >= risingFactor * expected &&
			count - expected >= risingDeviations * Math.sqrt(count + expected);
		if (!isRise) return [];
		const others = rest + restBefore === 0 ? "" : ` (everything else from ${restBefore} to ${rest})`;
		const lead = count / total >= leadingShare ? `, ${percentWords(count, total)} of all errors` : "";
		return [
			{
				code,
				weight: headline + count - expected,
				words: `${show.code(code)} rose from ${previous} to ${count}${lead}${others}`,
			},
		];
	});
}

/**
 * A share of a code is measured against the same one's share of everything else, so that a busy customer is no finding.
 * What a code is bound to is told of those that are new, rose, spike or lead.
 */
function concentrated(stats: ErrorStats, show: FindingWords): Finding[] {
	const { codes, concentrations, total, users, organizations, spikes } = stats;
	const several: Record<Concentration["by"], boolean> = {
		user: users > 1,
		session: true,
		organization: organizations > 1,
		skill: true,
		provider: true,
	};
	const matter = new Set([
		...codes.filter(({ isNew }) => isNew).map(({ code }) => code),
		...[...rises(stats, show), ...(spikes ?? [])].map(({ code }) => code),
		...codes.filter(({ count }) => count / total >= leadingShare).map(({ code }) => code),
	]);
	const told = concentrations.flatMap((one) => {
		const { by, code, who, count, ofAllCodes } = one;
		const all = codes.find((candidate) => candidate.code === code)?.count ?? 0;
		const share = count / all;
		const bound = by === "skill" || by === "provider";
		if (all < enough || share < (bound ? boundShare : mostShare) || !several[by]) return [];
		if (bound && !matter.has(code)) return [];
		const rest = total - all;
		const ofRest = ofAllCodes - count;
		if (rest > 0 && (ofRest / rest) * aboveRest > share) return [];
		const words = `${show.code(code)}: ${count} of ${all} (${percentWords(count, all)}) from one ${by}, ${show.id(who)}${
			rest === 0 ? "" : ` (everything else: ${ofRest} of ${rest}, ${percentWords(ofRest, rest)})`
		}`;
		return [{ by, code, weight: (bound ? 0 : behind) + share * Math.min(all, 100), words }];
	});
	// One session is one user's, and a user is of one organization: the narrowest says it all.
	return told.filter(({ by, code }) => {
		const at = narrow.indexOf(by);
		return !told.some((other) => other.code === code && narrow.indexOf(other.by) > at && at >= 0);
	});
}

/** From wide to narrow. */
const narrow: readonly Concentration["by"][] = ["organization", "user", "session"];

function dated({ datedInFuture: count }: ErrorStats): string[] {
	if (count === 0) return [];
	return [
		`${count} ${count === 1 ? "event is" : "events are"} dated in the future: a client's clock is wrong`,
	];
}
