// Finds in a query's text what its columns are compared with.

import { allSources, is, type MirrorTable, nameOf, opening, type Place, parse } from "../../sql/index.ts";

/** A column of a table, as a query compares it. */
export interface ComparedColumn {
	readonly table: string;
	readonly column: string;
}

/** `column = 'text'`. */
export interface TextComparison extends ComparedColumn {
	readonly text: string;
}

export interface Comparisons {
	/** Columns that hold numbers, compared with text that is an instant. */
	readonly timesWithText: readonly ComparedColumn[];
	readonly texts: readonly TextComparison[];
}

const operators = ["<", "<=", ">", ">=", "=", "==", "<>", "!=", "BETWEEN"];
const mirrored = ["<", "<=", ">", ">=", "=", "==", "<>", "!="];
const textFunctions = ["DATETIME", "DATE", "TIME", "STRFTIME"];

/**
 * What a query compares columns with, as far as its text shows.
 *
 * @param tables those that the query names
 */
export function readComparisons(sql: string, tables: readonly MirrorTable[]): Comparisons {
	const { places } = parse(sql);
	const named = new Set(allSources(places).map(({ name }) => name.toLowerCase()));
	const used = tables.filter(({ name }) => named.has(name.toLowerCase()));
	const timesWithText: ComparedColumn[] = [];
	const texts: TextComparison[] = [];
	places.forEach(({ token }, at) => {
		const name = token.kind === "string" ? undefined : nameOf(token)?.toLowerCase();
		if (name === undefined) return;
		for (const table of used) {
			const column = table.columns.find((one) => one.name.toLowerCase() === name);
			if (column === undefined || column.withheld !== undefined) continue;
			const found = { table: table.name, column: column.name };
			if (/INT|REAL|NUM/i.test(column.type) && name.endsWith("_at") && isBesideTextTime(places, at)) {
				timesWithText.push(found);
			}
			const text = comparedText(places, at);
			if (text !== undefined && !name.endsWith("_at")) texts.push({ ...found, text });
		}
	});
	return { timesWithText, texts };
}

/** `column > datetime(…)`, `datetime(…) < column`, `column BETWEEN '2026-…' AND …`. */
function isBesideTextTime(places: readonly Place[], at: number): boolean {
	if (is(places[at + 1]?.token, ...operators) && isTextTime(places, at + 2)) return true;
	// Back over `alias.`.
	const before = is(places[at - 1]?.token, ".") ? at - 3 : at - 1;
	return is(places[before]?.token, ...mirrored) && endsTextTime(places, before - 1);
}

function isTextTime(places: readonly Place[], at: number): boolean {
	const token = places[at]?.token;
	if (token?.kind === "string") return /^'\d{4}-\d\d/.test(token.text);
	if (is(token, "CURRENT_TIMESTAMP", "CURRENT_DATE")) return true;
	if (!is(token, ...textFunctions) || !is(places[at + 1]?.token, "(")) return false;
	// strftime('%s') yields digits, which compare as the number they are.
	return !(is(token, "STRFTIME") && nameOf(places[at + 2]?.token) === "%s");
}

function endsTextTime(places: readonly Place[], at: number): boolean {
	if (!is(places[at]?.token, ")")) return isTextTime(places, at);
	const open = opening(places, at);
	return open !== undefined && isTextTime(places, open - 1);
}

function comparedText(places: readonly Place[], at: number): string | undefined {
	const next = places[at + 1]?.token;
	const value = is(next, "=", "==") ? places[at + 2]?.token : undefined;
	if (value?.kind === "string") return nameOf(value);
	const inside = is(next, "IN") && is(places[at + 2]?.token, "(") ? places[at + 3]?.token : undefined;
	return inside?.kind === "string" ? nameOf(inside) : undefined;
}
