// What the events of one code say of themselves: provider, action, HTTP status, skill, each combination counted.

import { integer, join, name, type Sql, sql } from "../sql/index.ts";
import type { Database } from "./database.ts";
import { textOrNull } from "./events.ts";
import { eventConditions, inWindow } from "./filters.ts";
import { readText } from "./read-text.ts";
import { daySeconds, type Window } from "./window.ts";

/** Empty fields are null. */
export interface EventShape {
	readonly provider: string | null;
	readonly action: string | null;
	readonly httpStatus: number | null;
	readonly skill: string | null;
	readonly count: number;
}

export interface EventShapes {
	readonly window: Window;
	/** The most frequent first. */
	readonly shapes: readonly EventShape[];
	/** Events of the window. */
	readonly total: number;
}

const days = 7;
const maxShapes = 100;
const texts = ["provider", "action", "skill_slug"] as const;

/** Two requests at most: how the table stores time, and the events. */
export async function readShapes(
	database: Database,
	errorCode: string,
	signal: AbortSignal,
): Promise<EventShapes> {
	const { storage } = await database.storedTime("error_events", signal);
	const { seconds } = database.now();
	const window = { from: seconds - days * daySeconds, to: seconds };
	const within = sql`${inWindow(window, storage, sql`e`)}${eventConditions({ errorCodes: [errorCode] }, sql`e`)}`;
	const rows = await database.rows({ query: shapesQuery(within), maxRows: maxShapes }, signal);
	const shapes = rows.map((row) => ({
		provider: textOrNull(row.provider),
		action: textOrNull(row.action),
		httpStatus: typeof row.http_status === "number" ? row.http_status : null,
		skill: textOrNull(row.skill_slug),
		count: Number(row.n),
	}));
	return { window, shapes, total: Number(rows[0]?.total ?? 0) };
}

function shapesQuery(within: Sql): Sql {
	const columns = texts.map((column) => sql`${readText(sql`e.${name(column)}`)} AS ${name(column)}`);
	return sql`SELECT ${join(columns, ", ")}, e.http_status AS http_status, count(*) AS n, (SELECT count(*) FROM error_events AS e WHERE ${within}) AS total FROM error_events AS e WHERE ${within} GROUP BY e.provider, e.action, e.skill_slug, e.http_status ORDER BY n DESC, e.provider, e.action LIMIT ${integer(maxShapes)}`;
}
