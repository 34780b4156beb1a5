// How many groups an expression makes: a column's different values, or pieces of time.
import { commonTables, opening, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { fromsIn, windowIn } from "./filters.ts";
import { mayBeAlias } from "./group-keys.ts";
import type { Described } from "./sizes.ts";
import type { TableStatistics } from "./statistics.ts";

/** @returns undefined where it may be any number */
export function groupsOf(expression: readonly Place[], sizes: Described): number | undefined {
	const names = expression.filter(
		({ token }, at) =>
			(token.kind === "word" || token.kind === "quoted") && !is(expression[at + 1]?.token, ".", "("),
	);
	const column = nameOf(names[0]?.token)?.toLowerCase();
	const tables = column === undefined ? [] : tablesOf(expression, column, sizes);
	if (column === undefined) return undefined;
	if (tables.length === 0)
		return names.length === 1 && expression.length <= 3 ? stepsOf(column, sizes) : undefined;
	if (names.length === expression.length || is(expression[1]?.token, "."))
		return expression.length <= 3
			? Math.max(...tables.map((table) => table.column(column).distinct)) + 1
			: undefined;
	if (column !== "created_at" || names.length > 1) return undefined;
	const piece = pieceOf(expression);
	return piece === undefined
		? undefined
		: Math.min(
				Math.max(...tables.map((table) => table.pieces(piece))),
				spanOf(tables, sizes, Math.max(...tables.map(({ span }) => span))) / piece + 2,
			);
}

/** The LIMIT of the WITH expression that alone has a column of this name: `hours(h) AS (… LIMIT 24)`. */
function stepsOf(column: string, { places, tablesWith }: Described): number | undefined {
	const isColumn = ({ token }: Place) => nameOf(token)?.toLowerCase() === column;
	if (tablesWith(column).length > 0) return undefined;
	if (places.some((place, at) => isColumn(place) && mayBeAlias(places, at))) return undefined;
	const [only, ...more] = commonTables(places).filter(({ open }) => {
		const close = is(places[open - 1]?.token, "AS") ? open - 2 : -1;
		const start = opening(places, close) ?? close;
		return places.slice(start, close).some(isColumn);
	});
	if (only === undefined || more.length > 0) return undefined;
	const [limit, count] = places.slice(only.close - 2, only.close);
	return is(limit?.token, "LIMIT") && count?.token.kind === "number" ? Number(count.token.text) : undefined;
}

/** The tables that a column may be of. */
function tablesOf(
	[qualifier, dot]: readonly Place[],
	column: string,
	{ namesOf, statistics, isGiven, tablesWith }: Described,
): readonly TableStatistics[] {
	if (is(dot?.token, ".")) {
		const named = [...new Set(namesOf(nameOf(qualifier?.token)?.toLowerCase() ?? ""))].map(statistics);
		if (named.length > 0 && named.every((table) => table !== undefined)) return named;
	}
	return isGiven(column) ? [] : tablesWith(column);
}

/** `created_at / 3600`, `date(created_at, …)`, `strftime('%H', …)`: the seconds of one piece. */
function pieceOf(expression: readonly Place[]): number | undefined {
	const text = expression.map(({ token }) => token.text.toLowerCase()).join(" ");
	const divided =
		/^(?:cast \( )?(?:\w+ \. )?created_at \/ (\d{2,7})(?: \* \d{2,7})?(?: as integer \))?$/.exec(text)?.[1];
	if (divided !== undefined) return Number(divided);
	if (/^date \( (?:\w+ \. )?created_at , 'unixepoch' \)$/.test(text)) return 86_400;
	const inner = /^datetime \( (?:\w+ \. )?created_at \/ (\d{2,7}) \* \d{2,7} , 'unixepoch' \)$/.exec(
		text,
	)?.[1];
	if (inner !== undefined) return Number(inner);
	const format = /strftime \( '([^']*)' , (?:\w+ \. )?created_at , 'unixepoch' \)/.exec(text)?.[1];
	if (format === undefined || /%[sfjf]/.test(format)) return undefined;
	return /%[ST]/i.test(format)
		? 1
		: /%m/i.test(format.replaceAll("%m", ""))
			? 60
			: /%h/i.test(format)
				? 3600
				: 86_400;
}

/** The longest time that the WHERE of any source lets through of these tables. */
function spanOf(
	tables: readonly TableStatistics[],
	{ places, now, statistics }: Described,
	whole: number,
): number {
	const spans = fromsIn(places).flatMap((from) =>
		from.sources.flatMap(({ name, alias }) => {
			const table = statistics(name.toLowerCase());
			if (table === undefined || !tables.includes(table)) return [];
			const [low, high] = windowIn(from, (alias ?? name).toLowerCase(), places, now);
			// Clients' clocks may be ahead.
			return Number.isFinite(low) ? Math.min(whole, Math.min(high, now + 86_400) - low) : whole;
		}),
	);
	return spans.length === 0 ? whole : Math.max(...spans);
}
