// Chances of so few or so many, of a count whose mean is known only so far.
import { countLaw } from "../episodes/index.ts";

/** variance = dispersion × mean + variance × mean². */
export interface Predicted {
	readonly mean: number;
	/** Squared coefficient of variation of what is not known of the mean. */
	readonly variance: number;
	readonly dispersion: number;
}

/** ln P(X >= count). The negative binomial of episodes' counts (Gelman et al., Bayesian Data Analysis, 2.6). */
export function logAtLeast(count: number, { mean, variance, dispersion }: Predicted): number {
	if (count <= 0) return 0;
	if (mean <= 0) return Number.NEGATIVE_INFINITY;
	return countLaw.logTail(count, 1, mean, variance, dispersion);
}

/** P(X <= count) of the same. */
export function atMost(count: number, predicted: Predicted): number {
	if (predicted.mean <= 0) return 1;
	return Math.max(0, -Math.expm1(logAtLeast(Math.floor(count) + 1, predicted)));
}

/** The least count c with P(X <= c) >= share. */
export function quantile(share: number, predicted: Predicted): number {
	let high = 1;
	while (atMost(high, predicted) < share && high < 1e9) high *= 2;
	let low = -1;
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (atMost(middle, predicted) < share) low = middle;
		else high = middle;
	}
	return high;
}
