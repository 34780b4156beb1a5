// Finds the columns that make the rows of a subquery unique.

import { commonTables, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { namedBodies, splitAt, wordAt } from "./clauses.ts";

/**
 * The columns, in lowercase, that distinguish the rows of a common table expression or named subquery: what it is
 * grouped by, where that is among its columns. Nothing for a name that stands for two. By their names in lowercase.
 */
export function groupKeys(places: readonly Place[]): ReadonlyMap<string, readonly string[]> {
	const keys = new Map<string, readonly string[]>();
	const named = new Set<string>();
	for (const { name: given, open, close } of namedBodies(places)) {
		const name = given.toLowerCase();
		const found = keysOfBody(places, open, close);
		if (found === undefined || named.has(name)) keys.delete(name);
		else keys.set(name, found);
		named.add(name);
	}
	return keys;
}

function keysOfBody(places: readonly Place[], open: number, close: number): readonly string[] | undefined {
	const depth = (places[open]?.depth ?? 0) + 1;
	const own = places.slice(open + 1, close);
	const at = (...words: readonly string[]) => wordAt(own, depth, ...words);
	const [from, group] = [at("FROM"), at("GROUP")];
	if (!is(own[0]?.token, "SELECT") || from < 0 || group < 0) return undefined;
	if (at("UNION", "INTERSECT", "EXCEPT") >= 0) return undefined;
	// `name (other, names) AS (…)`.
	if (is(places[open - 1]?.token, "AS") && is(places[open - 2]?.token, ")")) return undefined;
	const items = splitAt(own.slice(1, from), depth);
	const after = at("HAVING", "WINDOW", "ORDER", "LIMIT");
	const terms = splitAt(own.slice(group + 2, after < 0 ? own.length : after), depth);
	const keys = terms.map((term) => keyOfTerm(term, items));
	return keys.every((key) => key !== undefined) ? keys : undefined;
}

/** The name of the one column that is exactly what it is grouped by: by its number, or written alike. */
function keyOfTerm(term: readonly Place[], items: readonly (readonly Place[])[]): string | undefined {
	const [first] = term;
	const place = term.length === 1 && first?.token.kind === "number" ? Number(first.token.text) : undefined;
	const item =
		place === undefined ? items.find((one) => textOf(withoutAlias(one)) === textOf(term)) : items[place - 1];
	const last = nameOf(item?.at(-1)?.token)?.toLowerCase();
	if (item === undefined || last === undefined) return undefined;
	const isNamed = item.length === 1 || is(item.at(-2)?.token, "AS", ".");
	const isOnly = items.filter((one) => nameOf(one.at(-1)?.token)?.toLowerCase() === last).length === 1;
	return isNamed && isOnly && item[0]?.token.kind !== "string" ? last : undefined;
}

/** `date(created_at) AS day`, and the same without AS. */
export function withoutAlias(item: readonly Place[]): readonly Place[] {
	if (is(item.at(-2)?.token, "AS")) return item.slice(0, -2);
	const isNamed = item.at(-1)?.token.kind === "word" && !is(item.at(-1)?.token, "END");
	return isNamed && is(item.at(-2)?.token, ")") ? item.slice(0, -1) : item;
}

function textOf(places: readonly Place[]): string {
	return places.map(({ token }) => token.text.toLowerCase()).join(" ");
}

const wordsBeforeNames =
	"ALL AND BETWEEN BY CASE DISTINCT ELSE FROM GLOB HAVING IN IS JOIN LIKE NOT ON OR SELECT THEN WHEN WHERE".split(
		" ",
	);

/** Whether a name at a place may be the alias of what stands before it. */
export function mayBeAlias(places: readonly Place[], at: number): boolean {
	const before = places[at - 1]?.token;
	if (before === undefined) return false;
	return before.kind === "sign" ? before.text === ")" : !is(before, ...wordsBeforeNames);
}

/** The names, in lowercase, that a text gives to columns itself: such a name may hold anything. */
export function namesGiven(places: readonly Place[]): ReadonlySet<string> {
	const given = new Set<string>();
	places.forEach(({ token }, at) => {
		const name = nameOf(token)?.toLowerCase();
		if (name !== undefined && mayBeAlias(places, at)) given.add(name);
	});
	for (const { open } of commonTables(places)) {
		// `name (columns) AS (`.
		for (let at = open - 1; at >= 0 && !is(places[at]?.token, "("); at -= 1) {
			const name = nameOf(places[at]?.token)?.toLowerCase();
			if (name !== undefined) given.add(name);
		}
	}
	return given;
}
