// Builds SQL conditions on skill runs.

import { contains, join, type Sql, sql, type TimeStorage, text } from "../../sql/index.ts";
import { column, equals, inWindow, isNamed, type Wanted } from "../filters.ts";
import type { Window } from "../window.ts";

export type RunStatus = "error" | "partial" | "any_failure";

/** Filters on runs, with ids resolved. */
export interface RunFilters {
	/** A slug, or an id if the run's skill is not in `skills`. */
	readonly skill?: Wanted;
	readonly user?: Wanted;
	readonly organization?: Wanted;
}

export interface RunsQuery {
	readonly window: Window;
	readonly previous: Window;
	readonly filters: RunFilters;
	readonly status: RunStatus;
	/** Narrows the lists only. */
	readonly messageContains: string | undefined;
	readonly storage: TimeStorage;
}

export const r = sql`r`;

/** A run's skill, by slug (the logs have only its id). */
export const slug = sql`coalesce(s.slug, r.skill_id)`;
/** A run's organization: the user's if its own is empty, as it usually is. */
export const organization = sql`coalesce(nullif(r.organization_id, ''), u.organization_id)`;
export const joined = sql`skill_usage_logs AS r LEFT JOIN skills AS s ON s.id = r.skill_id LEFT JOIN users AS u ON u.id = r.user_id`;

/** The filters as further conditions, joined by AND; empty without filters. */
export function runConditions(filters: RunFilters): Sql {
	const parts: Sql[] = [];
	const add = (of: Sql, wanted: Wanted | undefined) => {
		if (wanted !== undefined) parts.push(equals(of, wanted));
	};
	if (filters.skill !== undefined) parts.push(isNamed(slug, filters.skill));
	add(column(r, "user_id"), filters.user);
	add(organization, filters.organization);
	return parts.length === 0 ? sql`` : sql` AND ${join(parts, " AND ")}`;
}

/** The plus keeps SQLite from the index on the status alone, which would read the failures of all time. */
export function isFailure(status: RunStatus): Sql {
	return status === "any_failure" ? sql`+r.status IN ('error', 'partial')` : sql`+r.status = ${text(status)}`;
}

/** Whether a run may be listed: it failed, with the requested message. */
export function isAskedFor({ status, messageContains }: RunsQuery): Sql {
	const narrowed =
		messageContains === undefined ? sql`` : sql` AND ${contains(sql`r.error_message`, messageContains)}`;
	return sql`${isFailure(status)}${narrowed}`;
}

/** Whether a run is listed: it is in the window too. */
export function isListed(query: RunsQuery): Sql {
	return sql`${inWindow(query.window, query.storage, r)} AND ${isAskedFor(query)}`;
}
