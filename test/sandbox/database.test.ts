// The sandbox's rows are those that were given, and a query is answered by the rows of the moment.
import { afterEach, expect, test, vi } from "vitest";
import { openDatabase, type ReadOnlyDatabase, type SqlValue } from "../../src/sandbox/database.ts";

let open: ReadOnlyDatabase | undefined;
afterEach(() => {
	open?.close();
	open = undefined;
});

const role = (id: string, name: SqlValue) => ({ id, name, created_at: 1 });

async function database(): Promise<ReadOnlyDatabase> {
	open = await openDatabase([]);
	return open;
}

test("values of every kind come back as they were given, many rows at once too", async () => {
	const db = await database();
	const values = [
		...["plain", "it's", "''", "a\u0000b'", "\\", "-- x", "line\nline", "é\u{1f600}", ""],
		...[0, -1, 1.5, 1e21, 2 ** 53 - 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null],
	];
	db.run("CREATE TABLE odd (place, value)");
	db.insert(
		"odd",
		values.map((value, place) => ({ place, value })),
	);
	expect(db.select("SELECT value FROM odd ORDER BY place").map(({ value }) => value)).toEqual(values);
	db.insert(
		"roles",
		Array.from({ length: 1001 }, (_, index) => role(`r${index}`, "member")),
	);
	expect(db.select("SELECT COUNT(DISTINCT id) AS n FROM roles")).toEqual([{ n: 1001 }]);
});

test("a query that is asked again sees what has changed meanwhile", async () => {
	const db = await database();
	const names = () => db.query("SELECT name FROM roles ORDER BY id").map(({ name }) => name);
	expect(names()).toEqual([]);
	db.insert("roles", [role("1", "admin")]);
	expect(names()).toEqual(["admin"]);
	expect(names()).toEqual(["admin"]);
	db.run("UPDATE roles SET name = 'viewer'");
	expect(names()).toEqual(["viewer"]);
	db.run("DROP TABLE roles");
	expect(names).toThrow("no such table: roles");
});

test.each(["random()", "hex(randomblob(8))"])("%s is drawn anew each time", async (drawn) => {
	const db = await database();
	const draw = () => db.query(`SELECT ${drawn} AS x`)[0]?.x;
	expect(draw()).not.toEqual(draw());
});

test.each(["julianday('now')", "julianday()", "strftime('%J')", "unixepoch('subsec')"])(
	"%s is the time of each query",
	async (time) => {
		const db = await database();
		const tell = () => db.query(`SELECT ${time} AS x`)[0]?.x;
		const first = tell();
		await vi.waitFor(() => expect(tell()).not.toEqual(first), 10_000);
	},
);
