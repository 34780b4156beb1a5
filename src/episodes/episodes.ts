// The episodes of a production's error codes, from their counts.

import { type Calendar, calendarOf, hourCounts, type Series, seriesOf, withGaps } from "./calendar.ts";
import { find, suspectsOf } from "./find.ts";
import { recordingGaps } from "./gaps.ts";
import { bucketSeconds, dayBuckets, hourBuckets, type Span } from "./grid.ts";
import { countLaw } from "./law.ts";
import { withParts } from "./parts.ts";
import type { Track } from "./track.ts";
import type { CodeEpisode, Counts, EpisodesInput } from "./types.ts";
import { bucketBusyness, dayFactors, ownShape, sharedShape, type WeekShape } from "./week-shape.ts";

/** The chance that a quiet production shows an episode in its whole history, if counts followed the law supposed. */
const falseChance = 0.05;

/** Days before a long trouble that may be the beginning of a rise. */
const leadDays = 3;

/**
 * Episodes are facts of the whole history up to `now`: no window and no filter is an input. What is asked of the other
 * codes is only their hours, so that the answer for one code is the same whichever are wanted.
 *
 * @throws {RangeError} where the history is empty
 */
export function findEpisodes({ history, codes, only }: EpisodesInput): readonly CodeEpisode[] {
	const held = calendarOf(history);
	const hours = codes.map(({ counts }) => hourCounts(held, counts));
	const all = new Float64Array(held.hours);
	for (const own of hours) for (const [hour, count] of own.entries()) all[hour] = (all[hour] ?? 0) + count;
	const calendar = withGaps(held, recordingGaps(all));
	const shape = sharedShape(hours, calendar);
	const days = dayFactors(hours, calendar, shape);
	const shared: Climate = { shape, days, track: trackOf(calendar, shape, days) };
	const logThreshold = Math.log(falseChance / Math.max(1, codes.length));
	return codes.flatMap(({ code, counts, parts = [], partsLookedAt = parts.length }) => {
		if (only !== undefined && !only.includes(code)) return [];
		const { track, suspects } = tracked(calendar, counts, shared, logThreshold);
		const whole = find(track, suspects, calendar, logThreshold);
		const own = logThreshold - Math.log(Math.max(1, partsLookedAt));
		return withParts(code, track, calendar, parts, whole, [logThreshold, own]);
	});
}

/** How busy a production is: by the hour of the week, and on each day of the history beside that. */
interface Climate {
	readonly shape: WeekShape;
	readonly days: Float64Array;
	/** Of a code whose day is the shared one. */
	readonly track: Omit<Track, keyof Series>;
}

/** A code's track with a day of its own, from which what stands out is left out. */
function tracked(calendar: Calendar, counts: Counts, shared: Climate, logThreshold: number) {
	const series = seriesOf(calendar, counts);
	const suspects = suspectsOf({ ...shared.track, ...series }, logThreshold);
	const kept = withoutSuspects(calendar, suspects.spans);
	const shape = ownShape(hourCounts(calendar, counts), kept, calendar, shared.shape, 1.5);
	return { track: { ...trackOf(calendar, shape, shared.days), ...series }, suspects };
}

function trackOf(calendar: Calendar, shape: WeekShape, days: Float64Array): Omit<Track, keyof Series> {
	const busyness = bucketBusyness(shape, calendar);
	const variance = new Float64Array(calendar.length);
	for (let bucket = 0; bucket < variance.length; bucket++) {
		variance[bucket] = shape.variance[calendar.slots[Math.floor(bucket / hourBuckets)] ?? 0] ?? 0;
	}
	return {
		load: busyness.map(
			(one, bucket) => one * (calendar.extent[bucket] ?? 0) * (days[Math.floor(bucket / dayBuckets)] ?? 1),
		),
		held: calendar.extent,
		variance,
		law: countLaw,
		perHour: 3600 / bucketSeconds,
		firstCell: calendar.first,
	};
}

/** Hours that stand out are left out, and the days before a long trouble, which may have begun as a slow rise. */
function withoutSuspects(calendar: Calendar, found: readonly Span[]): Float64Array {
	const kept = calendar.hourExtent.slice();
	for (const { from, to } of found) {
		const before = to - from >= dayBuckets ? leadDays * dayBuckets : 0;
		kept.fill(0, Math.max(0, Math.floor((from - before) / hourBuckets)), Math.ceil(to / hourBuckets));
	}
	return kept;
}
