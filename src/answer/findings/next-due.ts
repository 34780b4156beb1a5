// When a recurring trouble is due again.

import type { CountedEpisode } from "../../production/index.ts";

const hour = 3600;
const day = 24 * hour;

/**
 * The first of its hours after it last came. A weekday that it left out so far, such as a Saturday, is left out.
 *
 * @returns epoch seconds; undefined where it is over, or has no hours
 */
export function nextDue({
	until,
	hours = [],
	spans,
}: Pick<CountedEpisode, "until" | "hours" | "spans">): number | undefined {
	const [first, last] = [spans[0], spans.at(-1)];
	if (until !== undefined || hours.length === 0 || first === undefined || last === undefined)
		return undefined;
	const came = new Set(spans.map(({ from }) => weekdayOf(from)));
	const isLeftOut = (at: number) => !came.has(weekdayOf(at)) && last.from - first.from >= 7 * day;
	const midnight = Math.floor(last.to / day) * day;
	for (let days = 0; days <= 7; days++) {
		for (const one of hours) {
			const at = midnight + days * day + one * hour;
			if (at >= last.to && !isLeftOut(at)) return at;
		}
	}
	return undefined;
}

function weekdayOf(at: number): number {
	return Math.floor(at / day) % 7;
}
