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
		const columns = table.columns.flatMap(({ name }) =>
			(hasStar || names.has(fold(name))) && isReadable(table, name) ? [`${of}.${quoted(name)}`] : [],
		);
		const rows = ofRows.filter(
			(name) =>
				names.has(name) && table.rowidReadable && !table.columns.some((column) => fold(column.name) === name),
		);
		// A table has columns, whether they are looked at or not. By its alias the plan calls it, and not main.table.
		const all = [...columns, ...rows.map((name) => `${of}.${name} AS ${name}`)];
		return `${of} AS NOT MATERIALIZED (SELECT ${all.length === 0 ? "1" : all.join(", ")} FROM main.${of} AS ${of})`;
	});
}

/**
 * `main.` before a table's name is left out: it would name the table itself.
 *
 * @param common the names of the WITH expressions
 * @throws {FormRefused} where the name would then mean something else
 */
export function withoutSchema(parsed: Parsed, common: readonly string[]): Parsed {
	const { places, tokens } = parsed;
	const dropped = new Set<number>();
	places.forEach(({ token, index }, at) => {
		const point = places[at + 1];
		if (point === undefined || !is(point.token, ".") || nameOf(token)?.toLowerCase() !== "main") return;
		const table = nameOf(places[at + 2]?.token) ?? "";
		if ([...common, "main"].some((name) => fold(name) === fold(table)))
			throw new FormRefused("shadowed_table", table);
		dropped.add(index).add(point.index);
	});
	if (dropped.size === 0) return parsed;
	return parse(tokens.map(({ text }, index) => (dropped.has(index) ? "" : text)).join(""));
}
