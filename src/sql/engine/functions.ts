// The SQL functions that a query may call.

/**
 * The functions that a query may call: those that compute from their arguments alone, are in every SQLite since 3.45
 * (libSQL's base), and cannot make a large value of a small one by their arguments alone. Left out on purpose:
 * `load_extension`, `readfile`, `fts3_tokenizer` and the like (files, code), `sqlite_*`, `changes`, `last_insert_rowid`
 * (the server's state), `zeroblob`, `randomblob` (memory), `unhex` (text that is not valid Unicode).
 */
const scalar =
	"abs acos acosh asin asinh atan atan2 atanh ceil ceiling char coalesce concat concat_ws cos cosh current_date current_time current_timestamp date datetime degrees exp floor format glob hex ifnull iif instr json json_array json_array_length json_error_position json_extract json_insert json_object json_patch json_quote json_remove json_replace json_set json_type json_valid julianday length like likelihood likely ln log log10 log2 lower ltrim max min mod nullif octet_length pi pow power printf quote radians random replace round rtrim sign sin sinh sqrt strftime substr substring tan tanh time timediff trim trunc typeof unicode unixepoch unlikely upper -> ->>".split(
		" ",
	);

const aggregate =
	"avg count group_concat json_group_array json_group_object max min string_agg sum total".split(" ");

const window =
	"row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value".split(
		" ",
	);

/** All of them, without those that are written as operators. */
export const functionNames: readonly string[] = [...new Set([...scalar, ...aggregate, ...window])]
	.filter((name) => /^[a-z]/.test(name))
	.sort();

const joining = new Set(["group_concat", "string_agg", "json_group_array", "json_group_object"]);

/** An aggregate whose result is as long as all of its rows together. */
export function isJoining(name: string): boolean {
	return joining.has(name);
}

const allowed = new Set([...scalar, ...aggregate, ...window]);

export function isAllowedFunction(name: string): boolean {
	return allowed.has(name) || allowed.has(name.toLowerCase());
}

/** Functions that stand in FROM. They read their argument and nothing else. */
export const tableFunctions: readonly string[] = ["json_each", "json_tree"];
