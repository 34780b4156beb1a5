// What production's own SQLite knows: asked once, where a query uses what not every build of SQLite has.

import type { CheckedSelect } from "../checked-select.ts";
import { FunctionLacking } from "../failures/index.ts";
import { argumentsAt } from "../text/argument-counts.ts";
import { type Parsed, parsedOf } from "../text/structure.ts";
import { nameOf, type Token, wordToken } from "../text/tokens.ts";

/** What production knows; undefined where it does not tell. */
export interface Dialect {
	readonly version: string;
	lacks(name: string): boolean;
}

/** Functions that a build may lack (SQLITE_ENABLE_MATH_FUNCTIONS), or that came after 3.40, and what to write instead. */
const optional: Readonly<Record<string, string>> = {
	...Object.fromEntries(
		"acos acosh asin asinh atan atan2 atanh cos cosh degrees exp ln log10 pi radians sin sinh sqrt tan tanh"
			.split(" ")
			.map((name) => [name, ""]),
	),
	ceil: "CAST(x AS INTEGER) + (x > CAST(x AS INTEGER))",
	ceiling: "CAST(x AS INTEGER) + (x > CAST(x AS INTEGER))",
	floor: "CAST(x AS INTEGER) - (x < CAST(x AS INTEGER))",
	mod: "x % y",
	power: "x * x",
	trunc: "CAST(x AS INTEGER)",
	concat: "x || y",
	concat_ws: "x || ',' || y",
	string_agg: "group_concat(x, y)",
	octet_length: "length(CAST(x AS BLOB))",
	timediff: "unixepoch(x) - unixepoch(y)",
	json_error_position: "json_valid(x)",
	log2: "log10(x) / log10(2)",
	log: "log10(y) / log10(x)",
};

/** Fields of strftime() that came later, and of which an older SQLite makes NULL (https://sqlite.org/lang_datefunc.html). */
const fields = [
	{ name: "strftime('%G %g %U %V')", pattern: /(?<!%)(?:%%)*%[GgUV]/, probe: "%V" },
	{ name: "strftime('%e %F %I %k %l %p %P %R %T %u')", pattern: /(?<!%)(?:%%)*%[eFIklpPRTu]/, probe: "%F" },
] as const;

/** One query of ours, the same for all: it names no table, and reads no row of one. */
export const probe = {
	text: `SELECT sqlite_version() AS version, (SELECT group_concat(name || '/' || narg, ' ') FROM pragma_function_list WHERE name IN (${Object.keys(
		optional,
	)
		.map((name) => `'${name}'`)
		.join(
			", ",
		)})) AS functions, ${fields.map((field, index) => `strftime('${field.probe}', 0, 'unixepoch') AS f${index}`).join(", ")} LIMIT 1`,
	columns: ["version", "functions", ...fields.map((_, index) => `f${index}`)],
	maxRows: 1,
	guardMs: 0,
} as unknown as CheckedSelect;

export function readDialect(row: Readonly<Record<string, unknown>> | undefined): Dialect | undefined {
	if (typeof row?.functions !== "string") return undefined;
	// libSQL's own log() takes one argument, and is the natural logarithm.
	const known = new Set(
		row.functions.split(" ").flatMap((one) => (one === "log/2" ? ["log"] : one.replace(/^log\/.*|\/.*/, ""))),
	);
	fields.forEach(({ name }, index) => {
		if (typeof row[`f${index}`] === "string") known.add(name);
	});
	return { version: String(row.version), lacks: (name) => !known.has(name) };
}

/** What of a text not every build of SQLite has. */
export function optionalIn({ places, calls }: Parsed): readonly string[] {
	const found = new Set<string>();
	for (const at of calls) {
		const token = places[at]?.token;
		if (token === undefined || token.kind === "string") continue;
		const name = nameOf(token)?.toLowerCase() ?? "";
		if (Object.hasOwn(optional, name)) found.add(name);
		const format = name === "strftime" ? places[at + 2]?.token : undefined;
		if (format?.kind !== "string") continue;
		for (const field of fields) if (field.pattern.test(format.text)) found.add(field.name);
	}
	return [...found];
}

/** The first of them that production lacks. */
export function lackingOf(dialect: Dialect, used: readonly string[]): FunctionLacking | undefined {
	const lacking = used.find((name) => dialect.lacks(name));
	if (lacking === undefined) return undefined;
	return new FunctionLacking(lacking, dialect.version, optional[lacking] ?? "");
}

/**
 * With names that mean the same in each SQLite: log() of one number is log10() in SQLite and the natural logarithm in
 * libSQL, which has power() and no pow().
 */
export function withPlainFunctions(parsed: Parsed): Parsed {
	const { places, calls } = parsed;
	const changed = new Map<number, Token>();
	for (const at of calls) {
		const place = places[at];
		const name = place?.token.folded;
		if (place === undefined || (name !== "pow" && name !== "log")) continue;
		if (name === "pow") changed.set(place.index, wordToken("power"));
		else if (argumentsAt(places, at) === 1) changed.set(place.index, wordToken("log10"));
	}
	return changed.size === 0
		? parsed
		: parsedOf(parsed.tokens.map((token, index) => changed.get(index) ?? token));
}
