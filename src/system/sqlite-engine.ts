// Loads a separate SQLite engine from WebAssembly.

import { readFile } from "node:fs/promises";
import type { Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import { assetPath } from "./assets.ts";

const readCode = () => readFile(assetPath("sqlite3.wasm"));

/** Only SQLite's code, without the package's loader. */
export async function compileSqlite(): Promise<WebAssembly.Module> {
	return WebAssembly.compile(await readCode());
}

/**
 * Loads an engine with the package's full interface: instances share neither memory nor databases. This takes over a
 * tenth of a second, so call it at first use, never at start.
 */
export async function instantiateSqlite(): Promise<Sqlite3Static> {
	const [{ default: initialize }, wasmBinary] = await Promise.all([
		import("@sqlite.org/sqlite-wasm"),
		readCode(),
	]);
	// The package types its initializer without options, though Emscripten's loader takes them.
	const instantiate = initialize as (options: object) => Promise<Sqlite3Static>;
	const sqlite = await instantiate({ wasmBinary, print: () => {}, printErr: () => {} });
	// It would print a failed query, with its literals, into the log; the error itself is thrown.
	sqlite.config.warn = () => {};
	return sqlite;
}
