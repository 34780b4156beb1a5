// Whether the subqueries of a text run once for each group of their SELECT, and not for each row that it groups.
import { commonTables, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { endingAt, splitAt, wordAt } from "./clauses.ts";
import { mayBeAlias } from "./group-keys.ts";
import { callAt } from "./joined-texts.ts";
import { aggregates } from "./row-bounds.ts";

const clauses = "SELECT FROM JOIN ON USING WHERE GROUP HAVING WINDOW ORDER LIMIT".split(" ");

/** Each subquery that is a value stands beside GROUP BY: among the columns, in HAVING or ORDER BY, in no aggregate. */
export function runPerGroup(places: readonly Place[]): boolean {
	const bodies = new Set(commonTables(places).map(({ open }) => open));
	let isAny = false;
	for (let open = 0; open < places.length; open += 1) {
		const isQuery = is(places[open]?.token, "(") && is(places[open + 1]?.token, "SELECT", "WITH", "VALUES");
		if (!isQuery || bodies.has(open)) continue;
		const clause = clauseAt(places, open);
		if (is(clause?.token, "FROM", "JOIN")) continue;
		if (!isBesideGroups(places, open)) return false;
		isAny = true;
	}
	return isAny;
}

/** The last word that begins a clause before a place, at its depth and in its parentheses. */
function clauseAt(places: readonly Place[], at: number): Place | undefined {
	const { depth, open } = places[at] ?? {};
	return places.findLast(
		(place, index) =>
			index < at && place.depth === depth && place.open === open && is(place.token, ...clauses),
	);
}

function isBesideGroups(places: readonly Place[], subquery: number): boolean {
	// Up to where its SELECT stands.
	let at = subquery;
	while (clauseAt(places, at) === undefined) {
		const open = places[at]?.open ?? -1;
		if (open < 0 || aggregates.has((callAt(places, open - 1) ?? "").toUpperCase())) return false;
		at = open;
	}
	if (!is(clauseAt(places, at)?.token, "SELECT", "HAVING", "ORDER")) return false;
	const { depth = 0, open } = places[at] ?? {};
	const isOwn = (place: Place) => place.depth === depth && place.open === open;
	const start = places.findLastIndex(
		(place, index) => index < at && isOwn(place) && is(place.token, "SELECT"),
	);
	const arm = endingAt(places.slice(start), depth, "UNION", "INTERSECT", "EXCEPT");
	const [from, group] = [wordAt(arm, depth, "FROM"), wordAt(arm, depth, "GROUP")];
	if (start < 0 || from < 0 || group < 0) return false;
	const after = wordAt(arm, depth, "HAVING", "WINDOW", "ORDER", "LIMIT");
	const terms = splitAt(arm.slice(group + 2, after < 0 ? arm.length : after), depth);
	const items = splitAt(arm.slice(1, from), depth);
	const place = items.findIndex((item) => item.some(({ index }) => index === places[subquery]?.index));
	const item = items[place] ?? [];
	const alias = mayBeAlias(item, item.length - 1) ? nameOf(item.at(-1)?.token)?.toLowerCase() : undefined;
	return (
		!terms.some((term) => term.length === 1 && term[0]?.token.text === String(place + 1)) &&
		// By its name it may be read for each row: in WHERE, in GROUP BY, in an aggregate.
		!arm
			.slice(from)
			.some(
				({ token, depth: deep }, index) =>
					alias !== undefined &&
					nameOf(token)?.toLowerCase() === alias &&
					(deep > depth || after < 0 || from + index < after),
			)
	);
}
