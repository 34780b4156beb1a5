import { integer, join, type Sql, sql, type TimeStorage, text } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { type EventFilters, eventConditions, inWindow } from "../filters.ts";
import { maxSpikes, type Spike } from "../spikes/spikes.ts";

/** A spike, and whom it hit. */
export interface SpikeSpan extends Spike {
	readonly sessions: number;
	readonly users: number;
}

const e = sql`e`;

/** Counts the sessions and users of spikes, all in one query; asks nothing where there are none. */
export async function readSpikeSpans(
	database: Database,
	spikes: readonly Spike[],
	filters: EventFilters,
	storage: TimeStorage,
	signal: AbortSignal,
): Promise<readonly SpikeSpan[]> {
	if (spikes.length === 0) return [];
	const query = spikeSpansQuery(spikes, filters, storage);
	const rows = await database.rows({ query, maxRows: maxSpikes }, signal);
	return spikes.map((spike, index) => {
		const row = rows.find(({ spike: number }) => number === index);
		return { ...spike, sessions: Number(row?.sessions ?? 0), users: Number(row?.users ?? 0) };
	});
}

export function spikeSpansQuery(spikes: readonly Spike[], filters: EventFilters, storage: TimeStorage): Sql {
	const branches = spikes.map(
		(spike, index) =>
			sql`SELECT ${integer(index)} AS spike, count(DISTINCT nullif(e.session_id, '')) AS sessions, count(DISTINCT nullif(e.user_id, '')) AS users FROM error_events AS e WHERE ${inWindow(spike, storage, e)} AND e.error_code = ${text(spike.code)}${eventConditions(filters, e)}`,
	);
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(maxSpikes)}`;
}
