// From what was found in a series to the episode that is reported: its kind, its edges, its numbers.

import { type Calendar, timeOf } from "./calendar.ts";
import { courseOf, onsetOf } from "./course.ts";
import type { Edge } from "./edge.ts";
import { bucketSeconds, hourBuckets, type Span } from "./grid.ts";
import { growth } from "./growing.ts";
import type { Stretch } from "./pieces.ts";
import type { Recurrence } from "./recurring.ts";
import type { Baseline, Track, Usual } from "./track.ts";
import type { Episode, Interval, TimeSpan } from "./types.ts";

/** An episode, and what it was made from. */
export interface Traced {
	readonly episode: Episode;
	readonly spans: readonly Span[];
	readonly usual: Usual;
	readonly baseline: Baseline;
}

/** What episodes are made from. */
interface Seen {
	readonly baseline: Baseline;
	readonly calendar: Calendar;
}

/** A rise of days has no finer onset than this: it is known to a day or so, and what comes later moves it a little. */
const riseSeconds = 6 * 3600;

/** On a grid that does not move with the history. */
function onGrid({ since, between }: { readonly since: number; readonly between: Interval }): number {
	return Math.max(between[0], Math.floor(since / riseSeconds) * riseSeconds);
}

/** @param within cells that the edges may lie between */
export function tracedStretch(seen: Seen, stretch: Stretch, within: Span): Traced {
	const { baseline } = seen;
	const { usual } = stretch;
	const rise = growth(baseline, stretch, within);
	const course = courseOf(baseline, stretch, usual, within);
	const onset = rise?.onset ?? course.onset;
	const { end } = course;
	const from = Math.floor(onset.at);
	const to = end === undefined ? baseline.track.counts.length : Math.max(from + 1, Math.ceil(end.at));
	const shared = commonOf(seen, [{ from, to }], usual, onset);
	const until = end === undefined ? undefined : timeAt(seen, end.at);
	const since = rise === undefined ? shared.since : onGrid(shared);
	const episode: Episode = {
		kind: rise !== undefined ? "growing" : end === undefined ? "on" : "burst",
		...shared,
		since,
		...(end === undefined || until === undefined ? {} : { until, untilBetween: intervalOf(seen, end) }),
		...(rise === undefined ? {} : { perDay: rise.perDay, grain: riseSeconds }),
		logChance: stretch.logChance,
		spans: [{ from: since, to: until ?? timeAt(seen, to) }],
	};
	return { episode, spans: [{ from, to }], usual, baseline };
}

export function tracedRecurrence(seen: Seen, one: Recurrence): Traced {
	const { baseline } = seen;
	const [first = { from: 0, to: 1 }] = one.times;
	const last = one.times.at(-1) ?? first;
	const usual = baseline.usualBefore(first.from) ?? one.usual;
	const onset = onsetOf(baseline, first, usual, { from: 0, to: baseline.track.counts.length });
	const ends: Interval = [timeAt(seen, last.to - 1), timeAt(seen, last.to)];
	const episode: Episode = {
		kind: "recurring",
		...commonOf(seen, one.times, usual, onset),
		...(one.isOver ? { until: timeAt(seen, last.to), untilBetween: ends } : {}),
		hours: hoursOf(baseline.track, one.times),
		logChance: one.logChance,
		spans: one.times.map(({ from, to }): TimeSpan => ({ from: timeAt(seen, from), to: timeAt(seen, to) })),
	};
	return { episode, spans: one.times, usual, baseline };
}

function timeAt({ baseline, calendar }: Seen, cell: number): number {
	return timeOf(calendar, (cell * hourBuckets) / baseline.track.perHour);
}

function intervalOf(seen: Seen, { earliest, latest }: Edge): Interval {
	return [timeAt(seen, earliest), timeAt(seen, latest)];
}

function commonOf(seen: Seen, spans: readonly Span[], usual: Usual, onset: Edge) {
	const { baseline } = seen;
	const between = intervalOf(seen, onset);
	const count = spans.reduce((sum, span) => sum + baseline.count(span), 0);
	const expected = spans.reduce((sum, span) => sum + baseline.load(span), 0) * usual.level;
	return {
		since: Math.min(Math.max(timeAt(seen, Math.floor(onset.at)), between[0]), between[1]),
		between,
		isNew: baseline.count({ from: 0, to: Math.floor(onset.earliest) }) === 0,
		count: Math.round(count),
		expected,
		...(expected >= 1 ? { factor: count / expected } : {}),
		daysBefore: usual.days,
		grain: (bucketSeconds * hourBuckets) / baseline.track.perHour,
	};
}

/** An hour that has so much of what the busiest has is one of them. */
const hourShare = 0.15;

/** The hours of the day that the events of all times fall in. */
function hoursOf({ counts, firstCell, perHour }: Track, times: readonly Span[]): readonly number[] {
	const found = new Float64Array(24);
	for (const { from, to } of times) {
		for (let cell = from; cell < to; cell++) {
			const hour = Math.floor((firstCell + cell) / perHour) % 24;
			found[hour] = (found[hour] ?? 0) + (counts[cell] ?? 0);
		}
	}
	const most = Math.max(...found);
	return [...found.keys()].filter((hour) => (found[hour] ?? 0) >= Math.max(1, hourShare * most));
}
