// The guard: checks each SELECT before it is sent.

import type { Clock } from "../system/index.ts";
import { type AgentSelect, checkAgentSql } from "./agent-check.ts";
import type { CheckedSelect } from "./checked-select.ts";
import { KnownTables } from "./cost/known-tables.ts";
import type { Catalog, MirrorColumn, MirrorTable } from "./mirror/catalog.ts";
import { Mirror } from "./mirror/mirror.ts";
import type { WithheldAs } from "./mirror/withheld.ts";
import { checkOwnQuery, type OwnQueryOptions } from "./own-check.ts";
import type { Sql } from "./sql.ts";

export type { Catalog } from "./mirror/catalog.ts";

export interface GuardOptions {
	/** Agents may read personal columns. */
	readonly showPersonalData: boolean;
	/** Columns that they may read although the contract does not know them: `table.column`, in lowercase. */
	readonly readableColumns?: readonly string[];
	readonly clock: Clock;
	/** What is sent has to pass the API's filter of words; default true. */
	readonly wordFilter?: boolean;
}

export interface AgentQueryOptions {
	/** Rows wanted; one more is asked for, which tells whether there are more. */
	readonly limit: number;
	readonly signal: AbortSignal;
}

/** Judges SQL before it is sent. It alone makes a `CheckedSelect`. */
export interface Guard {
	/**
	 * Lets a query pass that this server built with the `sql` template.
	 *
	 * @throws {OwnQueryUnsound} and what the API's client throws when it is asked for the schema
	 */
	checkOwn(query: Sql, options: OwnQueryOptions): Promise<CheckedSelect>;
	/**
	 * Lets one read of readable columns pass, and rewrites it so that the API takes it.
	 *
	 * @throws {SqlFailure} and what the API's client throws when it is asked for the schema
	 */
	checkAgent(sql: string, options: AgentQueryOptions): Promise<AgentSelect>;
	/** A table that production lists, its columns and which are withheld; undefined where there is none. */
	describe(table: string, signal: AbortSignal): Promise<MirrorTable | undefined>;
	/** The tables that production lists. */
	listed(signal: AbortSignal): Promise<readonly string[]>;
	/** Whether such columns cannot be read by agents. */
	isWithheld(why: WithheldAs): boolean;
	/** Bytes of the engine's memory that are in use; loads it where it was not yet. */
	memoryUsed(): Promise<number>;
}

/** @param catalog where production's schema is asked, a table at its first mention */
export function createGuard(
	catalog: Catalog,
	{ showPersonalData, readableColumns = [], clock, wordFilter = true }: GuardOptions,
): Guard {
	const mirror = new Mirror(catalog, clock, new Set(readableColumns));
	const known = new KnownTables(mirror, catalog);
	const isWithheld = (why: WithheldAs) => why !== "personal" || !showPersonalData;
	const isOpen = ({ withheld }: MirrorColumn) => withheld === undefined || !isWithheld(withheld);
	// A table's description never changes: where production's does, another takes its place.
	const readable = new WeakMap<MirrorTable, ReadonlySet<string>>();
	const isReadable = (table: MirrorTable, name: string) => {
		const known = readable.get(table) ?? new Set(table.columns.filter(isOpen).map((column) => column.name));
		readable.set(table, known);
		return known.has(name);
	};
	return {
		async checkOwn(query, options) {
			const started = performance.now();
			const select = await checkOwnQuery(mirror, query, options);
			return { ...select, guardMs: performance.now() - started };
		},
		async checkAgent(sql, { limit, signal }) {
			return checkAgentSql(
				{ mirror, isReadable, signal, known, wordFilter, now: () => clock.now() / 1000 },
				sql,
				limit,
			);
		},
		async describe(table, signal) {
			await mirror.include([table], signal);
			return mirror.table(table);
		},
		listed: (signal) => mirror.listed(signal),
		isWithheld,
		async memoryUsed() {
			return (await mirror.compiler()).memoryUsed();
		},
	};
}
