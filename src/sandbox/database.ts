// The sandbox's SQLite database, with limits for callers' queries.

import { instantiateSqlite } from "../system/index.ts";
import { schemaStatements } from "./schema.ts";

export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** Full access, to fill the database and for tests' own counts. */
export interface SandboxDatabase {
	/** Statements that write. */
	run(sql: string, values?: readonly SqlValue[]): void;
	/** Many rows into one table, by column name; all rows have the columns of the first. */
	insert(table: string, rows: readonly Readonly<Record<string, SqlValue>>[]): void;
	select(sql: string): SqlRow[];
}

/** Limited access, for callers' queries. */
export interface ReadOnlyDatabase extends SandboxDatabase {
	/**
	 * Runs a caller's query, read-only and bounded in time.
	 *
	 * @throws {Error} with SQLite's own message
	 */
	query(sql: string): SqlRow[];
	close(): void;
}

/** A caller's query is interrupted after this number of virtual-machine steps: about ten seconds. */
const maxSteps = 2_000_000_000;
const stepsBetweenLooks = 1_000_000;

/** Opens an empty database with Skillomatic's schema in a separate SQLite engine. */
export async function openDatabase(missingTables: readonly string[]): Promise<ReadOnlyDatabase> {
	const sqlite = await instantiateSqlite();
	const db = new sqlite.oo1.DB(":memory:");
	for (const statement of schemaStatements(missingTables)) db.exec(statement);
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
		run: (sql, values) => void db.exec(sql, values === undefined ? {} : { bind: [...values] }),
		insert(table, rows) {
			const [first] = rows;
			if (first === undefined) return;
			const columns = Object.keys(first);
			const statement = db.prepare(
				`INSERT INTO ${table} (${columns.map((column) => `"${column}"`).join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
			);
			try {
				db.exec("BEGIN");
				for (const row of rows) statement.bind(columns.map((column) => row[column] ?? null)).stepReset();
				db.exec("COMMIT");
			} finally {
				statement.finalize();
			}
		},
		select,
		query(sql) {
			db.exec("PRAGMA query_only = ON");
			try {
				return select(sql);
			} catch (error) {
				// The wrapper prefixes SQLite's message with its result code.
				const message = error instanceof Error ? error.message : String(error);
				throw new Error(message.replace(/^SQLITE_\w+: sqlite3 result code \d+: /, ""));
			} finally {
				db.exec("PRAGMA query_only = OFF");
			}
		},
		close: () => db.close(),
	};
}
