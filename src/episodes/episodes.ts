// The episodes of a production's error codes, from their counts.

import { type Calendar, calendarOf, hourCounts, seriesOf, withGaps } from "./calendar.ts";
import { find } from "./find.ts";
import { recordingGaps } from "./gaps.ts";
import { bucketSeconds, hourBuckets } from "./grid.ts";
import { countLaw } from "./law.ts";
import type { Track } from "./track.ts";
import type { CodeEpisode, Counts, EpisodesInput } from "./types.ts";
import { bucketBusyness, ownShape, sharedShape, type WeekShape } from "./week-shape.ts";

/** The chance that a quiet production shows an episode in its whole history, if counts followed the law supposed. */
const falseChance = 0.02;

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
	const shared = sharedShape(hours, calendar);
	const logThreshold = Math.log(falseChance / Math.max(1, codes.length));
	return codes.flatMap(({ code, counts }, index) => {
		if (only !== undefined && !only.includes(code)) return [];
		const track = trackOf(calendar, counts, hours[index] ?? all, shared);
		return find(track, calendar, logThreshold).map(({ episode }) => ({ code, ...episode }));
	});
}

function trackOf(calendar: Calendar, counts: Counts, hours: Float64Array, shared: WeekShape): Track {
	const shape = ownShape(hours, calendar.hourExtent, calendar, shared, 1.5);
	const busyness = bucketBusyness(shape, calendar);
	const variance = new Float64Array(calendar.length);
	for (let bucket = 0; bucket < variance.length; bucket++) {
		variance[bucket] = shape.variance[calendar.slots[Math.floor(bucket / hourBuckets)] ?? 0] ?? 0;
	}
	return {
		counts: seriesOf(calendar, counts).counts,
		load: busyness.map((one, bucket) => one * (calendar.extent[bucket] ?? 0)),
		held: calendar.extent,
		variance,
		law: countLaw,
		perHour: 3600 / bucketSeconds,
		firstCell: calendar.first,
	};
}
