// One person's story: a user's skill runs as rows among the error events, in one order.

import { integer, join, type Sql, sql, type TimeStorage, text } from "../sql/index.ts";
import { type Database, TableMissing } from "./database.ts";
import { countQuery, type ErrorEvent, type EventsQuery, pageQuery, readEvent } from "./events.ts";
import { type EventFilters, eventConditions, inWindow } from "./filters.ts";
import type { Order, Position } from "./keyset.ts";
import { isFailure, joined, type RunFilters, r, runConditions } from "./runs/filters.ts";
import { type FailedRun, readRun, runRowsQuery } from "./runs/page.ts";
import type { Window } from "./window.ts";

export type RowOfStory =
	| { readonly of: "event"; readonly event: ErrorEvent }
	| { readonly of: "run"; readonly run: FailedRun };

/** What stands beside the rows of a story, of the whole window. */
export interface Story {
	readonly events: number;
	readonly runs: number;
	readonly failedRuns: number;
	/** Whose runs they are; undefined where this deployment logs no runs. */
	readonly users?: readonly string[];
	/** The session was given and not the user, and it names more users than these. */
	readonly moreUsers: boolean;
	/** The users are those that a session names. */
	readonly bySession: boolean;
	/** Filters that runs do not have. */
	readonly narrowedBy: readonly string[];
}

export interface StoryPage {
	readonly rows: readonly RowOfStory[];
	readonly total: number;
	readonly more: boolean;
	readonly story: Story;
}

/** Where both lists ended. */
export type StoryPlace = readonly (Position | undefined)[];

interface StoryQuery extends Omit<EventsQuery, "after"> {
	readonly after: StoryPlace;
}

/** Users of one session: it is a client's word, and may name any number. */
const maxUsers = 5;

/** Three parallel queries, and one before them for the users of a session. */
export async function readStory(
	database: Database,
	query: StoryQuery,
	signal: AbortSignal,
): Promise<StoryPage> {
	const storage = await storageOfRuns(database, signal);
	const named = storage === undefined ? [] : await usersOf(database, query, signal);
	const users = named.slice(0, maxUsers);
	const runs = storage === undefined ? undefined : { storage, where: ofUsers(users, query, storage) };
	const { limit, order } = query;
	const [afterEvent, afterRun] = query.after;
	const [events, logged, [count]] = await Promise.all([
		database.rows({ query: pageQuery({ ...query, after: afterEvent }), maxRows: limit + 1 }, signal),
		runs === undefined || users.length === 0
			? []
			: database.rows(
					{ query: runRowsQuery({ ...runs, order, limit, after: afterRun }), maxRows: limit + 1 },
					signal,
				),
		database.rows({ query: countsQuery(query, runs?.where), maxRows: 1 }, signal),
	]);
	const all = inOrder(events.map(readEvent), logged.map(readRun), order);
	const story = {
		events: Number(count?.total ?? 0),
		runs: Number(count?.runs ?? 0),
		failedRuns: Number(count?.failed ?? 0),
		...(storage === undefined ? {} : { users }),
		moreUsers: named.length > maxUsers,
		bySession: query.filters.user === undefined,
		narrowedBy: onlyOfEvents(query.filters),
	};
	return { rows: all.slice(0, limit), more: all.length > limit, total: story.events + story.runs, story };
}

/** A row's own place, in the list that it is of; the other list stays where it was. */
export function placeAfter(rows: readonly RowOfStory[], before: StoryPlace): StoryPlace {
	const [event, run] = before;
	const events = rows.flatMap((row) => (row.of === "event" ? [row.event.position] : []));
	const runs = rows.flatMap((row) => (row.of === "run" ? [row.run.position] : []));
	return [events.at(-1) ?? event, runs.at(-1) ?? run];
}

async function storageOfRuns(database: Database, signal: AbortSignal): Promise<TimeStorage | undefined> {
	try {
		return (await database.storedTime("skill_usage_logs", signal)).storage;
	} catch (error) {
		if (error instanceof TableMissing) return undefined;
		throw error;
	}
}

/** The user that was given, or those that the session's events in the window name, the most frequent first. */
async function usersOf(
	database: Database,
	{ window, filters, storage }: StoryQuery,
	signal: AbortSignal,
): Promise<readonly string[]> {
	if (filters.user !== undefined && filters.user !== null) return [filters.user];
	const { session } = filters;
	if (session === undefined || filters.user === null) return [];
	const e = sql`e`;
	const query = sql`SELECT e.user_id AS id FROM error_events AS e WHERE ${inWindow(window, storage, e)}${eventConditions({ session }, e)} AND e.user_id <> '' GROUP BY e.user_id ORDER BY count(*) DESC, e.user_id LIMIT ${integer(maxUsers + 1)}`;
	const rows = await database.rows({ query, maxRows: maxUsers + 1 }, signal);
	return rows.map(({ id }) => String(id));
}

/** Runs have a skill and an organization too; the other filters narrow the events alone. */
function ofUsers(
	users: readonly string[],
	query: { window: Window; filters: EventFilters },
	storage: TimeStorage,
): Sql {
	const { skill, organization } = query.filters;
	const shared: RunFilters = {
		...(skill === undefined ? {} : { skill }),
		...(organization === undefined ? {} : { organization }),
	};
	const given = join(
		users.map((user) => text(user)),
		", ",
	);
	return sql`r.user_id IN (${given}) AND ${inWindow(query.window, storage, r)}${runConditions(shared)}`;
}

function onlyOfEvents(filters: EventFilters): readonly string[] {
	const { errorCodes, category, provider, action, httpStatus } = filters;
	const given = { error_code: errorCodes, category, provider, action, http_status: httpStatus };
	return Object.entries(given).flatMap(([argument, value]) => (value === undefined ? [] : [argument]));
}

function countsQuery(query: StoryQuery, runs: Sql | undefined): Sql {
	const logged =
		runs === undefined
			? sql`SELECT 0 AS runs, 0 AS failed`
			: sql`SELECT count(*) AS runs, coalesce(sum(${isFailure("any_failure")}), 0) AS failed FROM ${joined} WHERE ${runs}`;
	return sql`SELECT events.total, logged.runs, logged.failed FROM (${countQuery(query)}) AS events, (${logged}) AS logged LIMIT 1`;
}

/**
 * Two lists in the same order as one. Within a second the event comes before the run, since a run is logged when it
 * ends. Each list keeps its own order, so that a place in both is a place in the whole.
 */
function inOrder(
	events: readonly ErrorEvent[],
	runs: readonly FailedRun[],
	order: Order,
): readonly RowOfStory[] {
	const rows: RowOfStory[] = [];
	const rest = { events: [...events].reverse(), runs: [...runs].reverse() };
	for (;;) {
		const [event, run] = [rest.events.at(-1), rest.runs.at(-1)];
		if (event !== undefined && (run === undefined || isFirst(event, run, order))) {
			rows.push({ of: "event", event });
			rest.events.pop();
		} else if (run !== undefined) {
			rows.push({ of: "run", run });
			rest.runs.pop();
		} else return rows;
	}
}

function isFirst(event: ErrorEvent, run: FailedRun, order: Order): boolean {
	const [one, other] = [Math.floor(event.at), Math.floor(run.at)];
	return order === "newest" ? one > other : one <= other;
}
