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

/** `column > 1795564800`. */
export interface TimeComparison extends ComparedColumn {
	readonly unit: "seconds" | "milliseconds";
}

export interface Comparisons {
	/** Columns that hold numbers, compared with text that is an instant. */
	readonly timesWithText: readonly ComparedColumn[];
	/** Columns that hold times, compared with a number that is an instant. */
	readonly timesWithNumbers: readonly TimeComparison[];
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
	const timesWithNumbers: TimeComparison[] = [];
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
			const unit = name.endsWith("_at") ? comparedUnit(places, at) : undefined;
			if (unit !== undefined) timesWithNumbers.push({ ...found, unit });
			const text = comparedText(places, at);
			if (text !== undefined && !name.endsWith("_at")) texts.push({ ...found, text });
		}
	});
	return { timesWithText, timesWithNumbers, texts };
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

/** The unit of the instant that a column is compared with, as a number, on either side of it. */
function comparedUnit(places: readonly Place[], at: number): TimeComparison["unit"] | undefined {
	if (is(places[at + 1]?.token, ...operators)) return unitOf(operandFrom(places, at + 2));
	const before = is(places[at - 1]?.token, ".") ? at - 3 : at - 1;
	if (!is(places[before]?.token, ...mirrored)) return undefined;
	const begin = places.findLastIndex(
		({ token, depth }, place) =>
			place < before && depth <= (places[at]?.depth ?? 0) && is(token, ...endsOperand, "WHERE", "ON", "("),
	);
	return unitOf(places.slice(begin + 1, before));
}

const endsOperand = [
	"AND",
	"OR",
	")",
	",",
	";",
	"GROUP",
	"ORDER",
	"LIMIT",
	"HAVING",
	"THEN",
	"UNION",
	"WINDOW",
];

function operandFrom(places: readonly Place[], from: number): readonly Place[] {
	const depth = places[from]?.depth ?? 0;
	const end = places.findIndex(
		(place, at) => at >= from && place.depth <= depth && is(place.token, ...endsOperand) && at > from,
	);
	// A call's own parenthesis stands at the depth around it.
	const isCall = end >= 0 && is(places[end]?.token, ")") && is(places[from + 1]?.token, "(");
	return places.slice(from, end < 0 ? places.length : isCall ? restOf(places, end, depth) : end);
}

function restOf(places: readonly Place[], close: number, depth: number): number {
	const end = places.findIndex(
		(place, at) => at > close && place.depth <= depth && is(place.token, ...endsOperand),
	);
	return end < 0 ? places.length : end;
}

/** Of an instant of these years: 10 digits are seconds, 13 are milliseconds; `* 1000` makes those of these. */
function unitOf(operand: readonly Place[]): TimeComparison["unit"] | undefined {
	const numbers = operand.flatMap(({ token }) =>
		token.kind === "number" ? [Number(token.text.replaceAll("_", ""))] : [],
	);
	const isScaled = operand.some(
		({ token }, at) => is(token, "*") && /^1_?000(?:\.0*)?$|^1e3$/i.test(operand[at + 1]?.token.text ?? ""),
	);
	if (numbers.some((value) => value > 1e12 && value < 1e13)) return "milliseconds";
	const isSeconds =
		numbers.some((value) => value > 1e9 && value < 1e10) ||
		operand.some(({ token }, at) => isEpoch(token, operand[at + 2]?.token));
	return isSeconds ? (isScaled ? "milliseconds" : "seconds") : undefined;
}

/** `unixepoch(…)`, `strftime('%s', …)`. */
function isEpoch(token: Place["token"], argument: Place["token"] | undefined): boolean {
	return is(token, "UNIXEPOCH") || (is(token, "STRFTIME") && nameOf(argument) === "%s");
}

function comparedText(places: readonly Place[], at: number): string | undefined {
	const next = places[at + 1]?.token;
	const value = is(next, "=", "==") ? places[at + 2]?.token : undefined;
	if (value?.kind === "string") return nameOf(value);
	const inside = is(next, "IN") && is(places[at + 2]?.token, "(") ? places[at + 3]?.token : undefined;
	return inside?.kind === "string" ? nameOf(inside) : undefined;
}
