// What SQLite writes for the functions and forms of other databases' SQL.

import { is, type Token, tokenize } from "../text/tokens.ts";

const now = "unixepoch('now') for Unix seconds, datetime('now') for text";
const format =
	"strftime('%Y-%m-%d %H:00', created_at, 'unixepoch'), or date(created_at, 'unixepoch') for a day";
const span =
	"times as numbers of seconds: created_at > unixepoch('now', '-1 day'), or a - b between two of them";
const pattern = "LIKE (which ignores the case of ASCII letters), GLOB or instr()";

/** By SQLite's words, the names that other databases have for it. */
const functions: readonly (readonly [instead: string, names: string])[] = [
	[now, "now getdate sysdate systimestamp getutcdate localtimestamp clock_timestamp utc_timestamp"],
	["date('now')", "curdate today utc_date"],
	["time('now')", "curtime"],
	["unixepoch('now'), or unixepoch(text)", "unix_timestamp to_unixtime epoch"],
	["datetime(created_at, 'unixepoch')", "from_unixtime to_timestamp timestamp_seconds to_date"],
	[format, "date_trunc time_bucket date_format to_char format_date"],
	[
		"CAST(strftime('%H', created_at, 'unixepoch') AS INTEGER)",
		"date_part extract year month day hour minute second dayofweek weekday week",
	],
	[span, "date_add date_sub dateadd datediff date_diff timestampdiff timestampadd age make_interval"],
	["group_concat(x, ', ')", "array_agg listagg"],
	["coalesce(a, b)", "isnull nvl"],
	["iif(condition, a, b), or CASE", "if decode"],
	["max(a, b)", "greatest"],
	["min(a, b)", "least"],
	["substr(x, 1, n), or substr(x, -n)", "left right"],
	["length(x)", "len char_length character_length datalength"],
	["instr(text, part)", "position strpos charindex locate"],
	["upper(x) or lower(x)", "ucase lcase initcap"],
	[pattern, "regexp regexp_like regexp_matches regexp_match rlike contains starts_with startswith"],
	["substr() with instr()", "split_part regexp_substr regexp_extract substring_index"],
	["CAST(x AS INTEGER), CAST(x AS REAL) or CAST(x AS TEXT)", "convert try_cast safe_cast to_number"],
	["json_extract(x, '$.name')", "json_value json_query get_json_object jsonb_extract_path_text"],
	[
		"row_number() OVER (ORDER BY x) and count(*) OVER (), and the row at the place",
		"percentile_cont percentile_disc percentile approx_percentile quantile median",
	],
	[
		"avg(x * x) - avg(x) * avg(x) for the variance",
		"stddev stddev_pop stddev_samp variance var_pop var_samp",
	],
	["sum(condition)", "count_if countif"],
	["WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 24)", "generate_series"],
];

/** What SQLite writes for another database's function; undefined for every other name. */
export function insteadOfFunction(name: string): string | undefined {
	const wanted = name.toLowerCase();
	return functions.find(([, names]) => names.split(" ").includes(wanted))?.[0];
}

type Form = readonly [
	form: string,
	instead: string,
	isHere: (tokens: readonly Token[], at: number) => boolean,
];

const follows = (tokens: readonly Token[], at: number, ...keys: readonly string[]) =>
	is(tokens[at + 1], ...keys);

/** What does not compile in SQLite, and what is written there. */
const forms: readonly Form[] = [
	["INTERVAL", span, (tokens, at) => is(tokens[at], "INTERVAL") && isValue(tokens[at + 1])],
	["ILIKE", "LIKE, which ignores the case of ASCII letters", (tokens, at) => is(tokens[at], "ILIKE")],
	["TOP", "LIMIT n at the end", (tokens, at) => is(tokens[at], "SELECT") && follows(tokens, at, "TOP")],
	["FETCH FIRST", "LIMIT n", (tokens, at) => is(tokens[at], "FETCH") && follows(tokens, at, "FIRST", "NEXT")],
	[
		"EXTRACT(… FROM …)",
		"CAST(strftime('%H', created_at, 'unixepoch') AS INTEGER)",
		(tokens, at) => is(tokens[at], "EXTRACT") && follows(tokens, at, "("),
	],
	["SIMILAR TO", pattern, (tokens, at) => is(tokens[at], "SIMILAR") && follows(tokens, at, "TO")],
	["RLIKE", pattern, (tokens, at) => is(tokens[at], "RLIKE")],
	[
		"DISTINCT ON",
		"GROUP BY with max()",
		(tokens, at) => is(tokens[at], "DISTINCT") && follows(tokens, at, "ON"),
	],
	[
		"AT TIME ZONE",
		"datetime(created_at, 'unixepoch', '+1 hour') (all times are UTC)",
		(tokens, at) => is(tokens[at], "AT") && follows(tokens, at, "TIME"),
	],
	[
		"a typed literal",
		"unixepoch('2026-11-23T20:00:00Z')",
		(tokens, at) => is(tokens[at], "DATE", "TIMESTAMP", "TIMESTAMPTZ") && tokens[at + 1]?.kind === "string",
	],
	["ANY(…)", "IN (…)", (tokens, at) => is(tokens[at], "=") && follows(tokens, at, "ANY", "ALL")],
	["QUALIFY", "a subquery with WHERE around it", (tokens, at) => is(tokens[at], "QUALIFY")],
];

function isValue(token: Token | undefined): boolean {
	return token?.kind === "string" || token?.kind === "number";
}

/** For a text that does not compile: a form of another database's in it, and what SQLite writes instead. */
export function foreignForm(sql: string): { readonly form: string; readonly instead: string } | undefined {
	const tokens = tokenize(sql).filter(({ kind }) => kind !== "space" && kind !== "comment");
	for (const [form, instead, isHere] of forms)
		if (tokens.some((_, at) => isHere(tokens, at))) return { form, instead };
	return undefined;
}

/** PostgreSQL's `x::type`, of which SQLite's tokenizer makes a parameter. */
export function castInstead(parameter: string): string | undefined {
	const type = /^::(\w+)/.exec(parameter)?.[1]?.toLowerCase();
	if (type === undefined) return undefined;
	if (/^(?:date|timestamptz?|datetime)$/.test(type))
		return `${type === "date" ? "date" : "datetime"}(created_at, 'unixepoch')`;
	if (/^(?:int|integer|bigint|smallint|int4|int8)$/.test(type)) return "CAST(x AS INTEGER)";
	if (/^(?:float\w*|double|real|numeric|decimal)$/.test(type)) return "CAST(x AS REAL)";
	return "CAST(x AS TEXT)";
}
