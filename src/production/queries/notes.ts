// Notes on a query's result: rows left out, and comparisons that cannot match.

import type { Cell } from "../../source/index.ts";
import {
	type AgentSelect,
	integer,
	join,
	name,
	type Sql,
	sql,
	type TimeStorage,
	text,
} from "../../sql/index.ts";
import { Failure } from "../../text/index.ts";
import type { Database } from "../database.ts";
import { patternOf } from "../runs/patterns.ts";
import { readComparisons, type TextComparison } from "./comparisons.ts";
import { noteOnFuture, noteOnTimes } from "./time-notes.ts";
import { isWholeNumber } from "./whole-numbers.ts";

/** Rows of different messages from which on it is worth to fold them. */
const manyMessages = 12;

/** Filters that are checked in another letter case, in one query. */
const maxLookedUp = 4;

/**
 * Makes at most one further query, for an empty result and for the newest rows without their times; its failure is a
 * note too, since the rows are already there.
 */
export async function noteOn(
	database: Database,
	query: {
		readonly checked: AgentSelect;
		readonly rows: readonly (readonly Cell[])[];
		readonly truncated: boolean;
		readonly limit: number;
	},
	signal: AbortSignal,
): Promise<readonly string[]> {
	const { checked, rows, truncated, limit } = query;
	const comparisons = readComparisons(checked.meant, checked.tables);
	const notes: string[] = [];
	if (truncated) {
		notes.push(
			limit < 1000
				? `there are more than ${limit} rows: raise limit (up to 1000), narrow the query, or count in it`
				: `there are more than ${limit} rows: narrow the query, count in it, or page by a column (WHERE id > the last one)`,
		);
	}
	for (const { table, columns } of checked.omitted) {
		notes.push(`* excludes the withheld columns of ${table}: ${columns.join(", ")}`);
	}
	for (const text of checked.texts)
		notes.push(`"${text}" names no column, so it was sent as the text '${text}': a text takes single quotes`);
	if (checked.asHex.length > 0) notes.push(`${checked.asHex.join(", ")}: bytes, read as hex()`);
	const whole = checked.columns.filter((_, at) => rows.some((row) => isWholeNumber(row[at])));
	if (whole.length > 0)
		notes.push(
			`${whole.join(", ")}: integers beyond 2^53 stand whole, as text, since a number would be rounded`,
		);
	if (foldsIntoFew(checked.columns, rows))
		notes.push("most of these messages are alike: failed_skill_runs folds them into patterns, with counts");
	if (readsEmptyOrganization(checked.meant))
		notes.push(
			"organization_id is empty in most rows of skill_usage_logs: JOIN users ON users.id = user_id, and take users.organization_id",
		);
	if (checked.withoutIndex)
		notes.push("INDEXED BY was left out: production chooses the index, the rows are the same");
	if (checked.recursionLimit !== undefined)
		notes.push(`the recursion was given a LIMIT of ${checked.recursionLimit} rows`);
	try {
		const times = await noteOnTimes(database, comparisons, signal);
		notes.push(...times, ...(await noteOnFuture(database, checked, rows, signal)));
		if (isNothing(rows)) {
			const short = comparisons.texts.find(({ text: wanted }) => /^[0-9a-f]{8}$/i.test(wanted));
			if (short !== undefined) {
				notes.push(`ids are shown short: compare with ${short.column} LIKE '${short.text.toLowerCase()}%'`);
			} else if (times.length === 0) notes.push(...(await noteOnCase(database, comparisons.texts, signal)));
		}
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		notes.push(
			"could not check whether a comparison matches nothing because of its form (a time as text, another letter case)",
		);
	}
	return notes;
}

/** Messages that differ only in numbers and ids, in dozens of rows. */
function foldsIntoFew(columns: readonly string[], rows: readonly (readonly Cell[])[]): boolean {
	const at = columns.findIndex((column) => /error_message|message/i.test(column));
	if (at === -1 || rows.length < manyMessages) return false;
	const messages = new Set(rows.map((row) => String(row[at] ?? "")));
	const patterns = new Set([...messages].map((message) => patternOf(message)));
	return messages.size >= manyMessages && patterns.size * 3 <= messages.size;
}

/** The logs' own organization is asked for, and not the users'. */
function readsEmptyOrganization(sqlText: string): boolean {
	return (
		/\bskill_usage_logs\b/i.test(sqlText) &&
		/\borganization_id\b/i.test(sqlText) &&
		!/\busers\b/i.test(sqlText) &&
		!/\berror_events\b/i.test(sqlText)
	);
}

/** No rows, or counts of nothing. */
function isNothing(rows: readonly (readonly Cell[])[]): boolean {
	return (
		rows.length === 0 || (rows.length === 1 && rows[0]?.every((cell) => cell === null || cell === 0) === true)
	);
}

/** Whether a filter would have matched in another letter case. */
async function noteOnCase(
	database: Database,
	texts: readonly TextComparison[],
	signal: AbortSignal,
): Promise<readonly string[]> {
	const lookedUp = texts.filter(({ text: wanted }) => /[a-z]/i.test(wanted)).slice(0, maxLookedUp);
	if (lookedUp.length === 0) return [];
	const arms = lookedUp.map(({ table, column, text: wanted }, index): Sql => {
		const of = name(column);
		return sql`SELECT * FROM (SELECT ${integer(index)} AS place, ${of} AS stored FROM ${name(table)} WHERE ${of} = ${text(wanted)} COLLATE NOCASE AND ${of} <> ${text(wanted)} LIMIT 1)`;
	});
	const rows = await database.rows(
		{
			query: sql`SELECT place, stored FROM (${join(arms, " UNION ALL ")}) LIMIT ${integer(lookedUp.length)}`,
			maxRows: lookedUp.length,
		},
		signal,
	);
	return rows.flatMap((row) => {
		const compared = lookedUp[Number(row.place)];
		return compared === undefined
			? []
			: [
					`${compared.column} = '${compared.text}' matches nothing, but '${String(row.stored)}' exists: comparisons are case-sensitive`,
				];
	});
}

/** How a column stores time, in words. */
export function storageWords(storage: TimeStorage): string {
	switch (storage) {
		case "seconds":
			return "Unix seconds";
		case "milliseconds":
			return "Unix milliseconds";
		case "iso_text":
			return "ISO 8601 text";
		case "sqlite_text":
			return "SQLite datetime() text";
	}
}
