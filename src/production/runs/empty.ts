// Finds out why a window has no failed run.

import type { Cell } from "../../source/index.ts";
import { epochSeconds, instant, integer, type Sql, sql } from "../../sql/index.ts";
import { nearest } from "../../text/index.ts";
import type { Database } from "../database.ts";
import { sameName } from "../filters.ts";
import { isAskedFor, joined, type RunsQuery, runConditions } from "./filters.ts";

/** The matching runs nearest to the window, in epoch seconds. */
export interface NearestRuns {
	readonly before: number | undefined;
	readonly after: number | undefined;
}

/** Why no failed run matches, as far as production shows. */
export interface NoRuns {
	/** Runs that match the filters: with the requested status and message, and with any. */
	readonly failed: NearestRuns;
	readonly any: NearestRuns;
	/** If a skill was requested: whether its slug exists, and which one was probably meant. */
	readonly skill?: { readonly exists: boolean; readonly meant: string | undefined };
}

const maxSlugs = 1000;

/** Takes one query. */
export async function explainNoRuns(
	database: Database,
	query: RunsQuery,
	signal: AbortSignal,
): Promise<NoRuns> {
	const rows = await database.rows({ query: noRunsQuery(query), maxRows: maxSlugs + 4 }, signal);
	const at = (kind: string) => instantOf(rows.find((row) => row.kind === kind)?.at);
	const { skill } = query.filters;
	const slugs = rows.filter((row) => row.kind === "slug").map(({ slug }) => String(slug));
	return {
		failed: { before: at("failed before"), after: at("failed after") },
		any: { before: at("any before"), after: at("any after") },
		...(skill === undefined || skill === null
			? {}
			: { skill: { exists: slugs.some((one) => sameName(one, skill)), meant: nearest(skill, slugs) } }),
	};
}

function instantOf(cell: Cell | undefined): number | undefined {
	return cell === null || cell === undefined ? undefined : Number(cell);
}

/**
 * Four instants, and the slugs of all skills if one was requested. Searches all time, from the window outward along the
 * index of created_at, up to the first match.
 */
export function noRunsQuery(query: RunsQuery): Sql {
	const { window, storage, filters } = query;
	const at = epochSeconds(storage, sql`r.created_at`);
	const filtered = runConditions(filters);
	const failed = sql` AND ${isAskedFor(query)}`;
	const before = (more: Sql) =>
		sql`(SELECT ${at} FROM ${joined} WHERE r.created_at < ${instant(storage, window.from)}${more}${filtered} ORDER BY r.created_at DESC LIMIT 1)`;
	const after = (more: Sql) =>
		sql`(SELECT ${at} FROM ${joined} WHERE r.created_at >= ${instant(storage, window.to)}${more}${filtered} ORDER BY r.created_at LIMIT 1)`;
	const slugs =
		filters.skill === undefined || filters.skill === null
			? sql``
			: sql` UNION ALL SELECT * FROM (SELECT DISTINCT 'slug', NULL, s.slug FROM skills AS s ORDER BY 3 LIMIT ${integer(maxSlugs)})`;
	return sql`SELECT * FROM (SELECT 'failed before' AS kind, ${before(failed)} AS at, NULL AS slug UNION ALL SELECT 'failed after', ${after(failed)}, NULL UNION ALL SELECT 'any before', ${before(sql``)}, NULL UNION ALL SELECT 'any after', ${after(sql``)}, NULL${slugs}) LIMIT ${integer(maxSlugs + 4)}`;
}
