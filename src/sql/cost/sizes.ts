// What is known of the sources of a query.

import type { Place, Source } from "../text/structure.ts";
import type { TableStatistics } from "./statistics.ts";

/** A FROM clause. */
export interface From {
	readonly at: number;
	readonly sources: readonly Source[];
}

/** What is known of a query's sources, by the names that its plan shows. All names in lower case. */
export interface Sizes {
	readonly places: readonly Place[];
	froms(): readonly From[];
	/** Seconds since the epoch. */
	readonly now: number;
	/** The plan calls each table by the name that the text gives it there. */
	readonly isNamed: boolean;
	/** The names of the sources that are called so: of tables, or of common table expressions. */
	namesOf(alias: string): readonly string[];
	/** Of a table of production's; undefined for what is none. */
	statistics(table: string): TableStatistics | undefined;
	/** The tables of the query that have a column of this name. */
	tablesWith(column: string): readonly TableStatistics[];
	/** The most rows of a subquery or common table expression, as its text tells. */
	rowsAtMost(name: string): number | undefined;
	/** The columns of which a subquery or common table expression has each combination once. */
	keysOf(name: string): readonly string[] | undefined;
	/** Whether the text itself gives a column this name, so that it may hold anything. */
	isGiven(column: string): boolean;
	/** The most different values that an aggregate with DISTINCT finds. */
	differentValues(): number;
	/** The most rows of a window's partition. */
	partitionRows(): number;
	/** Whether all subqueries that are values run once a group. */
	runPerGroup(): boolean;
	/** The text looks for rows of several values by IN. */
	readonly comparesRows: boolean;
	/** Rows of the largest table of the query. */
	readonly largest: number;
	/** Elements that a table-valued function finds in one value. */
	readonly elements: number;
}

/** What is known of a text without its plan. */
export type Described = Pick<
	Sizes,
	"places" | "now" | "isNamed" | "isGiven" | "namesOf" | "statistics" | "tablesWith"
>;
