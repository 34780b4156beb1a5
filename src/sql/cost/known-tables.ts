// Asks production once what its tables' values are like, and keeps the answers.

import type { Catalog, MirrorColumn, MirrorTable } from "../mirror/catalog.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { checkOwnQuery } from "../own-check.ts";
import { integer, join, name as quoted, type Sql, sql } from "../sql.ts";
import {
	sampleRows,
	shownCharacters,
	statisticsOf,
	supposedStatistics,
	type TableStatistics,
	worstStatistics,
} from "./statistics.ts";

/** In a table of fewer rows everything may soon be alike. */
const fewRows = 50;
/** What production did not tell is asked again after so many seconds. */
const patience = 600;

interface Held {
	readonly rows: number;
	/** Undefined where production does not tell. */
	readonly statistics: Promise<TableStatistics | undefined>;
	/** The same, as soon as production has told. */
	told: TableStatistics | undefined;
	readonly asked: number;
}

export interface CountedTable {
	readonly table: MirrorTable;
	/** How many rows production counts. */
	readonly rows: number;
}

export class KnownTables {
	readonly #held = new Map<string, Held>();
	readonly #supposed = new Map<string, TableStatistics>();

	constructor(
		private readonly mirror: Mirror,
		private readonly catalog: Catalog,
	) {}

	/** Whether they are known without asking production. */
	areAtHand(tables: readonly MirrorTable[]): boolean {
		return this.catalog.ask === undefined || tables.every(({ name }) => this.#held.has(name));
	}

	/** What is known of a table without asking production; how many rows it has may be wrong. */
	atHand(table: MirrorTable): TableStatistics | undefined {
		if (this.catalog.ask !== undefined) return this.#held.get(table.name)?.told;
		return this.#supposed.get(table.name) ?? this.#suppose(table, 1);
	}

	#suppose({ name, key }: MirrorTable, rows: number): TableStatistics {
		const held = this.#supposed.get(name);
		if (held?.rows === rows) return held;
		const supposed = supposedStatistics(rows, key);
		this.#supposed.set(name, supposed);
		return supposed;
	}

	/**
	 * Those that are not known are asked for all at once; what cannot be is taken for the worst, and no query fails for it.
	 *
	 * @param now seconds
	 * @returns by their names
	 */
	async of(
		tables: readonly CountedTable[],
		now: number,
		signal: AbortSignal,
	): Promise<ReadonlyMap<string, TableStatistics>> {
		const found = await Promise.all(
			tables.map(async (counted) => [counted.table.name, await this.#one(counted, now, signal)] as const),
		);
		return new Map(found);
	}

	async #one({ table, rows }: CountedTable, now: number, signal: AbortSignal): Promise<TableStatistics> {
		if (this.catalog.ask === undefined) return this.#suppose(table, rows);
		let held = this.#held.get(table.name);
		// A table that has grown by half is another.
		if (held === undefined || rows > held.rows * 1.5 || rows < held.rows / 1.5) {
			held = { rows, statistics: this.#sample(table, rows, signal), told: undefined, asked: now };
			this.#held.set(table.name, held);
		}
		const statistics = await held.statistics;
		held.told = statistics;
		if (statistics === undefined && (signal.aborted || now - held.asked > patience))
			this.#held.delete(table.name);
		return statistics !== undefined && rows >= fewRows
			? statistics
			: worstStatistics(rows, table.key, statistics);
	}

	async #sample(table: MirrorTable, rows: number, signal: AbortSignal): Promise<TableStatistics | undefined> {
		const columns = table.columns.filter(({ withheld }) => withheld === undefined);
		try {
			const select = await checkOwnQuery(this.mirror, sampleOf(table, columns), {
				maxRows: sampleRows,
				signal,
			});
			const sample = ((await this.catalog.ask?.(select, signal)) ?? []).map((row) =>
				Object.fromEntries(
					columns.flatMap(({ name }, index) => [
						[name, row[`v${index}`]],
						[`${name}:length`, row[`w${index}`]],
					]),
				),
			);
			const isSpread = table.rowidReadable || sample.length >= rows;
			return statisticsOf(rows, { sample, key: table.key, isSpread });
		} catch {
			return undefined;
		}
	}
}

/**
 * Rows from all over a table, each found by its number. Where the number may tell of withheld columns, those with the
 * first keys; of these it is not known how their times are spread. Values by place and not by name: a length of `key`
 * would be taken for a secret.
 */
function sampleOf(table: MirrorTable, columns: readonly MirrorColumn[]): Sql {
	const values = columns.flatMap(({ name, type }, index) => {
		const column = sql`t.${quoted(name)}`;
		const [value, length] = [quoted(`v${index}`), quoted(`w${index}`)];
		if (!/CHAR|CLOB|TEXT/i.test(type)) return [sql`${column} AS ${value}`];
		return [
			sql`substr(${column}, 1, ${integer(shownCharacters)}) AS ${value}`,
			sql`length(${column}) AS ${length}`,
		];
	});
	const list = values.length === 0 ? sql`1` : join(values, ", ");
	const from = quoted(table.name);
	const limit = sql`LIMIT ${integer(sampleRows)}`;
	if (!table.rowidReadable) {
		const isReadable = columns.some(({ name }) => name === table.key);
		const order = table.key !== undefined && isReadable ? sql`ORDER BY t.${quoted(table.key)}` : sql``;
		return sql`SELECT ${list} FROM ${from} t ${order} ${limit}`;
	}
	const digits = sql`(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)`;
	const thousands = sql`(SELECT 0 AS n UNION ALL SELECT 1)`;
	const places = sql`SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n FROM ${digits} a, ${digits} b, ${digits} c, ${thousands} d`;
	const ends = sql`SELECT (SELECT min(rowid) FROM ${from}) AS low, (SELECT max(rowid) FROM ${from}) AS high`;
	const at = sql`SELECT low + (high - low) * n / ${integer(sampleRows - 1)} AS n FROM (${places}), (${ends})`;
	return sql`SELECT ${list} FROM (${at}) s CROSS JOIN ${from} t ON t.rowid = (SELECT rowid FROM ${from} WHERE rowid >= s.n ORDER BY rowid LIMIT 1) ${limit}`;
}
