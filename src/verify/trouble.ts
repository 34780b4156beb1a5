// The trouble as it was known when the fix came: nothing that happened since can bend it.
import { type Episode, findEpisodes, findRunEpisodes, type TimeSpan } from "../episodes/index.ts";
import { countsBefore } from "./counted.ts";
import type { FixStory, TroubleBefore } from "./types.ts";

const hour = 3600;
const day = 24 * hour;
/** Without an episode so many days before the fix are what is to be compared with. */
const plainDays = 14;
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
		const since = Math.max(history.start, deployedAt - plainDays * day);
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
	if (deployedAt - history.start < hour) return [];
	const before = { start: history.start, now: deployedAt };
	const own = countsBefore(counts, deployedAt);
	if (runs !== undefined) {
		const skills = [{ skill: asked, runs: countsBefore(runs, deployedAt), failed: own }];
		return findRunEpisodes({ history: before, skills });
	}
	const codes = [
		{ code: asked, counts: own },
		...others.map((one, index) => ({ code: `other ${index}`, counts: countsBefore(one, deployedAt) })),
	];
	return findEpisodes({ history: before, codes, only: [asked] });
}

const asked = "asked";
