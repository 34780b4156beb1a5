// The trouble as it was known when the fix came: nothing that happened since can bend it.
import { type Episode, findEpisodes, findRunEpisodes, type TimeSpan, usualLoad } from "../episodes/index.ts";
import { logAtLeast } from "./chances.ts";
import { bucketSeconds, bucketsOf, countsBefore, Sums } from "./counted.ts";
import type { FixStory, TroubleBefore } from "./types.ts";

const hour = 3600;
const day = 24 * hour;
/** Without an episode so many days before the fix, at most, are what is to be compared with. */
const plainDays = 14;
const leastPlain = 10;
/** An episode that ended longer before the fix is not what it was for. */
const mostBefore = 14 * day;
/** A slow rise is as high as in its last days. */
const growingDays = 2;

export interface Trouble extends TroubleBefore {
	/** The stretches that its level is taken from, before the fix. */
	readonly spans: readonly TimeSpan[];
	/** Hours of the day (UTC) in which a recurring one falls: no others are looked at. */
	readonly hours?: readonly number[];
	/** All stretches that are no part of the level before, its own among them. */
	readonly unusual: readonly TimeSpan[];
}

/**
 * The search for episodes, on the history up to the fix. What goes on then comes first, then what ended last: its end
 * is the one that the search found (a single change-point, 250 times likelier than going on).
 */
export function troubleBefore(story: FixStory): Trouble {
	const { deployedAt, history } = story;
	const found = episodesBefore(story);
	const episode = [...found]
		.filter(({ until }) => until === undefined || deployedAt - until <= mostBefore)
		.sort((one, other) => rank(other, deployedAt) - rank(one, deployedAt) || other.count - one.count)[0];
	if (episode === undefined) {
		const risen = riseBefore(story);
		if (risen !== undefined) return risen;
		const since = Math.max(history.start, deployedAt - daysOf(story) * day);
		const spans = [{ from: since, to: deployedAt }];
		return { since, spans, unusual: spans };
	}
	const { kind, since, between, until, hours } = episode;
	return {
		kind,
		since,
		between,
		...(until === undefined ? {} : { until }),
		...(kind === "recurring" && hours !== undefined ? { hours } : {}),
		spans: levelSpans(episode, deployedAt),
		unusual: found.flatMap(({ spans }) => spans),
	};
}

/** The nearest days before the fix that hold enough to know a level by. */
function daysOf({ counts, deployedAt }: FixStory): number {
	const near = [2, 5].find((days) => {
		let sum = 0;
		for (const [hourOf, count] of counts.hours) {
			const at = hourOf * hour;
			if (at >= deployedAt - days * day && at + hour <= deployedAt) sum += count;
		}
		return sum >= leastPlain;
	});
	return near ?? plainDays;
}

function rank({ until }: Episode, deployedAt: number): number {
	return until ?? deployedAt;
}

function levelSpans({ kind, spans, since, until }: Episode, deployedAt: number): readonly TimeSpan[] {
	const end = Math.min(deployedAt, until ?? deployedAt);
	// The times of a recurring one are its spans; the hours of its days are taken whole.
	if (kind === "recurring") return [{ from: Math.floor(since / hour) * hour, to: end }];
	const clipped = spans
		.map(({ from, to }) => ({ from, to: Math.min(to, end) }))
		.filter(({ from, to }) => from < to);
	if (kind !== "growing") return clipped;
	const from = end - growingDays * day;
	return clipped
		.map((span) => ({ from: Math.max(from, span.from), to: span.to }))
		.filter((span) => span.from < span.to);
}

function episodesBefore({ history, deployedAt, counts, others, runs }: FixStory): readonly Episode[] {
	// The five minutes that the fix cuts are left out: half of them would look like an end.
	const end = Math.floor(deployedAt / bucketSeconds) * bucketSeconds;
	if (end - history.start < hour) return [];
	const before = { start: history.start, now: end };
	const own = countsBefore(counts, end);
	if (runs !== undefined) {
		const skills = [{ skill: asked, runs: countsBefore(runs, end), failed: own }];
		return findRunEpisodes({ history: before, skills });
	}
	const codes = [
		{ code: asked, counts: own },
		...others.map((one, index) => ({ code: `other ${index}`, counts: countsBefore(one, end) })),
	];
	return findEpisodes({ history: before, codes, only: [asked] });
}

const asked = "asked";

/**
 * The length before the fix in which the count is the least likely at the level of the fortnight before it. That there is
 * a fix says that there was a trouble: fainter ones are taken than an episode may be.
 */
function riseBefore(story: FixStory): Trouble | undefined {
	const { history, deployedAt, counts, others, runs } = story;
	const { first, load } = usualLoad({
		history,
		codes: runs === undefined ? [counts, ...others] : [runs],
		own: counts,
		quietUntil: history.start,
		until: history.now,
	});
	const exposed = runs === undefined ? load : bucketsOf(runs, first, load.length);
	const [seen, loads] = [new Sums(bucketsOf(counts, first, load.length)), new Sums(exposed)];
	const end = Math.floor(deployedAt / bucketSeconds) - first;
	let best: { readonly from: number; readonly log: number } | undefined;
	for (const hours of riseHours) {
		const from = end - hours * 12;
		const start = from - plainDays * 24 * 12;
		const usual = loads.between(start, from);
		if (from < 24 || usual <= 0) continue;
		const count = seen.between(start, from);
		const mean = ((count + 0.5) / usual) * loads.between(from, end);
		const variance = 1 / (count / 1.5 + 0.5) + 0.05;
		const log = logAtLeast(Math.round(seen.between(from, end)), { mean, variance, dispersion: 1.5 });
		if (log < (best?.log ?? Math.log(faintChance / riseHours.length))) best = { from, log };
	}
	if (best === undefined) return undefined;
	const since = (first + best.from) * bucketSeconds;
	const spans = [{ from: since, to: deployedAt }];
	return { kind: "on", since, spans, unusual: spans };
}

/** Lengths looked at, and the chance of a rise in any of them where there is none. */
const riseHours = [2, 4, 8, 16, 24, 48, 72, 96, 144, 216];
const faintChance = 0.02;
