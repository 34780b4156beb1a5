// How many rows the largest partition of a text's windows has: of a window's rows, one partition is kept at a time.
import { closing, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { endingAt, splitAt } from "./clauses.ts";
import type { Described, From } from "./sizes.ts";

/** Infinite where the text does not tell. */
export function largestPartition(text: Described, froms: readonly From[]): number {
	const { places } = text;
	// What is joined or put together may hold a row several times.
	const isSingle = froms.every(
		({ sources: [only, ...more] }) => more.length === 0 && only?.kind !== "function",
	);
	if (!isSingle || places.some(({ token }) => is(token, "UNION"))) return Number.POSITIVE_INFINITY;
	const overs = places.flatMap(({ token }, at) => (is(token, "OVER") ? [definitionAt(places, at + 1)] : []));
	return Math.max(0, ...overs.map((definition) => rowsAlike(definition, text)));
}

/** What stands in the parentheses behind OVER, or behind the name in WINDOW. */
function definitionAt(places: readonly Place[], at: number): readonly Place[] {
	if (is(places[at]?.token, "(")) return places.slice(at + 1, closing(places, at));
	const name = nameOf(places[at]?.token)?.toLowerCase();
	const [only, ...more] = places.flatMap(({ token }, place) =>
		nameOf(token)?.toLowerCase() === name && is(places[place + 1]?.token, "AS") ? [place] : [],
	);
	return only === undefined || more.length > 0 ? [] : definitionAt(places, only + 2);
}

/** The most rows that have the same value of a column that partitions them. */
function rowsAlike(definition: readonly Place[], { tablesWith, isGiven }: Described): number {
	const [partition, by, first] = definition;
	if (!is(partition?.token, "PARTITION") || !is(by?.token, "BY") || first === undefined)
		return Number.POSITIVE_INFINITY;
	const terms = splitAt(
		endingAt(definition.slice(2), first.depth, "ORDER", "ROWS", "RANGE", "GROUPS"),
		first.depth,
	);
	return Math.min(
		...terms.map((term) => {
			const column = nameOf(term.at(-1)?.token)?.toLowerCase() ?? "";
			const isColumn = term.length === 1 || (term.length === 3 && is(term[1]?.token, "."));
			const tables = isColumn && !isGiven(column) ? tablesWith(column) : [];
			const rows = tables.map((table) => {
				const { top, nulls } = table.column(column);
				return Math.max(top, nulls) * table.rows;
			});
			return rows.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...rows);
		}),
	);
}
