import type { Cell, Row } from "../../skillomatic/answers.ts";
import { integer, join, sql, text } from "../../sql/sql.ts";
import type { TimeStorage } from "../../sql/time.ts";
import type { Database } from "../database.ts";
import { textOrNull } from "../events.ts";
import type { Dimension, EventFilters } from "../filters.ts";
import {
	bucketCount,
	chooseInterval,
	type Interval,
	intervalSeconds,
	previousWindow,
	type Window,
} from "../window.ts";
import { maxSeries, maxStatsRows, seriesQuery, statsQuery } from "./query.ts";

/** One group of events, in the window unless said otherwise. Instants in epoch seconds. */
export interface Group {
	/** The values of the dimensions asked for, in their order; null where the field is empty. */
	readonly key: readonly (string | number | null)[];
	readonly count: number;
	/** In the previous window. */
	readonly previous: number;
	/** None from the previous window's start to this window's. */
	readonly isNew: boolean;
	readonly sessions: number;
	readonly users: number;
	readonly topSkill: string | null;
	readonly topProvider: string | null;
	readonly firstSeen: number;
	readonly lastSeen: number;
}

/** Who or what has most of one code's events. */
export interface Concentration {
	readonly by: "user" | "session" | "organization" | "skill" | "provider";
	readonly code: string;
	readonly who: string;
	/** Its events of this code, and of all codes. */
	readonly count: number;
	readonly ofAllCodes: number;
}

export interface CodeCount {
	readonly code: string;
	readonly count: number;
	readonly previous: number;
	readonly isNew: boolean;
}

export interface Timeline {
	readonly interval: Interval | "week";
	/** The first bucket's start, epoch seconds; it may be earlier than the window's. */
	readonly start: number;
	readonly counts: readonly number[];
	/** The same a code, the most frequent first; null where the code is empty. */
	readonly byCode: readonly { readonly code: string | null; readonly counts: readonly number[] }[];
}

export interface ErrorStats {
	readonly window: Window;
	readonly previous: Window;
	readonly total: number;
	readonly previousTotal: number;
	readonly uniqueCodes: number;
	readonly sessions: number;
	readonly users: number;
	readonly organizations: number;
	readonly groups: readonly Group[];
	/** How many groups there are in all. */
	readonly groupCount: number;
	readonly timeline: Timeline;
	/** The most frequent codes, whatever the groups are. */
	readonly codes: readonly CodeCount[];
	readonly concentrations: readonly Concentration[];
}

export interface StatsRequest {
	readonly window: Window;
	readonly filters: EventFilters;
	readonly groupBy: readonly Dimension[];
	readonly limit: number;
	readonly interval: Interval | "auto";
	readonly storage: TimeStorage;
}

/** What fails, how much, since when, for whom: two queries side by side, and a look-up where organizations are named. */
export async function readStats(
	database: Database,
	request: StatsRequest,
	signal: AbortSignal,
): Promise<ErrorStats> {
	const { window, filters, groupBy, limit, interval, storage } = request;
	const previous = previousWindow(window);
	const chosen = chooseInterval(window, interval);
	const width = intervalSeconds(chosen);
	const [tagged, series] = await Promise.all([
		database.rows(
			{
				query: statsQuery({ window, previous, filters, groupBy, limit, storage }),
				maxRows: maxStatsRows(limit),
			},
			signal,
		),
		database.rows({ query: seriesQuery({ ...window, width }, filters, storage), maxRows: maxSeries }, signal),
	]);
	const of = (kind: string) => tagged.filter((row) => row.kind === kind);
	const [total] = of("total");
	const names = await organizationNames(database, tagged, groupBy, signal);
	const named = (id: string) => names.get(id) ?? id;
	const byOrganization = groupBy.map((dimension) => dimension === "organization");
	return {
		window,
		previous,
		total: count(total?.n),
		previousTotal: count(total?.m),
		uniqueCodes: count(total?.y),
		sessions: count(total?.sessions),
		users: count(total?.users),
		organizations: count(total?.x),
		groupCount: count(total?.g),
		groups: of("group").map((row) => ({
			key: groupBy.map((_, index) => {
				const cell = keyCell(index === 0 ? row.d1 : row.d2);
				return byOrganization[index] === true && typeof cell === "string" ? named(cell) : cell;
			}),
			count: count(row.n),
			previous: count(row.m),
			isNew: count(row.g) === 0,
			sessions: count(row.sessions),
			users: count(row.users),
			topSkill: textOrNull(row.x),
			topProvider: textOrNull(row.y),
			firstSeen: count(row.first_seen),
			lastSeen: count(row.last_seen),
		})),
		timeline: readTimeline(series, window, chosen, width),
		codes: of("code").map((row) => ({
			code: String(row.d1 ?? ""),
			count: count(row.n),
			previous: count(row.m),
			isNew: count(row.g) === 0,
		})),
		concentrations: (["user", "session", "organization", "skill", "provider"] as const).flatMap((by) =>
			of(`by ${by}`).map((row) => ({
				by,
				code: String(row.d1 ?? ""),
				who: by === "organization" ? named(String(row.d2)) : String(row.d2),
				count: count(row.n),
				ofAllCodes: count(row.m),
			})),
		),
	};
}

function count(cell: Cell | undefined): number {
	return Number(cell ?? 0);
}

function keyCell(cell: Cell | undefined): string | number | null {
	return typeof cell === "number" ? cell : textOrNull(cell);
}

/** The names of the organizations that an answer shows; asked only where it shows any. */
async function organizationNames(
	database: Database,
	tagged: readonly Row[],
	groupBy: readonly Dimension[],
	signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
	const place = groupBy.indexOf("organization");
	const shown = tagged.flatMap((row) => {
		if (row.kind === "by organization") return [row.d2];
		return row.kind === "group" && place >= 0 ? [place === 0 ? row.d1 : row.d2] : [];
	});
	const ids = [...new Set(shown.filter((id) => typeof id === "string"))];
	if (ids.length === 0) return new Map();
	const rows = await database.rows(
		{
			query: sql`SELECT id, name FROM organizations WHERE id IN (${join(ids.map(text), ", ")}) LIMIT ${integer(ids.length)}`,
			maxRows: ids.length,
		},
		signal,
	);
	return new Map(rows.map((row) => [String(row.id), String(row.name)]));
}

/** All codes together, zeros included; it sums to the window's total. */
function readTimeline(
	series: readonly Row[],
	window: Window,
	interval: Interval | "week",
	width: number,
): Timeline {
	const length = bucketCount(window, width);
	const byCode = series.map((row) => {
		const counts = new Array<number>(length).fill(0);
		for (const [bucket, n] of readSeries(row.series)) if (bucket < length) counts[bucket] = n;
		return { code: textOrNull(row.code), counts };
	});
	const counts = Array.from({ length }, (_, bucket) =>
		byCode.reduce((sum, code) => sum + (code.counts[bucket] ?? 0), 0),
	);
	return { interval, start: Math.floor(window.from / width) * width, counts, byCode };
}

/** `offset:count` pairs. */
export function readSeries(cell: Cell | undefined): readonly (readonly [number, number])[] {
	return String(cell ?? "")
		.split(" ")
		.filter((pair) => pair !== "")
		.map((pair) => {
			const [bucket, n] = pair.split(":").map(Number);
			return [bucket ?? 0, n ?? 0] as const;
		});
}
