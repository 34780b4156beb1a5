// Queries failed runs, one page at a time.

import type { Row } from "../../source/index.ts";
import { epochSeconds, integer, type Sql, sql, type TimeStorage } from "../../sql/index.ts";
import { textOrNull } from "../events.ts";
import { beyond, type Order, type Position, positionOf } from "../keyset.ts";
import { readText } from "../read-text.ts";
import { isListed, joined, organization, type RunsQuery, r, runConditions, slug } from "./filters.ts";
import { numberOrNull } from "./overview.ts";

/** A run, mostly one that failed. `at` in epoch seconds; empty fields are null. */
export interface FailedRun {
	readonly id: string;
	readonly at: number;
	readonly skill: string | null;
	readonly status: string | null;
	readonly durationMs: number | null;
	readonly user: string | null;
	/** Its name, or its id if production has no name. */
	readonly organization: string | null;
	readonly errorMessage: string | null;
	readonly inputSummary: string | null;
	readonly position: Position;
}

/** One page of the runs that failed, newest first, plus one run if there are more. */
export function runsPageQuery(query: RunsQuery, limit: number, after: Position | undefined): Sql {
	const where = sql`${isListed(query)}${runConditions(query.filters)}`;
	return runRowsQuery({ where, storage: query.storage, order: "newest", limit, after });
}

/** The same of any runs, in either order. */
export function runRowsQuery(page: {
	readonly where: Sql;
	readonly storage: TimeStorage;
	readonly order: Order;
	readonly limit: number;
	readonly after: Position | undefined;
}): Sql {
	const { where, storage, order, limit, after } = page;
	const direction = order === "newest" ? sql`DESC` : sql`ASC`;
	return sql`SELECT r.id, r.created_at AS stored, ${epochSeconds(storage, sql`r.created_at`)} AS at, ${readText(slug)} AS skill, r.status, r.duration_ms, r.user_id, ${readText(sql`coalesce(o.name, ${organization})`)} AS organization, ${readText(sql`r.error_message`)} AS error_message, ${readText(sql`r.input_summary`)} AS input_summary FROM ${joined} LEFT JOIN organizations AS o ON o.id = ${organization} WHERE ${where}${beyond(r, order, after)} ORDER BY r.created_at ${direction}, r.id ${direction} LIMIT ${integer(limit + 1)}`;
}

export function readRun(row: Row): FailedRun {
	return {
		id: String(row.id),
		at: Number(row.at),
		skill: textOrNull(row.skill),
		status: textOrNull(row.status),
		durationMs: numberOrNull(row.duration_ms),
		user: textOrNull(row.user_id),
		organization: textOrNull(row.organization),
		errorMessage: textOrNull(row.error_message),
		inputSummary: textOrNull(row.input_summary),
		position: positionOf(row),
	};
}
