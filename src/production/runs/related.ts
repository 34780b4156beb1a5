// Finds the same user's error events around each run.

import {
	epochSeconds,
	instant,
	integer,
	join,
	type Sql,
	sql,
	type TimeStorage,
	text,
} from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { textOrNull } from "../events.ts";
import { readText } from "../read-text.ts";
import type { FailedRun } from "./page.ts";

/** An error event of the same user near a run. */
export interface RelatedEvent {
	readonly code: string;
	/** After the run was logged; negative before. */
	readonly seconds: number;
	readonly provider: string | null;
}

/** How far from a run an error event of the same user may be, in seconds. */
export const correlationSeconds = 60;
/** Events listed per run. */
const maxRelated = 5;

/** The events near one run. */
export interface RelatedEvents {
	/** At most 5. */
	readonly events: readonly RelatedEvent[];
	/** There are more. */
	readonly more: boolean;
}

type RunOfUser = Pick<FailedRun, "id" | "at" | "skill"> & { readonly user: string };

/**
 * The error events of the same user around each run, by the run's id: those of the same skill first (the two tables'
 * slugs differ, so the skill only ranks and does not filter), then the nearest.
 *
 * @param runs at most 100
 */
export async function readRelated(
	database: Database,
	runs: readonly FailedRun[],
	storage: TimeStorage,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, RelatedEvents>> {
	const ofUsers = runs.flatMap(({ id, at, user, skill }) => (user === null ? [] : [{ id, at, user, skill }]));
	if (ofUsers.length === 0) return new Map();
	const query = relatedQuery(ofUsers, storage);
	const rows = await database.rows({ query, maxRows: ofUsers.length * (maxRelated + 1) }, signal);
	const related = new Map<string, RelatedEvent[]>();
	for (const row of rows) {
		const run = ofUsers[Number(row.run)]?.id;
		if (run === undefined) continue;
		const events = related.get(run) ?? [];
		events.push({
			code: String(row.code),
			seconds: Number(row.seconds),
			provider: textOrNull(row.provider),
		});
		related.set(run, events);
	}
	return new Map(
		[...related].map(([run, events]) => [
			run,
			{ events: events.slice(0, maxRelated), more: events.length > maxRelated },
		]),
	);
}

/** Rows name their run by index; events are in display order. */
export function relatedQuery(runs: readonly RunOfUser[], storage: TimeStorage): Sql {
	const at = epochSeconds(storage, sql`e.created_at`);
	const near = runs.map(
		(run, place) =>
			sql`SELECT * FROM (SELECT ${integer(place)} AS run, ${readText(sql`e.error_code`)} AS code, ${at} - ${integer(Math.floor(run.at))} AS seconds, ${readText(sql`e.provider`)} AS provider FROM error_events AS e WHERE e.created_at >= ${instant(storage, Math.floor(run.at) - correlationSeconds)} AND e.created_at < ${instant(storage, Math.floor(run.at) + correlationSeconds + 1)} AND e.user_id = ${text(run.user)} ORDER BY e.skill_slug IS ${text(run.skill ?? "")} DESC, abs(seconds), e.id LIMIT ${integer(maxRelated + 1)})`,
	);
	return sql`SELECT * FROM (${join(near, " UNION ALL ")}) LIMIT ${integer(runs.length * (maxRelated + 1))}`;
}
