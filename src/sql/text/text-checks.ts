// Checks the text of a query before it is compiled.

import { isJoining } from "../engine/functions.ts";
import { FormRefused, NotOneSelect, SqlTextRefused } from "../failures/index.ts";
import { argumentsAt } from "./argument-counts.ts";
import { isFrom, opening, type Parsed, type Place, parse } from "./structure.ts";
import { blank, is, nameOf, type Token, textOf } from "./tokens.ts";
import { refuseBrokenText } from "./valid-text.ts";

/** Characters of the longest text that an agent may send. */
export const maxSqlLength = 10_000;

/** The deepest that parentheses may be nested: the parser of an older SQLite gives up near this. */
const maxDepth = 30;

/**
 * What is refused before the engine sees it: texts too long, characters that hide or break
 * something, what is not one SELECT, and names of SQLite's own metadata.
 *
 * @throws {SqlTextRefused} {NotOneSelect} {FormRefused}
 */
export function checkText(sql: string): Parsed {
	if (sql.length > maxSqlLength) throw new SqlTextRefused("too_long", `${sql.length}`);
	if (!sql.isWellFormed()) throw new SqlTextRefused("ill_formed", "");
	const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]/.exec(sql)?.[0];
	if (control !== undefined) throw new SqlTextRefused("control_character", codePoint(control));
	const parsed = parse(sql);
	const { tokens } = parsed;
	const broken = tokens.find(({ kind }) => kind === "unterminated" || kind === "illegal");
	if (broken !== undefined) {
		throw new SqlTextRefused(
			broken.kind === "illegal" ? "illegal" : "unterminated",
			broken.text.slice(0, 40),
		);
	}
	const depth = parsed.places.reduce((deepest, place) => Math.max(deepest, place.depth), 0);
	if (depth > maxDepth)
		throw new FormRefused("too_complex", `parentheses ${depth} deep, at most ${maxDepth}`);
	checkStatement(parsed.places);
	refuseBrokenText(parsed.places);
	return beforeEnd(parsed);
}

/** Without what closes the statement, and without comments: SQLite makes one a part of a column's name. */
function beforeEnd(parsed: Parsed): Parsed {
	const { tokens, places, calls } = parsed;
	const end = places.findIndex(({ token }) => is(token, ";"));
	const isCommented = tokens.some(({ kind }) => kind === "comment");
	if (end < 0 && !isCommented) return parsed;
	const kept = tokens.slice(0, places[end]?.index).map((token) => (token.kind === "comment" ? blank : token));
	// Nothing but more of the same stands behind it.
	return { text: textOf(kept), tokens: kept, places: end < 0 ? places : places.slice(0, end), calls };
}

function codePoint(character: string): string {
	return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function checkStatement(places: readonly Place[]): void {
	const [first] = places;
	if (first === undefined || is(first.token, ";")) throw new SqlTextRefused("empty", "");
	if (is(first.token, "EXPLAIN")) throw new NotOneSelect("explain", "EXPLAIN");
	if (!is(first.token, "SELECT", "WITH", "VALUES")) {
		throw new NotOneSelect("not_select", first.token.text.slice(0, 40));
	}
	const end = places.findIndex(({ token }) => is(token, ";"));
	const after = end < 0 ? undefined : places.slice(end).find(({ token }) => !is(token, ";"));
	if (after !== undefined) throw new NotOneSelect("another_statement", after.token.text.slice(0, 40));
	places.forEach((place, at) => {
		checkPlace(place.token, places, at);
	});
}

function checkPlace(token: Token, places: readonly Place[], at: number): void {
	if (token.kind === "variable") throw new NotOneSelect("parameter", token.text.slice(0, 40));
	// The columns that it compares are whatever both tables have in production at that moment.
	if (is(token, "NATURAL")) throw new FormRefused("natural_join", "");
	// For each row SQLite goes through the whole frame again.
	if (is(token, "EXCLUDE") && is(places[at + 1]?.token, "CURRENT", "GROUP", "TIES"))
		throw new FormRefused("window", "EXCLUDE");
	if (is(token, "OVER")) refuseJoining(places, at);
	// Each path gives the whole text again.
	if (token.folded === "json_extract" && argumentsAt(places, at) > 2)
		throw new FormRefused("growth", "json_extract() with several paths");
	const isMetadata = token.folded?.startsWith("pragma_") || token.folded?.startsWith("sqlite_");
	const name = isMetadata ? identifierAt(places, at) : undefined;
	if (name !== undefined) throw new FormRefused("metadata", name.slice(0, 60));
}

/** Texts that an aggregate joins grow with each row of a window: n rows make n² of them. @throws {FormRefused} */
function refuseJoining(places: readonly Place[], over: number): void {
	let at = opening(places, over - 1);
	if (at !== undefined && is(places[at - 1]?.token, "FILTER")) at = opening(places, at - 2);
	const called = at === undefined ? undefined : nameOf(places[at - 1]?.token)?.toLowerCase();
	if (called !== undefined && isJoining(called)) throw new FormRefused("window", `${called}()`);
}

/**
 * The name at a place, where it can be one: a word, a quoted identifier, or a string where SQLite takes a string
 * for a name (after `.` and AS, as a source, in USING).
 */
export function identifierAt(places: readonly Place[], at: number): string | undefined {
	const token = places[at]?.token;
	if (token?.kind !== "string") return nameOf(token);
	const before = places[at - 1]?.token;
	if (is(before, ".", "AS", "JOIN") || isFrom(places, at - 1) || is(places[at + 1]?.token, "."))
		return nameOf(token);
	return isInUsing(places, at) || startsSource(places, at) ? nameOf(token) : undefined;
}

function isInUsing(places: readonly Place[], at: number): boolean {
	const open = places[at]?.open ?? -1;
	return open > 0 && is(places[open - 1]?.token, "USING");
}

/** A string after a comma or a parenthesis of FROM is a table's name; one in a list of values is not. */
function startsSource(places: readonly Place[], at: number): boolean {
	if (!is(places[at - 1]?.token, ",", "(")) return false;
	// The most of them stand in `IN (…)` or a call.
	const open = places[at]?.open ?? -1;
	const isList = open > 0 && !is(places[open + 1]?.token, "SELECT", "WITH", "VALUES");
	if (isList && !is(places[open - 1]?.token, "FROM", "JOIN", ",", "(")) return false;
	// Looks outwards: a parenthesis around sources stands in a FROM itself.
	let depth = places[at]?.depth ?? 0;
	for (let back = at - 1; back >= 0; back -= 1) {
		const place = places[back];
		if (place === undefined) return false;
		if (place.depth < depth) {
			if (!is(places[back - 1]?.token, "FROM", "JOIN", ",", "(")) return false;
			depth = place.depth;
			continue;
		}
		if (place.depth > depth) continue;
		if (is(place.token, "FROM", "JOIN")) return true;
		if (is(place.token, "SELECT", "WHERE", "ON", "BY", "HAVING", "VALUES", "LIMIT", "IN")) return false;
	}
	return false;
}
