// Notes on times in a query: compared in another unit than they are stored in, or dated in the future.

import type { Cell } from "../../source/index.ts";
import { type AgentSelect, instant, is, nameOf, parse, sql, type TimeStorage } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import { clockSlackSeconds } from "../window.ts";
import type { ComparedColumn, Comparisons } from "./comparisons.ts";

type TimedTable = "error_events" | "skill_usage_logs";

function isTimed(table: string): table is TimedTable {
	return table === "error_events" || table === "skill_usage_logs";
}

async function storageOf(
	database: Database,
	{ table, column }: ComparedColumn,
	signal: AbortSignal,
): Promise<TimeStorage> {
	return column === "created_at" && isTimed(table)
		? (await database.storedTime(table, signal)).storage
		: "seconds";
}

/** Comparisons that match nothing or everything, since the two sides are of different forms. */
export async function noteOnTimes(
	database: Database,
	{ timesWithText, timesWithNumbers }: Comparisons,
	signal: AbortSignal,
): Promise<readonly string[]> {
	const notes: string[] = [];
	for (const compared of timesWithText.slice(0, 1)) {
		const note = noteOnText(compared.column, await storageOf(database, compared, signal));
		if (note !== undefined) notes.push(note);
	}
	for (const compared of timesWithNumbers.slice(0, 1)) {
		const note = noteOnNumber(compared.column, compared.unit, await storageOf(database, compared, signal));
		if (note !== undefined) notes.push(note);
	}
	return notes;
}

function noteOnText(column: string, storage: TimeStorage): string | undefined {
	switch (storage) {
		case "iso_text":
		case "sqlite_text":
			return undefined;
		case "milliseconds":
			return `${column} holds milliseconds since 1970: comparing it to text such as datetime() matches nothing or everything; use unixepoch('now', '-1 day') * 1000`;
		case "seconds":
			return `${column} holds Unix seconds: comparing it to text such as datetime() matches nothing or everything; use unixepoch('now', '-1 day'), or datetime(${column}, 'unixepoch') on the left`;
	}
}

function noteOnNumber(
	column: string,
	unit: "seconds" | "milliseconds",
	storage: TimeStorage,
): string | undefined {
	if (unit === storage) return undefined;
	const given = `comparing it to ${unit === "seconds" ? "seconds" : "milliseconds"} matches nothing or everything`;
	switch (storage) {
		case "seconds":
			return `${column} holds Unix seconds: ${given}; divide by 1000, or use unixepoch('now', '-1 day')`;
		case "milliseconds":
			return `${column} holds milliseconds since 1970: ${given}; multiply by 1000, or use unixepoch('now', '-1 day') * 1000`;
		case "iso_text":
		case "sqlite_text":
			return `${column} holds text: comparing it to a number matches nothing or everything; use a text such as '2026-11-23T20:00:00Z'`;
	}
}

/** Whether the rows that stand first are dated in the future, where the newest are asked for. */
export async function noteOnFuture(
	database: Database,
	checked: AgentSelect,
	rows: readonly (readonly Cell[])[],
	signal: AbortSignal,
): Promise<readonly string[]> {
	const ordered = newestFirst(checked);
	if (ordered === undefined || rows.length === 0) return [];
	const now = database.now().seconds + clockSlackSeconds;
	const { storage, empty } = await database.storedTime(ordered, signal);
	if (empty) return [];
	const times = rows.map((row) =>
		row.map((cell) => secondsOf(cell)).find((seconds) => seconds !== undefined),
	);
	const wanted = `a client's clock may be wrong; created_at <= ${nowIn(storage)} leaves them out`;
	if (times.some((seconds) => seconds !== undefined)) {
		const first = times.findIndex((seconds) => seconds === undefined || seconds <= now);
		const future = first === -1 ? rows.length : first;
		return future === 0 ? [] : [`the first ${countWords(future)} dated in the future: ${wanted}`];
	}
	// The times are not among the columns.
	const from = ordered === "error_events" ? sql`error_events` : sql`skill_usage_logs`;
	const query = sql`SELECT count(*) AS n FROM ${from} WHERE created_at > ${instant(storage, now)} LIMIT 1`;
	const [row] = await database.rows({ query, maxRows: 1 }, signal);
	const future = Number(row?.n ?? 0);
	return future === 0
		? []
		: [
				`${ordered} holds ${countWords(future).replace(/ (?:is|are)$/, "")} dated in the future, which may stand first here: ${wanted}`,
			];
}

/** The present as a column holds it, in SQL. */
function nowIn(storage: TimeStorage): string {
	switch (storage) {
		case "seconds":
			return "unixepoch('now')";
		case "milliseconds":
			return "unixepoch('now') * 1000";
		case "iso_text":
			return "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";
		case "sqlite_text":
			return "datetime('now')";
	}
}

function countWords(count: number): string {
	return count === 1 ? "1 row is" : `${count} rows are`;
}

/** The table whose created_at the result is ordered by, the newest first; undefined where it is not. */
function newestFirst({ meant, tables }: AgentSelect): TimedTable | undefined {
	const { places } = parse(meant);
	const by = places.findLastIndex(
		({ token, depth }, at) => depth === 0 && is(token, "BY") && is(places[at - 1]?.token, "ORDER"),
	);
	if (by === -1) return undefined;
	const end = places.findIndex(
		({ token, depth }, at) => at > by && depth === 0 && is(token, "LIMIT", ",", "DESC", "ASC"),
	);
	if (end === -1 || !is(places[end]?.token, "DESC")) return undefined;
	if (!places.slice(by, end).some(({ token }) => nameOf(token)?.toLowerCase() === "created_at"))
		return undefined;
	const [only, ...others] = tables.map(({ name }) => name).filter(isTimed);
	return others.length === 0 ? only : undefined;
}

/** A cell that looks like an instant of these years, as epoch seconds. */
function secondsOf(cell: Cell): number | undefined {
	if (typeof cell === "number") {
		if (cell > 1e9 && cell < 1e10) return cell;
		return cell > 1e12 && cell < 1e13 ? cell / 1000 : undefined;
	}
	if (typeof cell !== "string" || !/^20\d\d-\d\d-\d\d[ T]\d\d:\d\d/.test(cell)) return undefined;
	const parsed = Date.parse(/Z|[+-]\d\d:\d\d$/.test(cell) ? cell : `${cell.replace(" ", "T")}Z`);
	return Number.isNaN(parsed) ? undefined : parsed / 1000;
}
