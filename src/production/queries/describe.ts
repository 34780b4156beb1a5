// Describes tables and columns, and how each column stores time.

import type { Source } from "../../source/index.ts";
import {
	type Guard,
	join,
	type MirrorColumn,
	type MirrorTable,
	name,
	sql,
	storageOf,
	type TimeStorage,
	type WithheldAs,
} from "../../sql/index.ts";
import { InvalidArgument, nearest } from "../../text/index.ts";
import type { Database } from "../database.ts";
import { storageWords } from "./notes.ts";

export interface DescribedColumn {
	readonly name: string;
	readonly type: string;
	readonly notNull: boolean;
	/** Why it cannot be read; undefined if it can. */
	readonly withheld: WithheldAs | undefined;
	/** How it stores time, in words; undefined if it stores none, or no row shows it. */
	readonly stores: string | undefined;
}

export interface DescribedTable {
	readonly name: string;
	/** Undefined where this deployment does not have the table. */
	readonly rowCount: number | undefined;
	readonly columns: readonly DescribedColumn[];
}

export interface DescribeParts {
	readonly guard: Guard;
	readonly source: Source;
	readonly database: Database;
}

/** Schemas requested in parallel. */
const tablesAtOnce = 4;

/** Every table that production lists; requests each table's schema at most every ten minutes. */
export async function describeTables(
	{ guard, source }: DescribeParts,
	signal: AbortSignal,
): Promise<readonly DescribedTable[]> {
	const listed = await guard.listed(signal);
	const counts = await source.stats({ signal });
	const described: DescribedTable[] = [];
	for (let at = 0; at < listed.length; at += tablesAtOnce) {
		const some = listed.slice(at, at + tablesAtOnce).map(async (table) => {
			const mirrored = await guard.describe(table, signal);
			return describeTable(guard, table, mirrored, counts[table], {});
		});
		described.push(...(await Promise.all(some)));
	}
	return described;
}

/**
 * One table; reads one row to see how its times are stored.
 *
 * @throws {InvalidArgument} if production lists no such table
 */
export async function describeOne(
	{ guard, source, database }: DescribeParts,
	wanted: string,
	signal: AbortSignal,
): Promise<DescribedTable> {
	const listed = await guard.listed(signal);
	const table = listed.find((one) => one.toLowerCase() === wanted.trim().toLowerCase());
	if (table === undefined) {
		const near = nearest(wanted, listed);
		throw new InvalidArgument(
			"table",
			`production lists no table ${JSON.stringify(wanted)}${near === undefined ? "" : `; did you mean ${near}?`}.`.replace(
				"?.",
				"?",
			),
			`It lists ${listed.join(", ")}.`,
		);
	}
	const [counts, mirrored] = await Promise.all([source.stats({ signal }), guard.describe(table, signal)]);
	const stored = mirrored === undefined ? {} : await readStored(guard, database, mirrored, signal);
	return describeTable(guard, table, mirrored, counts[table], stored);
}

function describeTable(
	guard: Guard,
	table: string,
	mirrored: MirrorTable | undefined,
	rows: number | undefined,
	stored: Readonly<Record<string, TimeStorage | undefined>>,
): DescribedTable {
	return {
		name: table,
		rowCount: rows === undefined || rows < 0 ? undefined : rows,
		columns: (mirrored?.columns ?? []).map((column) => ({
			name: column.name,
			type: column.type,
			notNull: column.notNull,
			withheld: withheldFrom(guard, column),
			stores: storedAs(stored[column.name]),
		})),
	};
}

function storedAs(storage: TimeStorage | undefined): string | undefined {
	return storage === undefined ? undefined : storageWords(storage);
}

function withheldFrom(guard: Guard, { withheld }: MirrorColumn): WithheldAs | undefined {
	return withheld !== undefined && guard.isWithheld(withheld) ? withheld : undefined;
}

/** One value of each column whose name suggests an instant. */
async function readStored(
	guard: Guard,
	database: Database,
	table: MirrorTable,
	signal: AbortSignal,
): Promise<Readonly<Record<string, TimeStorage | undefined>>> {
	const times = table.columns.filter(
		(column) => /_at$/i.test(column.name) && withheldFrom(guard, column) === undefined,
	);
	if (times.length === 0) return {};
	const from = name(table.name);
	const samples = times.map(({ name: column }) => {
		const of = name(column);
		return sql`(SELECT ${of} FROM ${from} WHERE ${of} IS NOT NULL LIMIT 1) AS ${of}`;
	});
	const [row] = await database.rows(
		{ query: sql`SELECT ${join(samples, ", ")} LIMIT 1`, maxRows: 1 },
		signal,
	);
	return Object.fromEntries(times.map(({ name: column }) => [column, storageOf(row?.[column])]));
}
