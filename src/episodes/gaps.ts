// Hours in which nothing seems to have been recorded.

/** Shorter silences are counted as silence. */
const leastGapHours = 3;
/** A system that talks in most hours, on both sides, is one whose silence means that nothing was recorded. */
const leastHoursBeside = 6;
/** How many events the silence must lack. */
const leastLacking = 20;

/**
 * Marks hours in which all codes are silent, between two times at which most hours had events. A silence before the
 * first event is not a gap: the caller says since when anything is recorded.
 *
 * @param hours events of all codes by the hour
 * @returns 1 for each hour within a gap
 */
export function recordingGaps(hours: Float64Array): Uint8Array {
	const gaps = new Uint8Array(hours.length);
	let start = 0;
	for (let hour = 0; hour <= hours.length; hour++) {
		if (hour < hours.length && hours[hour] === 0) continue;
		if (hour - start >= leastGapHours && isGap(hours, start, hour)) gaps.fill(1, start, hour);
		start = hour + 1;
	}
	return gaps;
}

function isGap(hours: Float64Array, from: number, to: number): boolean {
	const sides = [hours.subarray(Math.max(0, from - 24), from), hours.subarray(to, to + 24)];
	const busy = sides.map((side) => side.filter((count) => count > 0));
	const isSparse = sides.some(
		(side, index) => (busy[index]?.length ?? 0) < Math.max(leastHoursBeside, (side.length * 2) / 3),
	);
	if (isSparse) return false;
	const counts = busy.flatMap((side) => [...side]).sort((one, other) => one - other);
	// A low quartile: the silence may be at night.
	const usual = counts[Math.floor(counts.length / 4)] ?? 0;
	return usual * (to - from) >= leastLacking;
}
