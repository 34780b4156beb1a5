import { readFile } from "node:fs/promises";
import type { Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import { assetPath } from "./assets.ts";

const readCode = () => readFile(assetPath("sqlite3.wasm"));

/** SQLite's code alone, without the package's loader. */
export async function compileSqlite(): Promise<WebAssembly.Module> {
	return WebAssembly.compile(await readCode());
}

/**
 * Loads a SQLite engine of its own with the package's whole interface, to run statements on: separate instances share no
 * memory and no database. It takes a tenth of a second and more; so call it at the first use, never at start.
 */
export async function instantiateSqlite(): Promise<Sqlite3Static> {
	const [{ default: initialize }, wasmBinary] = await Promise.all([
		import("@sqlite.org/sqlite-wasm"),
		readCode(),
	]);
	// The package types its initializer without options, though Emscripten's loader takes them.
	const instantiate = initialize as (options: object) => Promise<Sqlite3Static>;
	const sqlite = await instantiate({ wasmBinary, print: () => {}, printErr: () => {} });
	// It would print a query that fails, literals and all, among the log's lines; the error itself is thrown.
	sqlite.config.warn = () => {};
	return sqlite;
}
