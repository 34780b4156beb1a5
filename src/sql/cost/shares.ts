// How many rows of a source a loop of a plan finds, each time that it runs.
import type { Place } from "../text/structure.ts";
import { is } from "../text/tokens.ts";
import { comparedWith, type Moving, type Other, type Times, timesAsked } from "./conditions.ts";
import { always, type Clause, letThrough, type Window, windowOf } from "./filters.ts";
import { nearnessOf } from "./near.ts";
import type { Sizes } from "./sizes.ts";
import { isKeyOf, keysOf, ofSource, partnerOf, rowsIn } from "./sources.ts";
import type { TableStatistics } from "./statistics.ts";
import { stepOf } from "./steps.ts";

export interface Found {
	/** Rows that are looked at. */
	readonly rows: number;
	/** Of them, those that come out. */
	readonly passing: number;
	/** Of them, those that are not dropped at a glance. */
	readonly near: number;
	/** It reads all that there is. */
	readonly isWhole: boolean;
	/** It may find several rows for each row around. */
	readonly isMultiple: boolean;
	/** Rows of an index that is made for this query. */
	readonly indexed: number;
	/** Rows that are looked at to make it. */
	readonly scanned: number;
}

/** The loops around. */
export interface Outer {
	readonly rows: number;
	/** How many of them may find several rows each. */
	readonly multiples: number;
	/** There are none. */
	readonly isNone: boolean;
	/** The sources that they go through, in the same SELECT. */
	readonly sources: ReadonlySet<string>;
	/** It runs once for each of their rows. */
	readonly isRepeated: boolean;
}

/** Rows that are near each other in time are also alike in other ways, more than the table as a whole. */
const likeness = 2;

export function foundBy(
	detail: string,
	source: string,
	sizes: Sizes,
	made: ReadonlyMap<string, number>,
	outer: Outer,
): Found {
	const table =
		sizes.namesOf(source).length === 1 ? sizes.statistics(sizes.namesOf(source)[0] ?? "") : undefined;
	const filtered =
		table === undefined ? Number.POSITIVE_INFINITY : table.rows * letThrough(source, table, sizes);
	const near = table === undefined ? Number.POSITIVE_INFINITY : nearRows(source, table, sizes, outer);
	const whole = (rows: number): Found => ({
		rows: Math.max(1, rows),
		passing: Math.max(1, Math.min(rows, filtered, near)),
		near,
		isWhole: true,
		isMultiple: true,
		indexed: 0,
		scanned: 0,
	});
	const constants = /(?:(\d+) )?CONSTANT ROW/.exec(detail);
	if (constants !== null) return { ...whole(Number(constants[1] ?? 1)), isWhole: false };
	if (detail.includes(" VIRTUAL TABLE ")) return whole(sizes.elements);
	const all = Math.max(1, rowsIn(source, sizes, made));
	const conditions = /\(([^()]*[<>=][^()]*)\)/.exec(detail)?.[1];
	// A SEARCH without a condition reads all as well: SQLite says so of every loop beside min() and max().
	if (detail.startsWith("SCAN") || conditions === undefined) return whole(all);
	const isAutomatic = detail.includes(" AUTOMATIC ");
	// Other engines make no such index for a subquery that repeats, and read the table each time.
	if (isAutomatic && (outer.isRepeated || detail.includes(" EXISTS "))) return whole(all);
	const isRowid = detail.includes("INTEGER PRIMARY KEY (rowid=?)");
	const others = equalities(conditions, source, sizes);
	const times = timesIn(conditions, source, sizes, outer);
	const clause = clauseHeld(detail);
	const window = bounded(clause === undefined ? [times.from, times.to] : windowOf(source, sizes, clause));
	const isNarrowed = clause !== undefined && table !== undefined;
	const narrowed = isNarrowed ? table.rows * letThrough(source, table, sizes, clause) : all;
	// A partial index of the moment holds no other rows, whatever they are compared with.
	let held = isAutomatic ? Math.max(1, Math.min(all, narrowed)) : all;
	let rows = held;
	for (const { column, others: compared } of others) {
		const isKey = isRowid || isKeyOf(column, source, table, sizes);
		const around = { sizes, outer, window };
		const most = Math.max(...compared.map((other) => matches(other, column, source, all, isKey, around)));
		rows = Math.min(rows, most);
		const isConstant = compared.every((other) => other.kind === "value" && other.literal !== undefined);
		if (isConstant && detail.includes(" PARTIAL ")) held = Math.max(1, Math.min(held, most));
	}
	const isWholeKey = keysOf(source, sizes)?.every((key) => others.some(({ column }) => column === key));
	if (isWholeKey === true && others.every(isSingle)) rows = 1;
	const ranged = table ?? sizes.statistics(source);
	if (ranged !== undefined) rows = Math.min(rows, all * rangeShare(times, ranged, others, sizes, outer));
	return {
		rows: Math.max(1, rows),
		passing: Math.max(1, Math.min(rows, filtered, near)),
		near,
		isWhole: rows >= all,
		isMultiple: rows > 1,
		indexed: isAutomatic ? held : 0,
		scanned: isAutomatic ? all : 0,
	};
}

/** The rows of a source that are near enough to a row of a source around. */
function nearRows(source: string, table: TableStatistics, sizes: Sizes, outer: Outer): number {
	if (outer.sources.size === 0 || outer.isRepeated) return Number.POSITIVE_INFINITY;
	const { to, window } = nearnessOf(sizes, source) ?? {};
	if (to === undefined || window === undefined || !outer.sources.has(to)) return Number.POSITIVE_INFINITY;
	return table.rows * Math.min(table.fullest(window.seconds), countedShare(window, table, sizes, outer));
}

/** The clause whose terms an index of the moment holds: ON where the join keeps rows without a match (constructAutomaticIndex in where.c). */
function clauseHeld(detail: string): Clause | undefined {
	if (!detail.includes(" PARTIAL ")) return undefined;
	return detail.includes("LEFT-JOIN") ? "ON" : "WHERE";
}

/** The times that a search asks an index on `created_at` for. */
function timesIn(conditions: string, source: string, sizes: Sizes, outer: Outer): Times {
	const [low, high] = ["created_at>", "created_at<"].map((one) => conditions.toLowerCase().includes(one));
	const [from, to] = always;
	if (low !== true && high !== true) return { from, to };
	const asked = timesAsked(sizes, source, "created_at", outer.isNone);
	return low === true && high === true
		? asked
		: { from: low === true ? asked.from : from, to: high === true ? asked.to : to };
}

/** The columns that a search compares by equality, and what the text compares each with. */
function equalities(conditions: string, source: string, sizes: Sizes) {
	return [...conditions.matchAll(/(\w{1,100})=\?/g)].map(([, name = ""]) => {
		const column = name.toLowerCase();
		const compared = comparedWith(sizes, source, column);
		return { column, others: compared.length > 0 ? compared : [anything(sizes.places)] };
	});
}

/** Where the text does not tell what a column is compared with. */
function anything(places: readonly Place[]): Other {
	return places.some(({ token }) => is(token, "IN"))
		? { kind: "subquery" }
		: { kind: "value", isNullToo: true };
}

function isSingle({ others }: { readonly others: readonly Other[] }): boolean {
	return others.every(({ kind }) => kind === "column" || kind === "value");
}

interface Around {
	readonly sizes: Sizes;
	readonly outer: Outer;
	/** The times that the index holds or is asked for; undefined where it is not narrowed so. */
	readonly window: Window | undefined;
}

/** The rows of a source that an equality with something finds. */
function matches(
	other: Other,
	column: string,
	source: string,
	all: number,
	isKey: boolean,
	around: Around,
): number {
	const { sizes } = around;
	if (other.kind === "subquery") return all;
	if (isKey) return other.kind === "list" ? Math.min(all, other.values.length) : 1;
	const tables = ofSource(source, column, sizes);
	if (tables.length === 0) return all;
	const found = tables.map((table) => matchesIn(table, other, column, Math.max(table.rows, all), around));
	return Math.min(all, Math.max(...found));
}

/** @param rows of the table, or more where the source repeats them: a part of a table may hold all that have a value */
function matchesIn(
	table: TableStatistics,
	other: Exclude<Other, { readonly kind: "subquery" }>,
	column: string,
	rows: number,
	{ sizes, outer, window }: Around,
): number {
	const { top, nulls, alike } = table.column(column);
	switch (other.kind) {
		case "list":
			return (
				rows *
				other.values.reduce((sum, one) => sum + (one === undefined ? top : table.shareOf(column, one)), 0)
			);
		case "value":
			if (other.literal !== undefined) return table.shareOf(column, other.literal) * rows;
			return (other.isNullToo ? Math.max(top, nulls) : top) * rows;
		case "column": {
			const partner = partnerOf(other, sizes);
			// Rows that were found several times over may be those that find most.
			if (partner === undefined || outer.multiples > 1) return top * rows;
			const theirs = partner.column(other.column);
			// Each of our rows has one of theirs.
			if (theirs.top <= 1.5 / partner.rows)
				return Math.min(top * rows, rows / Math.max(1, Math.min(outer.rows, partner.rows)));
			// All pairs are at most the root of both tables' own (Cauchy and Schwarz); those of some rows at most all.
			const own = window === undefined ? { alike, share: 1 } : within(table, column, window);
			const pairs = Math.sqrt(own.alike * theirs.alike) * Math.max(1, partner.rows / outer.rows);
			const inWindow = Math.sqrt(own.alike * alikeInWindow(partner, other, sizes));
			return Math.min(top, Math.min(pairs, inWindow) * likeness * own.share) * rows;
		}
	}
}

/** How alike the rows are that a window of the partner's holds. */
function alikeInWindow(
	partner: TableStatistics,
	{ qualifier, column }: Other & { readonly kind: "column" },
	sizes: Sizes,
): number {
	if (qualifier === undefined) return 1;
	const window = bounded(windowOf(qualifier, sizes));
	return window === undefined ? 1 : partner.alikeBetween(column, ...window);
}

function within(table: TableStatistics, column: string, window: Window) {
	return { alike: table.alikeBetween(column, ...window), share: table.between(...window) };
}

/** Undefined where it holds all times. */
function bounded(window: Window): Window | undefined {
	return window.some(Number.isFinite) ? window : undefined;
}

function rangeShare(
	{ from, to, moving }: Times,
	table: TableStatistics,
	others: ReturnType<typeof equalities>,
	sizes: Sizes,
	outer: Outer,
): number {
	const share = bounded([from, to]) === undefined ? 1 : table.between(from, to);
	if (moving === undefined) return share;
	return Math.min(
		share,
		table.fullest(moving.seconds),
		countedShare(moving, table, sizes, outer),
		moving.isChosen || outer.multiples > 1 ? 1 : pairedShare(moving, table, others, sizes, outer),
	);
}

/** As for equality: pairs of the same time, and of the same value of a column that is compared as well. */
function pairedShare(
	{ base, seconds }: Moving,
	table: TableStatistics,
	others: ReturnType<typeof equalities>,
	sizes: Sizes,
	outer: Outer,
): number {
	const qualifier = /^(\w{1,100}) \. created_at$/.exec(base)?.[1];
	const partner =
		qualifier === undefined
			? undefined
			: partnerOf({ kind: "column", qualifier, column: "created_at" }, sizes);
	if (partner === undefined) return 1;
	const [ours, theirs] =
		others.flatMap(({ column, others: compared }) => {
			const [only, ...more] = compared;
			const isTheirs = only?.kind === "column" && only.qualifier === qualifier && more.length === 0;
			return isTheirs ? [[column, only.column]] : [];
		})[0] ?? [];
	const pairs = Math.sqrt(table.together(seconds, ours) * partner.together(seconds, theirs));
	return pairs * likeness * Math.max(1, partner.rows / outer.rows);
}

/** Of windows that begin at the values of a recursion that counts: all lie in one, and each row in as many as overlap. */
function countedShare(
	{ base, seconds, isOpen }: Moving,
	table: TableStatistics,
	sizes: Sizes,
	{ sources, rows, multiples, isRepeated }: Outer,
): number {
	const [source, ...more] = sources;
	if (source === undefined || more.length > 0 || multiples > 1 || isRepeated) return 1;
	const step = stepOf(base, source, sizes);
	if (step === undefined) return 1;
	const overlapping = isOpen ? Math.ceil(seconds / step) : Math.floor(seconds / step) + 1;
	return (table.fullest(step * rows + seconds) * overlapping) / rows;
}
