// Reads from a SELECT how SQLite calls the columns of its result, where the text alone tells.

import { splitAt } from "../cost/clauses.ts";
import { mayBeAlias } from "../cost/group-keys.ts";
import { isFrom, type Parsed, type Place } from "../text/structure.ts";
import { is, isIn, type Token } from "../text/tokens.ts";
import type { FixedTable } from "./fixed-tables.ts";

const endsList = new Set("WHERE GROUP HAVING WINDOW ORDER LIMIT UNION INTERSECT EXCEPT".split(" "));
/** Names of columns that no table declares: of rows, of VALUES. */
const undeclared = /^(?:rowid|oid|_rowid_|column\d+)$/;

/**
 * Undefined where only SQLite can tell: `*`, VALUES, and what may be an alias without AS.
 *
 * @param tables all that the text names
 * @see sqlite3GenerateColumnNames in SQLite's select.c
 */
export function resultColumns(
	{ places, tokens }: Parsed,
	tables: readonly FixedTable[],
): readonly string[] | undefined {
	const start = places.findIndex(({ token, depth }) => depth === 0 && is(token, "SELECT", "VALUES"));
	if (!is(places[start]?.token, "SELECT")) return undefined;
	const from = is(places[start + 1]?.token, "DISTINCT", "ALL") ? start + 2 : start + 1;
	let end = from;
	while (end < places.length && !endsAt(places, end)) end += 1;
	const names: string[] = [];
	for (const item of splitAt(places.slice(from, end), 0)) {
		const name = nameOfItem(item, places, tokens, tables);
		if (name === undefined) return undefined;
		names.push(name);
	}
	return names;
}

function endsAt(places: readonly Place[], at: number): boolean {
	const place = places[at];
	return place?.depth === 0 && (isIn(place.token, endsList) || isFrom(places, at));
}

function nameOfItem(
	item: readonly Place[],
	places: readonly Place[],
	tokens: readonly Token[],
	tables: readonly FixedTable[],
): string | undefined {
	const [first, last] = [item[0], item.at(-1)];
	const before = item.at(-2)?.token;
	if (first === undefined || last === undefined || is(last.token, "*")) return undefined;
	if (is(before, "AS")) return last.token.name;
	const isName = last.token.kind === "word" || last.token.kind === "quoted";
	if (item.length === 1 ? isName : is(before, "."))
		return isName && item.length <= 3 ? columnOf(last.token, places, tables) : undefined;
	// A column in parentheses goes by its name alone.
	if (is(first.token, "(")) return undefined;
	if (last.token.name !== undefined && mayBeAlias(item, item.length - 1)) return undefined;
	let text = "";
	for (let at = first.index; at <= last.index; at += 1) text += tokens[at]?.text ?? "";
	return text;
}

/** The column's name as it is declared, where it is written like that wherever it stands. */
function columnOf(
	{ name, folded }: Token,
	places: readonly Place[],
	tables: readonly FixedTable[],
): string | undefined {
	if (name === undefined || folded === undefined || undeclared.test(folded)) return undefined;
	let isKnown = false;
	for (const { declared } of tables) {
		const written: string = declared.get(folded) ?? name;
		if (written !== name) return undefined;
		isKnown ||= declared.has(folded);
	}
	for (let at = 0; at < places.length; at += 1) {
		const token = places[at]?.token;
		if (token?.folded !== folded) continue;
		if (token.name !== name) return undefined;
		isKnown ||= is(places[at - 1]?.token, "AS");
	}
	return isKnown ? name : undefined;
}
