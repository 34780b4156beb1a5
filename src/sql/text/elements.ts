// Bounds the rows that json_each and json_tree make.

import type { Place } from "./structure.ts";
import { is, nameOf } from "./tokens.ts";

/** Elements of a JSON array that is stored in a cell. */
const storedElements = 100;
/** Elements of one that the query makes itself; what it is made of is bounded elsewhere (cost/texts.ts). */
const madeElements = 100_000;

const making = new Set(
	"char concat concat_ws format group_concat hex json json_array json_extract json_group_array json_group_object json_insert json_object json_patch json_replace json_set printf quote replace string_agg strftime".split(
		" ",
	),
);

/**
 * The most elements that json_each may find in one value: as many as the query's longest literal can hold, and many
 * where the query puts texts together.
 *
 * @param largest rows of the largest table of the query, of which an aggregate may make one array
 */
export function elementsAtMost(places: readonly Place[], largest: number): number {
	const makes = places.some(
		({ token, depth }, at) =>
			depth > 0 &&
			(is(token, "||") || (is(places[at + 1]?.token, "(") && making.has(nameOf(token)?.toLowerCase() ?? ""))),
	);
	if (makes) return Math.max(largest, madeElements);
	const longest = places.reduce(
		(most, { token }) => (token.kind === "string" ? Math.max(most, token.text.length) : most),
		0,
	);
	return Math.max(storedElements, longest / 2);
}
