import type { Cell, Row } from "../skillomatic/answers.ts";
import { integer, type Sql, sql, text } from "../sql/sql.ts";
import { epochSeconds, type TimeStorage } from "../sql/time.ts";
import type { Position } from "./cursor.ts";
import type { Database } from "./database.ts";
import { type EventFilters, eventConditions, inWindow } from "./filters.ts";
import type { Window } from "./window.ts";

/** One error event. `at` in epoch seconds; empty fields are null. */
export interface ErrorEvent {
	readonly id: string;
	readonly at: number;
	readonly code: string | null;
	readonly category: string | null;
	readonly skill: string | null;
	readonly provider: string | null;
	readonly action: string | null;
	readonly httpStatus: number | null;
	readonly session: string | null;
	readonly user: string | null;
	/** By name, or by its id where production knows none. */
	readonly organization: string | null;
	readonly position: Position;
}

export type Order = "newest" | "oldest";

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
	/** The last row of the page before. */
	readonly after?: Position | undefined;
}

const e = sql`e`;

/** The events of a window, a page at a time, and how many there are; two queries side by side. */
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
	return sql`SELECT e.id, e.created_at AS stored, ${epochSeconds(storage, sql`e.created_at`)} AS at, e.error_code, e.error_category, e.skill_slug, e.provider, e.action, e.http_status, e.session_id, e.user_id, coalesce(o.name, e.organization_id) AS organization FROM error_events AS e LEFT JOIN organizations AS o ON o.id = e.organization_id WHERE ${inWindow(window, storage, e)}${eventConditions(filters, e)}${beyond(order, after)} ORDER BY e.created_at ${direction}, e.id ${direction} LIMIT ${integer(limit + 1)}`;
}

export function countQuery({
	window,
	filters,
	storage,
}: Pick<EventsQuery, "window" | "filters" | "storage">): Sql {
	return sql`SELECT count(*) AS total FROM error_events AS e WHERE ${inWindow(window, storage, e)}${eventConditions(filters, e)} LIMIT 1`;
}

/** The comparison of the times alone comes first: it is the one that the index serves. */
function beyond(order: Order, after: Position | undefined): Sql {
	if (after === undefined) return sql``;
	const at = typeof after.at === "number" ? integer(after.at) : text(after.at);
	const id = text(after.id);
	return order === "newest"
		? sql` AND e.created_at <= ${at} AND (e.created_at < ${at} OR e.id < ${id})`
		: sql` AND e.created_at >= ${at} AND (e.created_at > ${at} OR e.id > ${id})`;
}

function readEvent(row: Row): ErrorEvent {
	return {
		id: String(row.id),
		at: Number(row.at),
		code: textOrNull(row.error_code),
		category: textOrNull(row.error_category),
		skill: textOrNull(row.skill_slug),
		provider: textOrNull(row.provider),
		action: textOrNull(row.action),
		httpStatus: row.http_status === null ? null : Number(row.http_status),
		session: textOrNull(row.session_id),
		user: textOrNull(row.user_id),
		organization: textOrNull(row.organization),
		position: { at: typeof row.stored === "number" ? row.stored : String(row.stored), id: String(row.id) },
	};
}

/** An empty text is as good as none. */
export function textOrNull(value: Cell | undefined): string | null {
	return value === null || value === undefined || value === "" ? null : String(value);
}
