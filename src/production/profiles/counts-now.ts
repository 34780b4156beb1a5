// How often a trouble came in the last 24 hours, and when last: of its code or skill, in what bounds it.

import type { Row } from "../../source/index.ts";
import { epochSeconds, join, name, type Sql, sql, type TimeStorage, text } from "../../sql/index.ts";
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

/** One request for codes and one for skills, where there are some, each in one pass. @returns in their order */
export async function countNow(
	database: Database,
	asked: readonly CountAsked[],
	signal: AbortSignal,
): Promise<readonly CountNow[]> {
	const rowOf = async (of: CountAsked["of"]): Promise<Row | undefined> => {
		const some = asked.flatMap((one, index) => (one.of === of ? [{ one, index }] : []));
		if (some.length === 0) return undefined;
		const table = of === "code" ? "error_events" : "skill_usage_logs";
		const { storage, empty } = await database.storedTime(table, signal);
		if (empty) return undefined;
		const { seconds: now } = database.now();
		const [row] = await database.rows({ query: countsQuery(of, some, { now, storage }), maxRows: 1 }, signal);
		return row;
	};
	const [events, runs] = await Promise.all([rowOf("code"), rowOf("skill")]);
	return asked.map(({ of }, index) => {
		const row = of === "code" ? events : runs;
		const last = row?.[`l${index}`] ?? null;
		return { count: Number(row?.[`n${index}`] ?? 0), ...(last === null ? {} : { lastSeen: Number(last) }) };
	});
}

function countsQuery(
	of: CountAsked["of"],
	asked: readonly { readonly one: CountAsked; readonly index: number }[],
	{ now, storage }: { readonly now: number; readonly storage: TimeStorage },
): Sql {
	const table = of === "code" ? e : r;
	const window = { from: now - days * daySeconds, to: now + 1 };
	const recent = inWindow({ from: now - daySeconds, to: now + 1 }, storage, table);
	const columns = asked.map(({ one, index }) => {
		const own = conditionOf(one);
		const last = epochSeconds(storage, sql`max(CASE WHEN ${own} THEN ${table}.created_at END)`);
		return sql`count(CASE WHEN ${own} AND ${recent} THEN 1 END) AS ${name(`n${index}`)}, ${last} AS ${name(`l${index}`)}`;
	});
	const from =
		of === "code"
			? sql`error_events AS e WHERE ${inWindow(window, storage, e)}`
			: sql`${joined} WHERE ${inWindow(window, storage, r)} AND ${isFailure("error")}`;
	return sql`SELECT ${join(columns, ", ")} FROM ${from} LIMIT 1`;
}

function conditionOf({ of, name: named, within }: CountAsked): Sql {
	const bound = (field: ProfileField, column: Sql) => {
		const value = within[field];
		return value === undefined ? sql`` : sql` AND ${equals(column, value)}`;
	};
	return of === "code"
		? sql`e.error_code = ${text(named)}${bound("provider", sql`e.provider`)}${bound("skill", sql`e.skill_slug`)}${bound("organization", sql`e.organization_id`)}`
		: sql`${slug} = ${text(named)}${bound("organization", organization)}`;
}
