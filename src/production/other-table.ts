// What the other table has where one is empty: failed runs beside error events, and events beside runs.

import { type Sql, sql, type TimeStorage, TimeStorageUnknown } from "../sql/index.ts";
import { type Database, TableMissing } from "./database.ts";
import { countQuery } from "./events.ts";
import { type EventFilters, inWindow } from "./filters.ts";
import { isFailure, joined, type RunFilters, r, runConditions } from "./runs/filters.ts";
import type { Window } from "./window.ts";

/** Runs of a window, and those of them that did not succeed. */
export interface RunsBeside {
	readonly runs: number;
	readonly failures: number;
}

/** @returns undefined where no filter is one that runs have, and where this deployment has no runs */
export async function runsBeside(
	database: Database,
	{ window, filters }: { readonly window: Window; readonly filters: EventFilters },
	signal: AbortSignal,
): Promise<RunsBeside | undefined> {
	const shared = given(filters);
	if (Object.keys(shared).length === 0) return undefined;
	return orMissing(async () => {
		const { storage, empty } = await database.storedTime("skill_usage_logs", signal);
		if (empty) return { runs: 0, failures: 0 };
		const [row] = await database.rows({ query: runsQuery(window, shared, storage), maxRows: 1 }, signal);
		return { runs: Number(row?.runs ?? 0), failures: Number(row?.failures ?? 0) };
	});
}

/** Error events of a window. @returns undefined as above */
export async function eventsBeside(
	database: Database,
	{ window, filters }: { readonly window: Window; readonly filters: RunFilters },
	signal: AbortSignal,
): Promise<number | undefined> {
	if (Object.keys(filters).length === 0) return undefined;
	return orMissing(async () => {
		const { storage, empty } = await database.storedTime("error_events", signal);
		if (empty) return 0;
		const [row] = await database.rows(
			{ query: countQuery({ window, filters, storage }), maxRows: 1 },
			signal,
		);
		return Number(row?.total ?? 0);
	});
}

function runsQuery(window: Window, filters: RunFilters, storage: TimeStorage): Sql {
	return sql`SELECT count(*) AS runs, coalesce(sum(${isFailure("any_failure")}), 0) AS failures FROM ${joined} WHERE ${inWindow(window, storage, r)}${runConditions(filters)} LIMIT 1`;
}

function given({ skill, user, organization }: EventFilters): RunFilters {
	return {
		...(skill === undefined ? {} : { skill }),
		...(user === undefined ? {} : { user }),
		...(organization === undefined ? {} : { organization }),
	};
}

async function orMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
	try {
		return await ask();
	} catch (error) {
		if (error instanceof TableMissing || error instanceof TimeStorageUnknown) return undefined;
		throw error;
	}
}
