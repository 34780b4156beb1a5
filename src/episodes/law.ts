// How likely counts are at a multiple of the usual rate: of events in time, and of failures among runs.
import { logBetaBinomialTail, logTail } from "./tail.ts";

/**
 * A series has counts and a load by bucket: how many events are usual there at a level of 1. For events the load is
 * time weighed by how busy it is; for failures it is the number of runs, and the level is the share that fails.
 */
export interface Law {
	/** ln of how much likelier the count is at `factor` times the level than at the level. */
	readonly gain: (count: number, load: number, level: number, factor: number) => number;
	/** ln P(X >= count) where the level has a relative variance of `variance`, and events come `dispersion` at a time. */
	readonly logTail: (
		count: number,
		load: number,
		level: number,
		variance: number,
		dispersion: number,
	) => number;
	/** The largest factor that makes sense at a level. */
	readonly mostFactor: (level: number) => number;
}

/** Counts of a Poisson law. */
export const countLaw: Law = {
	gain: (count, load, level, factor) =>
		(count === 0 ? 0 : count * Math.log(factor)) - (factor - 1) * level * load,
	logTail: (count, load, level, variance, dispersion) => {
		const mean = load * level;
		const extra = (dispersion - 1) * mean + variance * mean * mean;
		return logTail(Math.round(count), mean, (mean * mean) / Math.max(extra, 1e-9 * mean));
	},
	mostFactor: () => 1e6,
};

/** Failures among runs, of a binomial law. */
export const shareLaw: Law = {
	gain: (count, load, level, factor) => {
		const share = Math.min(0.995, level * factor);
		if (load === 0) return 0;
		const passed = Math.max(0, load - count);
		return (
			(count === 0 ? 0 : count * Math.log(share / level)) +
			(passed === 0 ? 0 : passed * Math.log((1 - share) / (1 - level)))
		);
	},
	logTail: (count, load, level, variance, dispersion) => {
		const runs = Math.round(load);
		// Events that come together are as so many fewer runs.
		const own = ((dispersion - 1) * (1 - level)) / Math.max(1, level * runs);
		return logBetaBinomialTail(Math.round(count), runs, level, variance + own);
	},
	mostFactor: (level) => 0.995 / level,
};
