// How likely counts are at a multiple of the usual rate: of events in time, and of failures among runs.
import { logBetaBinomialTail, logTail } from "./tail.ts";

/**
 * A series has counts and a load by bucket: how many events are usual there at a level of 1. For events the load is
 * time weighed by how busy it is; for failures it is the number of runs, and the level is the share that fails.
 */
export interface Law {
	/**
	 * ln of how much likelier counts are at `factor` times the level than at the level: so much for each event, and so
	 * much for each unit of load.
	 */
	readonly weights: (level: number, factor: number) => Weights;
	/** ln P(X >= count) where the level has a relative variance of `variance`, and events come `dispersion` at a time. */
	readonly logTail: (
		count: number,
		load: number,
		level: number,
		variance: number,
		dispersion: number,
	) => number;
}

export interface Weights {
	readonly perCount: number;
	readonly perLoad: number;
}

/** Counts of a Poisson law. */
export const countLaw: Law = {
	weights: (level, factor) => ({ perCount: Math.log(factor), perLoad: -(factor - 1) * level }),
	logTail: (count, load, level, variance, dispersion) => {
		const mean = load * level;
		const extra = (dispersion - 1) * mean + variance * mean * mean;
		return logTail(Math.round(count), mean, (mean * mean) / Math.max(extra, 1e-9 * mean));
	},
};

const mostShare = 0.995;

/** Failures among runs, of a binomial law. */
export const shareLaw: Law = {
	weights: (level, factor) => {
		const usual = Math.min(mostShare, level);
		const share = Math.min(mostShare, level * factor);
		const passing = Math.log((1 - share) / (1 - usual));
		return { perCount: Math.log(share / usual) - passing, perLoad: passing };
	},
	logTail: (count, load, usual, variance, dispersion) => {
		const level = Math.min(mostShare, usual);
		const runs = Math.round(load);
		// Events that come together are as so many fewer runs.
		const own = ((dispersion - 1) * (1 - level)) / Math.max(1, level * runs);
		return logBetaBinomialTail(Math.round(count), runs, level, variance + own);
	},
};

export function gain({ perCount, perLoad }: Weights, count: number, load: number): number {
	return count * perCount + load * perLoad;
}
