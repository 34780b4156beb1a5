// Where a text names a source's column, and by which other names it may go.

import { closing, commonTables, opening, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import type { Described } from "./sizes.ts";

/** The places before and behind a name, with what qualifies it. */
export interface Mention {
	readonly before: number;
	readonly after: number;
	readonly qualifier: string | undefined;
}

const comparisons = ["=", "==", "<>", "!=", "<", ">", "<=", ">=", "IS", "IN", "BETWEEN", "LIKE", "GLOB"];

/** Where a column is named: by itself, behind the source's name, or behind that of a subquery that may hold it. */
export function mentions(text: Described, source: string, column: string): readonly Mention[] {
	return everyMention(text.places, column).filter(
		({ qualifier }) => qualifier === undefined || qualifier === source || mayHold(text, qualifier),
	);
}

function mayHold({ isNamed, namesOf, statistics }: Described, qualifier: string): boolean {
	const names = namesOf(qualifier);
	return !isNamed || names.length === 0 || names.some((name) => statistics(name) === undefined);
}

function everyMention(places: readonly Place[], column: string): readonly Mention[] {
	return places.flatMap(({ token }, at): readonly Mention[] => {
		if (token.kind === "string" || nameOf(token)?.toLowerCase() !== column) return [];
		if (!is(places[at - 1]?.token, ".")) return [{ before: at - 1, after: at + 1, qualifier: undefined }];
		return [{ before: at - 3, after: at + 1, qualifier: nameOf(places[at - 2]?.token)?.toLowerCase() ?? "" }];
	});
}

/** Whether it stands in parentheses that are compared: `(a, b) = (1, 2)`, `(a) > 0`. */
export function isInComparedRow(places: readonly Place[], { after }: Mention): boolean {
	for (let open = places[after - 1]?.open ?? -1; open >= 0; open = places[open]?.open ?? -1) {
		if (is(places[open + 1]?.token, "SELECT", "WITH")) return false;
		const before = places[open - 1]?.token;
		const isCall = (before?.kind === "word" || before?.kind === "quoted") && !is(before, ...wordsBefore);
		if (isCall) return false;
		if (is(before, ...comparisons) || is(places[closing(places, open) + 1]?.token, ...comparisons))
			return true;
	}
	return false;
}

const wordsBefore = [
	...comparisons,
	"AND",
	"OR",
	"ON",
	"WHERE",
	"NOT",
	"HAVING",
	"WHEN",
	"THEN",
	"ELSE",
	"BY",
	"SELECT",
];

/** Whether the text gives a column another name, and compares that. */
export function isComparedByOtherName({ places }: Described, column: string): boolean {
	return otherNames(places, column).some((name) =>
		everyMention(places, name).some(
			(mention) =>
				is(places[mention.before]?.token, ...comparisons, "AND") ||
				is(places[mention.after]?.token, ...comparisons, "COLLATE") ||
				isInComparedRow(places, mention),
		),
	);
}

function otherNames(places: readonly Place[], column: string): readonly string[] {
	const aliases = everyMention(places, column).flatMap(({ after }) =>
		is(places[after]?.token, "AS") ? [nameOf(places[after + 1]?.token)?.toLowerCase() ?? ""] : [],
	);
	// `name (other, names) AS (…)`: any of them may be the column's.
	const listed = commonTables(places).flatMap(({ open, close }) => {
		const holds = everyMention(places.slice(open, close), column).length > 0;
		const end = is(places[open - 1]?.token, "MATERIALIZED")
			? is(places[open - 2]?.token, "NOT")
				? open - 3
				: open - 2
			: open - 1;
		if (!holds || !is(places[end]?.token, "AS") || !is(places[end - 1]?.token, ")")) return [];
		const start = places[end - 2]?.open ?? end;
		return places.slice(start, end).flatMap(({ token }) => nameOf(token)?.toLowerCase() ?? []);
	});
	return [...new Set([...aliases, ...listed])].filter((name) => name !== column);
}

/**
 * Whether a row of values is looked for by IN where it makes a difference that it may be NULL: `(a, b) NOT IN (…)`. As a
 * term of a WHERE by itself it does not (sqlite3ExprCodeIN in expr.c).
 */
export function comparesRows(places: readonly Place[]): boolean {
	return places.some(({ token }, at) => {
		if (!is(token, "IN")) return false;
		const isNegated = is(places[at - 1]?.token, "NOT");
		const open = opening(places, isNegated ? at - 2 : at - 1);
		if (open === undefined) return false;
		const before = places[open - 1]?.token;
		const isCall = (before?.kind === "word" || before?.kind === "quoted") && !is(before, ...wordsBefore);
		const isRow = !isCall && places.some((place) => place.open === open && is(place.token, ","));
		return isRow && (isNegated || !isTermOfWhere(places, open, at));
	});
}

/** Whether what begins at a parenthesis, and is looked for by IN, has to hold with all else of its WHERE. */
function isTermOfWhere(places: readonly Place[], open: number, at: number): boolean {
	const { depth = 0, open: around = -1 } = places[open] ?? {};
	const isOwnSelect = around < 0 || is(places[around + 1]?.token, "SELECT", "WITH");
	const clause = places.findLast(
		(place, index) => index < open && place.depth === depth && is(place.token, ...startsTerms),
	);
	const after = places[closing(places, at + 1) + 1]?.token;
	return (
		isOwnSelect &&
		is(clause?.token, "WHERE") &&
		is(places[open - 1]?.token, "WHERE", "AND") &&
		is(places[at + 1]?.token, "(") &&
		(after === undefined || is(after, "AND", "GROUP", "ORDER", "LIMIT", "UNION", ")"))
	);
}

const startsTerms = "SELECT FROM ON WHERE HAVING BY OR NOT CASE WHEN THEN ELSE BETWEEN".split(" ");
