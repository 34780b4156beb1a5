// Which tables, keys and rows stand behind what a plan calls a source.
import type { Other } from "./conditions.ts";
import type { Sizes } from "./sizes.ts";
import type { TableStatistics } from "./statistics.ts";

/** The tables whose values a source's column has; none where the text makes them. */
export function ofSource(source: string, column: string, sizes: Sizes): readonly TableStatistics[] {
	const names = [...new Set(sizes.namesOf(source))].filter((name) => name !== "");
	const tables = (names.length === 0 ? [source] : names).map((name) => sizes.statistics(name));
	if (tables.every((table) => table !== undefined)) return tables;
	return sizes.isGiven(column) ? [] : sizes.tablesWith(column);
}

/** The table of a column that is compared; undefined where its rows may be chosen, or repeat. */
export function partnerOf(
	other: Other & { readonly kind: "column" },
	sizes: Sizes,
): TableStatistics | undefined {
	if (other.qualifier === undefined) {
		if (sizes.isGiven(other.column)) return undefined;
		const tables = sizes.tablesWith(other.column);
		return tables.length === 1
			? tables[0]
			: tables.find((one) =>
					tables.every((two) => one.column(other.column).alike >= two.column(other.column).alike),
				);
	}
	const names = [...new Set(sizes.namesOf(other.qualifier))];
	return names.length === 1 ? sizes.statistics(names[0] ?? "") : undefined;
}

/** What tells the rows of a source apart; undefined where its name may stand for several. */
export function keysOf(source: string, sizes: Sizes): readonly string[] | undefined {
	const names = [...new Set(sizes.namesOf(source).filter((name) => name !== ""))];
	if (names.length > 1) return undefined;
	const [name = source] = names;
	return sizes.statistics(name) === undefined && sizes.statistics(source) === undefined
		? sizes.keysOf(name)
		: undefined;
}

/** Whether each row of a source has another value of a column. */
export function isKeyOf(
	column: string,
	source: string,
	table: TableStatistics | undefined,
	sizes: Sizes,
): boolean {
	const keys = keysOf(source, sizes);
	return (table?.isKey(column) ?? false) || (keys?.length === 1 && keys[0] === column);
}

/** Rows of a source by what the plan calls it; the largest where several are called so. */
export function rowsIn(source: string, sizes: Sizes, made: ReadonlyMap<string, number>): number {
	const rows = [source, ...sizes.namesOf(source)].flatMap((name) => {
		const table = sizes.statistics(name);
		return [...(made.has(name) ? [made.get(name) ?? 0] : []), ...(table === undefined ? [] : [table.rows])];
	});
	return rows.length === 0 ? sizes.largest : Math.max(...rows);
}
