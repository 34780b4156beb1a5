// What a text compares a column with: another column, a list, a subquery; and which times it asks for.
import { closing, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { constantOf } from "./constants.ts";

/** What stands on the other side of an equality. */
export type Other =
	| { readonly kind: "column"; readonly qualifier: string | undefined; readonly column: string }
	| { readonly kind: "list"; readonly size: number }
	| { readonly kind: "subquery" }
	| { readonly kind: "value"; readonly isNullToo: boolean };

export type Times =
	| { readonly kind: "between"; readonly from: number; readonly to: number }
	/** As long, around a value of another row. */
	| { readonly kind: "around"; readonly seconds: number }
	| { readonly kind: "any" };

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

/** Where a source's column is named, by itself or behind the source's name: the place behind it, and before it. */
function mentions(
	places: readonly Place[],
	alias: string,
	column: string,
): readonly { readonly before: number; readonly after: number }[] {
	return places.flatMap(({ token }, at) => {
		if (token.kind === "string" || nameOf(token)?.toLowerCase() !== column) return [];
		if (!is(places[at - 1]?.token, ".")) return [{ before: at - 1, after: at + 1 }];
		return nameOf(places[at - 2]?.token)?.toLowerCase() === alias ? [{ before: at - 3, after: at + 1 }] : [];
	});
}

/** Everything that a text compares a column with by `=`, IS, IN and USING. */
export function comparedWith(places: readonly Place[], alias: string, column: string): readonly Other[] {
	return mentions(places, alias, column).flatMap(({ before, after }): readonly Other[] => {
		const next = places[after]?.token;
		if (is(places[before]?.token, "=", "==") && !is(next, "=", "==")) return [operandBefore(places, before)];
		if (is(places[before]?.token, "IS")) return [{ kind: "value", isNullToo: true }];
		if (is(next, "=", "==")) return [operand(places, after + 1, false)];
		if (is(next, "IS")) return [{ kind: "value", isNullToo: true }];
		if (is(next, "IN")) return [inList(places, after + 1)];
		const open = places[after - 1]?.open ?? -1;
		if (open > 0 && is(places[open - 1]?.token, "USING"))
			return [{ kind: "column", qualifier: undefined, column }];
		return [];
	});
}

function operand(places: readonly Place[], start: number, isNullToo: boolean): Other {
	const words = places.slice(start, operandAt(places, start)).map(({ token }) => token);
	return asColumn(words) ?? { kind: "value", isNullToo };
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
	const depth = (places[open]?.depth ?? 0) + 1;
	const commas = places
		.slice(open, close)
		.filter((place) => place.depth === depth && is(place.token, ",")).length;
	return { kind: "list", size: commas + 1 };
}

interface Bound {
	readonly side: "low" | "high";
	readonly places: readonly Place[];
}

/**
 * The times that a text asks of a source's `created_at`; of several, the widest.
 *
 * @param now seconds
 * @param isOutermost the loop stands in no other, so that only constants bound it
 */
export function timesAsked(
	places: readonly Place[],
	alias: string,
	column: string,
	now: number,
	isOutermost: boolean,
): Times {
	const bounds: Bound[] = [];
	let isOther = false;
	for (const { before, after } of mentions(places, alias, column)) {
		const next = places[after]?.token;
		if (is(places[before]?.token, "<", "<=", ">", ">=")) isOther = true;
		if (is(next, ">", ">=", "<", "<=")) {
			const end = operandAt(places, after + 1);
			bounds.push({ side: is(next, ">", ">=") ? "low" : "high", places: places.slice(after + 1, end) });
		} else if (is(next, "BETWEEN")) {
			const and = operandAt(places, after + 1);
			const end = operandAt(places, and + 1);
			bounds.push({ side: "low", places: places.slice(after + 1, and) });
			bounds.push({ side: "high", places: places.slice(and + 1, end) });
		}
	}
	// Nothing around the outermost loop has a value yet.
	const stated = isOutermost
		? bounds.filter(({ places: side }) => constantOf(side, now) !== undefined)
		: bounds;
	if ((isOther && !isOutermost) || stated.length === 0) return { kind: "any" };
	return constantTimes(stated, now) ?? timesAround(stated, now) ?? { kind: "any" };
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
function timesAround(bounds: readonly Bound[], now: number): Times | undefined {
	const moving = bounds.filter(({ places }) => constantOf(places, now) === undefined);
	const read = moving.map(({ side, places }) => ({ side, ...offsetOf(places, now) }));
	const [first] = read;
	if (first === undefined || read.some(({ base }) => base !== first.base)) return undefined;
	const of = (wanted: Bound["side"]) => read.flatMap(({ side, offset }) => (side === wanted ? [offset] : []));
	const [low, high] = [of("low"), of("high")];
	if (low.length === 0 || high.length === 0) return undefined;
	return { kind: "around", seconds: Math.max(0, Math.max(...high) - Math.min(...low)) };
}

function offsetOf(places: readonly Place[], now: number): { readonly base: string; readonly offset: number } {
	const text = (some: readonly Place[]) => some.map(({ token }) => token.text.toLowerCase()).join(" ");
	const depth = places[0]?.depth;
	const sign = places.findLastIndex((place) => place.depth === depth && is(place.token, "+", "-"));
	if (sign <= 0) return { base: text(places), offset: 0 };
	const offset = constantOf(places.slice(sign), now);
	return offset === undefined
		? { base: text(places), offset: 0 }
		: { base: text(places.slice(0, sign)), offset };
}
