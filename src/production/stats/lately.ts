// Episodes that were over before the window: where nothing stands out in it, they may be what is looked for.

import type { CodeEpisode } from "../../episodes/index.ts";
import { daySeconds, type Window } from "../window.ts";

const daysBefore = 7;
const most = 2;

export interface OverBefore {
	readonly code: string;
	/** Epoch seconds. */
	readonly since: number;
	readonly until: number;
	/** Of the whole code, whatever the filters. */
	readonly count: number;
}

/** The newest that ended in the week before the window. */
export function overBefore(episodes: readonly CodeEpisode[], { from }: Window): readonly OverBefore[] {
	return episodes
		.flatMap(({ code, since, until, count }): readonly OverBefore[] =>
			until === undefined || until > from || until < from - daysBefore * daySeconds
				? []
				: [{ code, since, until, count }],
		)
		.sort((one, other) => other.until - one.until)
		.slice(0, most);
}
