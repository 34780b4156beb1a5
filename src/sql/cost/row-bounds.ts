// Reads upper bounds of rows from the text of a query.

import { closing, commonTables, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";

const aggregates = new Set(
	"AVG COUNT GROUP_CONCAT JSON_GROUP_ARRAY JSON_GROUP_OBJECT MAX MIN STRING_AGG SUM TOTAL".split(" "),
);

/**
 * The most rows of the common table expressions and named subqueries of a text, as far as the text alone tells: one of
 * an aggregate without GROUP BY, and the LIMIT where it is a number. Of several with one name, the largest. By their
 * names in lowercase.
 */
export function rowBounds(places: readonly Place[]): ReadonlyMap<string, number> {
	const bounds = new Map<string, number>();
	const add = (given: string | undefined, rows: number) => {
		const name = given?.toLowerCase();
		if (name !== undefined) bounds.set(name, Math.max(rows, bounds.get(name) ?? 0));
	};
	for (const { name, open, close } of commonTables(places)) add(name, rowsOfBody(places, open, close));
	places.forEach(({ token }, open) => {
		if (!is(token, "(") || !is(places[open + 1]?.token, "SELECT")) return;
		const close = closing(places, open);
		const after = is(places[close + 1]?.token, "AS") ? close + 2 : close + 1;
		add(nameOf(places[after]?.token), rowsOfBody(places, open, close));
	});
	return bounds;
}

function rowsOfBody(places: readonly Place[], open: number, close: number): number {
	const depth = (places[open]?.depth ?? 0) + 1;
	const own = places.slice(open + 1, close);
	const at = (...keys: readonly string[]) =>
		own.findIndex((place) => place.depth === depth && is(place.token, ...keys));
	const limit = at("LIMIT");
	const count = limit < 0 ? undefined : own[limit + 1]?.token;
	const after = limit < 0 ? undefined : own[limit + 2]?.token;
	// `LIMIT 1 << 30` begins with a small number as well.
	const isNumber = count?.kind === "number" && /^\d{1,9}$/.test(count.text);
	const isWhole = after === undefined || is(after, "OFFSET");
	const limited = isNumber && isWhole ? Number(count.text) : Number.POSITIVE_INFINITY;
	if (at("GROUP", "UNION", "INTERSECT", "EXCEPT") >= 0) return limited;
	return own.some((_, index) => isAggregate(own, index, depth)) ? Math.min(1, limited) : limited;
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
