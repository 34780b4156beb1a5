// The sandbox's SQLite database, with limits for callers' queries.

import { instantiateSqlite } from "../system/index.ts";
import { schemaStatements } from "./schema.ts";

export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** A value as SQLite types it; an integer as its digits. */
export type TypedValue =
	| { readonly type: "null" }
	| { readonly type: "integer" | "text"; readonly value: string }
	| { readonly type: "float"; readonly value: number }
	| { readonly type: "blob"; readonly bytes: Uint8Array };

export interface TypedRows {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly TypedValue[])[];
}

/** Full access, to fill the database and for tests' own counts. */
export interface SandboxDatabase {
	/** Statements that write. */
	run(sql: string, values?: readonly SqlValue[]): void;
	/** Many rows into one table, by column name; all rows have the columns of the first. */
	insert(table: string, rows: readonly Readonly<Record<string, SqlValue>>[]): void;
	select(sql: string): SqlRow[];
	/** One statement's rows with SQLite's own types, for a server that speaks another protocol. @throws {Error} with SQLite's own message */
	typed(sql: string): TypedRows;
}

/** Limited access, for callers' queries. */
export interface ReadOnlyDatabase extends SandboxDatabase {
	/**
	 * Runs a caller's query, read-only and bounded in time.
	 *
	 * @throws {Error} with SQLite's own message
	 */
	query(sql: string): readonly SqlRow[];
	close(): void;
}

/** A caller's query is interrupted after this number of virtual-machine steps: about ten seconds. */
const maxSteps = 2_000_000_000;
const stepsBetweenLooks = 1_000_000;

/** SQLite reads literals three times as fast as the wrapper binds values, which costs several calls into WebAssembly each. */
const rowsAtOnce = 500;

/** What may answer differently the next time, though no row has changed. A date's function without a time means now. */
const unsteady =
	/\b(?:random(?:blob)?|now|subsec(?:ond)?|current_\w+|(?:total_)?changes|last_insert_rowid)\b|\b(?:date|time|datetime|julianday|unixepoch)\s*\(\s*\)|\bstrftime\s*\(\s*'[^']*'\s*\)/i;

/** The newest queries' rows, until a row changes: a tool that is called again asks mostly the same. */
class KeptAnswers {
	readonly #rows = new Map<string, readonly SqlRow[]>();

	find(sql: string): readonly SqlRow[] | undefined {
		return this.#rows.get(sql);
	}

	keep(sql: string, rows: readonly SqlRow[]): readonly SqlRow[] {
		if (unsteady.test(sql)) return rows;
		const [oldest] = this.#rows.keys();
		if (this.#rows.size === 64 && oldest !== undefined) this.#rows.delete(oldest);
		this.#rows.set(sql, rows);
		return rows;
	}

	forget(): void {
		this.#rows.clear();
	}
}

/** Opens an empty database with Skillomatic's schema in a separate SQLite engine. */
export async function openDatabase(missingTables: readonly string[]): Promise<ReadOnlyDatabase> {
	const sqlite = await instantiateSqlite();
	const db = new sqlite.oo1.DB(":memory:");
	for (const statement of schemaStatements(missingTables)) db.exec(statement);
	const kept = new KeptAnswers();
	let stepsLeft = maxSteps;
	sqlite.capi.sqlite3_progress_handler(
		db,
		stepsBetweenLooks,
		() => {
			stepsLeft -= stepsBetweenLooks;
			return stepsLeft <= 0 ? 1 : 0;
		},
		0,
	);
	const select = (sql: string) => {
		stepsLeft = maxSteps;
		return db.selectObjects(sql) as SqlRow[];
	};
	return {
		run(sql, values) {
			kept.forget();
			db.exec(sql, values === undefined ? {} : { bind: [...values] });
		},
		insert(table, rows) {
			kept.forget();
			const [first] = rows;
			if (first === undefined) return;
			const columns = Object.keys(first);
			const into = `INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(", ")}) VALUES `;
			db.exec("BEGIN");
			for (let from = 0; from < rows.length; from += rowsAtOnce) {
				const some = rows.slice(from, from + rowsAtOnce);
				const written = some.map((row) => `(${columns.map((column) => literal(row[column] ?? null))})`);
				db.exec(into + written.join(","));
			}
			db.exec("COMMIT");
		},
		select,
		typed(sql) {
			stepsLeft = maxSteps;
			try {
				return typedRows(sqlite, db, sql);
			} catch (error) {
				throw plainError(error);
			}
		},
		query(sql) {
			const known = kept.find(sql);
			if (known !== undefined) return known;
			db.exec("PRAGMA query_only = ON");
			try {
				return kept.keep(sql, select(sql));
			} catch (error) {
				throw plainError(error);
			} finally {
				db.exec("PRAGMA query_only = OFF");
			}
		},
		close: () => db.close(),
	};
}

function literal(value: SqlValue): string {
	if (value === null) return "NULL";
	if (typeof value === "number") return String(value).replace("Infinity", "9e999").replace("NaN", "NULL");
	// A NUL would end the statement.
	if (value.includes("\0")) return `CAST(x'${Buffer.from(value).toString("hex")}' AS TEXT)`;
	return `'${value.replaceAll("'", "''")}'`;
}

/** The wrapper prefixes SQLite's message with its result code. */
function plainError(error: unknown): Error {
	const message = error instanceof Error ? error.message : String(error);
	return new Error(message.replace(/^SQLITE_\w+: sqlite3 result code \d+: /, ""));
}

type Sqlite = Awaited<ReturnType<typeof instantiateSqlite>>;

function typedRows({ capi }: Sqlite, db: InstanceType<Sqlite["oo1"]["DB"]>, sql: string): TypedRows {
	const statement = db.prepare(sql);
	try {
		const { columnCount } = statement;
		const columns = columnCount === 0 ? [] : statement.getColumnNames([]);
		const rows: TypedValue[][] = [];
		while (statement.step()) {
			rows.push(
				Array.from({ length: columnCount }, (_, at) =>
					typedValue(capi.sqlite3_column_type(statement, at), statement.get(at)),
				),
			);
		}
		return { columns, rows };
	} finally {
		statement.finalize();
	}
}

/** @param type SQLITE_INTEGER 1, SQLITE_FLOAT 2, SQLITE_TEXT 3, SQLITE_BLOB 4, SQLITE_NULL 5 */
function typedValue(type: number, value: unknown): TypedValue {
	if (type === 1) return { type: "integer", value: String(value) };
	if (type === 2) return { type: "float", value: Number(value) };
	if (type === 3) return { type: "text", value: String(value) };
	if (value instanceof Uint8Array) return { type: "blob", bytes: value };
	return { type: "null" };
}
