// Cuts a text by the words that stand at one depth of its parentheses.

import { type CommonTable, closing, commonTables, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";

/** The place of the first of these words at a depth; -1 where none stands there. */
export function wordAt(places: readonly Place[], depth: number, ...words: readonly string[]): number {
	return places.findIndex((place) => place.depth === depth && is(place.token, ...words));
}

/** Up to the first of these words, a semicolon, or where the parentheses close. */
export function endingAt(
	places: readonly Place[],
	depth: number,
	...words: readonly string[]
): readonly Place[] {
	const end = places.findIndex(
		(place) => place.depth < depth || (place.depth === depth && is(place.token, ";", ...words)),
	);
	return end < 0 ? places : places.slice(0, end);
}

/** Cut at each comma. */
export function splitAt(places: readonly Place[], depth: number): readonly (readonly Place[])[] {
	const parts: Place[][] = [[]];
	for (const place of places) {
		if (place.depth === depth && is(place.token, ",")) parts.push([]);
		else parts.at(-1)?.push(place);
	}
	return parts;
}

/** Cut at each AND, but not at that of a BETWEEN. */
export function termsOf(places: readonly Place[], depth: number): readonly (readonly Place[])[] {
	const terms: Place[][] = [[]];
	let isBetween = false;
	for (const place of places) {
		const isOwn = place.depth === depth;
		if (isOwn && is(place.token, "BETWEEN")) isBetween = true;
		if (isOwn && is(place.token, "AND") && !isBetween) terms.push([]);
		else {
			if (isOwn && is(place.token, "AND")) isBetween = false;
			terms.at(-1)?.push(place);
		}
	}
	return terms;
}

/** The two sides of what follows BETWEEN. */
export function sidesOf(
	operand: readonly Place[],
	depth: number,
): readonly [low: readonly Place[], high: readonly Place[]] {
	const and = wordAt(operand, depth, "AND");
	return [operand.slice(0, and), operand.slice(and + 1)];
}

/** The common table expressions and the subqueries that have a name, with the places of their parentheses. */
export function namedBodies(places: readonly Place[]): readonly CommonTable[] {
	const named = places.flatMap(({ token }, open): readonly CommonTable[] => {
		if (!is(token, "(") || !is(places[open + 1]?.token, "SELECT")) return [];
		const close = closing(places, open);
		const name = nameOf(places[is(places[close + 1]?.token, "AS") ? close + 2 : close + 1]?.token);
		return name === undefined ? [] : [{ name, open, close }];
	});
	return [...commonTables(places), ...named];
}
