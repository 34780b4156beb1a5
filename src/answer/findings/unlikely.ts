// How unlikely it is that one value holds so much of a code by chance.

import { logBetaBinomialTail } from "../../episodes/index.ts";

/** A share that a value is expected to have, from what it is compared with. */
export interface Reference {
	readonly of: number;
	readonly among: number;
}

/** Squared coefficient of variation of a share from one window to the next, beyond what counting explains. */
const drift = 0.1;

/**
 * ln P of `count` or more of `all`, where the value's share is known from a reference: a beta-binomial whose share is
 * uncertain by the reference's size and by what shares drift (Gelman et al., Bayesian Data Analysis, 2.4).
 *
 * @param each how many events belong together: a session fails several times, and is one observation
 */
export function logUnlikely(count: number, all: number, { of, among }: Reference, each: number): number {
	const share = Math.min(0.999, (of + 0.5) / (among + 1));
	const observations = Math.max(1, Math.round(all / each));
	const uncertain = (1 - share) / (share * (among / each + 1));
	return logBetaBinomialTail(
		Math.min(observations, Math.round(count / each)),
		observations,
		share,
		drift + uncertain,
	);
}

/**
 * ln of the chance that any of so many sessions has so many events, where sessions have `mean` on average: a geometric
 * law, whose tail is the heaviest of the usual ones.
 */
export function logLongSession(count: number, mean: number, sessions: number): number {
	return Math.min(0, count * Math.log1p(-1 / Math.max(mean, 1.5)) + Math.log(Math.max(1, sessions)));
}
