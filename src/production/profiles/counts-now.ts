// How often a trouble came in the last 24 hours, and when last: of its code or skill, in what bounds it.

import type { Row } from "../../source/index.ts";
import { epochSeconds, integer, join, type Sql, sql, type TimeStorage, text } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { equals, inWindow } from "../filters.ts";
import { isFailure, joined, organization, r, slug } from "../runs/filters.ts";
import { daySeconds } from "../window.ts";
import type { ProfileField } from "./profiles.ts";

export interface CountAsked {
	readonly of: "code" | "skill";
	readonly name: string;
	/** A message narrows no count: its pattern is not known to production. */
	readonly within: Readonly<Partial<Record<ProfileField, string | null>>>;
}

export interface CountNow {
	/** Of the last 24 hours. */
	readonly count: number;
	/** Epoch seconds; missing where none came in the days looked at. */
	readonly lastSeen?: number;
}

/** How far back the last one is looked for. */
const days = 28;
const e = sql`e`;

/** One request for codes and one for skills, where there are some. @returns in their order */
export async function countNow(
	database: Database,
	asked: readonly CountAsked[],
	signal: AbortSignal,
): Promise<readonly CountNow[]> {
	const rowsOf = async (of: CountAsked["of"]): Promise<readonly Row[]> => {
		const some = asked.flatMap((one, index) => (one.of === of ? [{ one, index }] : []));
		if (some.length === 0) return [];
		const table = of === "code" ? "error_events" : "skill_usage_logs";
		const { storage, empty } = await database.storedTime(table, signal);
		if (empty) return [];
		const { seconds: now } = database.now();
		const branches = some.map(({ one, index }) => countOf(one, index, { now, storage }));
		const query = sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(some.length)}`;
		return database.rows({ query, maxRows: some.length }, signal);
	};
	const rows = (await Promise.all([rowsOf("code"), rowsOf("skill")])).flat();
	return asked.map((_, index) => {
		const row = rows.find(({ place }) => place === index);
		const last = row?.last ?? null;
		return { count: Number(row?.n ?? 0), ...(last === null ? {} : { lastSeen: Number(last) }) };
	});
}

function countOf(
	{ of, name, within }: CountAsked,
	index: number,
	{ now, storage }: { readonly now: number; readonly storage: TimeStorage },
): Sql {
	const table = of === "code" ? e : r;
	const window = { from: now - days * daySeconds, to: now + 1 };
	const recent = inWindow({ from: now - daySeconds, to: now + 1 }, storage, table);
	const counted = sql`${integer(index)} AS place, count(CASE WHEN ${recent} THEN 1 END) AS n, ${epochSeconds(storage, sql`max(${table}.created_at)`)} AS last`;
	const bound = (field: ProfileField, column: Sql) => {
		const value = within[field];
		return value === undefined ? sql`` : sql` AND ${equals(column, value)}`;
	};
	if (of === "code") {
		return sql`SELECT ${counted} FROM error_events AS e WHERE ${inWindow(window, storage, e)} AND +e.error_code = ${text(name)}${bound("provider", sql`+e.provider`)}${bound("skill", sql`+e.skill_slug`)}${bound("organization", sql`+e.organization_id`)}`;
	}
	return sql`SELECT ${counted} FROM ${joined} WHERE ${inWindow(window, storage, r)} AND ${slug} = ${text(name)} AND ${isFailure("error")}${bound("organization", organization)}`;
}
