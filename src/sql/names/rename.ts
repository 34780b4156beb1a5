// Gives every alias of an agent's SQL a name that nobody can foresee, and knows what it was called.

import { randomBytes } from "node:crypto";
import { mayPrecedeValue } from "../text/api-filter.ts";
import { closing, type Parsed, type Place } from "../text/structure.ts";
import { identifierAt } from "../text/text-checks.ts";
import { is, isIn, nameOf, nameToken, type Token, textOf } from "../text/tokens.ts";
import { type FixedTable, ofRows } from "./fixed-tables.ts";

/** Of this process: 60 random bits. No column of production is called so, and no one can name one so. */
const prefix = `a${randomBytes(8).toString("hex").slice(0, 15)}_`;

/** Keywords that may also be names, and that mean something in a SELECT: left alone, in quotation marks too. */
const grammar = new Set(
	"ALL AND AS ASC BETWEEN BY CASE CAST COLLATE CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DESC DISTINCT ELSE END ESCAPE EXCEPT EXCLUDE EXISTS FALSE FILTER FIRST FOLLOWING FROM FULL GLOB GROUP GROUPS HAVING IN INDEXED INNER INTERSECT IS ISNULL JOIN LAST LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTNULL NULL NULLS OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PRECEDING RANGE RECURSIVE REGEXP RIGHT ROW ROWS SELECT THEN TIES TRUE UNBOUNDED UNION USING VALUES WHEN WHERE WINDOW WITH".split(
		" ",
	),
);

/** The columns of json_each and json_tree (https://sqlite.org/json1.html). */
const ofElements = "key value type atom id parent fullkey path json root json_each json_tree".split(" ");
export interface Renamed {
	readonly parsed: Parsed;
	/** A text that production or SQLite wrote, with the agent's own names. */
	back(text: string): string;
}

/**
 * Whether a name stays: the mirror knows it.
 *
 * @param names all that stand in the text
 */
export function knownNames(
	names: ReadonlySet<string>,
	tables: readonly FixedTable[],
): (name: string) => boolean {
	const readsJson = names.has("json_each") || names.has("json_tree");
	return (name) =>
		ofRows.includes(name) ||
		tables.some(({ key, columns }) => key === name || columns.has(name)) ||
		(readsJson && ofElements.includes(name));
}

/** Renames every name that is not known, the same name alike wherever it stands. */
export function renameAliases(parsed: Parsed, isKnown: (name: string) => boolean): Renamed {
	const { places } = parsed;
	const keywords = keywordsAsNames(places);
	const given = new Map<string, Token>();
	const called = new Map<string, string>();
	const tokens = [...parsed.tokens];
	const renamed = places.map((place, at) => {
		const { token, index } = place;
		const { name, folded: key } = token;
		if (name === undefined || key === undefined || isKnown(key) || !isAlias(places, at, keywords))
			return place;
		let alias = given.get(key);
		if (alias === undefined) {
			alias = nameToken(`${prefix}${given.size + 1}`);
			given.set(key, alias);
			called.set(alias.text, name);
		}
		tokens[index] = alias;
		return { ...place, token: alias };
	});
	if (given.size === 0) return { parsed, back: (text) => text };
	return {
		parsed: { text: textOf(tokens), tokens, places: renamed, calls: parsed.calls },
		back: (other) => other.replace(ours, (alias) => called.get(alias) ?? alias),
	};
}

const ours = new RegExp(`${prefix}\\d{1,5}`, "g");

/**
 * Whether the name at a place may be an alias: no function's, no keyword, no type and no collation.
 *
 * @param keywords those that are names somewhere in the text
 */
function isAlias(places: readonly Place[], at: number, keywords: ReadonlySet<string>): boolean {
	const token = places[at]?.token;
	switch (token?.kind) {
		case "word":
			if (
				isIn(token, grammar) &&
				!isNameHere(places, at) &&
				!(keywords.has(token.key) && isOperand(places, at))
			)
				return false;
			break;
		case "quoted":
			if (grammar.has((nameOf(token) ?? "").toUpperCase()) && !isNameHere(places, at)) return false;
			break;
		case "string":
			if (!isAliasInQuotes(places, at)) return false;
			break;
		default:
			return false;
	}
	return !is(places[at - 1]?.token, "COLLATE") && !isType(places, at) && !isCalled(places, at);
}

/** Whether a keyword of a SELECT can only be a name where it stands: behind AS, before a dot, a WINDOW that opens no clause. */
function isNameHere(places: readonly Place[], at: number): boolean {
	const [before, token, next] = [places[at - 1]?.token, places[at]?.token, places[at + 1]?.token];
	if (token?.kind === "quoted" || is(next, ".")) return true;
	if (is(before, "AS")) return !is(next, "(") && !is(token, "NOT");
	return is(token, "WINDOW") && !(is(places[at + 2]?.token, "AS") && is(places[at + 3]?.token, "("));
}

/** Keywords of a SELECT that the text gives as names somewhere: `min(created_at) AS first`. */
function keywordsAsNames(places: readonly Place[]): ReadonlySet<string> {
	const found = new Set<string>();
	places.forEach(({ token: { kind, key: word, name } }, at) => {
		const key = kind === "quoted" ? (name ?? "").toUpperCase() : word;
		if (grammar.has(key) && isNameHere(places, at)) found.add(key);
	});
	return found;
}

const frame = new Set("ROWS RANGE GROUPS".split(" "));

/** Whether a keyword stands where a value or a source may, and does not begin anything there itself. */
function isOperand(places: readonly Place[], at: number): boolean {
	const [before, token, next] = [places[at - 1]?.token, places[at]?.token, places[at + 1]?.token];
	if (
		before === undefined ||
		!(mayPrecedeValue(before) || is(before, "JOIN", "WITH", "RECURSIVE", "OVER", "WINDOW"))
	)
		return false;
	if (is(token, "PARTITION")) return !is(next, "BY");
	if (is(token, "CURRENT")) return !is(next, "ROW");
	if (is(token, "UNBOUNDED")) return !is(next, "PRECEDING", "FOLLOWING");
	const beginsFrame = is(next, "BETWEEN", "UNBOUNDED", "CURRENT") || next?.kind === "number";
	return !(isIn(token, frame) && is(before, "(") && beginsFrame);
}

/** SQLite takes a string for a name where no value may stand. */
function isAliasInQuotes(places: readonly Place[], at: number): boolean {
	if (identifierAt(places, at) !== undefined) return true;
	const before = places[at - 1]?.token;
	return before !== undefined && !mayPrecedeValue(before);
}

/** `f(`, and not `name(columns) AS (` of WITH. */
function isCalled(places: readonly Place[], at: number): boolean {
	if (!is(places[at + 1]?.token, "(")) return false;
	const after = closing(places, at + 1) + 1;
	let body = after + 1;
	while (is(places[body]?.token, "NOT", "MATERIALIZED")) body += 1;
	return !(is(places[after]?.token, "AS") && is(places[body]?.token, "("));
}

/** `CAST(value AS type)`. */
function isType(places: readonly Place[], at: number): boolean {
	const { depth = 0, open = -1 } = places[at] ?? {};
	if (open < 1 || !is(places[open - 1]?.token, "CAST")) return false;
	for (let before = at - 1; before > open; before -= 1) {
		if (places[before]?.depth === depth && is(places[before]?.token, "AS")) return true;
	}
	return false;
}
