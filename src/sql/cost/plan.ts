// About how many rows a query visits and keeps, by the plan that the embedded SQLite makes and by production's statistics.
import type { PlanLine } from "../engine/compiled.ts";
import { endsAtFirst } from "./filters.ts";
import { type Node, rowsOfArms, tree } from "./plan-tree.ts";
import { anyGroups, anySet } from "./row-bounds.ts";
import { type Found, foundBy } from "./shares.ts";
import type { Sizes } from "./sizes.ts";

/** Rows that a recursive query yields at most. */
export const maxRecursion = 5000;
/** The limits tried in turn for a recursion that has none; the first that its plan can afford is used. A month of days is 31. */
export const recursionLimits: readonly number[] = [maxRecursion, 170, 90, 40, 32];

export interface Estimate {
	/** Rows that come out. */
	readonly rows: number;
	/** Rows that are looked at. */
	readonly visits: number;
	/** The most rows that one loop looks at. */
	readonly most: number;
	/** Rows that are dropped at a glance. */
	readonly glances: number;
	/** Times that an index is gone down. */
	readonly seeks: number;
	/** Rows that are kept at once, in sorters, lists and materialized sources. */
	readonly kept: number;
	/** Of them, those that are put in order one by one, which goes slowly where they do not fit into a cache. */
	readonly placed: number;
	/** Rows of indexes that are made for this query. */
	readonly indexed: number;
	/** The most rows that pass any step. */
	readonly peak: number;
	/** The most rows that windows are made of. */
	readonly windowed: number;
	/** What is read whole. */
	readonly scans: readonly string[];
}

/**
 * Loops that stand side by side multiply (EXPLAIN QUERY PLAN lists a join's loops outermost first), a correlated
 * subquery runs once a row, everything else once.
 *
 * @param sorted rows that a sorter keeps, by the LIMIT
 * @see https://sqlite.org/eqp.html
 */
export function estimate(plan: readonly PlanLine[], sizes: Sizes, sorted: number): Estimate {
	return new Walk(sizes, sorted).visit(tree(plan), {
		rows: 1,
		multiples: 0,
		isInside: false,
		isRepeated: false,
		isOne: false,
		called: "",
	});
}

/** What stands around a part of a plan. */
interface Around {
	readonly rows: number;
	/** How many of the loops around may find several rows. */
	readonly multiples: number;
	/** There is a loop around. */
	readonly isInside: boolean;
	/** Runs once for each of those rows. */
	readonly isRepeated: boolean;
	/** Only one row is wanted, and nothing has to be put in order for it. */
	readonly isOne: boolean;
	/** The common table expression that it is of. */
	readonly called: string;
}

interface Totals {
	rows: number;
	visits: number;
	most: number;
	seeks: number;
	kept: number;
	peak: number;
	/** The most rows of its own loops at any step. */
	ownPeak: number;
	/** Aggregates of different values, which keep those. */
	distinct: number;
	multiples: number;
	/** What is gone through so far. */
	sources: Set<string>;
	/** Of the subqueries that run once a row. */
	correlated: { visits: number; most: number; seeks: number; glances: number };
}

class Walk {
	/** Rows of the sources that the query makes, by their names. */
	readonly #made = new Map<string, number>();
	readonly #scans: string[] = [];
	/** How often a subquery that depends on its row runs, at most. */
	readonly #groups: number;
	#windowed = 0;
	#glances = 0;
	#placed = 0;
	#indexed = 0;

	constructor(
		private readonly sizes: Sizes,
		private readonly sorted: number,
	) {
		const groups = sizes.runPerGroup() ? sizes.rowsAtMost(anyGroups) : undefined;
		this.#groups = groups ?? Number.POSITIVE_INFINITY;
	}

	/** The lines of one SELECT, or the arms of a compound. */
	visit(nodes: readonly Node[], around: Around): Estimate {
		const totals: Totals = {
			rows: 1,
			visits: 0,
			most: 0,
			seeks: 0,
			kept: 0,
			peak: 1,
			ownPeak: 1,
			distinct: 0,
			multiples: around.multiples,
			sources: new Set(),
			correlated: { visits: 0, most: 0, seeks: 0, glances: 0 },
		};
		for (const node of nodes) {
			this.#step(node, totals, around);
			totals.ownPeak = Math.max(totals.ownPeak, totals.rows);
			totals.peak = Math.max(totals.peak, totals.rows);
		}
		const { rows, peak, ownPeak, correlated } = totals;
		// A plan tells of them before the loops that they are in.
		const different =
			totals.distinct === 0 ? 0 : totals.distinct * Math.min(ownPeak, this.sizes.differentValues());
		const kept = totals.kept + different;
		this.#placed += different;
		const runs = Math.min(ownPeak, this.#groups);
		this.#glances += around.rows * runs * correlated.glances;
		return {
			rows,
			visits: totals.visits + runs * correlated.visits,
			most: Math.max(totals.most, peak, runs * correlated.most),
			seeks: totals.seeks + runs * correlated.seeks,
			kept,
			placed: this.#placed,
			indexed: this.#indexed,
			peak,
			windowed: this.#windowed,
			glances: this.#glances,
			scans: this.#scans,
		};
	}

	#step(node: Node, totals: Totals, around: Around): void {
		const { detail } = node;
		if (/^(SCAN|SEARCH) /.test(detail)) this.#loop(node, totals, around);
		else if (/^(CO-ROUTINE|MATERIALIZE) /.test(detail)) this.#source(node, totals, around);
		else if (detail === "RECURSIVE STEP") this.#recursion(node, totals, around);
		else if (/^(COMPOUND QUERY|MERGE|MULTI-INDEX OR)/.test(detail)) this.#arms(node, totals, around);
		else if (detail.startsWith("USE TEMP B-TREE FOR")) {
			this.#keep(detail, totals);
			if (detail.endsWith("GROUP BY")) this.#limit(totals, anyGroups);
			else if (detail.endsWith(" DISTINCT")) this.#limit(totals, anySet);
		} else this.#subquery(node, totals, around);
	}

	#limit(totals: Totals, name: string): void {
		totals.rows = Math.min(totals.rows, this.sizes.rowsAtMost(name) ?? totals.rows);
	}

	#keep(detail: string, totals: Totals): void {
		const { rows } = totals;
		if (detail.endsWith("ORDER BY")) totals.kept += Math.min(rows, this.sorted);
		else if (detail.endsWith("GROUP BY")) totals.kept += rows;
		else if (detail.endsWith("(DISTINCT)")) totals.distinct += 1;
		else {
			const known = detail.endsWith("FOR DISTINCT") ? this.sizes.rowsAtMost(anySet) : undefined;
			totals.kept += Math.min(rows, known ?? rows);
			this.#placed += Math.min(rows, known ?? rows);
		}
	}

	#subquery(node: Node, totals: Totals, around: Around): void {
		const { detail } = node;
		const isCorrelated = detail.startsWith("CORRELATED ");
		const inside = this.visit(node.children, {
			...around,
			// What is the same for all rows runs once.
			rows: around.rows * (isCorrelated ? Math.min(totals.ownPeak, this.#groups) : 1),
			multiples: totals.multiples,
			isInside: isCorrelated || around.isInside,
			isRepeated: isCorrelated || around.isRepeated,
			isOne: detail.includes("SCALAR SUBQUERY") && node.children.length === 1,
		});
		totals.kept += inside.kept + (detail.includes("LIST SUBQUERY") ? inside.rows : 0);
		const into = isCorrelated ? totals.correlated : totals;
		into.visits += inside.visits;
		into.most = Math.max(into.most, inside.most);
		into.seeks += inside.seeks + 1;
		// A row of values that is not in a list is held against all of it, since a NULL may stand there.
		if (this.sizes.comparesRows && /LIST SUBQUERY|FOR IN-OPERATOR/.test(detail))
			totals.correlated.glances += detail.includes("LIST") ? inside.rows : this.sizes.largest;
	}

	#loop({ detail, children }: Node, totals: Totals, around: Around): void {
		const source = (detail.split(" ")[1] ?? "").toLowerCase();
		const inside = this.visit(children, { ...around, isInside: true, isOne: false });
		const found: Found = foundBy(detail, source, this.sizes, this.#made, {
			rows: around.rows * totals.rows,
			multiples: totals.multiples,
			isNone: totals.sources.size === 0 && !around.isInside,
			sources: totals.sources,
			isRepeated: around.isRepeated,
		});
		totals.sources.add(source);
		const looked = around.isOne && this.#endsAtFirst(detail, source) ? 1 : found.rows;
		if (found.isWhole && looked > 1) this.#scans.push(detail.split(" ")[1] ?? "");
		// A row that an index finds is looked up in the table.
		const isLookedUp = /USING INDEX/.test(detail);
		totals.seeks += totals.rows * (isLookedUp ? 1 + looked : 1);
		this.#indexed += found.indexed;
		// An index of the moment: made once, or each time where older engines make it in a subquery that repeats.
		totals.visits += found.scanned;
		totals.kept += found.indexed;
		const glances = Math.max(0, looked - found.near);
		this.#glances += around.rows * totals.rows * glances;
		totals.visits += totals.rows * (looked - glances + inside.visits);
		totals.most = Math.max(totals.most, found.scanned, totals.rows * Math.max(looked, inside.most));
		totals.kept += inside.kept;
		if (found.isMultiple) totals.multiples += 1;
		// What only has to exist yields a row at most.
		if (!detail.includes(" EXISTS ")) totals.rows *= found.passing;
	}

	#endsAtFirst(detail: string, source: string): boolean {
		const conditions = /\(([^()]*[<>=][^()]*)\)/.exec(detail)?.[1];
		const isKept = detail.startsWith("SEARCH") && !detail.includes(" AUTOMATIC ");
		return isKept && conditions !== undefined && endsAtFirst(source, conditions, this.sizes);
	}

	#source({ detail, children }: Node, totals: Totals, around: Around): void {
		const called = (detail.split(" ")[1] ?? "").toLowerCase();
		// A step of a recursion takes one row of its own at a time.
		if (children.some((child) => child.detail === "RECURSIVE STEP")) this.#made.set(called, 1);
		const inside = this.visit(children, {
			...around,
			isOne: false,
			rows: 1,
			multiples: 0,
			isInside: around.isRepeated,
			called,
		});
		const known = Math.min(inside.rows, this.sizes.rowsAtMost(called) ?? inside.rows);
		// Several may be called the same: the largest counts.
		this.#made.set(called, Math.max(known, this.#made.get(called) ?? 0));
		// A window reads a subquery that has no name.
		if (called.startsWith("("))
			this.#windowed = Math.max(this.#windowed, Math.min(known, this.sizes.partitionRows()));
		totals.visits += inside.visits;
		totals.most = Math.max(totals.most, inside.most);
		totals.seeks += inside.seeks;
		totals.kept += inside.kept + (detail.startsWith("MATERIALIZE") ? known : 0);
		totals.peak = Math.max(totals.peak, around.isRepeated ? 1 : inside.peak);
	}

	#recursion({ children }: Node, totals: Totals, around: Around): void {
		const limit = Math.min(maxRecursion, this.sizes.rowsAtMost(around.called) ?? maxRecursion);
		const inside = this.visit(children, { ...around, isInside: true, isRepeated: true });
		totals.rows = limit;
		// A step of several rows goes on with each of them, whatever the LIMIT lets out.
		const steps = inside.rows > 1 ? maxRecursion : limit;
		totals.visits += steps * Math.max(1, inside.visits);
		totals.most = Math.max(totals.most, steps * Math.max(1, inside.most));
		totals.seeks += limit * inside.seeks;
		totals.kept += limit * Math.max(1, inside.rows);
	}

	#arms({ detail, children }: Node, totals: Totals, around: Around): void {
		const isIndexes = detail.startsWith("MULTI-INDEX");
		const counts: number[] = [];
		for (const arm of children) {
			const inside = this.visit(arm.children, {
				...around,
				isOne: false,
				rows: around.rows * totals.rows,
				multiples: totals.multiples,
				isInside: around.isInside || totals.sources.size > 0,
			});
			counts.push(inside.rows);
			totals.visits += (isIndexes ? totals.rows : 1) * inside.visits;
			totals.most = Math.max(totals.most, (isIndexes ? totals.rows : 1) * inside.most);
			totals.seeks += inside.seeks;
			// Older engines keep the rows of every arm that is merged here.
			const isKept =
				(detail.startsWith("MERGE") && !detail.includes("UNION ALL")) ||
				arm.detail.includes("TEMP B-TREE") ||
				isIndexes;
			const different = isIndexes
				? inside.rows
				: Math.min(inside.rows, this.sizes.rowsAtMost(anySet) ?? inside.rows);
			totals.kept += inside.kept + (isKept ? different : 0);
			this.#placed += isKept && !isIndexes ? different : 0;
			totals.peak = Math.max(totals.peak, inside.peak);
		}
		totals.rows *= Math.max(1, rowsOfArms(detail, children, counts));
	}
}
