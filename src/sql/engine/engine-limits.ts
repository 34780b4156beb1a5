// Limits on what the embedded SQLite compiles.

import type { CInterface } from "./c-interface.ts";

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

/** `sqlite3_limit`'s categories (sqlite3.h), and what they are set to. */
const limits: readonly (readonly [category: number, value: number])[] = [
	[0, 1_000_000], // SQLITE_LIMIT_LENGTH
	[1, bufferBytes], // SQLITE_LIMIT_SQL_LENGTH
	[2, 250], // SQLITE_LIMIT_COLUMN
	[3, 320], // SQLITE_LIMIT_EXPR_DEPTH
	[4, 220], // SQLITE_LIMIT_COMPOUND_SELECT
	[5, 60_000], // SQLITE_LIMIT_VDBE_OP
	[6, 32], // SQLITE_LIMIT_FUNCTION_ARG
	[7, 0], // SQLITE_LIMIT_ATTACHED
	[9, 0], // SQLITE_LIMIT_VARIABLE_NUMBER
	[10, 0], // SQLITE_LIMIT_TRIGGER_DEPTH
];

const configLookaside = 1001;

/**
 * Bounds what a compiled text may cost; the tests hold our own queries under the bounds.
 *
 * @throws {Error} where SQLite does not take a bound
 */
export function limitEngine(c: CInterface, db: number): void {
	for (const [category, value] of limits) {
		c.sqlite3_limit(db, category, value);
		if (c.sqlite3_limit(db, category, -1) !== value) throw new Error(`SQLite's limit ${category} is not set`);
	}
	c.sqlite3__wasm_db_config_pii(db, configLookaside, 0, lookaside.bytes, lookaside.pieces);
}

/** The statement that bounds its memory. */
export const boundHeap = `PRAGMA hard_heap_limit=${maxHeapBytes}`;
