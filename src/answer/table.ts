// Tables as every tool returns them: empty columns left out, shared values stated once.

import { z } from "zod";
import { visible } from "../text/index.ts";

/** A cell: a scalar, or a list of short strings. */
export type TableCell = string | number | boolean | null | readonly string[];

export interface Table {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly TableCell[])[];
	/** Columns whose value all rows share; they are left out of the rows. */
	readonly common?: Readonly<Record<string, TableCell>>;
	/** Those of them that rows of other pages need not share. */
	readonly common_on_page?: readonly string[];
	readonly shown: number;
	/** Of the whole window. */
	readonly total: number;
	readonly next_cursor?: string;
}

/** A row as input: column name to cell; an absent or undefined cell is null. */
export type TableRow = Readonly<Record<string, TableCell | undefined>>;

export interface TableOptions {
	/** Default: as many as there are rows. */
	readonly total?: number;
	readonly nextCursor?: string | undefined;
	/** Of a table that is paged through: the columns that the question fixes, so that every page shares them. */
	readonly fixed?: readonly string[];
}

/** Numbers that are names. */
const named: readonly string[] = ["http_status"];

/**
 * Makes a table: a column that is empty in all rows is left out; a value that all rows share (two or more rows) is
 * stated once, in `common`. A number stays in the rows, since it would read as a total; so does every value where rows
 * are left out, unless the table is paged through. Invisible characters are made visible.
 *
 * @param columns the order of the columns
 */
export function makeTable(
	columns: readonly string[],
	rows: readonly TableRow[],
	options: TableOptions = {},
): Table {
	const shownRows = rows.map((row) => columns.map((column) => visibleCell(row[column] ?? null)));
	const cells = (column: string) => {
		const place = columns.indexOf(column);
		return shownRows.map((row) => row[place] ?? null);
	};
	const filled = columns.filter((column) => cells(column).some((cell) => !isEmpty(cell)));
	const total = options.total ?? rows.length;
	const isWhole = total === rows.length;
	const shared =
		rows.length < 2 || !(isWhole || options.fixed !== undefined)
			? []
			: filled.filter((column) => isShareable(column, cells(column)));
	const onPage = isWhole ? [] : shared.filter((column) => options.fixed?.includes(column) !== true);
	const kept = filled.filter((column) => !shared.includes(column));
	const places = kept.map((column) => columns.indexOf(column));
	return {
		columns: kept,
		rows: shownRows.map((row) => places.map((place) => row[place] ?? null)),
		...(shared.length === 0
			? {}
			: { common: Object.fromEntries(shared.map((column) => [column, cells(column)[0] ?? null])) }),
		...(onPage.length === 0 ? {} : { common_on_page: onPage }),
		shown: rows.length,
		total,
		...(options.nextCursor === undefined ? {} : { next_cursor: options.nextCursor }),
	};
}

function isShareable(column: string, cells: readonly TableCell[]): boolean {
	return areEqual(cells) && (typeof cells[0] !== "number" || named.includes(column));
}

/**
 * The untrusted fields of a table, as `untrusted` names them: `rows[].skill`, `common.provider`.
 *
 * @param foreign columns that hold untrusted text
 * @param path the table's path in the answer, such as `runs.`
 */
export function untrustedFields(table: Table, foreign: readonly string[], path = ""): string[] {
	return foreign.flatMap((column) => {
		if (table.columns.includes(column)) return [`${path}rows[].${column}`];
		return table.common !== undefined && column in table.common ? [`${path}common.${column}`] : [];
	});
}

/** The fields with untrusted text that one of a list's objects has, such as `episodes[].where`; `with[]` for a list. */
export function untrustedOf(
	path: string,
	items: readonly object[],
	foreign: readonly string[],
): readonly string[] {
	return foreign
		.filter((field) => items.some((item) => field.replace("[]", "") in item))
		.map((field) => `${path}[].${field}`);
}

function visibleCell(cell: TableCell): TableCell {
	if (typeof cell === "string") return visible(cell);
	return typeof cell === "object" && cell !== null ? cell.map(visible) : cell;
}

function isEmpty(cell: TableCell): boolean {
	return cell === null || (Array.isArray(cell) && cell.length === 0);
}

function areEqual(cells: readonly TableCell[]): boolean {
	const first = JSON.stringify(cells[0]);
	return cells.every((cell) => JSON.stringify(cell) === first);
}

/** The shape of a table for an `outputSchema`. */
export const tableSchema = z.object({
	columns: z.array(z.string()),
	rows: z.array(z.array(z.unknown())),
	common: z.record(z.string(), z.unknown()).optional(),
	shown: z.number(),
	total: z.number(),
});

/** The same of a table that is paged through. */
export const pagedSchema = z.object({
	...tableSchema.shape,
	common_on_page: z.array(z.string()).optional(),
	next_cursor: z.string().optional(),
});
