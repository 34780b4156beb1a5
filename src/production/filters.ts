// Builds SQL conditions on error events from filters and a window.

import { instant, integer, join, name, type Sql, sql, type TimeStorage, text } from "../sql/index.ts";
import type { Window } from "./window.ts";

/** A filter's value; null matches rows where the field is empty. */
export type Wanted = string | null;

/** Filters on error events, with ids resolved. */
export interface EventFilters {
	readonly errorCodes?: readonly Wanted[];
	readonly category?: Wanted;
	readonly skill?: Wanted;
	readonly provider?: Wanted;
	readonly action?: Wanted;
	readonly httpStatus?: number | "4xx" | "5xx" | null;
	readonly session?: Wanted;
	readonly user?: Wanted;
	readonly organization?: Wanted;
}

/** The columns of error_events for filters and groups. */
export const eventColumns = {
	error_code: "error_code",
	category: "error_category",
	skill: "skill_slug",
	provider: "provider",
	action: "action",
	http_status: "http_status",
	session: "session_id",
	user: "user_id",
	organization: "organization_id",
} as const;

export type Dimension = keyof typeof eventColumns;

/** A qualified column, unambiguous beside a joined table. */
export function column(table: Sql, columnName: string): Sql {
	return sql`${table}.${name(columnName)}`;
}

/** `column = value`; null matches NULL and the empty text. */
export function equals(of: Sql, wanted: Wanted): Sql {
	return wanted === null ? sql`(${of} IS NULL OR ${of} = '')` : sql`${of} = ${text(wanted)}`;
}

/** The same of a name that people write: in any letter case. */
export function isNamed(of: Sql, wanted: Wanted): Sql {
	return wanted === null ? equals(of, null) : sql`${of} = ${text(wanted)} COLLATE NOCASE`;
}

/** As `isNamed` compares. */
export function sameName(one: string, other: string): boolean {
	const plain = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
	return plain(one) === plain(other);
}

/** The filters as conditions on error_events (aliased `table`), joined by AND; empty without filters. */
export function eventConditions(filters: EventFilters, table: Sql): Sql {
	const of = (dimension: Dimension) => column(table, eventColumns[dimension]);
	const conditions: Sql[] = [];
	const add = (dimension: "session" | "user" | "organization", wanted: Wanted | undefined) => {
		if (wanted !== undefined) conditions.push(equals(of(dimension), wanted));
	};
	const addName = (dimension: "skill" | "provider" | "action", wanted: Wanted | undefined) => {
		if (wanted !== undefined) conditions.push(isNamed(of(dimension), wanted));
	};
	if (filters.errorCodes !== undefined) {
		conditions.push(
			sql`(${join(
				filters.errorCodes.map((code) => equals(of("error_code"), code)),
				" OR ",
			)})`,
		);
	}
	// The plus keeps SQLite from the index on the category alone, which would read a category's events of all time.
	if (filters.category !== undefined) conditions.push(isNamed(sql`+${of("category")}`, filters.category));
	addName("skill", filters.skill);
	addName("provider", filters.provider);
	addName("action", filters.action);
	if (filters.httpStatus !== undefined)
		conditions.push(statusCondition(of("http_status"), filters.httpStatus));
	add("session", filters.session);
	add("user", filters.user);
	add("organization", filters.organization);
	return conditions.length === 0 ? sql`` : sql` AND ${join(conditions, " AND ")}`;
}

function statusCondition(of: Sql, wanted: number | "4xx" | "5xx" | null): Sql {
	switch (wanted) {
		case null:
			return sql`${of} IS NULL`;
		case "4xx":
			return sql`(${of} >= 400 AND ${of} < 500)`;
		case "5xx":
			return sql`(${of} >= 500 AND ${of} < 600)`;
		default:
			return sql`${of} = ${integer(wanted)}`;
	}
}

/** A window on a table's created_at, with constants in the stored form, so that its index can be used. */
export function inWindow(window: Window, storage: TimeStorage, table: Sql): Sql {
	const at = column(table, "created_at");
	return sql`${at} >= ${instant(storage, window.from)} AND ${at} < ${instant(storage, window.to)}`;
}
