// Episodes as facts of a data tool.

import { z } from "zod";
import type { CountedEpisode } from "../production/index.ts";
import { isoInstant } from "../text/index.ts";
import { significant } from "./facts.ts";
import { hourWords, type Show, whereWords } from "./findings/episode-words.ts";
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
	count: z.number(),
	expected: z.number(),
	factor: z.number().optional(),
	sessions: z.number(),
	users: z.number(),
	changes: z.array(z.string()),
});

/** A factor of nearly nothing says nothing. */
const leastExpected = 5;

/** @param changes the commits before it, as lines */
export function episodeFacts(
	episode: CountedEpisode,
	changes: readonly string[],
	show: Show,
): Facts<typeof episodeSchema> {
	const { code, kind, since, between, until, hours, isNew, count, expected, factor } = episode;
	const where = whereWords(episode, show);
	return {
		error_code: show(code),
		...(where === "" ? {} : { where }),
		kind,
		since: isoInstant(since),
		between: between.map(isoInstant),
		...(until === undefined ? {} : { until: isoInstant(until) }),
		...(hours === undefined ? {} : { hours: hourWords(hours) }),
		...(isNew ? { is_new: true } : {}),
		count,
		expected: expected < 10 ? Math.round(10 * expected) / 10 : Math.round(expected),
		...(factor === undefined || expected < leastExpected ? {} : { factor: significant(factor) }),
		sessions: episode.sessions,
		users: episode.users,
		changes,
	};
}
