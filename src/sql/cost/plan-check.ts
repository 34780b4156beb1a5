// Holds what a query would cost against what production may be asked to spend on it.
import type { Operation } from "../engine/compiled.ts";
import { FormRefused, PlanUnbounded } from "../failures/index.ts";
import type { MirrorTable, Root } from "../mirror/catalog.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { elementsAtMost } from "../text/elements.ts";
import type { Place, Source } from "../text/structure.ts";
import { is } from "../text/tokens.ts";
import { adviceFor } from "./advice.ts";
import { allowanceOf, isBorne, type Spent, spentOn } from "./budget.ts";
import { fromsIn } from "./filters.ts";
import { groupsOf } from "./group-counts.ts";
import { groupKeys, namesGiven } from "./group-keys.ts";
import { joinedRows, joiningCalls, mostDifferent } from "./joined-rows.ts";
import type { KnownTables } from "./known-tables.ts";
import { comparesRows } from "./mentions.ts";
import type { NamedPlan } from "./named-plan.ts";
import { largestPartition } from "./partitions.ts";
import { runPerGroup } from "./per-group.ts";
import { type Estimate, estimate, maxRecursion, recursionLimits } from "./plan.ts";
import { readsElements, recursiveIn } from "./plan-tree.ts";
import type { Bounded } from "./recursion.ts";
import { rowBounds } from "./row-bounds.ts";
import type { From, Sizes } from "./sizes.ts";
import { type TableStatistics, unseenStatistics, worstStatistics } from "./statistics.ts";
import { checkTexts, type Texts } from "./texts.ts";
import { type Profile, profileOf, type Work, workOf } from "./work.ts";

/** What the size of a table is taken for until it has to be known. */
const supposedRows = 500_000;
const suppose = () => supposedRows;
/** Rows that a text may write out itself. */
const fewestRows = 2500;
/** Rows that our own LIMIT lets through at most. */
const maxAnswered = 1000;
export interface Query {
	readonly sources: readonly Source[];
	readonly tables: readonly MirrorTable[];
	/** Every name that its text holds, as SQLite compares names. */
	readonly names: ReadonlySet<string>;
}

export interface Grounds {
	readonly mirror: Mirror;
	readonly known: KnownTables;
	/** Seconds since the epoch. */
	now(): number;
	readonly signal: AbortSignal;
	/** Each query is judged by its plan, also where a bound of its loops is enough. */
	readonly isThorough?: boolean;
}

/**
 * Judges one text that is to be sent. Production is asked for its sizes, and what its columns are like, only where the
 * answer depends on it.
 *
 * @param bounded with the highest LIMIT in the recursions that have none
 * @param plan of the text, where it has to be known
 * @returns the highest LIMIT for them that can be afforded; undefined where none has to be added
 * @throws {PlanUnbounded} {FormRefused}
 */
export async function affordableLimit(
	grounds: Grounds,
	query: Query,
	bounded: Bounded,
	program: readonly Operation[],
	plan: () => NamedPlan,
): Promise<number | undefined> {
	const { mirror, signal } = grounds;
	const judged = new Judged(grounds, query, bounded, program, mirror.roots(await mirror.compiler()));
	const isPlain = judged.isPlain && grounds.isThorough !== true;
	if (isPlain && isBorne(judged.atMost(suppose), 0)) return undefined;
	const counts = await mirror.rowCounts(signal);
	const rowsOf = (table: MirrorTable) => Math.max(1, counts[table.name] ?? supposedRows);
	const largest = Math.max(1, ...query.tables.map(rowsOf));
	if (isPlain && isBorne(judged.atMost(rowsOf), largest)) return undefined;
	const planned = plan();
	const { lines } = planned;
	const overlooked = recursiveIn(lines).find((name) => !bounded.recursive.includes(name));
	if (overlooked !== undefined) throw new FormRefused("recursion", overlooked);
	if (!grounds.known.areAtHand(query.tables)) {
		const worst = judged.spent(planned, (table) => worstStatistics(rowsOf(table), table.key), largest);
		if (isBorne(worst(bounded.added), largest)) return bounded.added;
	}
	const counted = query.tables.map((table) => ({ table, rows: rowsOf(table) }));
	const known = await grounds.known.of(counted, grounds.now(), signal);
	const spent = judged.spent(
		planned,
		(table) => known.get(table.name) ?? worstStatistics(rowsOf(table), table.key),
		largest,
	);
	const limits = bounded.added === undefined ? [undefined] : recursionLimits;
	for (const limit of limits) if (isBorne(spent(limit), largest)) return limit;
	const { seconds, bytes, scans } = spent(limits.at(-1));
	const large = query.tables.flatMap((table) =>
		hasColumn(table, "created_at") && rowsOf(table) * 4 >= largest ? [table.name.toLowerCase()] : [],
	);
	throw new PlanUnbounded({
		seconds,
		bytes,
		// Our own wrapper, and subqueries without a name, stand in no text of the agent's.
		scans: [...new Set(scans)].filter((name) => name !== "asked" && !name.startsWith("(")),
		...adviceFor(bounded.parsed.places, query.sources, large, grounds.now()),
		allowance: allowanceOf(largest),
		unlimited:
			bounded.added === undefined
				? undefined
				: { names: bounded.unlimited, rows: limits.at(-1) ?? maxRecursion },
	});
}

/** A text with all that is known of it. */
class Judged {
	readonly #keys: () => ReadonlyMap<string, readonly string[]>;
	readonly #given: () => ReadonlySet<string>;
	/** By what the tables are like, without asking production. */
	readonly #supposed: () => Work;
	readonly #froms: () => readonly From[];
	readonly #texts: () => Texts;
	readonly #profile: Profile;

	constructor(
		private readonly grounds: Grounds,
		private readonly query: Query,
		private readonly bounded: Bounded,
		private readonly program: readonly Operation[],
		roots: ReadonlyMap<number, Root>,
	) {
		const { places } = bounded.parsed;
		this.#keys = lazily(() => groupKeys(places));
		this.#froms = lazily(() => fromsIn(places));
		this.#texts = lazily(() => checkTexts(bounded.parsed));
		this.#profile = profileOf(program, roots);
		this.#given = lazily(() => namesGiven(places));
		this.#supposed = lazily(() => this.#work((table) => grounds.known.atHand(table) ?? unseenStatistics));
	}

	/** Without what has to be worked out of its plan. */
	get isPlain(): boolean {
		return this.#profile.loops.nests !== undefined && this.bounded.recursive.length === 0;
	}

	/** Each loop reads the whole of its table, and what is kept anywhere is all that is read. */
	atMost(rowsOf: (table: MirrorTable) => number): Spent {
		const { nests = [], seeks } = this.#profile.loops;
		const { mirror } = this.grounds;
		const work = this.#supposed();
		const rowsIn = (name: string) => {
			const table = mirror.table(name);
			return table === undefined ? supposedRows : rowsOf(table);
		};
		const read = nests.reduce((sum, nest) => sum + nest.reduce((all, name) => all * rowsIn(name), 1), 0);
		const rows = Math.max(fewestRows, read, ...this.query.tables.map(rowsOf));
		const { temporaries, sorters, coroutines } = work;
		// Older engines keep the arms of a compound that are merged here, and put them in order.
		const arms = coroutines > 1 ? coroutines : 0;
		const whole: Estimate = {
			rows,
			visits: rows * Math.max(1, work.reads),
			most: Number.POSITIVE_INFINITY,
			seeks: rows * seeks,
			kept: rows * (temporaries + arms),
			placed: rows * (temporaries - sorters + arms),
			indexed: 0,
			peak: rows,
			windowed: 0,
			glances: 0,
			scans: [],
		};
		const joined = joiningCalls(this.bounded.parsed);
		return spentOn(
			whole,
			work,
			joined.map(() => rows),
		);
	}

	#work(of: (table: MirrorTable) => TableStatistics): Work {
		const { mirror } = this.grounds;
		const { tables, names } = this.query;
		const largest = Math.max(0, ...tables.map((table) => of(table).rows));
		const widthIn = (table: TableStatistics, name: string) => {
			const { width, widest } = table.column(name);
			// A row that many of a larger table find may be the longest.
			return table.rows < largest ? widest : width;
		};
		const widths = new Map<string, number>();
		for (const table of tables) {
			for (const { folded } of table.columns) {
				if (names.has(folded))
					widths.set(folded, Math.max(widths.get(folded) ?? 9, widthIn(of(table), folded)));
			}
		}
		const width = (column: string) => widths.get(column) ?? 9;
		const { literals, longest } = this.#texts();
		const made = longest(width);
		const widest = Math.max(0, ...widths.values());
		return workOf(
			this.#profile,
			this.program,
			made,
			Math.max(made, widest) + literals / 20,
			(name, column) => {
				const table = mirror.table(name);
				return table === undefined ? 60 : widthIn(of(table), column);
			},
		);
	}

	/** By the LIMIT of the recursions that have none of their own. */
	spent(
		{ lines, isNamed }: NamedPlan,
		of: (table: MirrorTable) => TableStatistics,
		largest: number,
	): (limit: number | undefined) => Spent & { readonly scans: readonly string[] } {
		const work = this.#work(of);
		const { parsed, unlimited } = this.bounded;
		const { places } = parsed;
		const sizes = this.#sizes(of, isNamed, largest, elementsAtMost(places, largest));
		const added = new Set(unlimited.map((name) => name.toLowerCase()));
		const sorted = work.sorters > 0 ? Number.POSITIVE_INFINITY : sortedRows(places);
		const joined = joinedRows(parsed, sizes);
		// An array that a query aggregates itself has as many elements as it visits rows for it.
		const isAggregated = readsElements(lines) && joined.length > 0;
		return (limit) => {
			const limited =
				limit === undefined
					? sizes
					: { ...sizes, rowsAtMost: (name: string) => (added.has(name) ? limit : sizes.rowsAtMost(name)) };
			const first = estimate(lines, limited, sorted);
			const elements = Math.max(sizes.elements, first.visits);
			const whole = isAggregated ? estimate(lines, { ...limited, elements }, sorted) : first;
			const rows = joined.map((some) => Math.min(some, whole.peak));
			return { ...spentOn(whole, work, rows), scans: whole.scans };
		};
	}

	#sizes(
		of: (table: MirrorTable) => TableStatistics,
		isNamed: boolean,
		largest: number,
		elements: number,
	): Sizes {
		const { mirror, now } = this.grounds;
		const { sources, tables } = this.query;
		const { places } = this.bounded.parsed;
		const described = {
			places,
			now: now(),
			isNamed,
			tablesWith: (column: string) => tables.filter((table) => hasColumn(table, column)).map(of),
			isGiven: (column: string) => this.#given().has(column),
			namesOf: (alias: string) =>
				sources.flatMap((source) =>
					source.alias?.toLowerCase() === alias ? [source.name.toLowerCase()] : [],
				),
			statistics(name: string) {
				const table = mirror.table(name);
				return table === undefined ? undefined : of(table);
			},
		};
		const bounds = lazily(() => rowBounds(places, (expression) => groupsOf(expression, described)));
		return {
			...described,
			froms: this.#froms,
			comparesRows: comparesRows(places),
			partitionRows: lazily(() => largestPartition(described, this.#froms())),
			runPerGroup: lazily(() => runPerGroup(places)),
			differentValues: lazily(() => mostDifferent(places, described)),
			rowsAtMost: (name) => bounds().get(name),
			keysOf: (name) => this.#keys().get(name),
			largest,
			elements,
		};
	}
}

/** What a sorter keeps under a LIMIT: its number, OFFSET's and our own. */
function sortedRows(places: readonly Place[]): number {
	return places.reduce((sum, { token }, at) => {
		if (!is(token, "LIMIT", "OFFSET")) return sum;
		const [one, comma, two] = places.slice(at + 1, at + 4).map((place) => place.token);
		const more = is(comma, ",") ? Number(two?.text) : 0;
		const rows = Number(one?.text) + more;
		return sum + (Number.isNaN(rows) ? Number.POSITIVE_INFINITY : rows);
	}, maxAnswered);
}

function hasColumn(table: MirrorTable, column: string): boolean {
	return table.columns.some(({ name }) => name.toLowerCase() === column);
}

/** A value that is computed where it is first needed. */
function lazily<T>(compute: () => T): () => T {
	let value: { readonly of: T } | undefined;
	return () => {
		value ??= { of: compute() };
		return value.of;
	};
}
