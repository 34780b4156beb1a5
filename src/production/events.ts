// Queries error events, one page at a time.

import type { Cell, Row } from "../source/index.ts";
import { epochSeconds, integer, join, name, type Sql, sql, type TimeStorage } from "../sql/index.ts";
import type { Database } from "./database.ts";
import { categoryOf } from "./error-codes.ts";
import { type EventFilters, eventConditions, inWindow } from "./filters.ts";
import { beyond, type Order, type Position, positionOf } from "./keyset.ts";
import { readText } from "./read-text.ts";
import type { Window } from "./window.ts";

/** One error event. `at` in epoch seconds; empty fields are null. */
export interface ErrorEvent {
	readonly id: string;
	readonly at: number;
	readonly code: string | null;
	/** Null if it is the code's own category: set only if a client reported another one. */
	readonly category: string | null;
	readonly skill: string | null;
	readonly provider: string | null;
	readonly action: string | null;
	/** As a client reported it; text if it is not a number. */
	readonly httpStatus: number | string | null;
	readonly session: string | null;
	readonly user: string | null;
	/** Its name, or its id if production has no name. */
	readonly organization: string | null;
	readonly position: Position;
}

export interface EventsPage {
	readonly events: readonly ErrorEvent[];
	/** Of the whole window. */
	readonly total: number;
	/** Whether there are events after the last one. */
	readonly more: boolean;
}

export interface EventsQuery {
	readonly window: Window;
	readonly filters: EventFilters;
	readonly storage: TimeStorage;
	readonly limit: number;
	readonly order: Order;
	/** The last row of the previous page. */
	readonly after?: Position | undefined;
}

const e = sql`e`;

/** One page of a window's events, and their number; two parallel queries. */
export async function readEvents(
	database: Database,
	query: EventsQuery,
	signal: AbortSignal,
): Promise<EventsPage> {
	const [rows, [count]] = await Promise.all([
		database.rows({ query: pageQuery(query), maxRows: query.limit + 1 }, signal),
		database.rows({ query: countQuery(query), maxRows: 1 }, signal),
	]);
	return {
		events: rows.slice(0, query.limit).map(readEvent),
		total: Number(count?.total ?? 0),
		more: rows.length > query.limit,
	};
}

/** Keyset paging: ordered by time and id, so that rows of one second are neither lost nor repeated. */
export function pageQuery({ window, filters, storage, limit, order, after }: EventsQuery): Sql {
	const direction = order === "newest" ? sql`DESC` : sql`ASC`;
	const texts = (
		["error_code", "error_category", "skill_slug", "provider", "action", "session_id", "user_id"] as const
	).map((column) => sql`${readText(sql`e.${name(column)}`)} AS ${name(column)}`);
	return sql`SELECT e.id, e.created_at AS stored, ${epochSeconds(storage, sql`e.created_at`)} AS at, ${join(texts, ", ")}, e.http_status, ${readText(sql`coalesce(o.name, e.organization_id)`)} AS organization FROM error_events AS e LEFT JOIN organizations AS o ON o.id = e.organization_id WHERE ${inWindow(window, storage, e)}${eventConditions(filters, e)}${beyond(e, order, after)} ORDER BY e.created_at ${direction}, e.id ${direction} LIMIT ${integer(limit + 1)}`;
}

export function countQuery({
	window,
	filters,
	storage,
}: Pick<EventsQuery, "window" | "filters" | "storage">): Sql {
	return sql`SELECT count(*) AS total FROM error_events AS e WHERE ${inWindow(window, storage, e)}${eventConditions(filters, e)} LIMIT 1`;
}

export function readEvent(row: Row): ErrorEvent {
	const code = textOrNull(row.error_code);
	const category = textOrNull(row.error_category);
	return {
		id: String(row.id),
		at: Number(row.at),
		code,
		category: category === categoryOf(code ?? "") ? null : category,
		skill: textOrNull(row.skill_slug),
		provider: textOrNull(row.provider),
		action: textOrNull(row.action),
		httpStatus: typeof row.http_status === "number" ? row.http_status : textOrNull(row.http_status),
		session: textOrNull(row.session_id),
		user: textOrNull(row.user_id),
		organization: textOrNull(row.organization),
		position: positionOf(row),
	};
}

/** An empty text counts as null. */
export function textOrNull(value: Cell | undefined): string | null {
	return value === null || value === undefined || value === "" ? null : String(value);
}
