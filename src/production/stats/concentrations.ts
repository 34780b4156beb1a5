// Who and what holds much of a code, with what it held before.

import type { Row } from "../../source/index.ts";
import type { TimeStorage } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import type { EventFilters } from "../filters.ts";
import type { Window } from "../window.ts";
import { organizationName } from "./query.ts";
import { countedKinds, maxCompared, maxPastRows, pastQuery, type SharedBy } from "./shares-query.ts";

/** Who or what has a third of one code's events or more. */
export interface Concentration {
	readonly by: SharedBy;
	readonly code: string;
	readonly who: string;
	/** Its events of this code, and of all codes; of all codes they are not known of actions and HTTP statuses. */
	readonly count: number;
	readonly ofAllCodes?: number;
	/** Its events of this code in the previous window; missing where they were not asked for, and of a session. */
	readonly before?: number;
}

export interface CodeCount {
	readonly code: string;
	readonly count: number;
	readonly previous: number;
	readonly isNew: boolean;
	readonly sessions: number;
}

/** Below this many events a code is not asked about again. */
const enough = 10;
/** A code that rose by so much is asked about before others. */
const risen = 1.5;
const part = 3;

/** Those of the first query: who holds much against everything else. */
export function readConcentrations(rows: readonly Row[]): readonly Concentration[] {
	return countedKinds.flatMap((by) =>
		rows
			.filter(({ kind }) => kind === `by ${by}`)
			.map((row) => ({
				by,
				code: String(row.d1 ?? ""),
				who: String(row.d2 ?? ""),
				count: Number(row.n ?? 0),
				ofAllCodes: Number(row.m ?? 0),
			})),
	);
}

export interface CompareQuestion {
	readonly codes: readonly CodeCount[];
	/** Codes that an episode tells of already. */
	readonly told: ReadonlySet<string>;
	readonly window: Window;
	readonly previous: Window;
	readonly filters: EventFilters;
	readonly storage: TimeStorage;
}

/**
 * The same with their past, and with actions and HTTP statuses, of the codes where that can matter most: those that
 * somebody holds much of, those that rose, then the most frequent. One query, where there is such a code.
 */
export async function compareWithPast(
	database: Database,
	found: readonly Concentration[],
	{ codes, told, ...question }: CompareQuestion,
	signal: AbortSignal,
): Promise<readonly Concentration[]> {
	const held = new Set(
		found.filter(({ by }) => by === "user" || by === "organization").map(({ code }) => code),
	);
	const isFirst = ({ code, count, previous }: CodeCount) =>
		held.has(code) || count >= risen * previous + enough;
	const asked = codes
		.filter(({ code, count }) => count >= enough && !told.has(code))
		.toSorted((one, other) => Number(isFirst(other)) - Number(isFirst(one)))
		.slice(0, maxCompared)
		.map(({ code }) => code);
	if (asked.length === 0) return found;
	const query = pastQuery({ ...question, codes: asked, shownName: organizationName });
	const rows = await database.rows({ query, maxRows: maxPastRows }, signal);
	const pastOf = ({ by, code, who }: Concentration) =>
		rows.find((row) => row.kind === by && row.c === code && String(row.v) === who);
	const counts = new Map(codes.map(({ code, count }) => [code, count]));
	const further = rows
		.filter(({ kind }) => kind === "action" || kind === "http_status")
		.filter(({ c, n }) => Number(n) * part >= (counts.get(String(c)) ?? 0))
		.map(
			(row): Concentration => ({
				by: row.kind === "action" ? "action" : "http_status",
				code: String(row.c),
				who: String(row.v),
				count: Number(row.n),
				before: Number(row.m),
			}),
		);
	return [
		...found.map((one) => {
			const past = one.by === "session" || !asked.includes(one.code) ? undefined : pastOf(one);
			return past === undefined ? one : { ...one, before: Number(past.m) };
		}),
		...further,
	];
}
