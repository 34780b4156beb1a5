// What each stretch after the fix would have at the trouble's level, and at the level before it.
import { scatterOf, usualLoad } from "../episodes/index.ts";
import type { Predicted } from "./chances.ts";
import { bucketSeconds, bucketsOf, Sums } from "./counted.ts";
import type { Trouble } from "./trouble.ts";
import type { FixStory } from "./types.ts";

const hour = 3600;
const day = 24 * hour;
/** Days before the trouble that the level before is taken from, and the hours between them. */
const beforeDays = 14;
const guardSeconds = 1800;
/** How far the level of two ordinary days may be apart, and that of a fortnight from the next day's: as in episodes. */
const dayVariance = 0.02;
const driftVariance = 0.01;
/** How far the trouble's own hours of the day may be from those of the production. */
const hourVariance = 0.15;
/** So many parts of a stretch differ from the day's shape independently. */
const mostShapeParts = 36;
/** Half an event more than seen: a level of 0 has never been proven. */
const unseen = 0.5;

/** Levels, and sums by bucket of what they make of time; a bucket's number counts from the history's first. */
export interface Levels {
	readonly first: number;
	/** The fix, and now: buckets; the one that the fix cuts is left out. */
	readonly fixAt: number;
	readonly nowAt: number;
	readonly counts: Sums;
	/** Of a stretch, were nothing fixed. */
	unfixed(from: number, to: number): Predicted;
	/** Of a stretch at the level before the trouble. */
	usual(from: number, to: number): Predicted;
	/** Between the two: `share` of what the trouble had above the level before. */
	between(from: number, to: number, share: number): Predicted;
}

interface Level {
	readonly rate: number;
	readonly variance: number;
}

/** @param until the end of what is to come, epoch seconds */
export function levelsOf(story: FixStory, trouble: Trouble, until: number): Levels {
	const { history, deployedAt, counts, others, runs } = story;
	const { first, load, variance } = usualLoad({
		history,
		codes: runs === undefined ? [counts, ...others] : [runs],
		own: runs ?? counts,
		quietUntil: runs === undefined ? trouble.since : deployedAt,
		until,
	});
	const bucket = (at: number) => Math.ceil(at / bucketSeconds) - first;
	const [fixAt, nowAt] = [bucket(deployedAt), bucket(history.now)];
	const seen = bucketsOf(counts, first, load.length);
	const exposed =
		runs === undefined ? load : exposureOf(bucketsOf(runs, first, load.length), load, seen, nowAt);
	const kept = onlyHours(exposed, first, trouble.hours);
	const own = onlyHours(seen, first, trouble.hours);
	const [countSums, loadSums] = [new Sums(own), new Sums(kept)];
	const spread = scatterOf(own, bucket(deployedAt) - 1);
	const level = (spans: readonly { from: number; to: number }[], lead: number): Level => {
		const sum = (of: Sums) =>
			spans.reduce((total, { from, to }) => total + of.between(bucket(from), bucket(to - 299)), 0);
		const [count, exposure] = [sum(countSums), sum(loadSums)];
		const days = spans.reduce((total, { from, to }) => total + (to - from) / day, 0);
		return {
			rate: exposure <= 0 ? 0 : (count + lead) / exposure,
			variance: 1 / (count / spread.dispersion + 0.5) + driftVariance + dayVariance / Math.max(1, days),
		};
	};
	const during = level(trouble.spans, 0);
	const before = trouble.kind === undefined ? none : level(usualSpans(story, trouble), unseen);
	const { shaped, unknown } =
		runs === undefined
			? ownHours(kept, own, trouble, during, first, bucket, spread.dispersion)
			: { shaped: kept, unknown: kept };
	const shapedSums = new Sums(shaped);
	const varianceSums = new Sums(variance.map((one, at) => one * (unknown[at] ?? 0)));
	/** What no level says of a stretch: how far its hours and days are from the usual ones. */
	const scatter = (from: number, to: number) => {
		const hours = Math.max(1, (to - from) / 12);
		const exposure = loadSums.between(from, to);
		const shape = runs !== undefined || exposure <= 0 ? 0 : varianceSums.between(from, to) / exposure;
		return (
			shape / Math.min(mostShapeParts, Math.max(1, hours / 3)) +
			spread.volatility / hours +
			dayVariance / Math.max(1, hours / 24)
		);
	};
	const parts = (from: number, to: number) => {
		const high = shapedSums.between(from, to) * during.rate;
		return { high, low: Math.min(high, loadSums.between(from, to) * before.rate) };
	};
	const mixed = (from: number, to: number, low: number, excess: number): Predicted => {
		const mean = low + excess;
		const own =
			mean <= 0 ? 0 : (low * low * before.variance + excess * excess * during.variance) / mean / mean;
		return { mean, variance: own + scatter(from, to), dispersion: spread.dispersion };
	};
	return {
		first,
		fixAt,
		nowAt,
		counts: countSums,
		unfixed(from, to) {
			const { high } = parts(from, to);
			return mixed(from, to, 0, high);
		},
		usual: (from, to) => mixed(from, to, parts(from, to).low, 0),
		between(from, to, share) {
			const { low, high } = parts(from, to);
			return mixed(from, to, low, share * (high - low));
		},
	};
}

const none: Level = { rate: 0, variance: driftVariance };

/** The fortnight before the trouble, without what stood out in it. */
function usualSpans({ history }: FixStory, { since, unusual }: Trouble) {
	const end = since - guardSeconds;
	let free = [{ from: Math.max(history.start, end - beforeDays * day), to: end }];
	for (const { from, to } of unusual) {
		free = free.flatMap((span) =>
			to <= span.from || from >= span.to
				? [span]
				: [
						{ from: span.from, to: Math.min(span.to, from) },
						{ from: Math.max(span.from, to), to: span.to },
					],
		);
	}
	return free.filter(({ from, to }) => to - from >= bucketSeconds);
}

/** Runs are the exposure of failures; those to come are as many as the hours are busy. */
function exposureOf(
	runs: Float64Array,
	load: Float64Array,
	failed: Float64Array,
	nowAt: number,
): Float64Array {
	const recent = Math.max(0, nowAt - (beforeDays * day) / bucketSeconds);
	let [count, busy] = [0, 0];
	for (let bucket = recent; bucket < nowAt; bucket++) {
		count += runs[bucket] ?? 0;
		busy += load[bucket] ?? 0;
	}
	const rate = busy <= 0 ? 0 : count / busy;
	return load.map((one, bucket) =>
		bucket < nowAt ? Math.max(runs[bucket] ?? 0, failed[bucket] ?? 0) : one * rate,
	);
}

function onlyHours(values: Float64Array, first: number, hours: readonly number[] | undefined): Float64Array {
	if (hours === undefined) return values;
	return values.map((one, at) => (hours.includes(Math.floor((first + at) / 12) % 24) ? one : 0));
}

/**
 * The trouble has a day of its own: its hours correct the production's, each a gamma-Poisson estimate that leans towards
 * it (Gelman et al., 2.6). What an hour's own counts say is no longer unknown of it.
 */
function ownHours(
	load: Float64Array,
	counts: Float64Array,
	trouble: Trouble,
	during: Level,
	first: number,
	bucket: (at: number) => number,
	dispersion: number,
): { readonly shaped: Float64Array; readonly unknown: Float64Array } {
	const seen = new Float64Array(24).fill(1 / hourVariance);
	const expected = new Float64Array(24).fill(1 / hourVariance);
	for (const { from, to } of trouble.spans) {
		for (let at = bucket(from); at < bucket(to - 299); at++) {
			const of = Math.floor((first + at) / 12) % 24;
			seen[of] = (seen[of] ?? 0) + (counts[at] ?? 0) / dispersion;
			expected[of] = (expected[of] ?? 0) + ((load[at] ?? 0) * during.rate) / dispersion;
		}
	}
	const hourOf = (at: number) => Math.floor((first + at) / 12) % 24;
	return {
		shaped: load.map((one, at) => (one * (seen[hourOf(at)] ?? 1)) / (expected[hourOf(at)] ?? 1)),
		unknown: load.map((one, at) => one / hourVariance / (expected[hourOf(at)] ?? 1)),
	};
}
