import { readFile } from "node:fs/promises";
import type { Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import { assetPath } from "./assets.ts";

/**
 * Loads a SQLite engine of its own: separate instances share no memory and no database.
 * The first compiles the engine, which takes a tenth of a second and more; so call it at the first use, never at start.
 */
export async function instantiateSqlite(): Promise<Sqlite3Static> {
	const [{ default: initialize }, wasmBinary] = await Promise.all([
		import("@sqlite.org/sqlite-wasm"),
		readFile(assetPath("sqlite3.wasm")),
	]);
	// The package types its initializer without options, though Emscripten's loader takes them.
	const instantiate = initialize as (options: object) => Promise<Sqlite3Static>;
	return instantiate({ wasmBinary, print: () => {}, printErr: () => {} });
}
