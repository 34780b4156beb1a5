// Selects the numbers that error_stats' view draws.

import type { EpisodeCause } from "../cause/index.ts";
import type { ErrorStats, Group } from "../production/index.ts";
import type { ChartData, Marker } from "../visual/index.ts";
import { foreign } from "./code-line.ts";
import { episodeWords } from "./findings/episode-words.ts";
import { shortHash } from "./suspects.ts";

/** The view shows no more codes. */
const maxCodes = 12;
const maxSubject = 80;

/** What the answer says beside the numbers. */
export interface ChartNotes {
	/** The environment's name, where several are configured. */
	readonly environment: string | undefined;
	readonly findings: readonly string[];
	/** In the order of the episodes. */
	readonly causes: readonly EpisodeCause[];
}

/**
 * What error_stats' view draws: the answer's own numbers, with the timeline of each code.
 *
 * @param words how a name from production is shown
 */
export function chartData(
	stats: ErrorStats,
	groupedBy: readonly string[],
	words: (text: string) => string,
	{ environment, findings, causes }: ChartNotes,
): ChartData {
	const { window, total, previousTotal, timeline, groups } = stats;
	const named = (code: string | null) => (code === null ? "(none)" : words(code));
	return {
		...(environment === undefined ? {} : { environment }),
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
		findings,
		marks: stats.episodes.flatMap(({ code }, index) =>
			marksOf(causes[index]).map((mark) => ({ ...mark, code: words(code) })),
		),
		episodes: stats.episodes.map((episode) => ({
			code: words(episode.code),
			between: episode.between,
			isOn: episode.until === undefined,
			spans: episode.spans,
			words: episodeWords(episode, words),
		})),
	};
}

/** The likeliest commit, where one is held likely or possible, and its deployment. */
function marksOf(cause: EpisodeCause | undefined): readonly Marker[] {
	if (cause?.kind !== "found" || (cause.verdict !== "likely" && cause.verdict !== "possible")) return [];
	return cause.suspects.slice(0, 1).flatMap(({ commit, deployment }): readonly Marker[] => {
		const short = shortHash(commit.id);
		return [
			{ kind: "commit", at: commit.reachedAt, words: `${short} ${foreign(commit.subject, maxSubject)}` },
			...(deployment === undefined
				? []
				: [{ kind: "deployment" as const, at: deployment.at, words: `carried ${short}` }]),
		];
	});
}

function groupName({ key }: Group, words: (text: string) => string): string {
	return key.map((part) => (part === null ? "(none)" : words(String(part)))).join(", ");
}
