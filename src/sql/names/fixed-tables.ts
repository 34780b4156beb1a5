// Puts a WITH expression of fixed columns in each table's place, so that no name can reach another of its columns.

import { FormRefused } from "../failures/index.ts";
import type { MirrorTable } from "../mirror/catalog.ts";
import { name as quoted } from "../sql.ts";
import { replaced } from "../text/replaced.ts";
import { starsIn } from "../text/star.ts";
import type { Parsed } from "../text/structure.ts";
import { fold, is, nameOf } from "../text/tokens.ts";

/** What SQLite calls a row's number. */
export const ofRows = ["rowid", "oid", "_rowid_"];

/** Which columns may be read. The same one is asked of every text, so that its answers for a table are kept. */
export type IsReadable = (table: MirrorTable, column: string) => boolean;

/** A table as a text may name it. */
export interface FixedTable {
	/** Its name as SQLite compares names. */
	readonly key: string;
	readonly name: string;
	readonly quoted: string;
	/** The columns that may be read, by their names as SQLite compares them, as they are written in the definition. */
	readonly columns: ReadonlyMap<string, string>;
	/** Of them, those that are read as hex(). */
	readonly asHex: ReadonlySet<string>;
	/** How they are declared. */
	readonly declared: ReadonlyMap<string, string>;
	/** What may not be read, as SQLite compares names: columns, and the names of a row's number. */
	readonly hidden: readonly string[];
	/** The names of a row's number that are no column's, where it may be read. */
	readonly rows: readonly string[];
}

/** A table's description never changes: where production's does, another takes its place. */
const fixed = new WeakMap<IsReadable, WeakMap<MirrorTable, FixedTable>>();

export function fixedTable(table: MirrorTable, isReadable: IsReadable): FixedTable {
	let tables = fixed.get(isReadable);
	if (tables === undefined) {
		tables = new WeakMap();
		fixed.set(isReadable, tables);
	}
	let one = tables.get(table);
	if (one === undefined) {
		one = fix(table, isReadable);
		tables.set(table, one);
	}
	return one;
}

function fix(table: MirrorTable, isReadable: IsReadable): FixedTable {
	const of = quoted(table.name);
	const columns = new Map<string, string>();
	const asHex = new Set<string>();
	const declared = new Map<string, string>();
	const hidden: string[] = table.rowidReadable ? [] : [...ofRows];
	for (const { name, folded, type } of table.columns) {
		if (!isReadable(table, name)) {
			hidden.push(folded);
			continue;
		}
		declared.set(folded, name);
		const column = `${of}.${quoted(name)}`;
		columns.set(folded, holdsBytes(type) ? `hex(${column}) AS ${quoted(name)}` : column);
		if (holdsBytes(type)) asHex.add(name);
	}
	const isColumn = (name: string) => table.columns.some(({ folded }) => folded === name);
	const rows = table.rowidReadable ? ofRows.filter((name) => !isColumn(name)) : [];
	return { key: table.folded, name: table.name, quoted: of, columns, declared, hidden, asHex, rows };
}

/** The definitions of a text's tables. */
export interface FixedNames {
	readonly fixed: readonly string[];
	/** `table.column` of those that are read as hex(). */
	readonly asHex: readonly string[];
}

/**
 * The definitions of the tables that a text names. Each reads one table, whose columns it names in full: whatever
 * production adds to the table, or hides in it, the text cannot name.
 *
 * @param names all that stand in the text
 */
export function fixTables(
	{ places }: Parsed,
	names: ReadonlySet<string>,
	tables: readonly FixedTable[],
): FixedNames {
	const hasStar = starsIn(places).length > 0;
	const asHex: string[] = [];
	const fixed = tables.map((table) => {
		const { quoted: of, columns, rows } = table;
		const all: string[] = [];
		for (const [name, column] of columns) if (hasStar || names.has(name)) all.push(column);
		for (const name of rows) if (names.has(name)) all.push(`${of}.${name} AS ${name}`);
		for (const name of table.asHex) if (hasStar || names.has(fold(name))) asHex.push(`${table.name}.${name}`);
		// A table has columns, whether they are looked at or not. By its alias the plan calls it, and not main.table.
		return `${of} AS NOT MATERIALIZED (SELECT ${all.length === 0 ? "1" : all.join(", ")} FROM main.${of} AS ${of})`;
	});
	return { fixed, asHex };
}

/** Bytes are no text, and the API returns none: such a column is read as hex(). */
function holdsBytes(type: string): boolean {
	return /blob/i.test(type);
}

/**
 * `main.` before a table's name is left out: it would name the table itself.
 *
 * @param common the names of the WITH expressions
 * @throws {FormRefused} where the name would then mean something else
 */
export function withoutSchema(parsed: Parsed, common: readonly string[]): Parsed {
	const { places } = parsed;
	const dropped = new Map<number, string>();
	places.forEach(({ token, index }, at) => {
		const point = places[at + 1];
		if (token.folded !== "main" || point === undefined || !is(point.token, ".")) return;
		const table = nameOf(places[at + 2]?.token) ?? "";
		if ([...common, "main"].some((name) => fold(name) === fold(table)))
			throw new FormRefused("shadowed_table", table);
		dropped.set(index, "").set(point.index, "");
	});
	return dropped.size === 0 ? parsed : replaced(parsed, dropped);
}

/** Which indexes production has is not known here, and rows are the same without the hint. */
export function withoutIndexHints(parsed: Parsed): Parsed {
	const dropped = new Map<number, string>();
	parsed.places.forEach((place, at) => {
		if (!is(place.token, "INDEXED")) return;
		const [by, name] = [parsed.places[at + 1], parsed.places[at + 2]];
		if (by === undefined || name === undefined || !is(by.token, "BY")) return;
		dropped.set(place.index, "").set(by.index, "").set(name.index, "");
	});
	return dropped.size === 0 ? parsed : replaced(parsed, dropped);
}
