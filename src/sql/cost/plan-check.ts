// Estimates the work of a query from its plan, and refuses too much.

import type { PlanLine } from "../engine/compiled.ts";
import { isJoining } from "../engine/functions.ts";
import { FormRefused, PlanUnbounded } from "../failures/index.ts";
import type { MirrorTable } from "../mirror/catalog.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { elementsAtMost } from "../text/elements.ts";
import type { Source } from "../text/structure.ts";
import { nameOf } from "../text/tokens.ts";
import { groupKeys, namesGiven } from "./group-keys.ts";
import type { Growth } from "./growth.ts";
import { type Estimate, estimate, isSimple, maxVisits, readsElements, recursiveIn } from "./plan.ts";
import type { Bounded } from "./recursion.ts";
import { rowBounds } from "./row-bounds.ts";

/** What the size of a table is taken for until it has to be known. */
const supposedRows = 500_000;
/** Bytes that a query may work through in all, about: some seconds. */
const maxWork = 5_000_000_000;
/** Bytes that it may keep at once, about. */
const maxKept = 200_000_000;

/** Whether a query does so little for each row that it may do it for however many rows a table has. */
export function isOrdinary({ work, kept }: Pick<Growth, "work" | "kept">): boolean {
	return isBorneBy(supposedRows, { work, kept });
}

function isBorneBy(rows: number, { work, kept }: Pick<Growth, "work" | "kept">): boolean {
	return rows * work <= maxWork && rows * kept <= maxKept;
}

/**
 * Holds the plan of a query against what its text and its tables' sizes tell; production is asked for the sizes only
 * where the query would be too much on large tables.
 *
 * @returns why it is too much; undefined where it is not
 * @throws {FormRefused} where the plan recurses in what was not bounded
 */
export async function findUnbounded(
	mirror: Mirror,
	query: {
		readonly sources: readonly Source[];
		readonly tables: readonly MirrorTable[];
		readonly bounded: Bounded;
		/** What its texts come to. */
		readonly growth: Growth;
	},
	plan: readonly PlanLine[],
	signal: AbortSignal,
): Promise<PlanUnbounded | FormRefused | undefined> {
	const { sources, tables, bounded, growth } = query;
	const overlooked = recursiveIn(plan).find((name) => !bounded.recursive.includes(name));
	if (overlooked !== undefined) throw new FormRefused("recursion", overlooked);
	if (isSimple(plan) && isOrdinary(growth)) return undefined;
	const { places } = bounded.parsed;
	const bounds = lazily(() => rowBounds(places));
	const keys = lazily(() => groupKeys(places));
	const given = lazily(() => namesGiven(places));
	const estimated = (rowsOf: (table: string) => number, elements = 0): Estimate => {
		const largest = Math.max(1, ...tables.map((table) => rowsOf(table.name)));
		return estimate(plan, {
			namesOf: (alias) =>
				sources.flatMap((source) =>
					source.alias?.toLowerCase() === alias ? [source.name.toLowerCase()] : [],
				),
			rowsOf(name) {
				const table = mirror.table(name);
				return table === undefined ? undefined : rowsOf(table.name);
			},
			rowsAtMost: (name) => bounds().get(name),
			keysOf: (name) => keys().get(name),
			isGiven: (column) => given().has(column),
			largest,
			elements: Math.max(elements, elementsAtMost(places, largest)),
		});
	};
	// An array that a query aggregates itself has as many elements as it visits rows for it.
	const isAggregated = places.some(({ token }) => isJoining(nameOf(token)?.toLowerCase() ?? ""));
	const whole = (rowsOf: (table: string) => number) => {
		const first = estimated(rowsOf);
		return isAggregated && readsElements(plan) ? estimated(rowsOf, first.visits) : first;
	};
	const isBorne = (visits: number) =>
		visits <= maxVisits && (isOrdinary(growth) || isBorneBy(visits, growth));
	if (isBorne(whole(() => supposedRows).visits)) return undefined;
	const counts = await mirror.rowCounts(signal);
	const { visits, scans } = whole((table) => Math.max(1, counts[table] ?? supposedRows));
	if (isBorne(visits)) return undefined;
	if (visits <= maxVisits) return new FormRefused("work", growth.worker);
	// Our own wrapper, and subqueries without a name, stand in no text of the agent's.
	const named = [...new Set(scans)].filter((name) => name !== "asked" && !name.startsWith("("));
	return new PlanUnbounded(visits, named);
}

/** A value that is computed where it is first needed. */
function lazily<T>(compute: () => T): () => T {
	let value: { readonly of: T } | undefined;
	return () => {
		value ??= { of: compute() };
		return value.of;
	};
}
