// The SQL of what an episode's events have in common that others do not.

import type { CodeEpisode } from "../../episodes/index.ts";
import { epochSeconds, instant, integer, join, type Sql, sql, text } from "../../sql/index.ts";
import { type EventFilters, eventConditions, inWindow } from "../filters.ts";
import { episodeCondition } from "../history/episode-condition.ts";
import { organizationName } from "../stats/query.ts";
import { daySeconds } from "../window.ts";
import type { EvidenceStorage } from "./storage.ts";

export const commonFields = [
	"organization",
	"provider",
	"action",
	"http_status",
	"skill",
	"tier",
	"account",
] as const;
export type CommonField = (typeof commonFields)[number];

/** Episodes that this is asked of, and values that are read of each, the most frequent ones. */
export const maxAsked = 2;
const maxValues = 24;
export const maxCommonRows = maxAsked * maxValues;
/** The most days before an episode that are compared. */
const mostDays = 7;
/** Of a long episode its newest days are looked at. */
const mostInside = 2;
/** An account is new for so many days. */
const newDays = 7;
/** Events of each kind that are looked at, the newest: shares need no more. */
const maxEvents = 1500;

/** The field of the row that counts all. */
export const allField = "all";

/** Of `kind`, before the field. */
export const commonKind = "common ";

/**
 * Branches of `evidenceQuery`, a row a value: in how many sessions the episode has it (`n`), the same code at the same
 * hours before (`a`), of a new code all others meanwhile (`b`), and in how many runs that succeeded meanwhile (`c`). `d` is
 * how many values the field has, `times` the value. The row of the field `all` counts what the others are shares of.
 */
export function commonRows(
	episodes: readonly CodeEpisode[],
	filters: EventFilters,
	storage: EvidenceStorage,
): readonly Sql[] {
	return episodes.slice(0, maxAsked).map((episode, index) => valuesOf(episode, index, filters, storage));
}

const shownValue = sql`CASE field WHEN 'organization' THEN ${organizationName(sql`v`)} ELSE v END`;

/** Phases: 1 the episode, 2 the code before it, 3 other codes meanwhile, 4 runs that succeeded meanwhile. */
function valuesOf(episode: CodeEpisode, index: number, filters: EventFilters, storage: EvidenceStorage): Sql {
	const values = commonFields.map(
		(field) => sql`WHEN ${text(field)} THEN ${readField(field, episode, storage)}`,
	);
	const fields = join(
		[allField, ...commonFields].map((field) => sql`SELECT ${text(field)} AS field`),
		" UNION ALL ",
	);
	const each = sql`SELECT y.phase AS phase, y.s AS s, f.field AS field, CASE f.field ${join(values, " ")} ELSE 'all' END AS v FROM (${picked(episode, filters, storage)}) AS y LEFT JOIN users AS u ON u.id = y.w CROSS JOIN (${fields}) AS f`;
	const sum = (phase: number) => sql`count(DISTINCT CASE WHEN phase = ${integer(phase)} THEN s END)`;
	return sql`SELECT * FROM (SELECT ${integer(index)}, ${text(commonKind)} || field, ${sum(1)} AS n, ${sum(2)}, ${sum(3)}, ${sum(4)}, count(*) OVER (PARTITION BY field), NULL, NULL, ${shownValue} FROM (${each}) WHERE v <> '' GROUP BY field, v ORDER BY n DESC, field, v LIMIT ${integer(maxValues)})`;
}

function readField(field: CommonField, { since }: CodeEpisode, { events }: EvidenceStorage): Sql {
	switch (field) {
		case "organization":
			return sql`coalesce(nullif(y.o, ''), u.organization_id)`;
		case "provider":
			return sql`y.p`;
		case "action":
			return sql`y.a`;
		case "http_status":
			return sql`y.h`;
		case "skill":
			return sql`y.k`;
		case "tier":
			return sql`u.tier`;
		case "account":
			return sql`CASE WHEN u.created_at >= ${instant(events, since - newDays * daySeconds)} THEN 'new' WHEN u.created_at > 0 THEN 'older' END`;
	}
}

/** The newest events and runs of each phase. */
function picked(episode: CodeEpisode, filters: EventFilters, { events, runs }: EvidenceStorage): Sql {
	const e = sql`e`;
	const { since, spans } = episode;
	const last = spans.at(-1)?.to ?? since;
	const from = Math.max(since, last - mostInside * daySeconds);
	const length = last - since;
	const earliest = since - Math.max(1, Math.min(mostDays, Math.ceil(length / daySeconds))) * daySeconds;
	const own = episodeCondition(episode);
	const inside = sql`${inWindow({ from, to: last }, events, e)} AND (${join(
		spans.map((span) => sql`(${inWindow(span, events, e)})`),
		" OR ",
	)})`;
	// A day that a short episode did not fill is compared at the same hours.
	const clock = sql`(${epochSeconds(events, sql`e.created_at`)} - ${integer(since % daySeconds)}) % ${integer(daySeconds)}`;
	const sameHours =
		length >= daySeconds || spans.length > 1 ? sql`` : sql` AND ${clock} <= ${integer(length)}`;
	const before = sql`${inWindow({ from: earliest, to: since }, events, e)} AND ${own}${sameHours}`;
	const pick = (phase: number, rows: Sql) =>
		sql`SELECT * FROM (SELECT ${integer(phase)} AS phase, coalesce(nullif(e.session_id, ''), e.id) AS s, e.organization_id AS o, e.provider AS p, e.action AS a, e.http_status AS h, e.skill_slug AS k, e.user_id AS w FROM error_events AS e WHERE ${rows}${eventConditions(filters, e)} ORDER BY e.created_at DESC LIMIT ${integer(maxEvents)})`;
	const succeeded =
		runs === undefined
			? []
			: [
					sql`SELECT * FROM (SELECT 4, r.id, r.organization_id, NULL, NULL, NULL, NULL, r.user_id FROM skill_usage_logs AS r WHERE ${inWindow({ from, to: last }, runs, sql`r`)} AND +r.status = 'success' ORDER BY r.created_at DESC LIMIT ${integer(maxEvents)})`,
				];
	return join(
		[
			pick(1, sql`${inside} AND ${own}`),
			episode.isNew ? pick(3, sql`${inside} AND NOT (${own})`) : pick(2, before),
			...succeeded,
		],
		" UNION ALL ",
	);
}
