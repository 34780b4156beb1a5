// Reads a query plan: which sources are read, how, and how often.

import type { PlanLine } from "../engine/compiled.ts";

/** What is known of the sources of a query, by the name that its plan shows (the alias where there is one). All names in lowercase. */
export interface Sizes {
	/** The names of the sources that are called so: of tables, or of common table expressions. */
	namesOf(alias: string): readonly string[];
	/** Rows of a table; undefined for what is none. */
	rowsOf(table: string): number | undefined;
	/** The most rows of a subquery or common table expression, as its text tells: 1 of an aggregate, its LIMIT. */
	rowsAtMost(name: string): number | undefined;
	/** The columns, in lowercase, of which a subquery or common table expression has each combination once. */
	keysOf(name: string): readonly string[] | undefined;
	/** Whether the text itself gives a column this name, so that it may hold anything. */
	isGiven(column: string): boolean;
	/** Rows of the largest table of the query. */
	readonly largest: number;
	/** Elements that a table-valued function finds in one value. */
	readonly elements: number;
}

/** About how many rows a query would visit, and what it reads whole inside of one another. */
export interface Estimate {
	readonly visits: number;
	readonly scans: readonly string[];
}

/** The most rows that a query may visit, about: some seconds of SQLite's work. */
export const maxVisits = 20_000_000;
/** Rows that a recursive query yields at most. */
export const maxRecursion = 5000;
/** The limits tried in turn for a recursion that has none; the first that its plan can afford is used. A month of days is 31. */
export const recursionLimits: readonly number[] = [maxRecursion, 170, 90, 40];
/** Rows that a recursive query is taken to yield: an hour each for a week is 168. */
const supposedRecursion = 1000;

/** Shares of a table that a search is taken to find: equality, a range with two ends, with one. */
const equalShare = 1 / 200;
/** Equality of a column that has few values, such as a status. */
const kindShare = 1 / 20;
/** Columns that have many. */
const manyValued = /(?:^|_)(?:id|slug|name|email|key|hash|at)$/i;
const rangeShare = 1 / 16;
const halfShare = 1 / 4;
/** The share of the rows that remain as groups. */
const groupShare = 1 / 4;
/** Groups that there are at least, where there are so many rows. */
const fewGroups = 100;

/** The common table expressions that a plan runs recursively. */
export function recursiveIn(plan: readonly PlanLine[]): readonly string[] {
	return plan
		.filter(({ detail }) => detail === "RECURSIVE STEP")
		.map(({ parent }) => plan.find(({ id }) => id === parent)?.detail.split(" ")[1] ?? "");
}

/** Whether a plan goes through the elements of a JSON text. */
export function readsElements(plan: readonly PlanLine[]): boolean {
	return plan.some(({ detail }) => detail.includes(" VIRTUAL TABLE "));
}

interface Node extends PlanLine {
	readonly children: readonly Node[];
}

/** Whether a plan joins or repeats anything at all; without, a query visits each table once. */
export function isSimple(plan: readonly PlanLine[]): boolean {
	const loops = plan.filter(({ detail }) => /^(SCAN|SEARCH) (?!CONSTANT ROW)/.test(detail)).length;
	return loops <= 1;
}

/**
 * About how many rows a query visits, by its plan: loops that stand side by side multiply (EXPLAIN QUERY PLAN lists a
 * join's loops outermost first), a correlated subquery runs once a row, everything else once.
 *
 * @see https://sqlite.org/eqp.html
 */
export function estimate(plan: readonly PlanLine[], sizes: Sizes): Estimate {
	const made = new Map<string, number>();
	const scans: string[] = [];
	const result = visit(tree(plan), sizes, made, scans);
	return { visits: result.visits, scans };
}

function tree(plan: readonly PlanLine[]): readonly Node[] {
	const children = (parent: number): readonly Node[] =>
		plan.filter((line) => line.parent === parent).map((line) => ({ ...line, children: children(line.id) }));
	return children(0);
}

interface Cost {
	/** Rows that come out. */
	readonly rows: number;
	/** Rows that are looked at. */
	readonly visits: number;
}

/** The lines of one SELECT, or the arms of a compound. */
function visit(nodes: readonly Node[], sizes: Sizes, made: Map<string, number>, scans: string[]): Cost {
	let rows = 1;
	let visits = 0;
	let correlated = 0;
	for (const node of nodes) {
		const { detail, children } = node;
		const loop = /^(SCAN|SEARCH) (\S+)/.exec(detail);
		if (loop !== null) {
			const inside = visit(children, sizes, made, scans);
			const found = rowsFound(detail, (loop[2] ?? "").toLowerCase(), sizes, made);
			if (isWhole(detail) && found > 1) scans.push(loop[2] ?? "");
			rows *= found;
			visits += rows + rows * inside.visits;
		} else if (/^(CO-ROUTINE|MATERIALIZE) /.test(detail)) {
			const called = (detail.split(" ")[1] ?? "").toLowerCase();
			// A step of a recursion takes one row of its own at a time.
			if (children.some((child) => child.detail === "RECURSIVE STEP")) made.set(called, 1);
			const inside = visit(children, sizes, made, scans);
			const known = Math.min(inside.rows, sizes.rowsAtMost(called) ?? inside.rows);
			// Several may be called the same: the largest counts.
			made.set(called, Math.max(known, made.get(called) ?? 0));
			visits += inside.visits;
		} else if (detail.startsWith("CORRELATED ")) {
			correlated += visit(children, sizes, made, scans).visits;
		} else if (detail === "RECURSIVE STEP") {
			const inside = visit(children, sizes, made, scans);
			rows = supposedRecursion;
			visits += maxRecursion * Math.max(1, inside.visits);
		} else if (/^(COMPOUND QUERY|MERGE|MULTI-INDEX OR)/.test(detail)) {
			const arms = children.map((arm) => visit(arm.children, sizes, made, scans));
			rows = rows * Math.max(1, sum(arms.map((arm) => arm.rows)));
			visits += sum(arms.map((arm) => arm.visits));
		} else if (/^USE TEMP B-TREE FOR (GROUP BY|DISTINCT)/.test(detail)) {
			rows = Math.max(Math.min(rows, fewGroups), rows * groupShare);
		} else {
			visits += visit(children, sizes, made, scans).visits;
		}
	}
	return { rows, visits: visits + rows * correlated };
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}

/** How many rows one run of a loop finds. */
function rowsFound(detail: string, source: string, sizes: Sizes, made: ReadonlyMap<string, number>): number {
	if (detail.includes("CONSTANT ROW")) return 1;
	if (detail.includes(" VIRTUAL TABLE ")) return sizes.elements;
	const all = rowsIn(source, sizes, made);
	if (isWhole(detail)) return Math.max(1, all);
	if (/INTEGER PRIMARY KEY \(rowid=\?\)|sqlite_autoindex_\S+ \([^<>]*\)/.test(detail)) return 1;
	// An older SQLite has no such index for EXISTS, and reads the table until it finds something.
	if (detail.includes(" EXISTS USING AUTOMATIC ")) return Math.max(1, all * halfShare);
	const conditions = conditionsOf(detail) ?? "";
	const equal = [...conditions.matchAll(/(\w{1,100})=\?/g)].map(([, column = ""]) => column.toLowerCase());
	if (keysOf(source, sizes)?.every((key) => equal.includes(key))) return 1;
	if (equal.length === 0) return Math.max(1, all * shareOf(conditions));
	if (equal.some((column) => manyValued.test(column) && !sizes.isGiven(column)))
		return Math.max(1, all * shareOf(conditions));
	return Math.max(1, all * (equal.every((column) => sizes.isGiven(column)) ? halfShare : kindShare));
}

/** What tells the rows of a source apart; undefined where its name may stand for several. */
function keysOf(source: string, sizes: Sizes): readonly string[] | undefined {
	const names = [...new Set(sizes.namesOf(source).filter((name) => name !== ""))];
	if (names.length > 1) return undefined;
	const [name = source] = names;
	return sizes.rowsOf(name) === undefined && sizes.rowsOf(source) === undefined
		? sizes.keysOf(name)
		: undefined;
}

/** A SEARCH without a condition reads all as well: SQLite says so of every loop beside min() and max(). */
function isWhole(detail: string): boolean {
	return detail.startsWith("SCAN") || conditionsOf(detail) === undefined;
}

function conditionsOf(detail: string): string | undefined {
	return /\(([^()]*[<>=][^()]*)\)/.exec(detail)?.[1];
}

function shareOf(conditions: string): number {
	// An index that serves an equality and then a range: `user_id=? AND created_at>? AND created_at<?`.
	if (/=.*[<>]/.test(conditions)) return equalShare * (/>.*<|<.*>/.test(conditions) ? rangeShare : halfShare);
	if (conditions.includes("=")) return equalShare;
	return conditions.includes("<") && conditions.includes(">") ? rangeShare : halfShare;
}

/** Rows of a source by what the plan calls it; the largest where several are called so. */
function rowsIn(source: string, sizes: Sizes, made: ReadonlyMap<string, number>): number {
	const rows = [source, ...sizes.namesOf(source)].flatMap((name) => [
		...(made.get(name) === undefined ? [] : [made.get(name) ?? 0]),
		...(sizes.rowsOf(name) === undefined ? [] : [sizes.rowsOf(name) ?? 0]),
	]);
	return rows.length === 0 ? sizes.largest : Math.max(...rows);
}
