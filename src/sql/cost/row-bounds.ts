// Reads upper bounds of rows from the text of a query.

import { closing, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { namedBodies, splitAt, wordAt } from "./clauses.ts";
import { withoutAlias } from "./group-keys.ts";

export const aggregates = new Set(
	"AVG COUNT GROUP_CONCAT JSON_GROUP_ARRAY JSON_GROUP_OBJECT MAX MIN STRING_AGG SUM TOTAL".split(" "),
);

/** No name: the most groups that any GROUP BY of the text makes. */
export const anyGroups = "group by";
/** The most different rows that any SELECT DISTINCT, or one that UNION, INTERSECT and EXCEPT compare, has. */
export const anySet = "distinct";

/**
 * The most rows of the common table expressions and named subqueries of a text, as far as the text alone tells: one of
 * an aggregate without GROUP BY, and the LIMIT where it is a number. Of several with one name, the largest. By their
 * names in lowercase.
 */
export function rowBounds(places: readonly Place[], groups: Groups): ReadonlyMap<string, number> {
	const bounds = new Map<string, number>();
	// What stands in no parentheses is the whole, which our own wrapper calls so.
	const last = is(places.at(-1)?.token, ";") ? places.length - 1 : places.length;
	const main = wordAt(places, 0, "SELECT", "VALUES");
	const whole = rowsOfBody(places.slice(main, last), groups);
	bounds.set("asked", whole);
	const [grouped, different] = groupsAndSets(places, groups);
	bounds.set(anyGroups, grouped);
	bounds.set(anySet, different);
	bounds.set("", whole);
	for (const { name, open, close } of namedBodies(places)) {
		const rows = rowsOfBody(places.slice(open + 1, close), groups);
		bounds.set(name.toLowerCase(), Math.max(rows, bounds.get(name.toLowerCase()) ?? 0));
	}
	return bounds;
}

function groupsAndSets(places: readonly Place[], groups: Groups): readonly [number, number] {
	let [grouped, different] = [1, 1];
	places.forEach(({ token, depth }, at) => {
		if (!is(token, "SELECT")) return;
		const end = places.findIndex((place, later) => later > at && place.depth < depth);
		const body = places.slice(at, end < 0 ? places.length : end);
		const own = endOfArm(body, depth);
		const isGrouped = own.some((place) => place.depth === depth && is(place.token, "GROUP"));
		const isArm = own.length < body.length || is(places[at - 1]?.token, "UNION", "INTERSECT", "EXCEPT");
		if (isGrouped) grouped = Math.max(grouped, groupsOf(own, depth, groups));
		if (isArm || is(places[at + 1]?.token, "DISTINCT"))
			different = Math.max(different, groupsOf(own, depth, groups));
	});
	return [grouped, different];
}

function rowsOfBody(own: readonly Place[], groups: Groups): number {
	const depth = own[0]?.depth ?? 0;
	const at = (...words: readonly string[]) => wordAt(own, depth, ...words);
	const limit = at("LIMIT");
	const count = limit < 0 ? undefined : own[limit + 1]?.token;
	const after = limit < 0 ? undefined : own[limit + 2]?.token;
	// `LIMIT 1 << 30` begins with a small number as well.
	const isNumber = count?.kind === "number" && /^\d{1,9}$/.test(count.text);
	const isWhole = after === undefined || is(after, "OFFSET");
	const limited = isNumber && isWhole ? Number(count.text) : Number.POSITIVE_INFINITY;
	if (at("UNION", "INTERSECT", "EXCEPT") >= 0 || !is(own[0]?.token, "SELECT")) return limited;
	if (at("GROUP") >= 0 || is(own[1]?.token, "DISTINCT"))
		return Math.min(limited, groupsOf(own, depth, groups));
	return own.some((_, index) => isAggregate(own, index, depth)) ? Math.min(1, limited) : limited;
}

/** One SELECT of a compound. */
function endOfArm(own: readonly Place[], depth: number): readonly Place[] {
	const end = wordAt(own, depth, "UNION", "INTERSECT", "EXCEPT");
	return end < 0 ? own : own.slice(0, end);
}

/** How many values an expression may have; undefined where that is not known. */
export type Groups = (expression: readonly Place[]) => number | undefined;

/** The most groups of a SELECT, by what it groups by, or by its columns where those are DISTINCT. */
function groupsOf(own: readonly Place[], depth: number, groups: Groups): number {
	const at = (...words: readonly string[]) => wordAt(own, depth, ...words);
	const [group, from] = [at("GROUP"), at("FROM")];
	if (from < 0) return Number.POSITIVE_INFINITY;
	const items = splitAt(own.slice(is(own[1]?.token, "DISTINCT") ? 2 : 1, from), depth);
	const end = at("HAVING", "WINDOW", "ORDER", "LIMIT");
	const terms = group < 0 ? items : splitAt(own.slice(group + 2, end < 0 ? own.length : end), depth);
	return terms.reduce((product, term) => {
		const [only] = term;
		const named = term.length === 1 ? nameOf(only?.token)?.toLowerCase() : undefined;
		const item =
			term.length === 1 && only?.token.kind === "number"
				? items[Number(only.token.text) - 1]
				: items.find(
						(one) => is(one.at(-2)?.token, "AS") && nameOf(one.at(-1)?.token)?.toLowerCase() === named,
					);
		const expression = item ?? term;
		return product * (groups(withoutAlias(expression)) ?? Number.POSITIVE_INFINITY);
	}, 1);
}

/** A call of an aggregate that is not a window function; of min() and max() only with one argument. */
function isAggregate(places: readonly Place[], at: number, depth: number): boolean {
	const place = places[at];
	if (place?.depth !== depth || !aggregates.has(place.token.key) || !is(places[at + 1]?.token, "("))
		return false;
	const close = closing(places, at + 1);
	const several = places.slice(at + 2, close).some((one) => one.depth === depth + 1 && is(one.token, ","));
	if (several && is(place.token, "MIN", "MAX")) return false;
	const filtered = is(places[close + 1]?.token, "FILTER");
	return !is(places[filtered ? closing(places, close + 2) + 1 : close + 1]?.token, "OVER");
}
