// How many rows an aggregate joins into one text, as far as the text of the query tells.
import { isJoining } from "../engine/functions.ts";
import { closing, fromAfter, type Parsed, type Place, sourcesAt } from "../text/structure.ts";
import { is } from "../text/tokens.ts";
import { groupsOf } from "./group-counts.ts";
import { anyGroups } from "./row-bounds.ts";
import type { Sizes } from "./sizes.ts";

/** The places of calls that join all values of a group. */
export function joiningCalls({ places, calls }: Parsed): readonly number[] {
	return calls.filter((at) => isJoining(places[at]?.token.folded ?? ""));
}

/** For each of them; infinite where the text does not tell. */
export function joinedRows(parsed: Parsed, sizes: Sizes): readonly number[] {
	const { places } = parsed;
	return joiningCalls(parsed).map((at) =>
		Math.min(differentValues(places, at, sizes), sourceRows(places, at, sizes)),
	);
}

/** The most values that any aggregate with DISTINCT may be given. */
export function mostDifferent(places: readonly Place[], sizes: Known): number {
	return places.reduce((most, { token }, at) => {
		if (!is(token, "(") || !is(places[at + 1]?.token, "DISTINCT")) return most;
		return Math.max(most, differentValues(places, at - 1, sizes));
	}, 0);
}

type Known = Parameters<typeof groupsOf>[1];

function differentValues(places: readonly Place[], at: number, sizes: Known): number {
	if (!is(places[at + 2]?.token, "DISTINCT")) return Number.POSITIVE_INFINITY;
	const inside = places.slice(at + 3, closing(places, at + 1));
	return groupsOf(inside, sizes) ?? Number.POSITIVE_INFINITY;
}

/** Where it reads nothing but one subquery or common table expression, as many as that has. */
function sourceRows(places: readonly Place[], at: number, sizes: Sizes): number {
	let start = at;
	while (fromAfter(places, start) === undefined && (places[start]?.open ?? -1) >= 0)
		start = places[start]?.open ?? 0;
	const from = fromAfter(places, start);
	if (from === undefined) return Number.POSITIVE_INFINITY;
	const [source, ...more] = sourcesAt(places, from);
	if (source === undefined || more.length > 0 || source.kind === "function") return Number.POSITIVE_INFINITY;
	if (source.kind === "subquery") {
		const body = places.slice(from + 2, closing(places, from + 1));
		const isGrouped = body.some(({ token, depth }) => depth === body[0]?.depth && is(token, "GROUP"));
		return (isGrouped ? sizes.rowsAtMost(anyGroups) : undefined) ?? Number.POSITIVE_INFINITY;
	}
	const name = source.name.toLowerCase();
	return sizes.statistics(name) === undefined
		? (sizes.rowsAtMost(name) ?? Number.POSITIVE_INFINITY)
		: Number.POSITIVE_INFINITY;
}
