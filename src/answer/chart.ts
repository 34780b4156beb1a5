// Selects the numbers that error_stats' view draws.

import type { ErrorStats, Group } from "../production/index.ts";
import type { ChartData } from "../visual/index.ts";
import { episodeWords } from "./findings/episode-words.ts";

/** The view shows no more codes. */
const maxCodes = 12;

/**
 * What error_stats' view draws: the answer's own numbers, with the timeline of each code.
 *
 * @param words how a name from production is shown
 */
export function chartData(
	stats: ErrorStats,
	groupedBy: readonly string[],
	words: (text: string) => string,
): ChartData {
	const { window, total, previousTotal, timeline, groups } = stats;
	const named = (code: string | null) => (code === null ? "(none)" : words(code));
	return {
		window,
		total,
		previousTotal,
		start: timeline.start,
		width: timeline.width,
		counts: timeline.counts,
		codes: timeline.byCode.slice(0, maxCodes).map(({ code, counts }) => ({ code: named(code), counts })),
		groupedBy,
		groups: groups.map((group) => ({
			name: groupName(group, words),
			count: group.count,
			previous: group.previous,
			isNew: group.isNew,
		})),
		otherCount: total - groups.reduce((sum, { count }) => sum + count, 0),
		episodes: stats.episodes.map((episode) => ({
			code: words(episode.code),
			between: episode.between,
			isOn: episode.until === undefined,
			spans: episode.spans,
			words: episodeWords(episode, words),
		})),
	};
}

function groupName({ key }: Group, words: (text: string) => string): string {
	return key.map((part) => (part === null ? "(none)" : words(String(part)))).join(", ");
}
