// What the WHERE of a source's SELECT, or the ON of its join, lets through of it, whatever index the plan reads it by.

import { isFrom, type Place, sourcesAt } from "../text/structure.ts";
import { is, isIn, nameOf } from "../text/tokens.ts";
import { endingAt, sidesOf, termsOf, wordAt } from "./clauses.ts";
import { constantOf, literalOf } from "./constants.ts";
import { remembered } from "./remembered.ts";
import { aggregates } from "./row-bounds.ts";
import type { From, Sizes } from "./sizes.ts";
import type { TableStatistics } from "./statistics.ts";

export type Window = readonly [from: number, to: number];
export const always: Window = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Where the terms stand. */
export type Clause = "WHERE" | "ON";

interface Where {
	readonly terms: readonly (readonly Place[])[];
	/** The only source, so that a name without a qualifier is its column. */
	readonly isOnly: boolean;
	/** It is not grouped, makes no aggregate and skips nothing. */
	readonly wantsOne: boolean;
}

/** The share of a table's rows, at most: windows and literals that all have to hold; 1 where the text does not tell. */
export function letThrough(
	source: string,
	table: TableStatistics,
	sizes: Sizes,
	clause: Clause = "WHERE",
): number {
	const window = windowOf(source, sizes, clause);
	const share = window === always ? 1 : table.between(...window);
	return comparisonsOf(sizes, source, clause).reduce((least, { column, sign, operand }) => {
		const literal = is(sign.token, "=", "==") ? literalOf(operand.map(({ token }) => token)) : undefined;
		return literal === undefined ? least : Math.min(least, table.shareOf(column, literal));
	}, share);
}

/** The times of a source's rows that its WHERE, or its ON, lets through. */
export function windowOf(source: string, sizes: Sizes, clause: Clause = "WHERE"): Window {
	return windowOfTerms(comparisonsOf(sizes, source, clause), sizes.now);
}

/** The times of a source's rows that the WHERE of its FROM lets through. */
export function windowIn(from: From, source: string, places: readonly Place[], now: number): Window {
	const where = whereOf(source, places, [from]);
	return windowOfTerms(
		(where?.terms ?? []).flatMap((term) => comparisonOf(term, source, where?.isOnly ?? false) ?? []),
		now,
	);
}

function windowOfTerms(terms: readonly Comparison[], now: number): Window {
	return terms.reduce<Window>((window, comparison) => {
		const [from, to] = windowOfTerm(comparison, now);
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

const comparisonsOf = remembered(({ isNamed, places, froms }: Sizes, source: string, clause: Clause) => {
	if (!isNamed) return [];
	const where = clause === "WHERE" ? whereOf(source, places, froms()) : undefined;
	const terms = clause === "WHERE" ? where?.terms : onOf(source, places, froms());
	return (terms ?? []).flatMap((term) => comparisonOf(term, source, where?.isOnly ?? false) ?? []);
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
	const at = wordAt(tail, depth, "WHERE");
	const own = tail.filter((place) => place.depth === depth);
	// A NOT is of one term: it binds closer than AND.
	if (at < 0 || own.some(({ token }) => is(token, "OR", "CASE", "RIGHT", "FULL"))) return undefined;
	return {
		terms: termsOf(tail.slice(at + 1), depth),
		isOnly: only.sources.length === 1,
		wantsOne: wantsOne(places, only.at, depth),
	};
}

const endsOn =
	"LEFT RIGHT FULL INNER CROSS JOIN , WHERE GROUP ORDER HAVING LIMIT WINDOW UNION INTERSECT EXCEPT".split(
		" ",
	);

/** The terms of the ON right behind a source, all of which have to hold for a row of it to be found. */
function onOf(
	source: string,
	places: readonly Place[],
	froms: readonly From[],
): readonly (readonly Place[])[] | undefined {
	const from = fromOf(source, froms)?.at;
	if (from === undefined) return undefined;
	const depth = places[from]?.depth ?? 0;
	const tail = endingAt(places.slice(from), depth);
	const on = tail.findIndex(
		(place, at) =>
			place.depth === depth && is(place.token, "ON") && nameOf(tail[at - 1]?.token)?.toLowerCase() === source,
	);
	const terms = on < 0 ? [] : endingAt(tail.slice(on + 1), depth, ...endsOn);
	const own = terms.filter((place) => place.depth === depth);
	return own.some(({ token }) => is(token, "OR", "CASE")) ? undefined : termsOf(terms, depth);
}

function wantsOne(places: readonly Place[], from: number, depth: number): boolean {
	const start = places.findLastIndex(
		(place, at) => at < from && place.depth === depth && is(place.token, "SELECT"),
	);
	const isAggregate = places
		.slice(start, from)
		.some(({ token }, at) => isIn(token, aggregates) && is(places[start + at + 1]?.token, "("));
	const tail = endingAt(places.slice(from), depth);
	const limit = wordAt(tail, depth, "LIMIT");
	const isOne = limit < 0 || (tail[limit + 1]?.token.text === "1" && tail.length === limit + 2);
	const isPlain = tail.every(
		(place) =>
			place.depth > depth || !is(place.token, "GROUP", "HAVING", "UNION", "INTERSECT", "EXCEPT", "WINDOW"),
	);
	return start >= 0 && !isAggregate && isOne && isPlain;
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

const comparing =
	"IS ISNULL NOTNULL IN NOT LIKE GLOB MATCH REGEXP BETWEEN = == <> != < <= > >= COLLATE".split(" ");

type Comparison = NonNullable<ReturnType<typeof comparisonOf>>;

function windowOfTerm({ column, sign, operand }: Comparison, now: number): Window {
	if (column !== "created_at") return always;
	if (is(sign.token, "BETWEEN")) {
		// `BETWEEN 1 AND 2 IS FALSE` is about what BETWEEN says.
		if (operand.some((place) => place.depth === sign.depth && is(place.token, ...comparing))) return always;
		const [from, to] = sidesOf(operand, sign.depth).map((side) => constantOf(side, now));
		return [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
	}
	const value = is(sign.token, "<", "<=", ">", ">=") ? constantOf(operand, now) : undefined;
	if (value === undefined) return always;
	return is(sign.token, "<", "<=") ? [Number.NEGATIVE_INFINITY, value] : [value, Number.POSITIVE_INFINITY];
}
