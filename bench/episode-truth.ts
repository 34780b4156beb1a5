// What a right answer says of a planted trouble at an instant, and which answers are about it.
import type { CodeEpisode } from "../src/episodes/index.ts";
import { day, hour } from "./world-climate.ts";
import type { Trouble } from "./world-troubles.ts";

/** What is measured only where enough of it can be known, as the table says. */
const leastExtra = 20;
const leastFactor = 5;
/** Events an hour at which an edge can be known within half an hour. */
export const knowableRate = 6;

/** A trouble at an instant: what a right answer says. */
export interface Truth {
	readonly trouble: Trouble;
	readonly kind: CodeEpisode["kind"] | undefined;
	readonly isCounted: boolean;
	readonly isOver: boolean;
	/** Events an hour within it at its end, and since its end as many as would have come. */
	readonly rateAtEnd: number;
	readonly lacking: number;
}

export function truthAt(trouble: Trouble, now: number): Truth {
	const until = Math.min(trouble.to, now);
	const extra = trouble.extra.filter((at) => at < now).length;
	const isOver = trouble.to <= now;
	const rateAtEnd = trouble.usualAtEnd * trouble.factor;
	const lacking = isOver ? (rateAtEnd * (now - trouble.to)) / hour : 0;
	const reached = trouble.kind === "growing" ? grownAt(trouble, until) : trouble.factor;
	return {
		trouble,
		kind: kindAt(trouble, now, lacking),
		isCounted: extra >= leastExtra && reached >= leastFactor && now > trouble.left + hour,
		isOver,
		rateAtEnd,
		lacking,
	};
}

/** At least this, for an exponential rise; a linear one is above it. */
function grownAt({ factor, from, to, extra }: Trouble, at: number): number {
	const last = extra.at(-1) ?? to;
	return factor ** Math.min(1, (at - from) / Math.max(1, Math.min(to, last) - from));
}

/** undefined while nobody could tell. */
function kindAt(trouble: Trouble, now: number, lacking: number): Truth["kind"] {
	switch (trouble.kind) {
		case "growing":
			return now - trouble.from >= 3 * day ? "growing" : undefined;
		case "recurring": {
			const days = new Set(
				trouble.times.filter(({ to }) => to <= now).map(({ from }) => Math.floor(from / day)),
			);
			return days.size >= 3 ? "recurring" : undefined;
		}
		case "step":
			if (trouble.to > now) return "on";
			return lacking >= 12 ? "burst" : undefined;
	}
}

/** Half of the longer of the two spans is common to both; of a recurring one, half of its times are told. */
export function matchesOf(
	episodes: readonly CodeEpisode[],
	trouble: Trouble,
	now: number,
): readonly CodeEpisode[] {
	const own = episodes.filter(({ code }) => code === `CODE_${trouble.code}`);
	if (trouble.kind === "recurring") {
		const times = trouble.times.filter(({ from }) => from < now);
		const isTold = (one: CodeEpisode) =>
			times.filter((time) => one.spans.some(({ from, to }) => from < time.to && time.from < to)).length;
		const touching = own.filter((one) => isTold(one) > 0);
		const told = touching.reduce((sum, one) => sum + isTold(one), 0);
		return 2 * told >= times.length ? touching.sort((one, other) => isTold(other) - isTold(one)) : [];
	}
	return own.filter((episode) => {
		const until = Math.min(trouble.to, now);
		const to = episode.until ?? now;
		const common = Math.min(to, until) - Math.max(episode.since, trouble.left);
		return 2 * common >= Math.max(to - episode.since, until - trouble.left);
	});
}

export function touches(episode: CodeEpisode, trouble: Trouble, now: number): boolean {
	return (
		episode.code === `CODE_${trouble.code}` &&
		episode.since < Math.min(trouble.to, now) + hour &&
		(episode.until ?? now) > trouble.from - hour
	);
}
