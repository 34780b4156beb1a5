// What the WHERE of a source's SELECT lets through of it, whatever index the plan reads it by.

import { isFrom, type Place, sourcesAt } from "../text/structure.ts";
import { is, isIn, nameOf } from "../text/tokens.ts";
import { literalOf } from "./conditions.ts";
import { constantOf } from "./constants.ts";
import { remembered } from "./remembered.ts";
import { aggregates } from "./row-bounds.ts";
import type { From, Sizes } from "./sizes.ts";
import type { TableStatistics } from "./statistics.ts";

export type Window = readonly [from: number, to: number];
const always: Window = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

interface Where {
	readonly terms: readonly (readonly Place[])[];
	/** The only source, so that a name without a qualifier is its column. */
	readonly isOnly: boolean;
	/** It is not grouped, makes no aggregate and skips nothing. */
	readonly wantsOne: boolean;
}

/** The share of a table's rows, at most: windows and literals that all have to hold; 1 where the text does not tell. */
export function letThrough(source: string, table: TableStatistics, sizes: Sizes): number {
	const window = windowOf(source, sizes);
	const share = window === always ? 1 : table.between(...window);
	return comparisonsOf(sizes, source).reduce((least, { column, sign, operand }) => {
		const literal = is(sign.token, "=", "==") ? literalOf(operand.map(({ token }) => token)) : undefined;
		return literal === undefined ? least : Math.min(least, table.shareOf(column, literal));
	}, share);
}

/** The times of a source's rows that its WHERE lets through. */
export function windowOf(source: string, sizes: Sizes): Window {
	return comparisonsOf(sizes, source).reduce<Window>((window, comparison) => {
		const [from, to] = windowOfTerm(comparison, sizes.now);
		return from === always[0] && to === always[1]
			? window
			: [Math.max(window[0], from), Math.min(window[1], to)];
	}, always);
}

/**
 * Whether a subquery that wants one row ends at the first that its index finds: it reads one source, and everything
 * in its WHERE is a condition of the index.
 *
 * @param conditions as the plan lists them: `user_id=? AND created_at<?`
 */
export function endsAtFirst(source: string, conditions: string, { isNamed, places, froms }: Sizes): boolean {
	const where = isNamed ? whereOf(source, places, froms()) : undefined;
	if (where === undefined || !where.isOnly || !where.wantsOne) return false;
	const compared = where.terms.map((term) => comparisonOf(term, source, true));
	const found = conditions.toLowerCase().match(/\w+(?=[<>=])/g) ?? [];
	const needed = compared.reduce((sum, one) => sum + (is(one?.sign.token, "BETWEEN") ? 2 : 1), 0);
	return (
		needed <= found.length &&
		compared.every(
			(one) =>
				one !== undefined &&
				found.some((column) => column === one.column) &&
				is(one.sign.token, "=", "==", "<", "<=", ">", ">=", "BETWEEN"),
		)
	);
}

const comparisonsOf = remembered(({ isNamed, places, froms }: Sizes, source: string) => {
	const where = isNamed ? whereOf(source, places, froms()) : undefined;
	return (where?.terms ?? []).flatMap((term) => comparisonOf(term, source, where?.isOnly ?? false) ?? []);
});

export function fromsIn(places: readonly Place[]): readonly From[] {
	return places.flatMap((_, at) => (isFrom(places, at) ? [{ at, sources: sourcesAt(places, at) }] : []));
}

/** The one FROM that has a source of this name, and once. */
export function fromOf(source: string, froms: readonly From[]): From | undefined {
	const [only, ...more] = froms.flatMap((from) =>
		from.sources.flatMap(({ alias }) => (alias?.toLowerCase() === source ? [from] : [])),
	);
	return more.length > 0 ? undefined : only;
}

function whereOf(source: string, places: readonly Place[], froms: readonly From[]): Where | undefined {
	const only = fromOf(source, froms);
	if (only === undefined) return undefined;
	const depth = places[only.at]?.depth ?? 0;
	const tail = endingAt(
		places.slice(only.at),
		depth,
		"GROUP",
		"ORDER",
		"HAVING",
		"LIMIT",
		"WINDOW",
		"UNION",
		"INTERSECT",
		"EXCEPT",
	);
	const at = tail.findIndex((place) => place.depth === depth && is(place.token, "WHERE"));
	const own = tail.filter((place) => place.depth === depth);
	if (at < 0 || own.some(({ token }) => is(token, "OR", "NOT", "CASE", "RIGHT", "FULL"))) return undefined;
	return {
		terms: termsOf(tail.slice(at + 1), depth),
		isOnly: only.sources.length === 1,
		wantsOne: wantsOne(places, only.at, depth),
	};
}

function wantsOne(places: readonly Place[], from: number, depth: number): boolean {
	const start = places.findLastIndex(
		(place, at) => at < from && place.depth === depth && is(place.token, "SELECT"),
	);
	const isAggregate = places
		.slice(start, from)
		.some(({ token }, at) => isIn(token, aggregates) && is(places[start + at + 1]?.token, "("));
	const tail = endingAt(places.slice(from), depth);
	const limit = tail.findIndex((place) => place.depth === depth && is(place.token, "LIMIT"));
	const isOne = limit < 0 || (tail[limit + 1]?.token.text === "1" && tail.length === limit + 2);
	const isPlain = tail.every(
		(place) =>
			place.depth > depth || !is(place.token, "GROUP", "HAVING", "UNION", "INTERSECT", "EXCEPT", "WINDOW"),
	);
	return start >= 0 && !isAggregate && isOne && isPlain;
}

function endingAt(places: readonly Place[], depth: number, ...words: readonly string[]): readonly Place[] {
	const end = places.findIndex(
		(place) => place.depth < depth || (place.depth === depth && is(place.token, ";", ...words)),
	);
	return end < 0 ? places : places.slice(0, end);
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

/** What a term compares a column of the source with; undefined where it is about something else. */
export function comparisonOf(
	term: readonly Place[],
	source: string,
	isOnly: boolean,
): { readonly column: string; readonly sign: Place; readonly operand: readonly Place[] } | undefined {
	const isQualified = is(term[1]?.token, ".");
	if (isQualified ? nameOf(term[0]?.token)?.toLowerCase() !== source : !isOnly) return undefined;
	const [name, sign, ...operand] = isQualified ? term.slice(2) : term;
	const column = nameOf(name?.token)?.toLowerCase();
	return column === undefined || sign === undefined ? undefined : { column, sign, operand };
}

function windowOfTerm(
	{ column, sign, operand }: NonNullable<ReturnType<typeof comparisonOf>>,
	now: number,
): Window {
	if (column !== "created_at") return always;
	if (is(sign.token, "BETWEEN")) {
		const and = operand.findIndex((place) => place.depth === sign.depth && is(place.token, "AND"));
		const from = constantOf(operand.slice(0, and), now);
		const to = constantOf(operand.slice(and + 1), now);
		return [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
	}
	const value = is(sign.token, "<", "<=", ">", ">=") ? constantOf(operand, now) : undefined;
	if (value === undefined) return always;
	return is(sign.token, "<", "<=") ? [Number.NEGATIVE_INFINITY, value] : [value, Number.POSITIVE_INFINITY];
}
