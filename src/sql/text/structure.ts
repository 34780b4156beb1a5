// Parses the structure of a query: parentheses, sources, common table expressions.

import { FormRefused } from "../failures/index.ts";
import { is, isIn, nameOf, nameToken, type Token, textOf, tokenize } from "./tokens.ts";

/** A token that means something: where it stands in the whole list, how deep in parentheses, and in which. */
export interface Place {
	readonly token: Token;
	readonly index: number;
	readonly depth: number;
	/** The place of the parenthesis that it stands in; -1 where it stands in none. */
	readonly open: number;
}

/** A text, cut up once. */
export interface Parsed {
	readonly text: string;
	readonly tokens: readonly Token[];
	readonly places: readonly Place[];
	/** The places of names before a parenthesis: all calls, and what looks like one. */
	readonly calls: readonly number[];
}

export function parse(text: string): Parsed {
	const tokens = tokenize(text);
	return { text, tokens, ...placesOf(tokens) };
}

/** Of tokens that stand side by side in a text. */
export function parsedOf(tokens: readonly Token[]): Parsed {
	return { text: textOf(tokens), tokens, ...placesOf(tokens) };
}

/** Every name in a text, strings among them since SQLite takes some for names, as SQLite compares names. */
export function namesIn({ places }: Parsed): ReadonlySet<string> {
	const names = new Set<string>();
	for (const { token } of places) if (token.folded !== undefined) names.add(token.folded);
	return names;
}

/** Whether each parenthesis that closes was opened, and each that was opened is closed. */
export function isBalanced({ places }: Parsed): boolean {
	const last = places.at(-1);
	return last?.depth === 0 && !is(last.token, "(") && places.every(({ depth }) => depth >= 0);
}

/** One source of a FROM clause. */
export interface Source {
	readonly kind: "table" | "subquery" | "function";
	/** The table's, common table expression's or function's; empty for a subquery. */
	readonly name: string;
	/** What it is called in the query; undefined for a subquery without a name. */
	readonly alias: string | undefined;
	/** The columns that `USING` joins it by. */
	readonly using: readonly string[];
}

/** A common table expression: its name, and the places of its body's parentheses. */
export interface CommonTable {
	readonly name: string;
	readonly open: number;
	readonly close: number;
}

/** The tokens that mean something, with their depth; a parenthesis stands at the depth around it. */
function placesOf(tokens: readonly Token[]): Pick<Parsed, "places" | "calls"> {
	const places: Place[] = [];
	const calls: number[] = [];
	const around: number[] = [];
	let before: Token | undefined;
	let hasWindow = false;
	let depth = 0;
	tokens.forEach((token, index) => {
		if (token.kind === "space" || token.kind === "comment") return;
		if (token.key === ")") {
			depth -= 1;
			around.pop();
		}
		places.push({ token, index, depth, open: around.at(-1) ?? -1 });
		if (token.key === "(") {
			if (before?.name !== undefined) calls.push(places.length - 2);
			depth += 1;
			around.push(places.length - 1);
		}
		hasWindow ||= token.key === "WINDOW";
		before = token;
	});
	if (!hasWindow) return { places, calls };
	return { places: places.map((place, at) => (isPlainWindow(places, at) ? asName(place) : place)), calls };
}

/** WINDOW is a keyword before `name AS` alone; elsewhere SQLite takes it for a name (analyzeWindowKeyword in tokenize.c). */
function isPlainWindow(places: readonly Place[], at: number): boolean {
	if (!is(places[at]?.token, "WINDOW")) return false;
	return nameOf(places[at + 1]?.token) === undefined || !is(places[at + 2]?.token, "AS");
}

function asName(place: Place): Place {
	return { ...place, token: nameToken(place.token.text) };
}

/** What follows a FROM clause, or a list of columns without one. */
const clauses = new Set("; WHERE GROUP HAVING WINDOW ORDER LIMIT UNION INTERSECT EXCEPT".split(" "));
/** What ends a FROM clause. */
const endsFrom = new Set([...clauses, ")"]);
/** Words of a join before JOIN. As a name they pass elsewhere in SQLite, and here only in quotation marks. */
const joinWords = new Set("LEFT RIGHT FULL OUTER INNER CROSS NATURAL".split(" "));
/** What stands between its sources. */
const joins = new Set([",", "JOIN", ...joinWords]);
const noAlias = new Set([...endsFrom, ...joins, "ON", "USING", "INDEXED", "NOT", "AS"]);

/** Where the FROM of the SELECT is that the place belongs to; undefined where it has none. */
export function fromAfter(places: readonly Place[], start: number): number | undefined {
	const depth = places[start]?.depth ?? 0;
	for (let at = start; at < places.length; at += 1) {
		const place = places[at];
		if (place === undefined || place.depth < depth) return undefined;
		if (place.depth > depth) continue;
		if (isIn(place.token, clauses)) return undefined;
		if (isFrom(places, at)) return at;
	}
	return undefined;
}

/** FROM of a SELECT, and not of `IS [NOT] DISTINCT FROM`. */
export function isFrom(places: readonly Place[], at: number): boolean {
	return (
		is(places[at]?.token, "FROM") &&
		!(is(places[at - 1]?.token, "DISTINCT") && is(places[at - 2]?.token, "IS", "NOT"))
	);
}

/** The place of the parenthesis that closes the one at `open`; the end where none does. */
export function closing(places: readonly Place[], open: number): number {
	const depth = places[open]?.depth ?? 0;
	for (let at = open + 1; at < places.length; at += 1) {
		if (places[at]?.depth === depth && is(places[at]?.token, ")")) return at;
	}
	return places.length;
}

/** The place of the parenthesis that the one at `close` closes; undefined where none stands there. */
export function opening(places: readonly Place[], close: number): number | undefined {
	const depth = places[close]?.depth;
	if (!is(places[close]?.token, ")")) return undefined;
	for (let at = close - 1; at >= 0; at -= 1) {
		if (places[at]?.depth === depth && is(places[at]?.token, "(")) return at;
	}
	return undefined;
}

/** The sources of the FROM clause at a place, in order; those in parentheses among them. */
export function sourcesAt(places: readonly Place[], from: number): readonly Source[] {
	return readSources(places, from + 1).sources;
}

/** The sources of all FROM clauses. @throws {FormRefused} for what is read in two ways */
export function allSources(places: readonly Place[]): readonly Source[] {
	const sources: Source[] = [];
	for (let at = 0; at < places.length; at += 1) {
		if (isFrom(places, at)) sources.push(...sourcesAt(places, at));
	}
	return sources;
}

function readSources(places: readonly Place[], start: number): { sources: readonly Source[]; end: number } {
	const sources: Source[] = [];
	const depth = places[start]?.depth ?? 0;
	let at = start;
	while (at < places.length && (places[at]?.depth ?? -1) >= depth) {
		const token = places[at]?.token;
		if (isIn(token, endsFrom)) break;
		if (isIn(token, joins)) {
			const isSource = at === start || is(places[at - 1]?.token, ",", "JOIN");
			if (isSource && isIn(token, joinWords)) throw new FormRefused("keyword_name", token?.text ?? "");
			at += 1;
			continue;
		}
		const read = readSource(places, at);
		sources.push(...read.sources);
		at = skipCondition(places, Math.max(read.end, at + 1), depth);
	}
	return { sources, end: at };
}

function readSource(places: readonly Place[], start: number): { sources: readonly Source[]; end: number } {
	if (is(places[start]?.token, "(")) return readParenthesis(places, start);
	const before = places[start - 1]?.token;
	if (nameOf(places[start]?.token) === undefined && isIn(before, joinWords))
		throw new FormRefused("keyword_name", before?.text ?? "");
	let name = nameOf(places[start]?.token) ?? "";
	let at = start + 1;
	if (is(places[at]?.token, ".")) {
		name = nameOf(places[at + 1]?.token) ?? "";
		at += 2;
	}
	const isFunction = is(places[at]?.token, "(");
	if (isFunction) at = closing(places, at) + 1;
	const { alias, using, end } = readTail(places, at);
	return {
		sources: [{ kind: isFunction ? "function" : "table", name, alias: alias ?? name, using }],
		end,
	};
}

function readParenthesis(
	places: readonly Place[],
	open: number,
): { sources: readonly Source[]; end: number } {
	const close = closing(places, open);
	const { alias, using, end } = readTail(places, close + 1);
	if (is(places[open + 1]?.token, "SELECT", "WITH", "VALUES")) {
		return { sources: [{ kind: "subquery", name: "", alias, using }], end };
	}
	const inside = readSources(places, open + 1).sources;
	const [only] = inside;
	if (alias !== undefined) {
		if (inside.length !== 1 || only === undefined)
			return { sources: [{ kind: "subquery", name: "", alias, using }], end };
		return { sources: [{ ...only, alias, using }], end };
	}
	return { sources: inside.map((source) => ({ ...source, using: [...source.using, ...using] })), end };
}

/** `AS alias`, `INDEXED BY x`, `NOT INDEXED`, and `USING (…)`. */
function readTail(
	places: readonly Place[],
	start: number,
): { alias: string | undefined; using: readonly string[]; end: number } {
	let at = start;
	let alias: string | undefined;
	if (is(places[at]?.token, "AS")) {
		alias = nameOf(places[at + 1]?.token);
		at += 2;
	} else if (isAlias(places[at]?.token)) {
		alias = nameOf(places[at]?.token);
		at += 1;
	}
	if (is(places[at]?.token, "INDEXED")) at += 3;
	else if (is(places[at]?.token, "NOT") && is(places[at + 1]?.token, "INDEXED")) at += 2;
	const using: string[] = [];
	if (is(places[at]?.token, "USING") && is(places[at + 1]?.token, "(")) {
		const close = closing(places, at + 1);
		for (const { token } of places.slice(at + 2, close)) {
			const name = nameOf(token);
			if (name !== undefined) using.push(name);
		}
		at = close + 1;
	}
	return { alias, using, end: at };
}

function isAlias(token: Token | undefined): boolean {
	if (nameOf(token) === undefined) return false;
	return !isIn(token, noAlias);
}

/** Past `ON …`, to the comma or the word that begins the next source or ends the clause. */
function skipCondition(places: readonly Place[], start: number, depth: number): number {
	let at = start;
	while (at < places.length) {
		const place = places[at];
		if (place === undefined || place.depth < depth) return at;
		const isColumn = is(places[at - 1]?.token, ".");
		if (place.depth === depth && !isColumn && (isIn(place.token, endsFrom) || isIn(place.token, joins)))
			return at;
		at += 1;
	}
	return at;
}

/** The common table expressions: `name [(columns)] AS [[NOT] MATERIALIZED] (SELECT …)`. */
export function commonTables(places: readonly Place[]): readonly CommonTable[] {
	const found: CommonTable[] = [];
	places.forEach(({ token }, at) => {
		if (!is(token, "AS")) return;
		let open = at + 1;
		if (is(places[open]?.token, "NOT")) open += 1;
		if (is(places[open]?.token, "MATERIALIZED")) open += 1;
		if (!is(places[open]?.token, "(") || !is(places[open + 1]?.token, "SELECT", "WITH", "VALUES")) return;
		const name = nameBefore(places, at);
		if (name !== undefined) found.push({ name, open, close: closing(places, open) });
	});
	return found;
}

/** The name before AS, past the list of columns in parentheses. */
function nameBefore(places: readonly Place[], as: number): string | undefined {
	if (!is(places[as - 1]?.token, ")")) return nameOf(places[as - 1]?.token);
	const depth = places[as - 1]?.depth;
	for (let at = as - 2; at >= 0; at -= 1) {
		if (places[at]?.depth === depth && is(places[at]?.token, "(")) return nameOf(places[at - 1]?.token);
	}
	return undefined;
}
