import type { StatsFacts } from "../stage.ts";
import { organizationName, type StoredEvent } from "./events.ts";

export type Dimension = Exclude<keyof StoredEvent, "at">;
type Key = string | number | null;

/** What an answer must say, computed from the rows themselves and by nothing of the product's. */
export interface Recount {
	readonly inWindow: readonly StoredEvent[];
	readonly inPrevious: readonly StoredEvent[];
	/** From the previous window's start to the window's. */
	readonly earlier: readonly StoredEvent[];
	readonly groups: readonly Readonly<Record<string, unknown>>[];
	/** How much of the previous window the table may hold, 0 to 1. */
	readonly held: number;
}

const day = 86_400;

export function valueIn(event: StoredEvent, dimension: Dimension): Key {
	const value = event[dimension];
	return value === "" ? null : value;
}

export function distinct(events: readonly StoredEvent[], dimension: Dimension): number {
	return new Set(events.map((event) => valueIn(event, dimension)).filter((value) => value !== null)).size;
}

/**
 * @param matching the events that fit the filters
 * @param oldest when the table's oldest row was made: nothing is new against days that it does not hold
 */
export function recount(
	matching: readonly StoredEvent[],
	from: number,
	to: number,
	groupBy: readonly Dimension[],
	oldest: number,
): Recount {
	let shift = day;
	while (shift < to - from) shift += day;
	const between = (start: number, end: number) => matching.filter(({ at }) => at >= start && at < end);
	const [inWindow, inPrevious] = [between(from, to), between(from - shift, to - shift)];
	const earlier = between(from - shift, from);
	const held = Math.min(1, Math.max(0, to - shift - Math.max(from - shift, oldest)) / (to - from));
	const keyOf = (event: StoredEvent) => groupBy.map((dimension) => valueIn(event, dimension));
	const groups = new Map<string, { key: Key[]; events: StoredEvent[] }>();
	for (const event of inWindow) {
		const key = keyOf(event);
		const known = groups.get(JSON.stringify(key)) ?? { key, events: [] };
		known.events.push(event);
		groups.set(JSON.stringify(key), known);
	}
	const countBy = (events: readonly StoredEvent[]) => {
		const counts = new Map<string, number>();
		for (const event of events) {
			const key = JSON.stringify(keyOf(event));
			counts.set(key, (counts.get(key) ?? 0) + 1);
		}
		return counts;
	};
	const [previous, before] = [countBy(inPrevious), countBy(earlier)];
	const sorted = [...groups.values()].sort(
		(one, other) =>
			other.events.length - one.events.length ||
			groupBy.reduce((order, _, index) => order || compare(one.key[index], other.key[index]), 0),
	);
	return {
		held,
		inWindow,
		inPrevious,
		earlier,
		groups: sorted.map(({ key, events }) => ({
			...Object.fromEntries(
				groupBy.map((dimension, index) => [dimension, shown(dimension, key[index] ?? null)]),
			),
			count: events.length,
			previous: previous.get(JSON.stringify(key)) ?? 0,
			is_new: held >= 0.5 && !before.has(JSON.stringify(key)),
			sessions: distinct(events, "session"),
			users: distinct(events, "user"),
			top_skill: top(events, "skill"),
			top_provider: top(events, "provider"),
			first_seen: iso(events.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)),
			last_seen: iso(events.reduce((most, { at }) => Math.max(most, at), Number.NEGATIVE_INFINITY)),
		})),
	};
}

export function iso(seconds: number): string {
	return new Date(seconds * 1000).toISOString().replace(".000", "");
}

function shown(dimension: Dimension, key: Key): Key {
	if (typeof key !== "string") return key;
	if (dimension === "organization") return organizationName(key);
	return dimension === "session" || dimension === "user" ? key.slice(0, 8) : key;
}

/** NULL first, as SQLite sorts. */
function compare(one: Key | undefined, other: Key | undefined): number {
	if (one === other) return 0;
	if (one === null || one === undefined) return -1;
	if (other === null || other === undefined) return 1;
	return one < other ? -1 : 1;
}

/** The most frequent value, none counted as one and last among equals, then the first by name; its share below 80 %. */
function top(events: readonly StoredEvent[], dimension: Dimension): string | null {
	const counts = new Map<Key, number>();
	for (const event of events) {
		const value = valueIn(event, dimension);
		counts.set(value, (counts.get(value) ?? 0) + 1);
	}
	const [first] = [...counts].sort(
		([a, n], [b, m]) => m - n || Number(a === null) - Number(b === null) || (String(a) < String(b) ? -1 : 1),
	);
	if (first === undefined) return null;
	const [value, count] = first;
	const share = count / events.length;
	return share < 0.8
		? `${value ?? "none"} ${Math.round(100 * share)} %`
		: value === null
			? null
			: String(value);
}

/** A table's rows as objects: what all rows share put back, columns that are empty in all null. */
export function tableRows({ columns, rows, common }: StatsFacts["groups"]): Record<string, unknown>[] {
	return rows.map((row) => ({
		...common,
		...Object.fromEntries(columns.map((column, at) => [column, row[at]])),
	}));
}
