// A busy code can hide a trouble in one of its parts: finds those, and names the part that holds an episode.
import { type Calendar, hourCounts, seriesOf, timeOf } from "./calendar.ts";
import { find, suspectsOf } from "./find.ts";
import { hourBuckets } from "./grid.ts";
import type { Traced } from "./traced.ts";
import type { Track } from "./track.ts";
import type { CodeEpisode, Episode, PartSeries, TimeSpan } from "./types.ts";

/** A part holds nearly all of an excess where it has so much of it. */
const nearlyAll = 0.8;
/** A part that is most of the code anyway says nothing. */
const mostShare = 0.75;
/** Days before an episode that a part's share of the code is taken from. */
const shareDays = 14;
/** ln of how much likelier by chance a part's hours may be, to look at it closely. */
const closeLook = 3;

/** Of the code's excess, a part that it is told of has so much, and is so many times as far above its usual. */
const mostExcess = 0.5;
const timesWhole = 2;

/** A part with its counts by the hour. */
interface Looked {
	readonly series: PartSeries;
	readonly hours: Float64Array;
}

interface Held extends Looked {
	/** Of the code's usual events, and of the excess. */
	readonly usualShare: number;
	readonly excessShare: number;
}

/**
 * Every part is scanned as the code is, by the hour at first, and closely where something may be there; the chance to
 * err is shared out among all parts. What was found in the code itself is attributed to the smallest part that holds nearly
 * all of its excess; what was found in parts only, of the smallest of those that show the same trouble.
 *
 * @param track the code's, with its day
 * @param whole what was found in the code
 * @param chances ln of the chance to err in the code, and in each part
 */
export function withParts(
	code: string,
	track: Track,
	calendar: Calendar,
	parts: readonly PartSeries[],
	whole: readonly Traced[],
	[wholeThreshold, own]: readonly [ofCode: number, ofPart: number],
): readonly CodeEpisode[] {
	const byHour = hourly(track, calendar);
	const looked = parts.map((series): Looked => ({ series, hours: hourCounts(calendar, series.counts) }));
	const closely = ({ series, hours }: Looked) => look(series, hours, byHour, track, calendar, own);
	const looks = wholeThreshold - own;
	const named = whole.map(({ episode }): CodeEpisode => {
		const part = smallest(holders(episode, looked, byHour, calendar));
		if (part === undefined) return { code, ...episode };
		const same = closely(part).find((one) => holdsMost(one.episode, episode));
		return { code, ...(same?.episode ?? episode), where: part.series.parts };
	});
	// Several episodes of the code may be one of the part.
	const reported = named.filter(
		(one, index) =>
			!named.slice(0, index).some((other) => other.since === one.since && other.until === one.until),
	);
	const settled = reported.filter(({ where }) => where !== undefined);
	const apart = looked
		.filter(({ series, hours }) => {
			const margin = series.counts.fine === undefined ? 0 : closeLook;
			const { spans } = suspectsOf({ ...byHour, counts: hours }, own + margin);
			return spans.some(({ from, to }) => {
				const span = { from: timeOf(calendar, from * hourBuckets), to: timeOf(calendar, to * hourBuckets) };
				return !settled.some((one) => one.since < span.to && span.from < (one.until ?? Infinity));
			});
		})
		.flatMap((part) => closely(part).map(({ episode }) => ({ part, episode })))
		.filter(({ episode }) => !settled.some((one) => overlap(one, episode)));
	const parted = smallestOfEach(code, apart).filter((one) =>
		isOfPart(
			one,
			reported.filter((other) => overlap(one, other)),
			looks,
		),
	);
	const left = once(reported).filter((one) => !parted.some((other) => overlap(one, other)));
	return [...left, ...parted].sort((one, other) => one.since - other.since);
}

/**
 * A trouble of the whole code is weaker in each of its parts, and as many times the usual: one that is less likely by
 * chance in a part, of all that were looked at, and many more times the usual there is the part's.
 *
 * @param whole what was found of the code in the same time
 * @param looks ln of how many parts were looked at
 */
function isOfPart(part: Episode, whole: readonly Episode[], looks: number): boolean {
	if (whole.length === 0) return true;
	const excess = ({ count, expected }: Episode) => count - expected;
	const sum = (of: (one: Episode) => number) => whole.reduce((total, one) => total + of(one), 0);
	return (
		whole.every(({ logChance }) => part.logChance + looks < logChance) &&
		excess(part) >= mostExcess * sum(excess) &&
		excess(part) / part.expected >= (timesWhole * sum(excess)) / sum(({ expected }) => expected)
	);
}

/** Several pieces of the code may be one episode of a part. */
function once(episodes: readonly CodeEpisode[]): readonly CodeEpisode[] {
	return episodes.filter(
		(one, index) =>
			!episodes
				.slice(0, index)
				.some(
					(earlier) =>
						earlier.where !== undefined &&
						earlier.where === one.where &&
						earlier.since === one.since &&
						earlier.until === one.until,
				),
	);
}

/** The code's track by the hour. */
function hourly({ counts, load, variance, law }: Track, calendar: Calendar): Track {
	const hours = calendar.hours;
	const [loads, variances, sums] = [
		new Float64Array(hours),
		new Float64Array(hours),
		new Float64Array(hours),
	];
	for (let bucket = 0; bucket < load.length; bucket++) {
		const hour = Math.floor(bucket / hourBuckets);
		sums[hour] = (sums[hour] ?? 0) + (counts[bucket] ?? 0);
		loads[hour] = (loads[hour] ?? 0) + (load[bucket] ?? 0);
		variances[hour] = variance[bucket] ?? 0;
	}
	return {
		counts: sums,
		isEven: new Uint8Array(hours),
		load: loads,
		held: calendar.hourExtent.map((part) => part / hourBuckets),
		variance: variances,
		law,
		perHour: 1,
		firstCell: calendar.first / hourBuckets,
	};
}

function look(
	series: PartSeries,
	hours: Float64Array,
	byHour: Track,
	track: Track,
	calendar: Calendar,
	logThreshold: number,
): readonly Traced[] {
	if (series.counts.fine === undefined) {
		const coarse = { ...byHour, counts: hours };
		return find(coarse, suspectsOf(coarse, logThreshold), calendar, logThreshold);
	}
	const fine = { ...track, ...seriesOf(calendar, series.counts) };
	return find(fine, suspectsOf(fine, logThreshold), calendar, logThreshold);
}

/** The parts that hold nearly all of an episode's excess, the hours that it touches taken whole. */
function holders(
	episode: Episode,
	looked: readonly Looked[],
	{ counts, load }: Track,
	calendar: Calendar,
): readonly Held[] {
	const firstHour = calendar.first / hourBuckets;
	const touched = new Set(episode.spans.flatMap((span) => hoursOf(span, firstHour)));
	const onset = Math.floor(episode.since / 3600) - firstHour;
	const inside = [...touched];
	const before: number[] = [];
	for (let hour = Math.max(0, onset - shareDays * 24); hour < onset; hour++) before.push(hour);
	const sum = (values: Float64Array, hours: readonly number[]) =>
		hours.reduce((total, hour) => total + (values[hour] ?? 0), 0);
	const ratio = sum(load, inside) / Math.max(sum(load, before), 1e-9);
	const measure = (values: Float64Array) => {
		const usual = sum(values, before);
		return { usual, excess: sum(values, inside) - usual * ratio };
	};
	const all = measure(counts);
	return looked.flatMap((part) => {
		const { usual, excess } = measure(part.hours);
		const usualShare = usual / Math.max(1, all.usual);
		const excessShare = excess / Math.max(1, all.excess);
		return excessShare < nearlyAll || usualShare > mostShare ? [] : [{ ...part, usualShare, excessShare }];
	});
}

function hoursOf({ from, to }: TimeSpan, firstHour: number): readonly number[] {
	const found: number[] = [];
	for (let hour = Math.floor(from / 3600); hour * 3600 < to; hour++) found.push(hour - firstHour);
	return found;
}

function smallest(held: readonly Held[]): Held | undefined {
	return [...held].sort((one, other) => one.usualShare - other.usualShare)[0];
}

function overlap(one: Episode, other: Episode): boolean {
	return one.since < (other.until ?? Infinity) && other.since < (one.until ?? Infinity);
}

/** Half of the other one's time is in it. */
function holdsMost(one: Episode, other: Episode): boolean {
	const common = Math.min(endOf(one), endOf(other)) - Math.max(one.since, other.since);
	return 2 * common >= endOf(other) - other.since;
}

function endOf(episode: Episode): number {
	return episode.until ?? episode.spans.at(-1)?.to ?? episode.since;
}

/** Episodes of parts that overlap are one trouble, seen through several dimensions. */
function smallestOfEach(
	code: string,
	apart: readonly { readonly part: Looked; readonly episode: Episode }[],
): readonly CodeEpisode[] {
	const left = [...apart].sort((one, other) => one.episode.logChance - other.episode.logChance);
	const found: CodeEpisode[] = [];
	for (let first = left[0]; first !== undefined; first = left[0]) {
		const strongest = first;
		const same = left.filter(({ episode }) => overlap(episode, strongest.episode));
		const excess = ({ episode }: { readonly episode: Episode }) => episode.count - episode.expected;
		const most = Math.max(...same.map(excess));
		const holding = same.filter((one) => excess(one) >= nearlyAll * most);
		const [best = strongest] = holding.sort((one, other) => one.episode.expected - other.episode.expected);
		found.push({ code, ...best.episode, where: best.part.series.parts });
		for (const one of same) left.splice(left.indexOf(one), 1);
	}
	return found;
}
