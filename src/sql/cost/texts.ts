// How long the texts are that a query makes: functions that make text take literals, and nothing searches what was joined.
import { isJoining } from "../engine/functions.ts";
import { FormRefused } from "../failures/index.ts";
import { argumentsAt } from "../text/argument-counts.ts";
import { closing, type Parsed, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { splitAt } from "./clauses.ts";
import { namesGiven } from "./group-keys.ts";
import { callAt, isKeyword, refuseJoined } from "./joined-texts.ts";

/** The longest text that a row may hold of a query's own making. */
const maxMade = 8000;
const maxPadding = 100;
const maxWildcards = 6;
const maxSet = 64;
const maxFormat = 60;
const maxModifiers = 5;
const maxWindows = 10;

/** Results that are no longer than a number, an instant or a word. */
const brief = new Set(
	"abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling cos cosh count date datetime degrees exp floor instr json_array_length json_error_position json_type json_valid julianday length ln log log10 log2 mod octet_length pi pow power radians random round sign sin sinh sqrt sum tan tanh time timediff total trunc typeof unicode unixepoch row_number rank dense_rank percent_rank cume_dist ntile like glob".split(
		" ",
	),
);
/** How much longer a result is than what goes in, at most or nearly. */
const factors: Readonly<Record<string, number>> = { hex: 2, quote: 2, json_quote: 2 };
const dates = new Set("date datetime time julianday unixepoch strftime timediff".split(" "));

export interface Texts {
	/** Characters of the longest text that is made for a row, by the width of columns. @throws {FormRefused} */
	longest(width: (column: string) => number): number;
	/** Characters of all literals, which comparisons look at. */
	readonly literals: number;
}

/** @throws {FormRefused} */
export function checkTexts({ places, calls }: Parsed): Texts {
	if (places.filter(({ token: { key } }) => key === "OVER").length > maxWindows)
		throw new FormRefused("window", `${maxWindows + 1} windows`);
	let [literals, makes] = [0, false];
	for (const at of calls) {
		const name = callAt(places, at);
		if (name === undefined) continue;
		checkCall(places, at, name);
		makes ||= isMaking(name);
	}
	places.forEach(({ token: { kind, key, text } }, at) => {
		if (kind === "string") literals += text.length;
		else if (key === "||") makes = true;
		else if ((key === "LIKE" || key === "GLOB") && callAt(places, at) === undefined)
			checkPattern(places, at + 1, key === "GLOB");
	});
	refuseJoined(places, calls);
	return { literals, longest: (width) => (makes ? new Reader(places, width).longest() : 0) };
}

/** The arguments of a call, each as its tokens. */
function argumentsOf(places: readonly Place[], at: number): readonly (readonly Place[])[] {
	return splitAt(places.slice(at + 2, closing(places, at + 1)), (places[at + 1]?.depth ?? 0) + 1);
}

function literalOf(places: readonly Place[] | undefined): string | undefined {
	// char(10), of codes that are written out.
	if (is(places?.[0]?.token, "CHAR") && places?.slice(1).every(({ token: one }) => one.kind !== "word"))
		return "x".repeat(places.length / 2);
	const token = places?.length === 1 ? places[0]?.token : undefined;
	return token?.kind === "string" || token?.kind === "number"
		? token.kind === "number"
			? token.text
			: nameOf(token)
		: undefined;
}

function checkCall(places: readonly Place[], at: number, name: string): void {
	const refused = (why: string) => new FormRefused("growth", `${name}(): ${why}`);
	const given = () => argumentsOf(places, at);
	switch (name) {
		case "printf":
		case "format": {
			const format = literalOf(given()[0]);
			if (format === undefined) throw refused("its format is not a literal");
			const numbers =
				format
					.match(/%[^a-zA-Z%]*/g)
					?.join("")
					.match(/\d+/g) ?? [];
			if (/%[^a-zA-Z%]*\*/.test(format) || numbers.reduce((sum, one) => sum + Number(one), 0) > maxPadding)
				throw refused(`widths over ${maxPadding}`);
			return;
		}
		case "replace": {
			const [, from, to] = given();
			const [sought, put] = [literalOf(from), literalOf(to)];
			if (sought === undefined || put === undefined)
				throw refused("what it replaces, and by what, are not literals");
			if (put.length > 4 * Math.max(1, sought.length))
				throw refused("it makes a text over four times as long");
			return;
		}
		case "trim":
		case "ltrim":
		case "rtrim": {
			const set = given()[1];
			if (set !== undefined && (literalOf(set) ?? "x".repeat(maxSet)).length >= maxSet)
				throw refused(`a set of over ${maxSet} characters`);
			return;
		}
		case "like":
			checkPattern(places, at + 2, false);
			return;
		case "glob":
			checkPattern(places, at + 2, true);
			return;
		case "char":
			if (argumentsAt(places, at) > 8) throw refused("over 8 characters");
			return;
	}
	if (!dates.has(name)) return;
	if (argumentsAt(places, at) > maxModifiers) throw refused(`over ${maxModifiers} arguments`);
	if (name === "strftime" && (literalOf(given()[0]) ?? "x".repeat(99)).length > maxFormat)
		throw refused("its format is not a short literal");
}

/** The literals of a pattern up to where it ends; all of the text's where a name or a CASE may stand for one of them. */
function checkPattern(places: readonly Place[], start: number, isGlob: boolean): void {
	const depth = places[start]?.depth ?? 0;
	const first = places[start]?.token;
	let text = "";
	let isTold = !is(first, "CASE") && !is(first, "(");
	for (let at = start; at < places.length && isTold; at += 1) {
		const place = places[at];
		if (place === undefined || place.depth < depth || (place.depth === depth && !isOfPattern(place))) break;
		if (place.token.kind === "string") text += nameOf(place.token) ?? "";
		else if (is(places[at + 1]?.token, "(") || (nameOf(place.token) !== undefined && isGiven(places, place)))
			isTold = false;
	}
	if (!isTold) text = allLiterals(places);
	const wildcards = text.match(isGlob ? /\*+/g : /%+/g)?.length ?? 0;
	if (wildcards > maxWildcards) throw new FormRefused("growth", `a pattern with ${wildcards} wildcards`);
	if (isGlob && /\[/.test(text) && text.length > maxSet)
		throw new FormRefused("growth", `GLOB: a set of over ${maxSet} characters`);
}

function isGiven(places: readonly Place[], { token }: Place): boolean {
	return namesGiven(places).has(nameOf(token)?.toLowerCase() ?? "");
}

/** All strings but formats. */
function allLiterals(places: readonly Place[]): string {
	return places
		.flatMap(({ token, open }) => {
			const caller = open > 0 ? callAt(places, open - 1) : undefined;
			const isFormat = caller === "strftime" || caller === "printf" || caller === "format";
			return token.kind === "string" && !isFormat ? [nameOf(token) ?? ""] : [];
		})
		.join(" ");
}

function isOfPattern({ token }: Place): boolean {
	return (
		token.kind === "string" ||
		is(token, "||", "(", ")", ".") ||
		(nameOf(token) !== undefined &&
			!is(token, "AND", "OR", "ESCAPE", "THEN", "GROUP", "ORDER", "LIMIT", "UNION"))
	);
}

/** Follows lengths through the names that a text gives. */
class Reader {
	readonly #given = new Map<string, number>();
	readonly #items: readonly (readonly Place[])[];

	constructor(
		private readonly places: readonly Place[],
		private readonly width: (column: string) => number,
	) {
		this.#items = this.#list();
		// What a name stands for may be made of other names: as often as texts may be nested here.
		for (let round = 0; round < 4; round += 1) this.#readNames();
	}

	/** @throws {FormRefused} */
	longest(): number {
		const item = this.#items.reduce((most, one) => Math.max(most, this.#lengthOf(one)), 0);
		const longest = Math.max(item, ...this.#given.values());
		if (longest > maxMade) throw new FormRefused("growth", "a text of many");
		return longest;
	}

	#readNames(): void {
		for (const item of this.#items) {
			const alias = is(item.at(-2)?.token, "AS") ? nameOf(item.at(-1)?.token)?.toLowerCase() : undefined;
			if (alias === undefined) continue;
			const length = this.#lengthOf(item.slice(0, -2));
			this.#given.set(alias, Math.max(length, this.#given.get(alias) ?? 0));
		}
	}

	/** The items of every list of columns, and of all else that stands between commas. */
	#list(): readonly (readonly Place[])[] {
		const items: Place[][] = [];
		const open = new Map<number, Place[]>();
		for (const place of this.places) {
			for (const [depth, item] of open) {
				if (depth > place.depth || (depth === place.depth && isBetweenItems(place))) open.delete(depth);
				else item.push(place);
			}
			if (is(place.token, "(")) items.push(start(open, place.depth + 1));
			else if (isBetweenItems(place)) items.push(start(open, place.depth));
		}
		return items;
	}

	#lengthOf(item: readonly Place[]): number {
		let total = 0;
		for (let at = 0; at < item.length; at += 1) {
			const token = item[at]?.token;
			if (token === undefined || is(token, "FROM")) break;
			const name = callAt(item, at);
			if (name !== undefined && !isKeyword(item[at])) {
				const close = Math.min(item.length, closing(item, at + 1));
				total += this.#lengthOfCall(item, at, name, item.slice(at + 2, close));
				at = close;
			} else if (token.kind === "string") total += token.text.length;
			else if (token.kind === "number") total += 20;
			else if ((token.kind === "word" || token.kind === "quoted") && !is(item[at + 1]?.token, ".")) {
				const column = nameOf(token)?.toLowerCase() ?? "";
				total += this.#given.get(column) ?? this.width(column);
			}
		}
		return total;
	}

	#lengthOfCall(item: readonly Place[], at: number, name: string, inside: readonly Place[]): number {
		if (brief.has(name)) return 25;
		if (name === "strftime") return maxFormat * 3;
		if (isJoining(name)) return 200;
		const length = this.#lengthOf(inside);
		if (name === "replace") {
			const [, from, to] = argumentsOf(item, at).map(literalOf);
			return length * Math.max(1, (to ?? "").length / Math.max(1, (from ?? "").length));
		}
		if (name === "printf" || name === "format") return length + maxPadding;
		if (name === "concat_ws") {
			const [between = []] = argumentsOf(item, at);
			return length + argumentsOf(item, at).length * this.#lengthOf(between);
		}
		return length * (factors[name] ?? 1);
	}
}

function isBetweenItems({ token }: Place): boolean {
	return is(token, ",", "SELECT", "DISTINCT", "BY", "WHERE", "AND", "OR", "ON", "HAVING", "VALUES");
}

function start(open: Map<number, Place[]>, depth: number): Place[] {
	const item: Place[] = [];
	open.set(depth, item);
	return item;
}

const making = new Set("replace printf format hex quote".split(" "));

function isMaking(name: string): boolean {
	return making.has(name) || name.startsWith("concat") || name.startsWith("json") || isJoining(name);
}
