import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Compiler } from "../../src/sql/engine/compiler.ts";
import { type Engine, openEngine } from "../../src/sql/engine/engine.ts";

const openReadWriteCreate = 6;

/** The address of a text in the engine's memory. */
function put(engine: Engine, text: string): number {
	const bytes = Buffer.from(`${text}\0`, "utf8");
	const at = engine.c.malloc(bytes.length);
	engine.memory.set(bytes, at);
	return at;
}

/** Opens a database by its name and runs one statement in it: SQLite's first code that tells of a failure, or 0. */
function write(engine: Engine, name: string): number {
	const out = engine.c.malloc(8);
	const opened = engine.c.sqlite3_open_v2(put(engine, name), out, openReadWriteCreate, 0);
	if (opened !== 0) return opened;
	return engine.c.sqlite3_exec(engine.number(out), put(engine, "CREATE TABLE t (a)"), 0, 0, 0);
}

test("the engine writes in its memory, and can't reach a file even by SQLite's own call", async () => {
	const engine = await openEngine();
	const folder = await mkdtemp(join(tmpdir(), "engine-"));
	onTestFinished(() => rm(folder, { recursive: true }));
	const file = join(folder, "made.db");

	expect(write(engine, ":memory:")).toBe(0);
	expect(write(engine, file)).toBe(14); // SQLITE_CANTOPEN
	expect(existsSync(file)).toBe(false);
});

test("what C calls back gets its arguments, and C gets the answer", async () => {
	const engine = await openEngine();
	const given: (readonly number[])[] = [];
	const pointer = engine.callback(3, (...all) => {
		given.push(all);
		return 42;
	});
	const call = engine.c.__indirect_function_table.get(pointer) as (...all: readonly number[]) => number;

	expect(call(1, -2, 3)).toBe(42);
	expect(given).toEqual([[1, -2, 3]]);
});

test("a text is read up to its NUL, short or long, ASCII or not; none at NULL", async () => {
	const engine = await openEngine();
	for (const text of [
		"",
		"id",
		"a".repeat(63),
		"a".repeat(64),
		"b".repeat(500),
		"größe",
		`${"x".repeat(60)}…`,
	]) {
		expect(engine.text(put(engine, text))).toBe(text);
	}
	expect(engine.text(0)).toBe("");
});

test("a listing that breaks off is an error, and no shorter listing", async () => {
	const compiler = await Compiler.open();
	compiler.run("CREATE TABLE t (a)");
	expect(compiler.rows("SELECT 1 UNION ALL SELECT 2")).toEqual([["1"], ["2"]]);
	// The second row cannot be made.
	expect(() => compiler.rows("SELECT 1 UNION ALL SELECT abs(-9223372036854775807 - 1)")).toThrow(
		"integer overflow",
	);
});
