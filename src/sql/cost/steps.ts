// How far apart the values are that a recursion counts up: windows that begin at them overlap no more than that.

import { type CommonTable, commonTables, type Place, sourcesAt } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { wordAt } from "./clauses.ts";
import { constantOf } from "./constants.ts";
import type { Described } from "./sizes.ts";

/** A column, and what it is multiplied by. */
const shape = /^(?:(\w{1,100}) \. )?([a-z_]\w{0,99})(?: \* (\d{1,9}))?$/;

/**
 * The distance between two values of `base` for two rows of a source; undefined where that is no recursion that counts,
 * `h(t) AS (SELECT 0 UNION ALL SELECT t + 3600 FROM h)`.
 *
 * @param base words with spaces between them, in lowercase: `h . t`, `t * 3600`
 */
export function stepOf(base: string, source: string, text: Described): number | undefined {
	const [, qualifier = source, column = "", factor = "1"] = shape.exec(base) ?? [];
	if (qualifier !== source || text.tablesWith(column).length > 0) return undefined;
	const [name, ...others] = new Set(text.namesOf(source));
	const [table, ...namesakes] = commonTables(text.places).filter((one) => one.name.toLowerCase() === name);
	if (table === undefined || others.length > 0 || namesakes.length > 0) return undefined;
	const step = Math.abs(countedBy(text.places, table, column, text.now) ?? 0) * Number(factor);
	return step >= 1 ? step : undefined;
}

/** What is added to the one column of a recursion from row to row, where it begins with one row. */
function countedBy(
	places: readonly Place[],
	{ name, open, close }: CommonTable,
	column: string,
	now: number,
): number | undefined {
	const body = places.slice(open + 1, close);
	const depth = body[0]?.depth ?? 0;
	const at = (some: readonly Place[], ...words: readonly string[]) => wordAt(some, depth, ...words);
	const union = at(body, "UNION", "INTERSECT", "EXCEPT");
	const first = body.slice(0, union);
	const next = body.slice(is(body[union + 1]?.token, "ALL") ? union + 2 : union + 1);
	const from = at(next, "FROM");
	const item = next.slice(1, from);
	if (union < 0 || from < 0 || !is(next[0]?.token, "SELECT") || at(item, ",") >= 0) return undefined;
	if (at(first, "FROM", ",") >= 0 || at(next, "UNION", "INTERSECT", "EXCEPT") >= 0) return undefined;
	if (!isCalled(column, places, open, first) || !beginsWithNumber(first, now)) return undefined;
	const [only, ...more] = sourcesAt(next, from);
	if (only?.kind !== "table" || only.name.toLowerCase() !== name.toLowerCase() || more.length > 0)
		return undefined;
	const added = item.slice(is(item[1]?.token, ".") ? 3 : 1);
	const read = item[item.length - added.length - 1]?.token;
	return nameOf(read)?.toLowerCase() === column && is(added[0]?.token, "+", "-")
		? constantOf(added, 0)
		: undefined;
}

/** A text would come behind every number, and its window hold all rows. */
function beginsWithNumber(first: readonly Place[], now: number): boolean {
	const value = is(first.at(-2)?.token, "AS") ? first.slice(1, -2) : first.slice(1);
	return constantOf(value, now) !== undefined;
}

/** Whether the column is the only one: `name(column) AS (`, or `SELECT … AS column`. */
function isCalled(column: string, places: readonly Place[], open: number, first: readonly Place[]): boolean {
	const isIt = (place: Place | undefined) => nameOf(place?.token)?.toLowerCase() === column;
	const isListed = is(places[open - 1]?.token, "AS") && is(places[open - 2]?.token, ")");
	return isListed
		? isIt(places[open - 3]) && is(places[open - 4]?.token, "(")
		: is(first.at(-2)?.token, "AS") && isIt(first.at(-1));
}
