// Asks production once what its tables' values are like, and keeps the answers.
import type { Catalog, MirrorColumn, MirrorTable } from "../mirror/catalog.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { checkOwnQuery } from "../own-check.ts";
import { integer, join, name as quoted, type Sql, sql } from "../sql.ts";
import { sampleRows, statisticsOf, supposedStatistics, type TableStatistics } from "./statistics.ts";

/** A table of fewer rows is judged by its size alone. */
const fewRows = 50;
/** Above so many rows a sample of the newest ones is taken, since one of all reads all. */
const maxScanned = 5_000_000;
/** As much of a text as tells it from others. */
const shownCharacters = 40;

export class KnownTables {
	readonly #held = new Map<
		string,
		{ readonly rows: number; readonly statistics: Promise<TableStatistics> }
	>();

	constructor(
		private readonly mirror: Mirror,
		private readonly catalog: Catalog,
	) {}

	/** Whether it is known without asking production. */
	isAtHand(table: MirrorTable): boolean {
		return this.catalog.ask === undefined || this.#held.has(table.name);
	}

	/** @param rows how many production counts */
	async of(table: MirrorTable, rows: number, signal: AbortSignal): Promise<TableStatistics> {
		if (this.catalog.ask === undefined || rows < fewRows) return supposedStatistics(rows);
		const held = this.#held.get(table.name);
		// A table that has grown by half is another.
		if (held !== undefined && rows < held.rows * 1.5 && rows > held.rows / 1.5) return held.statistics;
		const statistics = this.#sample(table, rows, signal);
		this.#held.set(table.name, { rows, statistics });
		statistics.catch(() => this.#held.delete(table.name));
		return statistics;
	}

	async #sample(table: MirrorTable, rows: number, signal: AbortSignal): Promise<TableStatistics> {
		const columns = table.columns.filter(({ withheld }) => withheld === undefined);
		const select = await checkOwnQuery(this.mirror, sampleOf(table, columns, rows), {
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
		return statisticsOf(rows, sample);
	}
}

/** Values by place and not by name: a length of `key` would be taken for a secret. */
function sampleOf(table: MirrorTable, columns: readonly MirrorColumn[], rows: number): Sql {
	const values = columns.flatMap(({ name, type }, index) => {
		const column = quoted(name);
		const [value, length] = [quoted(`v${index}`), quoted(`w${index}`)];
		if (!/CHAR|CLOB|TEXT/i.test(type)) return [sql`${column} AS ${value}`];
		return [
			sql`substr(${column}, 1, ${integer(shownCharacters)}) AS ${value}`,
			sql`length(${column}) AS ${length}`,
		];
	});
	const step = Math.max(1, Math.floor(rows / sampleRows));
	// Where there are withheld columns, nobody reads the number of a row, which may tell of them.
	const isSpread = table.rowidReadable && rows <= maxScanned;
	const every = isSpread ? sql`WHERE rowid % ${integer(step)} = 0 LIMIT` : sql`LIMIT`;
	return sql`SELECT ${join(values, ", ")} FROM ${quoted(table.name)} ${every} ${integer(sampleRows)}`;
}
