// What a text compares a column with: another column, a list, a subquery; and which times it asks for.
import { closing, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { splitAt } from "./clauses.ts";
import { constantOf, literalOf } from "./constants.ts";
import { always, windowOf } from "./filters.ts";
import { isComparedByOtherName, isInComparedRow, mentions } from "./mentions.ts";
import { remembered } from "./remembered.ts";
import type { Described, Sizes } from "./sizes.ts";

/** What stands on the other side of an equality. */
export type Other =
	| { readonly kind: "column"; readonly qualifier: string | undefined; readonly column: string }
	/** Its literals; undefined for what is none. */
	| { readonly kind: "list"; readonly values: readonly (string | undefined)[] }
	| { readonly kind: "subquery" }
	| { readonly kind: "value"; readonly isNullToo: boolean; readonly literal?: string | undefined };

/** The times that an index is asked for. */
export interface Times {
	readonly from: number;
	readonly to: number;
	/** For one row of another source. */
	readonly moving?: Moving & {
		/** Around any time that the text chooses. */
		readonly isChosen: boolean;
	};
}

/** A window that moves with a row of another source. */
export interface Moving {
	readonly seconds: number;
	/** What it is counted from, its words with spaces between them. */
	readonly base: string;
	/** Without one of its ends. */
	readonly isOpen: boolean;
}

const anyTime: Times = { from: always[0], to: always[1] };

const endsOperand = new Set(
	"AND OR THEN ELSE END WHEN GROUP ORDER HAVING LIMIT WHERE JOIN LEFT RIGHT FULL INNER CROSS UNION INTERSECT EXCEPT WINDOW COLLATE AS ASC DESC IS NOT IN LIKE GLOB BETWEEN , ; = == <> != < > <= >=".split(
		" ",
	),
);

/** From a place to where its operand ends. */
function operandAt(places: readonly Place[], start: number): number {
	const depth = places[start]?.depth ?? 0;
	let at = start;
	while (at < places.length) {
		const place = places[at];
		if (place === undefined || place.depth < depth) return at;
		if (place.depth === depth && (endsOperand.has(place.token.key) || (is(place.token, ")") && at === start)))
			return at;
		at += 1;
	}
	return at;
}

/** Everything that a text compares a column with by `=`, IS, IN and USING. */
export const comparedWith = remembered(readCompared);

function readCompared(text: Described, source: string, column: string): readonly Other[] {
	const { places } = text;
	const anything: Other = { kind: "value", isNullToo: true };
	const found = mentions(text, source, column).flatMap((mention): readonly Other[] => {
		const { before, after } = mention;
		const next = places[after]?.token;
		if (is(places[before]?.token, "=", "==") && !is(next, "=", "==", "COLLATE"))
			return [operandBefore(places, before)];
		if (is(places[before]?.token, "IS")) return [anything];
		if (is(next, "=", "==")) return [operand(places, after + 1)];
		if (is(next, "IS", "COLLATE")) return [anything];
		if (is(next, "IN")) return [inList(places, after + 1)];
		const open = places[after - 1]?.open ?? -1;
		if (open > 0 && is(places[open - 1]?.token, "USING"))
			return [{ kind: "column", qualifier: undefined, column }];
		return isInComparedRow(places, mention) ? [{ kind: "subquery" }] : [];
	});
	return isComparedByOtherName(text, column) ? [...found, anything] : found;
}

function operand(places: readonly Place[], start: number): Other {
	const end = operandAt(places, start);
	const words = places.slice(start, end).map(({ token }) => token);
	// Another collation finds more than what is written alike.
	const literal = is(places[end]?.token, "COLLATE") ? undefined : literalOf(words);
	return asColumn(words) ?? { kind: "value", isNullToo: false, literal };
}

function asColumn(words: readonly Place["token"][]): Other | undefined {
	const [first, dot, second] = words;
	const isName = (token: Place["token"] | undefined) => token?.kind === "word" || token?.kind === "quoted";
	if (words.length === 1 && isName(first))
		return { kind: "column", qualifier: undefined, column: nameOf(first)?.toLowerCase() ?? "" };
	if (words.length === 3 && isName(first) && is(dot, ".") && isName(second))
		return {
			kind: "column",
			qualifier: nameOf(first)?.toLowerCase(),
			column: nameOf(second)?.toLowerCase() ?? "",
		};
	return undefined;
}

/** The column before an `=`; what is not one is any value. */
function operandBefore(places: readonly Place[], equal: number): Other {
	const isQualified = is(places[equal - 2]?.token, ".");
	const start = equal - (isQualified ? 3 : 1);
	const before = places[start - 1]?.token;
	const isAlone =
		before === undefined ||
		is(before, "(", ",", "ON", "WHERE", "AND", "OR", "HAVING", "SELECT", "WHEN", "NOT");
	const words = places.slice(start, equal).map(({ token }) => token);
	return (isAlone ? asColumn(words) : undefined) ?? { kind: "value", isNullToo: false };
}

function inList(places: readonly Place[], open: number): Other {
	const first = places[open + 1]?.token;
	if (!is(places[open]?.token, "(") || is(first, "SELECT", "WITH", "VALUES", "("))
		return { kind: "subquery" };
	const close = closing(places, open);
	const items = splitAt(places.slice(open + 1, close), (places[open]?.depth ?? 0) + 1);
	return { kind: "list", values: items.map((item) => literalOf(item.map(({ token }) => token))) };
}

interface Bound {
	readonly side: "low" | "high";
	readonly isOpen: boolean;
	readonly places: readonly Place[];
}

/**
 * The times that a text asks of a source's `created_at`; of several, the widest.
 *
 * @param isOutermost the loop stands in no other, so that no other source's column bounds it
 */
export const timesAsked = remembered(readTimes);

function readTimes(text: Sizes, source: string, column: string, isOutermost: boolean): Times {
	const { places, isGiven } = text;
	if (isComparedByOtherName(text, column)) return anyTime;
	const bounds: Bound[] = [];
	for (const mention of mentions(text, source, column)) {
		const { before, after } = mention;
		const next = places[after]?.token;
		const left = comparedFrom(places, before, after);
		if (left !== undefined) {
			const other = operandBefore(places, left);
			if (!isOutermost || other.kind !== "column" || isGiven(other.column)) return anyTime;
		}
		if (isInComparedRow(places, mention)) return anyTime;
		if (is(next, ">", ">=", "<", "<=")) {
			const end = operandAt(places, after + 1);
			bounds.push({
				side: is(next, ">", ">=") ? "low" : "high",
				isOpen: is(next, ">", "<"),
				places: places.slice(after + 1, end),
			});
		} else if (is(next, "BETWEEN")) {
			const and = operandAt(places, after + 1);
			const end = operandAt(places, and + 1);
			bounds.push({ side: "low", isOpen: false, places: places.slice(after + 1, and) });
			bounds.push({ side: "high", isOpen: false, places: places.slice(and + 1, end) });
		}
	}
	// Nothing around the outermost loop has a value yet.
	const stated = isOutermost ? bounds.filter(({ places: side }) => !readsRow(side, isGiven)) : bounds;
	if (stated.length === 0) return anyTime;
	const limits = (wanted: Bound["side"]) =>
		stated.flatMap((bound) => (bound.side === wanted ? [limitOf(bound, text)] : []));
	const [low, high] = [limits("low"), limits("high")];
	const isChosen = isOutermost || stated.some(({ places: side }) => !readsRow(side, isGiven));
	const moving = movingWindow(stated, text.now);
	return {
		from: low.length === 0 ? always[0] : Math.min(...low),
		to: high.length === 0 ? always[1] : Math.max(...high),
		...(moving === undefined ? {} : { moving: { ...moving, isChosen } }),
	};
}

/** The constant that a bound never goes beyond: a time of a table's row lies in the window that its WHERE lets through. */
function limitOf({ side, places }: Bound, text: Sizes): number {
	const constant = constantOf(places, text.now);
	if (constant !== undefined) return constant;
	const { base, offset } = offsetOf(places, text.now);
	const of = /^(\w{1,100}) \. created_at$/.exec(base)?.[1];
	const names = of === undefined ? [] : text.namesOf(of);
	const isTable = names.length === 1 && text.statistics(names[0] ?? "") !== undefined;
	const [from, to] = of !== undefined && isTable ? windowOf(of, text) : always;
	return offset + (side === "low" ? from : to);
}

/** Where a comparison stands of which a column is the right side alone: `x < column`, `x BETWEEN column AND y`. */
function comparedFrom(places: readonly Place[], before: number, after: number): number | undefined {
	if (is(places[after]?.token, "+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>")) return undefined;
	if (is(places[before]?.token, "<", "<=", ">", ">=", "BETWEEN")) return before;
	if (!is(places[before]?.token, "AND")) return undefined;
	const depth = places[before]?.depth;
	for (let at = before - 1; at >= 0 && (places[at]?.depth ?? -1) >= (depth ?? 0); at -= 1) {
		if (places[at]?.depth !== depth) continue;
		if (is(places[at]?.token, "BETWEEN")) return at;
		if (is(places[at]?.token, "AND", "OR", "WHERE", "ON", "HAVING", "WHEN")) return undefined;
	}
	return undefined;
}

/** Whether an expression has a value for a row of another source alone; a column of a subquery may be a constant. */
function readsRow(places: readonly Place[], isGiven: (column: string) => boolean): boolean {
	if (places.some(({ token }) => is(token, "SELECT", "VALUES"))) return false;
	const columns = places.filter(
		({ token }, at) =>
			(token.kind === "word" || token.kind === "quoted") && !is(places[at + 1]?.token, ".", "("),
	);
	return columns.length > 0 && columns.every(({ token }) => !isGiven(nameOf(token)?.toLowerCase() ?? ""));
}

/** `x - 60` and `x + 60`, of one x. A plan may ask for any of several bounds, so that there is no constant among them. */
function movingWindow(bounds: readonly Bound[], now: number): Moving | undefined {
	if (bounds.some(({ places }) => constantOf(places, now) !== undefined)) return undefined;
	const read = bounds.map(({ side, places }) => ({ side, ...offsetOf(places, now) }));
	const [first] = read;
	if (first === undefined || read.some(({ base }) => base !== first.base)) return undefined;
	const of = (wanted: Bound["side"]) => read.flatMap(({ side, offset }) => (side === wanted ? [offset] : []));
	const [low, high] = [of("low"), of("high")];
	if (low.length === 0 || high.length === 0) return undefined;
	const isOpen = (["low", "high"] as const).some((side) =>
		bounds.every((bound) => bound.side !== side || bound.isOpen),
	);
	return { seconds: Math.max(0, Math.max(...high) - Math.min(...low)), base: first.base, isOpen };
}

/** What binds no closer than a sum, or is part of one: `x & 0 - 1` is `x & (0 - 1)`. */
const bindsCloser = new Set(", . ( ) * / % + - ||".split(" "));

/** An expression as a base and a number that is added to it. */
export function offsetOf(
	places: readonly Place[],
	now: number,
): { readonly base: string; readonly offset: number } {
	const text = (some: readonly Place[]) => some.map(({ token }) => token.text.toLowerCase()).join(" ");
	const depth = places[0]?.depth;
	const sign = places.findLastIndex((place) => place.depth === depth && is(place.token, "+", "-"));
	const isSum = places.every(
		({ token, depth: at }) => at !== depth || token.kind !== "sign" || bindsCloser.has(token.text),
	);
	const before = places[sign - 1]?.token;
	const isBinary = before !== undefined && (before.kind !== "sign" || is(before, ")"));
	const offset = isSum && isBinary ? constantOf(places.slice(sign), now) : undefined;
	return offset === undefined
		? { base: text(places), offset: 0 }
		: { base: text(places.slice(0, sign)), offset };
}
