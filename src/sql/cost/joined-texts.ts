// What aggregates join of all rows: it may be shown, and hardly anything else.
import { isJoining } from "../engine/functions.ts";
import { FormRefused } from "../failures/index.ts";
import { closing, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";

/** What may be done with all values of a column in one text. */
const takesJoined = new Set(
	"length substr substring coalesce ifnull json replace json_object json_array max min".split(" "),
);
/** The name of the function that is called at a place. */
export function callAt(places: readonly Place[], at: number): string | undefined {
	if (!is(places[at + 1]?.token, "(") || is(places[at - 1]?.token, ".")) return undefined;
	return nameOf(places[at]?.token)?.toLowerCase();
}

/** What was joined of all rows is not searched, cut apart or made longer, and goes into no other text. @throws {FormRefused} */
export function refuseJoined(places: readonly Place[], calls: readonly number[]): void {
	const joined = new Set<string>();
	for (const at of calls) {
		const name = callAt(places, at);
		if (name === undefined || !isJoining(name)) continue;
		refuseUse(places, at, closing(places, at + 1), name);
		const alias = aliasAfter(places, closing(places, at + 1) + 1);
		if (alias !== undefined) joined.add(alias);
	}
	if (joined.size === 0) return;
	places.forEach(({ token }, at) => {
		const name = token.kind === "string" ? undefined : nameOf(token)?.toLowerCase();
		if (name === undefined || !joined.has(name) || is(places[at - 1]?.token, "AS")) return;
		refuseUse(places, at, at, name);
	});
}

function aliasAfter(places: readonly Place[], at: number): string | undefined {
	const place = places[at]?.token;
	if (is(place, "AS")) return nameOf(places[at + 1]?.token)?.toLowerCase();
	// `FILTER (…) AS x`, `) AS x`: whatever follows in this item of the list.
	for (let next = at; next < Math.min(places.length, at + 40); next += 1) {
		const token = places[next]?.token;
		if (is(token, ",", "FROM", "SELECT", "GROUP", "ORDER")) return undefined;
		if (is(token, "AS")) return nameOf(places[next + 1]?.token)?.toLowerCase();
	}
	return undefined;
}

function refuseUse(places: readonly Place[], start: number, end: number, name: string): void {
	const beginning = is(places[start - 1]?.token, ".") ? start - 2 : start;
	const [before, after] = [places[beginning - 1]?.token, places[end + 1]?.token];
	const isOperand =
		is(before, "||", "LIKE", "GLOB", "->", "->>") || is(after, "||", "LIKE", "GLOB", "->", "->>");
	if (isOperand) throw new FormRefused("growth", `what ${name} joins in another text`);
	for (let open = places[beginning]?.open ?? -1; open > 0; open = places[open]?.open ?? -1) {
		const caller = is(places[open - 1]?.token, ".") ? undefined : callAt(places, open - 1);
		if (is(places[open + 1]?.token, "SELECT", "WITH")) {
			const outer = places[open]?.open ?? -1;
			const table = outer > 0 ? callAt(places, outer - 1) : undefined;
			if (table === "json_each" || table === "json_tree")
				throw new FormRefused("growth", `${table}() of what ${name} joins`);
			return;
		}
		if (caller === undefined || isKeyword(places[open - 1])) continue;
		if (!takesJoined.has(caller) && !isJoining(caller))
			throw new FormRefused("growth", `${caller}() of what ${name} joins`);
	}
}

const keywords = new Set(
	"IN AND OR NOT ON USING AS OVER FILTER VALUES EXISTS BY SELECT FROM WHERE JOIN CASE WHEN THEN ELSE".split(
		" ",
	),
);
/** A word before a parenthesis that is not a function. */
export function isKeyword(place: Place | undefined): boolean {
	return place !== undefined && keywords.has(place.token.key);
}
