import type { Sqlite3Static } from "@sqlite.org/sqlite-wasm";

/** Bytes of the longest text that is compiled: our own longest query is about 60,000. */
export const bufferBytes = 256 * 1024;

/** The longest that one compilation may take; an ordinary one takes 0.05 ms, and the worst that is known 150. */
export const maxCompileMs = 1000;

/**
 * The most memory that SQLite takes for one compilation, so that the engine's never grows: texts that SQLite writes out
 * many times (`SELECT a||a AS a FROM (SELECT a||a AS a FROM (…`) double it with each level. The tests hold our own queries under it.
 */
const maxHeapBytes = 4_000_000;

/** Small pieces of memory that SQLite keeps at hand for a compilation: a twentieth less time. */
const lookaside = { bytes: 1200, pieces: 400 };

/** Bounds what a compiled text may cost; the tests hold our own queries under the bounds. */
export function limitEngine(capi: Sqlite3Static["capi"], db: InstanceType<Sqlite3Static["oo1"]["DB"]>): void {
	const set = (limit: Parameters<typeof capi.sqlite3_limit>[1], value: number) =>
		capi.sqlite3_limit(db, limit, value);
	set(capi.SQLITE_LIMIT_LENGTH, 1_000_000);
	set(capi.SQLITE_LIMIT_SQL_LENGTH, bufferBytes);
	set(capi.SQLITE_LIMIT_COLUMN, 250);
	set(capi.SQLITE_LIMIT_EXPR_DEPTH, 320);
	set(capi.SQLITE_LIMIT_COMPOUND_SELECT, 220);
	set(capi.SQLITE_LIMIT_VDBE_OP, 60_000);
	set(capi.SQLITE_LIMIT_FUNCTION_ARG, 32);
	set(capi.SQLITE_LIMIT_ATTACHED, 0);
	set(capi.SQLITE_LIMIT_VARIABLE_NUMBER, 0);
	set(capi.SQLITE_LIMIT_TRIGGER_DEPTH, 0);
	capi.sqlite3_db_config(db, capi.SQLITE_DBCONFIG_LOOKASIDE, 0, lookaside.bytes, lookaside.pieces);
	db.exec(`PRAGMA hard_heap_limit=${maxHeapBytes}`);
}
