// Episodes as facts of a data tool.

import { z } from "zod";
import type { CountedEpisode, CountedRunEpisode, Evidence } from "../production/index.ts";
import { isoInstant, percent } from "../text/index.ts";
import { significant } from "./facts.ts";
import { hourWords, type Show, whereWords } from "./findings/episode-words.ts";
import { evidenceWords } from "./findings/evidence-words.ts";
import type { Facts } from "./tool.ts";

export const episodeSchema = z.object({
	error_code: z.string(),
	where: z.string().optional(),
	kind: z.enum(["burst", "on", "recurring", "growing"]),
	since: z.string(),
	between: z.array(z.string()),
	until: z.string().optional(),
	hours: z.array(z.string()).optional(),
	is_new: z.boolean().optional(),
	with: z.array(z.string()).optional(),
	count: z.number(),
	expected: z.number(),
	factor: z.number().optional(),
	sessions: z.number(),
	users: z.number(),
	evidence: z.string().optional(),
	suspect: z.string().optional(),
	ended_by: z.string().optional(),
	known: z.string().optional(),
});

export const runEpisodeSchema = z.object({
	skill: z.string(),
	kind: z.enum(["burst", "on", "recurring", "growing"]),
	since: z.string(),
	between: z.array(z.string()),
	until: z.string().optional(),
	hours: z.array(z.string()).optional(),
	is_new: z.boolean().optional(),
	runs: z.number(),
	count: z.number().describe("Failures"),
	failure_rate_pct: z.number(),
	usual_rate_pct: z.number(),
	users: z.number(),
	suspect: z.string().optional(),
	ended_by: z.string().optional(),
	known: z.string().optional(),
});

/** A factor of nearly nothing says nothing. */
const leastExpected = 5;

/** What is told of an episode beside what production counts, in a line each. */
export interface EpisodeLines {
	/** The commit that likely caused it. */
	readonly suspect?: string;
	readonly ended_by?: string;
	/** The case that is kept of it. */
	readonly known?: string;
}

export function episodeFacts(
	episode: CountedEpisode & { readonly evidence?: Evidence },
	show: Show,
	lines: EpisodeLines = {},
): Facts<typeof episodeSchema> {
	const { code, count, expected, factor } = episode;
	const where = whereWords(episode, show);
	return {
		error_code: show(code),
		...(where === "" ? {} : { where }),
		...courseFacts(episode),
		...(episode.with.length === 0 ? {} : { with: episode.with.map(show) }),
		count,
		expected: expected < 10 ? Math.round(10 * expected) / 10 : Math.round(expected),
		...(factor === undefined || expected < leastExpected ? {} : { factor: significant(factor) }),
		sessions: episode.sessions,
		users: episode.users,
		...(episode.evidence === undefined ? {} : { evidence: evidenceWords(episode.evidence) }),
		...lines,
	};
}

export function runEpisodeFacts(
	episode: CountedRunEpisode,
	show: Show,
	lines: EpisodeLines = {},
): Facts<typeof runEpisodeSchema> {
	const { skill, runs, count, usualRate, users } = episode;
	return {
		skill: show(skill),
		...courseFacts(episode),
		runs,
		count,
		failure_rate_pct: percent(count, runs),
		usual_rate_pct: percent(usualRate, 1),
		users,
		...lines,
	};
}

type Course = Pick<CountedEpisode, "kind" | "since" | "between" | "until" | "hours" | "isNew">;

function courseFacts({ kind, since, between, until, hours, isNew }: Course) {
	return {
		kind,
		since: isoInstant(since),
		between: between.map(isoInstant),
		...(until === undefined ? {} : { until: isoInstant(until) }),
		...(hours === undefined ? {} : { hours: hourWords(hours) }),
		...(isNew ? { is_new: true } : {}),
	};
}

/** How many episodes are left out, and from when on they are looked for where that is later than the window. */
export function episodesNote(
	{
		window,
		episodes,
		historyFrom,
	}: {
		readonly window: { readonly from: number };
		readonly episodes: readonly unknown[];
		readonly historyFrom: number;
	},
	shown: number,
): string | undefined {
	const left = episodes.length - shown;
	const notes = [
		...(left > 0 ? [`${left} more: ask for one code or skill, or for a shorter window.`] : []),
		...(window.from < historyFrom
			? [
					`Episodes are looked for from ${isoInstant(historyFrom)} on: older rows are deleted, or not looked at.`,
				]
			: []),
	];
	return notes.length === 0 ? undefined : notes.join(" ");
}
