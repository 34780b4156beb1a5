// Writes out the columns that * stands for.

import { FormRefused } from "../failures/index.ts";
import { name as quoted } from "../sql.ts";
import { replaced } from "./replaced.ts";
import { commonTables, fromAfter, type Parsed, type Place, type Source, sourcesAt } from "./structure.ts";
import { is, nameOf } from "./tokens.ts";

/** The columns of a table that `*` stands for. */
export interface StarColumns {
	readonly readable: readonly string[];
	/** Left out. */
	readonly withheld: readonly string[];
}

export interface Expanded {
	readonly parsed: Parsed;
	/** What was left out, a table each. */
	readonly omitted: readonly { readonly table: string; readonly columns: readonly string[] }[];
}

/** Each is written out, and reads its FROM anew. */
const maxStars = 40;

/**
 * Writes every `*` that stands for a table's columns as the names of those that may be read, so that a column which
 * the deployment adds later is not among them. `*` of a subquery or a common table expression stays: its columns
 * are written out inside it.
 *
 * @param columnsOf undefined for what is not a table that production lists
 * @throws {FormRefused}
 */
export function expandStars(parsed: Parsed, columnsOf: (table: string) => StarColumns | undefined): Expanded {
	const { places } = parsed;
	const stars = starsIn(places);
	if (stars.length === 0) return { parsed, omitted: [] };
	if (stars.length > maxStars)
		throw new FormRefused("too_complex", `${stars.length} times *, at most ${maxStars}`);
	const common = new Set(commonTables(places).map(({ name }) => name.toLowerCase()));
	const omitted = new Map<string, readonly string[]>();
	const written = new Map<number, string>();
	for (const at of stars) {
		const expansion = expand(places, at, (source) => {
			if (source.kind !== "table") return undefined;
			const columns = columnsOf(source.name);
			if (columns === undefined) return undefined;
			if (common.has(source.name.toLowerCase())) throw new FormRefused("shadowed_star", source.name);
			if (columns.withheld.length > 0) omitted.set(source.name, columns.withheld);
			return columns.readable;
		});
		if (expansion === undefined) continue;
		// `t.*`: the list carries the name itself.
		for (const { index } of places.slice(at - expansion.replaces, at + 1)) written.set(index, "");
		written.set(places[at]?.index ?? 0, expansion.list);
	}
	return {
		parsed: replaced(parsed, written),
		omitted: [...omitted].map(([table, columns]) => ({ table, columns })),
	};
}

/** The places of `*` as a result column; as the sign of multiplication it stands after an operand, and in `count(*)` after `(`. */
export function starsIn(places: readonly Place[]): readonly number[] {
	const stars: number[] = [];
	places.forEach(({ token: { key } }, at) => {
		if (key === "*" && is(places[at - 1]?.token, "SELECT", "DISTINCT", "ALL", ",", ".")) stars.push(at);
	});
	return stars;
}

function expand(
	places: readonly Place[],
	at: number,
	columnsOf: (source: Source) => readonly string[] | undefined,
): { list: string; replaces: number } | undefined {
	const from = fromAfter(places, at);
	if (from === undefined) return undefined;
	const sources = sourcesAt(places, from);
	if (is(places[at - 1]?.token, ".")) {
		const wanted = nameOf(places[at - 2]?.token)?.toLowerCase();
		const [source, second] = sources.filter(({ alias }) => alias?.toLowerCase() === wanted);
		if (second !== undefined) throw new FormRefused("ambiguous_star", wanted ?? "");
		const columns = source === undefined ? undefined : columnsOf(source);
		if (source === undefined || columns === undefined) return undefined;
		return { list: columns.map((column) => qualified(source, column)).join(", "), replaces: 2 };
	}
	const tables = sources.map((source) => ({ source, columns: columnsOf(source) }));
	if (tables.every(({ columns }) => columns === undefined)) return undefined;
	return { list: wholeRow(tables).join(", "), replaces: 0 };
}

/** A column that tables are joined by with USING stands once, and unqualified, which is both tables' value. */
function wholeRow(
	tables: readonly { source: Source; columns: readonly string[] | undefined }[],
): readonly string[] {
	const merged = new Set(tables.flatMap(({ source }) => source.using.map((name) => name.toLowerCase())));
	const written = new Set<string>();
	return tables.flatMap(({ source, columns }) => {
		if (columns === undefined) {
			if (source.alias === undefined) throw new FormRefused("unaliased_star", "");
			return [`${quoted(source.alias)}.*`];
		}
		return columns.flatMap((column) => {
			const key = column.toLowerCase();
			if (!merged.has(key)) return [qualified(source, column)];
			if (written.has(key)) return [];
			written.add(key);
			return [quoted(column)];
		});
	});
}

function qualified(source: Source, column: string): string {
	return `${quoted(source.alias ?? source.name)}.${quoted(column)}`;
}
