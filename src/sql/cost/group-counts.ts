// How many groups an expression makes: a column's different values, or pieces of time.
import type { Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";
import { timesAsked } from "./conditions.ts";
import type { Sizes } from "./shares.ts";

/** @returns undefined where it may be any number */
export function groupsOf(
	expression: readonly Place[],
	sizes: Pick<Sizes, "places" | "now" | "tablesWith" | "isGiven">,
): number | undefined {
	const names = expression.filter(
		({ token }, at) =>
			(token.kind === "word" || token.kind === "quoted") && !is(expression[at + 1]?.token, ".", "("),
	);
	const column = nameOf(names[0]?.token)?.toLowerCase();
	const tables = column === undefined || sizes.isGiven(column) ? [] : sizes.tablesWith(column);
	if (column === undefined || tables.length === 0) return undefined;
	if (names.length === expression.length || is(expression[1]?.token, "."))
		return expression.length <= 3
			? Math.max(...tables.map((table) => table.column(column).distinct)) + 1
			: undefined;
	if (column !== "created_at" || names.length > 1) return undefined;
	const piece = pieceOf(expression);
	return piece === undefined
		? undefined
		: spanOf(sizes, Math.max(...tables.map(({ span }) => span))) / piece + 2;
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

/** The longest time that any source of the text is asked for. */
function spanOf({ places, now }: Pick<Sizes, "places" | "now">, whole: number): number {
	const aliases = new Set(
		places.flatMap(({ token }, at) =>
			is(places[at + 1]?.token, ".") ? [nameOf(token)?.toLowerCase() ?? ""] : [],
		),
	);
	return Math.max(
		...["", ...aliases].map((alias) => {
			const times = timesAsked(places, alias, "created_at", now, true);
			// Clients' clocks may be ahead.
			return times.kind === "between"
				? Math.min(whole, Math.min(times.to, now + 86_400) - times.from)
				: whole;
		}),
	);
}
