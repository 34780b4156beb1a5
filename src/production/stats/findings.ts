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

/** The most findings that are told. */
const maxFindings = 8;

/** One thing a person would notice first; its numbers can be computed again from the same answer. */
export interface Finding {
	/** Higher matters more. */
	readonly weight: number;
	readonly words: string;
}

/**
 * What stands out, ordered by what matters: codes that are new, codes that rose, who is behind most of a code,
 * and what a code is bound to.
 *
 * @param short how an id is shown
 */
export function findFindings(stats: ErrorStats, short: (id: string) => string): readonly string[] {
	const findings = [...newCodes(stats), ...rises(stats), ...concentrated(stats, short)];
	return findings
		.sort((one, other) => other.weight - one.weight)
		.slice(0, maxFindings)
		.map(({ words }) => words);
}

function newCodes({ codes }: ErrorStats): Finding[] {
	return codes
		.filter(({ isNew }) => isNew)
		.map(({ code, count }) => ({
			weight: 1000 + count,
			words: `${code} is new: ${count} events, none before this window`,
		}));
}

function rises({ codes, total }: ErrorStats): Finding[] {
	return codes
		.filter(
			({ isNew, count, previous }) =>
				!isNew && count >= risingCount && count >= risingFactor * Math.max(1, previous),
		)
		.map(({ code, count, previous }) => ({
			weight: 500 + count - previous,
			words: `${code} rose from ${previous} to ${count}${count / total >= leadingShare ? ` and is ${percent(count, total)} of all errors` : ""}`,
		}));
}

/** A share of a code is measured against the same one's share of everything else, so that a busy customer is no finding. */
function concentrated(
	{ codes, concentrations, total, users, organizations }: ErrorStats,
	short: (id: string) => string,
): Finding[] {
	const several: Record<Concentration["by"], boolean> = {
		user: users > 1,
		session: true,
		organization: organizations > 1,
		skill: true,
		provider: true,
	};
	return concentrations.flatMap(({ by, code, who, count, ofAllCodes }) => {
		const all = codes.find((candidate) => candidate.code === code)?.count ?? 0;
		const share = count / all;
		const bound = by === "skill" || by === "provider";
		if (all < enough || share < (bound ? boundShare : mostShare) || !several[by]) return [];
		const rest = total - all;
		const restShare = rest === 0 ? 0 : (ofAllCodes - count) / rest;
		if (restShare * aboveRest > share) return [];
		const words = `${code}: ${count} of ${all} (${percent(count, all)}) from one ${by}, ${short(who)}${
			rest === 0 ? "" : `, which has ${percent(ofAllCodes - count, rest)} of everything else`
		}`;
		return [{ weight: (bound ? 0 : 200) + share * Math.min(all, 100), words }];
	});
}

/** One decimal. */
export function percent(part: number, whole: number): string {
	return `${((100 * part) / whole).toFixed(1)} %`;
}
