// What production's schema tells, and what the mirror makes of it.
import type { CheckedSelect } from "../checked-select.ts";
import type { WithheldAs } from "./withheld.ts";

/** A column as production's schema tells it. */
export interface CatalogColumn {
	readonly name: string;
	readonly type: string;
	readonly notNull: boolean;
	/** Its place in the primary key, from 1; 0 where it is not part of it. */
	readonly primaryKey: number;
}

/** Where production's schema is asked. */
export interface Catalog {
	tables(signal: AbortSignal): Promise<readonly string[]>;
	/** Empty where the table is missing in this deployment. */
	columns(table: string, signal: AbortSignal): Promise<readonly CatalogColumn[]>;
	/** Rows a table. */
	rowCounts(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
	/** The rows that answer a query of the guard's own; where it is left out, production is not asked what it knows. */
	ask?(select: CheckedSelect, signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export interface MirrorColumn {
	readonly name: string;
	/** The name as SQLite compares names. */
	readonly folded: string;
	/** As it is declared. */
	readonly type: string;
	readonly notNull: boolean;
	readonly withheld: WithheldAs | undefined;
}

export interface MirrorTable {
	readonly name: string;
	/** The name as SQLite compares names. */
	readonly folded: string;
	readonly columns: readonly MirrorColumn[];
	/** The column that is the primary key by itself. */
	readonly key: string | undefined;
	/** A row's number may tell of withheld columns: by an index on them, or as their other name. */
	readonly rowidReadable: boolean;
}

/** What a root page belongs to: the columns in their stored order; undefined is the row's number. */
export interface Root {
	readonly table: string;
	readonly columns: readonly (string | undefined)[];
}
