// Finds out why a window has no matching error event.

import type { Row } from "../source/index.ts";
import { epochSeconds, integer, join, type Sql, sql, type TimeStorage, text } from "../sql/index.ts";
import { nearest } from "../text/index.ts";
import type { Database } from "./database.ts";
import { errorCodes } from "./error-codes.ts";
import {
	column,
	type Dimension,
	type EventFilters,
	equals,
	eventColumns,
	eventConditions,
	inWindow,
	isNamed,
	sameName,
	type Wanted,
} from "./filters.ts";
import { type RunsBeside, runsBeside } from "./other-table.ts";
import { daySeconds, type Window } from "./window.ts";

/** How many days before and after the window to look for an event: fewer with filters, which cost more to search. */
const reach = { filtered: 90, any: 3650 };
/** A filter's value is compared with those of this many days up to the window's end. */
const knownDays = 30;

/** A filter, and how many events of the window it matches alone. */
export interface LoneFilter {
	readonly argument: Dimension;
	readonly events: number;
}

/** A filter's value that no event of the last 30 days has. */
export interface UnknownValue {
	readonly argument: Dimension;
	readonly given: string;
	/** The value that was probably meant: one that occurs, or a code that production accepts. */
	readonly meant?: string;
	/** Values were searched in this many days up to the window's end. */
	readonly days: number;
}

/** Why no error event matches, as far as production shows. Instants in epoch seconds. */
export interface Emptiness {
	/** Then nothing else is known. */
	readonly tableEmpty: boolean;
	/** Production's time. */
	readonly now: number;
	readonly window: Window;
	/** Whether any filter was given. */
	readonly filtered: boolean;
	/** Events of the window, without the filters. */
	readonly inWindow: number;
	/** How far before and after the window a matching event was searched, in days. */
	readonly reachDays: number;
	/** Matching events nearest to the window. */
	readonly before?: number;
	readonly after?: number;
	/** If there are two or more filters. */
	readonly alone: readonly LoneFilter[];
	readonly unknown: readonly UnknownValue[];
	/** Runs in the window of the same skill, user and organization. */
	readonly runs?: RunsBeside;
}

export interface EmptyQuestion {
	readonly window: Window;
	readonly filters: EventFilters;
	readonly storage: TimeStorage;
	readonly tableEmpty: boolean;
	/** Production's time, epoch seconds. */
	readonly now: number;
}

/** Takes one query, and one of runs where a filter is one that they have; none of events for an empty table. */
export async function explainEmpty(
	database: Database,
	question: EmptyQuestion,
	signal: AbortSignal,
): Promise<Emptiness> {
	const { window, tableEmpty, now } = question;
	const given = givenFilters(question.filters);
	const runs = await runsBeside(database, question, signal);
	const known = {
		tableEmpty,
		now,
		window,
		filtered: given.length > 0,
		reachDays: reachDays(given),
		...(runs === undefined ? {} : { runs }),
	};
	if (tableEmpty) return { ...known, inWindow: 0, alone: [], unknown: [] };
	const rows = await database.rows({ query: emptyQuery(question), maxRows: maxEmptyRows }, signal);
	const instantOf = (kind: string) => {
		const n = rows.find((row) => row.kind === kind)?.n ?? null;
		return n === null ? undefined : Number(n);
	};
	const [before, after] = [instantOf("before"), instantOf("after")];
	return {
		...known,
		inWindow: instantOf("inside") ?? 0,
		...(before === undefined ? {} : { before }),
		...(after === undefined ? {} : { after }),
		alone:
			given.length < 2 ? [] : given.map(({ argument }) => ({ argument, events: countOf(rows, argument) })),
		unknown: given.flatMap(({ argument, wanted }) => unknownValues(rows, argument, wanted)),
	};
}

interface GivenFilter {
	readonly argument: Dimension;
	readonly wanted: readonly Wanted[];
	/** The same as a filter that stands alone. */
	readonly filter: EventFilters;
}

function givenFilters(filters: EventFilters): readonly GivenFilter[] {
	const { errorCodes: codes, httpStatus } = filters;
	const one = (
		argument: "category" | "skill" | "provider" | "action" | "session" | "user" | "organization",
	) => {
		const wanted = filters[argument];
		return wanted === undefined ? [] : [{ argument, wanted: [wanted], filter: { [argument]: wanted } }];
	};
	return [
		...(codes === undefined
			? []
			: [{ argument: "error_code" as const, wanted: codes, filter: { errorCodes: codes } }]),
		...one("category"),
		...one("skill"),
		...one("provider"),
		...one("action"),
		...(httpStatus === undefined
			? []
			: [{ argument: "http_status" as const, wanted: [], filter: { httpStatus } }]),
		...one("session"),
		...one("user"),
		...one("organization"),
	];
}

function reachDays(given: readonly GivenFilter[]): number {
	return given.length > 0 ? reach.filtered : reach.any;
}

const e = sql`e`;
/** Upper bound of one column's values to which a misspelt one is compared. */
const maxValues = 200;
const named: readonly Dimension[] = ["error_code", "category", "skill", "provider", "action"];
/** Nearest before and after, the window's count, 9 filters, the values of 5 columns. */
const maxEmptyRows = 3 + 9 + named.length * maxValues;

/**
 * Rows tagged by `kind`: `before` and `after` (in `n` the nearest matching instant), `inside` (the window's events),
 * and for each filter `alone` (how many of the window's fit it) and `value` (what its column holds).
 */
export function emptyQuery({ window, filters, storage }: EmptyQuestion): Sql {
	const at = epochSeconds(storage, sql`e.created_at`);
	const given = givenFilters(filters);
	const away = reachDays(given) * daySeconds;
	const nearestIn = (span: Window, direction: Sql) =>
		sql`(SELECT ${at} FROM error_events AS e WHERE ${inWindow(span, storage, e)}${eventConditions(filters, e)} ORDER BY e.created_at ${direction} LIMIT 1)`;
	const inside = inWindow(window, storage, e);
	const lately = inWindow({ from: window.to - knownDays * daySeconds, to: window.to }, storage, e);
	const branches = [
		sql`SELECT 'before' AS kind, NULL AS argument, NULL AS value, ${nearestIn({ from: window.from - away, to: window.from }, sql`DESC`)} AS n`,
		sql`SELECT 'after', NULL, NULL, ${nearestIn({ from: window.to, to: window.to + away }, sql`ASC`)}`,
		sql`SELECT 'inside', NULL, NULL, count(*) FROM error_events AS e WHERE ${inside}`,
		...given.map(
			({ argument, filter }) =>
				sql`SELECT 'alone', ${text(argument)}, NULL, count(*) FROM error_events AS e WHERE ${inside}${eventConditions(filter, e)}`,
		),
		...given
			.filter(({ argument }) => named.includes(argument))
			.map(({ argument, wanted }) => {
				const of = column(e, eventColumns[argument]);
				const asked = join(
					wanted.map((one) => (argument === "error_code" ? equals(of, one) : isNamed(of, one))),
					" OR ",
				);
				// The requested value comes first, so that the LIMIT cannot hide that it occurs.
				return sql`SELECT * FROM (SELECT 'value', ${text(argument)}, ${of}, count(*) FROM error_events AS e WHERE ${lately} GROUP BY ${of} ORDER BY (${asked}) DESC, 4 DESC LIMIT ${integer(maxValues)})`;
			}),
	];
	return sql`SELECT * FROM (${join(branches, " UNION ALL ")}) LIMIT ${integer(maxEmptyRows)}`;
}

function countOf(rows: readonly Row[], argument: Dimension): number {
	return Number(rows.find((row) => row.kind === "alone" && row.argument === argument)?.n ?? 0);
}

function unknownValues(
	rows: readonly Row[],
	argument: Dimension,
	wanted: readonly Wanted[],
): readonly UnknownValue[] {
	if (!named.includes(argument)) return [];
	const values = rows
		.filter((row) => row.kind === "value" && row.argument === argument && row.value !== null)
		.map((row) => String(row.value));
	const known = argument === "error_code" ? [...values, ...errorCodes.map(({ code }) => code)] : values;
	return wanted.flatMap((given) => {
		if (
			given === null ||
			known.some((one) => one === given || (argument !== "error_code" && sameName(one, given)))
		)
			return [];
		const meant = nearest(given, known);
		return [{ argument, given, days: knownDays, ...(meant === undefined ? {} : { meant }) }];
	});
}
