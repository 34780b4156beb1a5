// Puts a WITH expression of fixed columns in each table's place, so that no name can reach another of its columns.

import { FormRefused } from "../failures/index.ts";
import type { MirrorTable } from "../mirror/catalog.ts";
import { name as quoted } from "../sql.ts";
import { type Parsed, parse } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { fold, ofRows } from "./rename.ts";

/**
 * The definitions of the tables that a text names. Each reads one table, whose columns it names in full: whatever
 * production adds to the table, or hides in it, the text cannot name.
 */
export function fixTables(
	{ places }: Parsed,
	tables: readonly MirrorTable[],
	isReadable: (table: MirrorTable, column: string) => boolean,
): readonly string[] {
	const names = new Set<string>();
	let hasStar = false;
	places.forEach(({ token }, at) => {
		const name = nameOf(token);
		if (name !== undefined) names.add(fold(name));
		hasStar ||= is(token, "*") && is(places[at - 1]?.token, "SELECT", "DISTINCT", "ALL", ",", ".");
	});
	return tables.map((table) => {
		const of = quoted(table.name);
		const columns = table.columns.flatMap(({ name, type }) => {
			if (!(hasStar || names.has(fold(name))) || !isReadable(table, name)) return [];
			const column = `${of}.${quoted(name)}`;
			return [holdsBytes(type) ? `hex(${column}) AS ${quoted(name)}` : column];
		});
		const rows = ofRows.filter(
			(name) =>
				names.has(name) && table.rowidReadable && !table.columns.some((column) => fold(column.name) === name),
		);
		// A table has columns, whether they are looked at or not. By its alias the plan calls it, and not main.table.
		const all = [...columns, ...rows.map((name) => `${of}.${name} AS ${name}`)];
		return `${of} AS NOT MATERIALIZED (SELECT ${all.length === 0 ? "1" : all.join(", ")} FROM main.${of} AS ${of})`;
	});
}

/** Bytes are no text, and the API returns none: such a column is read as hex(). */
export function holdsBytes(type: string): boolean {
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
	const dropped = new Set<number>();
	places.forEach(({ token, index }, at) => {
		const point = places[at + 1];
		if (point === undefined || !is(point.token, ".") || nameOf(token)?.toLowerCase() !== "main") return;
		const table = nameOf(places[at + 2]?.token) ?? "";
		if ([...common, "main"].some((name) => fold(name) === fold(table)))
			throw new FormRefused("shadowed_table", table);
		dropped.add(index).add(point.index);
	});
	return without(parsed, dropped);
}

/** Which indexes production has is not known here, and rows are the same without the hint. */
export function withoutIndexHints(parsed: Parsed): Parsed {
	const dropped = new Set<number>();
	parsed.places.forEach((place, at) => {
		const [by, name] = [parsed.places[at + 1], parsed.places[at + 2]];
		if (by === undefined || name === undefined || !is(place.token, "INDEXED") || !is(by.token, "BY")) return;
		dropped.add(place.index).add(by.index).add(name.index);
	});
	return without(parsed, dropped);
}

function without(parsed: Parsed, dropped: ReadonlySet<number>): Parsed {
	if (dropped.size === 0) return parsed;
	return parse(parsed.tokens.map(({ text }, index) => (dropped.has(index) ? "" : text)).join(""));
}
