// How near in time a join wants its rows, where its terms say so and no row costs more than a glance before they do.

import { commonTables, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { endingAt, sidesOf, termsOf, wordAt } from "./clauses.ts";
import { type Moving, offsetOf } from "./conditions.ts";
import { constantOf } from "./constants.ts";
import { comparisonOf, fromOf } from "./filters.ts";
import { remembered } from "./remembered.ts";
import type { From, Sizes } from "./sizes.ts";

/** Terms that a row is held against before it is dropped, at most. */
const maxTerms = 6;
const ends = "GROUP ORDER HAVING LIMIT WINDOW UNION INTERSECT EXCEPT".split(" ");

export interface Nearness {
	/** The one other source of the FROM. */
	readonly to: string;
	/** The window on `created_at` in which all rows lie that go on, for a row of it. */
	readonly window: Moving;
}

/** Undefined where the text does not tell. */
export const nearnessOf = remembered((sizes: Sizes, source: string): Nearness | undefined => {
	const { places, now } = sizes;
	const from = sizes.isNamed ? fromOf(source, sizes.froms()) : undefined;
	const to = from?.sources.find(({ alias }) => alias?.toLowerCase() !== source)?.alias?.toLowerCase();
	if (from === undefined || from.sources.length !== 2 || to === undefined) return undefined;
	// A recursion names itself once more.
	const itself = commonTables(places).find(({ name }) => name.toLowerCase() === to);
	const isOwn = ({ at }: From) => itself !== undefined && at > itself.open && at < itself.close;
	if (
		fromOf(
			to,
			sizes.froms().filter((one) => !isOwn(one)),
		) !== from
	)
		return undefined;
	const terms = termsAfter(places, from.at, from.sources[1]?.alias?.toLowerCase() === source);
	if (terms === undefined || terms.length > maxTerms) return undefined;
	let isOpen = false;
	const lows: Side[] = [];
	const highs: Side[] = [];
	for (const term of terms) {
		const { column, sign, operand } = comparisonOf(term, source, false) ?? {};
		if (!isCheap(operand ?? term, now)) return undefined;
		if (column !== "created_at" || sign === undefined || operand === undefined) continue;
		if (is(sign.token, "BETWEEN")) {
			const [low, high] = sidesOf(operand, sign.depth);
			lows.push(offsetOf(low, now));
			highs.push(offsetOf(high, now));
		} else if (is(sign.token, ">", ">=")) lows.push(offsetOf(operand, now));
		else if (is(sign.token, "<", "<=")) highs.push(offsetOf(operand, now));
		isOpen ||= is(sign.token, ">", "<");
	}
	const [low, high] = [lows[0], highs[0]];
	if (lows.length !== 1 || highs.length !== 1 || low === undefined || high?.base !== low.base)
		return undefined;
	return isOfOthers(low.base, source, sizes)
		? { to, window: { base: low.base, isOpen, seconds: Math.max(0, high.offset - low.offset) } }
		: undefined;
});

type Side = ReturnType<typeof offsetOf>;

/** The terms of ON and WHERE that all have to hold; those of WHERE come too late where the join keeps rows without a match. */
function termsAfter(
	places: readonly Place[],
	from: number,
	isSecond: boolean,
): readonly (readonly Place[])[] | undefined {
	const depth = places[from]?.depth ?? 0;
	const tail = endingAt(places.slice(from), depth, ...ends);
	const at = (...words: readonly string[]) => wordAt(tail, depth, ...words);
	const has = (...words: readonly string[]) => at(...words) >= 0;
	if (has("OR", "NOT", "CASE", "RIGHT", "FULL", "USING") || (has("LEFT") && !isSecond)) return undefined;
	const [on, where] = [at("ON"), at("WHERE")];
	const ofJoin = on < 0 ? [] : termsOf(tail.slice(on + 1, where < 0 ? tail.length : where), depth);
	return has("LEFT") || where < 0 ? ofJoin : [...ofJoin, ...termsOf(tail.slice(where + 1), depth)];
}

/** No call, no pattern and no subquery; what is the same for all rows is computed once. */
function isCheap(operand: readonly Place[], now: number): boolean {
	return (
		constantOf(operand, now) !== undefined ||
		!operand.some(
			({ token }, at) =>
				is(token, "LIKE", "GLOB", "SELECT", "||", "->", "->>") ||
				(is(token, "(") && nameOf(operand[at - 1]?.token) !== undefined),
		)
	);
}

/** Whether a value is read of the other source alone, by plain arithmetic. */
function isOfOthers(base: string, source: string, { statistics, namesOf, tablesWith }: Sizes): boolean {
	const words = base.split(" ");
	const own = statistics(namesOf(source)[0] ?? "");
	const names = words.filter((word, at) => /^[a-z_]/.test(word) && words[at + 1] !== ".");
	return (
		own !== undefined &&
		names.length > 0 &&
		words.every((word) => /^(?:[a-z_][\w$]*|\d+|[-.+*/%()])$/.test(word)) &&
		// Two words side by side are more than arithmetic.
		!words.some((word, at) => /^\w/.test(word) && /^\w/.test(words[at + 1] ?? "")) &&
		!words.some((word, at) => words[at + 1] === "." && word === source) &&
		words.every(
			(word, at) => words[at - 1] === "." || words[at + 1] === "." || !tablesWith(word).includes(own),
		)
	);
}
