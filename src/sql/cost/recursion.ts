// Requires a LIMIT of every recursive expression.

import { FormRefused } from "../failures/index.ts";
import { replaced } from "../text/replaced.ts";
import { allSources, type CommonTable, commonTables, type Parsed, type Place } from "../text/structure.ts";
import { is, nameOf, type Token } from "../text/tokens.ts";
import { maxRecursion } from "./plan.ts";

export interface Bounded {
	readonly parsed: Parsed;
	/** The recursive expressions, all of which are bounded now. */
	readonly recursive: readonly string[];
	/** Of them, those that had no LIMIT of their own. */
	readonly unlimited: readonly string[];
	/** The LIMIT that was added, so that rows beyond it would be missing. */
	readonly added: number | undefined;
}

/** Functions whose result is short, or no longer than what goes in, however often it goes in again. */
const steady = new Set(
	"abs acos acosh asin asinh atan atan2 atanh avg cast ceil ceiling coalesce cos cosh count current_date current_time current_timestamp date datetime degrees exp floor ifnull iif instr json_array_length json_error_position json_extract json_type json_valid julianday length likelihood likely ln log log10 log2 lower ltrim max min mod nullif octet_length pi pow power radians round rtrim sign sin sinh sqrt strftime substr substring sum tan tanh time timediff total trim trunc typeof unicode unixepoch unlikely upper ->>".split(
		" ",
	),
);
/** Words before a parenthesis that are no functions. */
const grammar = new Set(
	"ALL AND AS BETWEEN BY CASE DISTINCT ELSE EXCEPT EXISTS FROM GROUP HAVING IN INTERSECT IS JOIN LIMIT MATERIALIZED NOT OFFSET ON OR ORDER SELECT THEN UNION USING VALUES WHEN WHERE WITH".split(
		" ",
	),
);

/**
 * Bounds every recursive common table expression by a LIMIT in it, which ends the recursion
 * (https://sqlite.org/lang_with.html): one that has none gets one.
 *
 * @param limit for those that have none
 * @throws {FormRefused} where its own LIMIT is higher or no number, or values grow from step to step
 */
export function boundRecursion(parsed: Parsed, limit: number): Bounded {
	const { places } = parsed;
	const common = commonTables(places);
	if (common.length === 0) return { parsed, recursive: [], unlimited: [], added: undefined };
	const recursive = common.filter(({ name, open, close }) =>
		allSources(places.slice(open, close)).some(
			(source) => source.kind === "table" && source.name.toLowerCase() === name.toLowerCase(),
		),
	);
	const written = new Map<number, string>();
	const unlimited: string[] = [];
	for (const table of recursive) {
		// The plan knows them by their names alone.
		const namesakes = common.filter(({ name }) => name.toLowerCase() === table.name.toLowerCase());
		if (namesakes.length > 1) throw new FormRefused("recursion_name", table.name);
		refuseGrowth(places, table);
		if (hasLimit(places, table)) continue;
		const close = places[table.close]?.index;
		if (close === undefined) continue;
		written.set(close, `\nLIMIT ${limit})`);
		unlimited.push(table.name);
	}
	return {
		parsed: unlimited.length === 0 ? parsed : replaced(parsed, written),
		recursive: recursive.map(({ name }) => name),
		unlimited,
		added: unlimited.length === 0 ? undefined : limit,
	};
}

/** @throws {FormRefused} */
function hasLimit(places: readonly Place[], { name, open, close }: CommonTable): boolean {
	const depth = (places[open]?.depth ?? 0) + 1;
	const limit = places.findIndex(
		(place, at) => at > open && at < close && place.depth === depth && is(place.token, "LIMIT"),
	);
	if (limit < 0) return false;
	// `LIMIT offset, count` names the bound second; rows that OFFSET skips are made all the same.
	const [count, word, offset, more] = places.slice(limit + 1, close).map(({ token }) => token);
	const isBounded =
		isSmall(count) && (word === undefined || (is(word, "OFFSET") && isSmall(offset) && more === undefined));
	if (!isBounded) throw new FormRefused("recursion", name);
	return true;
}

function isSmall(token: Token | undefined): boolean {
	return token?.kind === "number" && /^\d{1,5}$/.test(token.text) && Number(token.text) <= maxRecursion;
}

/** @throws {FormRefused} */
function refuseGrowth(places: readonly Place[], { open, close }: CommonTable): void {
	for (let at = open + 1; at < close; at += 1) {
		const token = places[at]?.token;
		if (is(token, "||")) throw new FormRefused("growth", "||");
		if (!is(places[at + 1]?.token, "(") || nameOf(token) === undefined) continue;
		const called = (nameOf(token) ?? "").toUpperCase();
		if (token?.kind === "word" && grammar.has(called)) continue;
		if (is(places[at - 1]?.token, "AS", ".") || steady.has(called.toLowerCase())) continue;
		if (isDefinition(places, at)) continue;
		throw new FormRefused("growth", called.toLowerCase());
	}
}

/** `name (columns) AS (`: an expression inside, and no call. */
function isDefinition(places: readonly Place[], at: number): boolean {
	const depth = places[at]?.depth;
	const close = places.findIndex(
		(place, index) => index > at && place.depth === depth && is(place.token, ")"),
	);
	return close >= 0 && is(places[close + 1]?.token, "AS");
}
