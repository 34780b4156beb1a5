// How long the results of text functions are.

import { either, type HeldText, made } from "./held-text.ts";

/** A number as text, which is also what a register holds that no text was put into: `-1.79769313486232e+308`. */
export const aNumber = made(25, 20, 0);

/** Functions whose result is about as long as their arguments, times so much. */
const factors: Readonly<Record<string, number>> = {
	hex: 2,
	quote: 2,
	json: 2,
	json_quote: 2,
	json_array: 2,
	json_object: 2,
	json_insert: 2,
	json_replace: 2,
	json_set: 2,
};

/** Functions that give back one of what they are given, or a part of it: it is no longer, and no wildcard comes about. */
const keeping = new Set(
	"coalesce ifnull iif json_extract likelihood likely lower ltrim max min nullif rtrim substr substring trim unlikely upper ->>".split(
		" ",
	),
);

/** Functions whose result is a number, an instant or a short word. */
const brief = new Set(
	"abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling cos cosh count current_date current_time current_timestamp date datetime degrees exp floor instr json_array_length json_error_position json_type json_valid julianday length ln log log10 log2 mod octet_length pi pow power radians round sign sin sinh sqrt sum tan tanh time timediff total trunc typeof unicode unixepoch".split(
		" ",
	),
);
export const briefText = made(40, 20, 0);

/** Functions that look for their second argument in the first, or for the first in the second. */
export const seeking = new Set("instr trim ltrim rtrim".split(" "));

/** Whether a function's result is no longer than what goes in, or short. By its name in lowercase, as all here. */
export function isSteady(name: string): boolean {
	return brief.has(name) || keeping.has(name);
}

/** Whether a function's result is short whatever it is given. */
export function isBrief(name: string): boolean {
	return brief.has(name);
}

/** What the result of a function may be that has no rule of its own. */
export function resultOf(name: string, given: readonly HeldText[]): HeldText {
	if (brief.has(name)) return briefText;
	if (keeping.has(name)) {
		const any = given.reduce((one, other) => either(one, other) ?? one, aNumber);
		return { ...any, constants: undefined };
	}
	const any = { ...added(given, factors[name] ?? 1), wildcards: Number.POSITIVE_INFINITY };
	const [first = aNumber] = given;
	// What stands between the others stands there each time; a control character in JSON is six.
	const more = name === "concat_ws" ? given.length * first.own : name.startsWith("json") ? 4 * any.own : 0;
	return { ...any, longest: any.longest + more, typical: any.typical + more, own: any.own + more };
}

/**
 * How many characters of what is sought are looked at for each place: all of what the query made for that, and of
 * production's texts, which seldom agree with each other so far, few.
 */
function partialMatches({ typical, own }: HeldText): number {
	return Math.max(1, own + typical / 10);
}

/** What it costs to seek one text in another: in production's texts most places do not even begin like a constant. */
export function seekWork(text: HeldText, sought: HeldText): number {
	return sought.constants === undefined
		? text.typical * partialMatches(sought)
		: text.typical + text.own * longestOf(sought);
}

/** The length of the longest constant that it may be. */
export function longestOf({ constants }: HeldText): number {
	return Math.max(0, ...(constants ?? []).map((text) => text.length));
}

/** Texts one behind the other, times so much. */
export function added(values: readonly HeldText[], factor: number): HeldText {
	const total = (of: (value: HeldText) => number) => sum(values.map(of)) * factor;
	return {
		longest: total(({ longest }) => longest),
		typical: total(({ typical }) => typical),
		own: total(({ own }) => own),
		wildcards: total(({ wildcards }) => wildcards),
		constants: undefined,
	};
}

export function sum(values: readonly number[]): number {
	return values.reduce((all, value) => all + value, 0);
}

/** The most wildcards of some patterns of LIKE or GLOB. */
export function mostWildcards(name: string, patterns: readonly string[]): number {
	// Several in a row are one.
	const runs = name === "like" ? /%+/g : /\*+/g;
	return Math.max(...patterns.map((pattern) => pattern.match(runs)?.length ?? 0));
}
