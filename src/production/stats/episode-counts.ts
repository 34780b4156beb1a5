// Whom an episode hit: its events, sessions and users under the filters of the question.

import type { CodeEpisode } from "../../episodes/index.ts";
import {
	epochSeconds,
	instant,
	integer,
	join,
	type Sql,
	sql,
	type TimeStorage,
	text,
} from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { type EventFilters, eventConditions, inWindow } from "../filters.ts";
import { episodeCondition } from "../history/episode-condition.ts";
import type { ErrorEpisodes } from "../history/error-history.ts";
import { daySeconds, type Window } from "../window.ts";

/** The most episodes of an answer. */
export const maxEpisodes = 10;
/** Days before an episode that the filters' share of its code is taken from. */
const shareDays = 14;

/** An episode as a question sees it: whole, whatever the window, under the question's filters. */
export interface CountedEpisode extends CodeEpisode {
	/** Other codes of the same trouble, the likely cause first; their users are counted with this one's. */
	readonly with: readonly string[];
	readonly sessions: number;
	readonly users: number;
	/** Users that had the code in as much time right before it: about so many of its users are usual. */
	readonly usualUsers: number;
	/** The name of the organization that it stands in, where it has one. */
	readonly organizationName?: string;
}

const e = sql`e`;

/** An episode of a question, and the others of the same trouble. */
interface Asked {
	readonly episode: CodeEpisode;
	readonly others: readonly CodeEpisode[];
}

/**
 * Counts episodes under the filters, all in one query; those without an event in the window are left out, and of several
 * that are one trouble the likely cause stands for all. What is expected of them is the code's, times the share that the filters had of the code before.
 *
 * @returns those that go on first, then the least likely by chance
 */
export async function countEpisodes(
	database: Database,
	{ episodes, troubles }: Pick<ErrorEpisodes, "episodes" | "troubles">,
	{ window, filters, storage }: { window: Window; filters: EventFilters; storage: TimeStorage },
	signal: AbortSignal,
): Promise<readonly CountedEpisode[]> {
	const isNear = (episode: CodeEpisode) => touches(episode, window) && isAskedFor(episode, filters);
	const asked = episodes
		.filter(isNear)
		.flatMap((episode): readonly Asked[] => {
			const trouble = troubles.find((one) => one.includes(episode)) ?? [episode];
			if (trouble.find(isNear) !== episode) return [];
			return [{ episode, others: trouble.filter((other) => other !== episode) }];
		})
		.sort((one, other) => byWeight(one.episode, other.episode))
		.slice(0, 3 * maxEpisodes);
	if (asked.length === 0) return [];
	const query = episodeCountsQuery(asked, { window, filters, storage });
	const rows = await database.rows({ query, maxRows: asked.length }, signal);
	return asked.flatMap(({ episode, others }, index) => {
		const row = rows.find(({ episode: number }) => number === index);
		const of = (cell: string) => Number(row?.[cell] ?? 0);
		if (of("in_window") === 0) return [];
		const share = of("all_before") === 0 ? 1 : of("before") / of("all_before");
		const { factor: _, ...rest } = episode;
		const expected = episode.expected * share;
		const count = of("n");
		const organizationName = row?.organization;
		return [
			{
				...rest,
				between: untilFirst(episode, of("first")),
				with: [...new Set(others.map(({ code }) => code))],
				count,
				expected,
				...(expected >= 1 ? { factor: count / expected } : {}),
				sessions: of("sessions"),
				users: of("users"),
				usualUsers: of("usual_users"),
				...(typeof organizationName === "string" ? { organizationName } : {}),
			},
		];
	});
}

/** So little is expected in all of it that its first event is not an ordinary one. */
const nothing = 0.05;

/** What was never seen began at its first event or before it, whatever the model of the onset allows. */
function untilFirst({ between, isNew, expected }: CodeEpisode, first: number): CodeEpisode["between"] {
	const [earliest, latest] = between;
	if (!(isNew || expected < nothing) || first === 0) return between;
	return [Math.min(earliest, first), Math.min(latest, first)];
}

function touches({ spans, until }: CodeEpisode, window: Window): boolean {
	return spans.some(({ from, to }) => from < window.to && (to > window.from || until === undefined));
}

/** Codes that are not asked for need no count. */
function isAskedFor({ code }: CodeEpisode, { errorCodes }: EventFilters): boolean {
	return errorCodes === undefined || errorCodes.includes(code);
}

/** What goes on comes first. */
function byWeight(one: CodeEpisode, other: CodeEpisode): number {
	const isOn = ({ until }: CodeEpisode) => (until === undefined ? 0 : 1);
	return isOn(one) - isOn(other) || one.logChance - other.logChance;
}

/** One row an episode, numbered. */
export function episodeCountsQuery(
	asked: readonly Asked[],
	{ window, filters, storage }: { window: Window; filters: EventFilters; storage: TimeStorage },
): Sql {
	const branches = asked.map(({ episode, others }, index) => {
		const { spans, since } = episode;
		const whole = episodeCondition(episode);
		const of = sql`${whole}${eventConditions(filters, e)}`;
		const inSpans = inAnyOf(spans, storage);
		const last = spans.at(-1)?.to ?? since;
		const length = Math.min(last - since, shareDays * daySeconds);
		const before = inWindow({ from: since - shareDays * daySeconds, to: since }, storage, e);
		const sameLong = inWindow({ from: since - length, to: since }, storage, e);
		// The pluses keep SQLite from an index on a column other than the time. The outer bounds use the index; the spans are distinguished among its rows.
		const around = sql`e.created_at >= ${instant(storage, since)} AND e.created_at < ${instant(storage, last)}`;
		const whom =
			others.length === 0
				? sql`${around} AND ${inSpans} AND ${of}`
				: sql`${ofTrouble([episode, ...others], storage)}${eventConditions(filters, e)}`;
		return sql`SELECT ${integer(index)} AS episode, (SELECT count(*) FROM error_events AS e WHERE ${around} AND ${inSpans} AND ${of}) AS n, (SELECT count(DISTINCT nullif(e.session_id, '')) FROM error_events AS e WHERE ${around} AND ${inSpans} AND ${of}) AS sessions, (SELECT count(DISTINCT nullif(e.user_id, '')) FROM error_events AS e WHERE ${whom}) AS users, (SELECT count(*) FROM error_events AS e WHERE ${inWindow(window, storage, e)} AND ${inSpans} AND ${of}) AS in_window, (SELECT count(*) FROM error_events AS e WHERE ${before} AND ${of}) AS before, (SELECT count(*) FROM error_events AS e WHERE ${before} AND ${whole}) AS all_before, (SELECT count(DISTINCT nullif(e.user_id, '')) FROM error_events AS e WHERE ${sameLong} AND ${of}) AS usual_users, (SELECT ${epochSeconds(storage, sql`e.created_at`)} FROM error_events AS e WHERE ${around} AND ${inSpans} AND ${whole} ORDER BY e.created_at LIMIT 1) AS first, ${organizationOf(episode)} AS organization`;
	});
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(asked.length)}`;
}

/** The name of its organization; an empty one tells less than the id. */
function organizationOf({ where = [] }: CodeEpisode): Sql {
	const id = where.find(({ dimension }) => dimension === "organization")?.value;
	if (id === undefined) return sql`NULL`;
	return sql`(SELECT nullif(o.name, '') FROM organizations AS o WHERE o.id = ${text(id)})`;
}

function inAnyOf(spans: CodeEpisode["spans"], storage: TimeStorage): Sql {
	return sql`(${join(
		spans.map((span) => sql`(${inWindow(span, storage, e)})`),
		" OR ",
	)})`;
}

/** The events of any of the episodes. */
function ofTrouble(episodes: readonly CodeEpisode[], storage: TimeStorage): Sql {
	const from = Math.min(...episodes.map(({ since }) => since));
	const to = Math.max(...episodes.map(({ spans, since }) => spans.at(-1)?.to ?? since));
	const each = episodes.map(
		(episode) => sql`(${inAnyOf(episode.spans, storage)} AND ${episodeCondition(episode)})`,
	);
	return sql`${inWindow({ from, to }, storage, e)} AND (${join(each, " OR ")})`;
}
