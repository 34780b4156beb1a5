// What a text compares a column with: another column, a list, a subquery; and which times it asks for.
import { closing, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { splitAt } from "./clauses.ts";
import { constantOf } from "./constants.ts";
import { isComparedByOtherName, isInComparedRow, mentions } from "./mentions.ts";
import { remembered } from "./remembered.ts";
import type { Described } from "./sizes.ts";

/** What stands on the other side of an equality. */
export type Other =
	| { readonly kind: "column"; readonly qualifier: string | undefined; readonly column: string }
	/** Its literals; undefined for what is none. */
	| { readonly kind: "list"; readonly values: readonly (string | undefined)[] }
	| { readonly kind: "subquery" }
	| { readonly kind: "value"; readonly isNullToo: boolean; readonly literal?: string | undefined };

export type Times =
	| { readonly kind: "between"; readonly from: number; readonly to: number }
	/** As long, around a time of another row, or around any that the text chooses. */
	| (Moving & { readonly kind: "around"; readonly isChosen: boolean })
	| { readonly kind: "any" };

/** A window that moves with a row of another source. */
export interface Moving {
	readonly seconds: number;
	/** What it is counted from, its words with spaces between them. */
	readonly base: string;
	/** Without one of its ends. */
	readonly isOpen: boolean;
}

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

/** What a single literal says; undefined for all else. */
export function literalOf(words: readonly Place["token"][]): string | undefined {
	const [only] = words;
	if (words.length !== 1 || only === undefined) return undefined;
	if (only.kind === "string") return nameOf(only);
	return only.kind === "number" && /^\d{1,15}(\.\d{1,15})?$/.test(only.text) ? only.text : undefined;
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

function readTimes(text: Described, source: string, column: string, isOutermost: boolean): Times {
	const { places, now, isGiven } = text;
	if (isComparedByOtherName(text, column)) return { kind: "any" };
	const bounds: Bound[] = [];
	for (const mention of mentions(text, source, column)) {
		const { before, after } = mention;
		const next = places[after]?.token;
		const left = comparedFrom(places, before, after);
		if (left !== undefined) {
			const other = operandBefore(places, left);
			if (!isOutermost || other.kind !== "column" || isGiven(other.column)) return { kind: "any" };
		}
		if (isInComparedRow(places, mention)) return { kind: "any" };
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
	if (stated.length === 0) return { kind: "any" };
	const isChosen = isOutermost || stated.some(({ places: side }) => !readsRow(side, isGiven));
	return constantTimes(stated, now) ?? timesAround(stated, now, isChosen) ?? { kind: "any" };
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

function constantTimes(bounds: readonly Bound[], now: number): Times | undefined {
	const values = bounds.map(({ side, places }) => ({ side, value: constantOf(places, now) }));
	const of = (wanted: Bound["side"]) =>
		values.flatMap(({ side, value }) => (side === wanted && value !== undefined ? [value] : []));
	if (values.some(({ value }) => value === undefined)) return undefined;
	const [low, high] = [of("low"), of("high")];
	return {
		kind: "between",
		from: low.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...low),
		to: high.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...high),
	};
}

/** `x - 60` and `x + 60`, of one x. */
function timesAround(bounds: readonly Bound[], now: number, isChosen: boolean): Times | undefined {
	const moving = bounds.filter(({ places }) => constantOf(places, now) === undefined);
	const read = moving.map(({ side, places }) => ({ side, ...offsetOf(places, now) }));
	const [first] = read;
	if (first === undefined || read.some(({ base }) => base !== first.base)) return undefined;
	const of = (wanted: Bound["side"]) => read.flatMap(({ side, offset }) => (side === wanted ? [offset] : []));
	const [low, high] = [of("low"), of("high")];
	if (low.length === 0 || high.length === 0) return undefined;
	const isOpen = (["low", "high"] as const).some((side) =>
		moving.every((bound) => bound.side !== side || bound.isOpen),
	);
	return {
		kind: "around",
		seconds: Math.max(0, Math.max(...high) - Math.min(...low)),
		isChosen,
		base: first.base,
		isOpen,
	};
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
