// Queries production with our own SQL, and learns how it stores time.

import { DatabaseError, type Row, type Source } from "../source/index.ts";
import {
	DeploymentLacks,
	type Guard,
	type Sql,
	secondsOf,
	sql,
	storageOf,
	type TimeStorage,
	TimeStorageUnknown,
} from "../sql/index.ts";
import type { Clock } from "../system/index.ts";
import { type Explanation, Failure } from "../text/index.ts";

/** Above this difference production's clock is used instead of ours, and the answer says so. */
const clockToleranceMs = 30_000;

/** This deployment does not have the table. */
export class TableMissing extends Failure {
	readonly kind = "table_missing";

	constructor(readonly table: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `This deployment has no table ${this.table}, so it cannot be queried.`,
			next: "describe_database lists the tables that exist.",
		};
	}
}

export interface OwnQuery {
	readonly query: Sql;
	/** At most the query's own outer LIMIT. */
	readonly maxRows: number;
	/** Withheld columns that an exact look-up may read, such as `users.email`. */
	readonly reads?: readonly string[];
}

/** How a table's `created_at` is stored, and whether the table has rows that show it. */
export interface StoredTime {
	readonly storage: TimeStorage;
	readonly empty: boolean;
	/** When the oldest row was made, at the time of the query: epoch seconds; 0 if unknown. */
	readonly since: number;
}

/**
 * Runs our own SELECTs: through the guard, over HTTP, to rows. Caches how each table stores time, and knows
 * production's time.
 */
export class Database {
	readonly #stored = new Map<string, StoredTime>();

	constructor(
		private readonly guard: Guard,
		private readonly source: Source,
		private readonly clock: Clock,
	) {}

	/** @throws what the guard and the client throw */
	async rows(own: OwnQuery, signal: AbortSignal): Promise<readonly Row[]> {
		const { query, maxRows, reads } = own;
		const select = await this.guard.checkOwn(query, {
			maxRows,
			signal,
			...(reads === undefined ? {} : { reads }),
		});
		return (await this.source.query(select, { signal })).rows;
	}

	/**
	 * How `created_at` of a table is stored: queried once, and again only while the table is empty.
	 *
	 * The oldest and the newest row must agree: in a column that mixes two forms, a bound of either form
	 * would silently leave rows out.
	 *
	 * @throws {TimeStorageUnknown}
	 * @throws {TableMissing}
	 */
	async storedTime(table: "error_events" | "skill_usage_logs", signal: AbortSignal): Promise<StoredTime> {
		const known = this.#stored.get(table);
		if (known !== undefined) return known;
		const from = table === "error_events" ? sql`error_events` : sql`skill_usage_logs`;
		const query = sql`SELECT (SELECT created_at FROM ${from} ORDER BY created_at DESC LIMIT 1) AS newest, (SELECT created_at FROM ${from} ORDER BY created_at LIMIT 1) AS oldest LIMIT 1`;
		const [row] = await this.rows({ query, maxRows: 1 }, signal).catch((error: unknown) => {
			throw isMissing(table, error) ? new TableMissing(table) : error;
		});
		const newest = row?.newest ?? null;
		const oldest = row?.oldest ?? null;
		if (newest === null || oldest === null) return { storage: "seconds", empty: true, since: 0 };
		const storage = storageOf(newest);
		if (storage === undefined || storageOf(oldest) !== storage) throw new TimeStorageUnknown(table);
		const stored = { storage, empty: false, since: secondsOf(storage, oldest) ?? 0 };
		this.#stored.set(table, stored);
		return stored;
	}

	/** When open windows end: production's time, if its clock differs by more than 30 s. */
	now(): { readonly seconds: number; readonly clockDifferenceSeconds?: number } {
		const offset = this.source.clockOffsetMs();
		if (Math.abs(offset) <= clockToleranceMs) return { seconds: Math.floor(this.clock.now() / 1000) };
		return {
			seconds: Math.floor((this.clock.now() + offset) / 1000),
			clockDifferenceSeconds: Math.round(offset / 1000),
		};
	}
}

/** The schema does not have it, or it was just dropped: the message of SQLite and libSQL. */
function isMissing(table: string, error: unknown): boolean {
	if (error instanceof DeploymentLacks) return error.what === "table" && error.missing === table;
	return error instanceof DatabaseError && error.serverMessage.includes(`no such table: ${table}`);
}
