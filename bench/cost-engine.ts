// The process in which queries run whose cost is measured: libSQL, or the embedded SQLite. It may be killed at any time.
import { readFileSync, writeFileSync } from "node:fs";
import { instantiateSqlite } from "../src/system/index.ts";
import { Libsql } from "./libsql.ts";

/** Asked by the parent. */
export interface Asked {
	readonly sql: string;
}

export interface Ran {
	/** Milliseconds of processor time. */
	readonly ms: number;
	/** Bytes beyond those before the query, at the most. */
	readonly bytes: number;
	readonly rows: number;
	readonly error: string | undefined;
}

interface Runner {
	readonly version: string;
	/** Rows that came. */
	run(sql: string): number;
	/** Forgets the highest memory so far; gives back what is in use. */
	reset(): number;
	highest(): number;
}

const status = (name: string) =>
	Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;

function openLibsql(path: string): Runner {
	const db = new Libsql(path, { readonly: true });
	const [row] = db.prepare("SELECT sqlite_version() AS v").all();
	return {
		version: `libSQL ${row?.v}`,
		run: (sql) => db.prepare(sql).all().length,
		reset() {
			globalThis.gc?.();
			// 5 forgets the highest resident size (proc(5)).
			writeFileSync("/proc/self/clear_refs", "5");
			return status("VmRSS");
		},
		highest: () => status("VmHWM"),
	};
}

async function openEmbedded(path: string): Promise<Runner> {
	const sqlite = await instantiateSqlite();
	const { capi, wasm } = sqlite;
	const db = new sqlite.oo1.DB(":memory:");
	const bytes = Uint8Array.from(readFileSync(path));
	const pointer = wasm.allocFromTypedArray(bytes);
	capi.sqlite3_deserialize(db.pointer ?? 0, "main", pointer, bytes.length, bytes.length, 1);
	// A temporary file would be a list in memory here, which is searched from its beginning.
	db.exec("PRAGMA temp_store = memory");
	const place = wasm.alloc(16);
	// SQLITE_STATUS_MEMORY_USED; the process's own memory never shrinks here.
	const memory = (reset: 0 | 1) => {
		capi.sqlite3_status64(0, place, place + 8, reset);
		return { used: Number(wasm.peek(place, "i64")), highest: Number(wasm.peek(place + 8, "i64")) };
	};
	return {
		version: `SQLite ${capi.sqlite3_libversion()}`,
		run: (sql) => db.selectArrays(sql).length,
		reset: () => memory(1).used,
		highest: () => memory(0).highest,
	};
}

const [engine = "", path = ""] = process.argv.slice(2);
const runner = engine === "libsql" ? openLibsql(path) : await openEmbedded(path);

process.on("message", ({ sql }: Asked) => {
	const before = runner.reset();
	const begun = process.cpuUsage();
	let rows = 0;
	let error: string | undefined;
	try {
		rows = runner.run(sql);
	} catch (thrown) {
		error = thrown instanceof Error ? thrown.message : String(thrown);
	}
	const { user, system } = process.cpuUsage(begun);
	const ran: Ran = { ms: (user + system) / 1000, bytes: Math.max(0, runner.highest() - before), rows, error };
	process.send?.(ran);
});
process.send?.(runner.version);
