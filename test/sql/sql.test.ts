import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
	contains,
	forbiddenWords,
	integer,
	join,
	name,
	type Sql,
	sql,
	startsWith,
	text,
} from "../../src/sql/sql.ts";
import { epochSeconds, instant, storageOf, type TimeStorage } from "../../src/sql/time.ts";
import { instantiateSqlite } from "../../src/system/sqlite-engine.ts";

type Database = InstanceType<Awaited<ReturnType<typeof instantiateSqlite>>["oo1"]["DB"]>;
let db: Database;

beforeAll(async () => {
	const sqlite = await instantiateSqlite();
	db = new sqlite.oo1.DB(":memory:");
});

const value = (query: Sql): unknown => db.selectValue(query);

/** The API's filter, as the contract words it. */
function passesFilter(query: string): boolean {
	const words = new RegExp(`\\b(${forbiddenWords.join("|")})\\b`, "i");
	return !words.test(query) && query.split(";").filter((part) => part.trim() !== "").length === 1;
}

const hostile = fc.oneof(
	fc.string({ unit: "grapheme", maxLength: 60 }),
	fc.string({ unit: "binary", maxLength: 60 }).filter((candidate) => candidate.isWellFormed()),
	fc.constantFrom(...forbiddenWords),
	fc
		.array(
			fc.oneof(
				fc.constantFrom(...forbiddenWords, "'", ";", "--", "/*", "\\", '"', "\0", " ", "_", "%"),
				fc.string({ maxLength: 4 }),
			),
			{
				maxLength: 12,
			},
		)
		.map((parts) => parts.join("")),
);

describe("literals", () => {
	test("read back as what they were, and pass the API's filter", () => {
		fc.assert(
			fc.property(hostile, (given) => {
				const query = sql`SELECT hex(${text(given)}) AS v LIMIT 1`;
				expect(value(query)).toBe(Buffer.from(given, "utf8").toString("hex").toUpperCase());
				expect(passesFilter(query)).toBe(true);
			}),
			{ numRuns: 3000 },
		);
	});

	test("stay one value beside an operator", () => {
		expect(value(sql`SELECT 'x' = ${text("a;b update c")} LIMIT 1`)).toBe(0);
		expect(value(sql`SELECT ${text("a;b")} IN (${join([text("a;b"), text("drop")], ", ")}) LIMIT 1`)).toBe(1);
		expect(value(sql`SELECT 5 - ${integer(-3)} LIMIT 1`)).toBe(8);
	});

	test("are constants for which an index is used", () => {
		db.exec("CREATE TABLE t(a TEXT, b); CREATE INDEX t_a ON t(a)");
		const plan = db.selectObjects(
			`EXPLAIN QUERY PLAN ${sql`SELECT b FROM t WHERE a = ${text("update; drop")}`}`,
		);
		expect(JSON.stringify(plan)).toContain("USING INDEX t_a");
	});

	test("what cannot be written is an error, not another value", () => {
		expect(() => text("\ud800")).toThrow(RangeError);
		expect(() => integer(1.5)).toThrow(RangeError);
		expect(() => integer(Number.NaN)).toThrow(RangeError);
		expect(() => integer(2 ** 60)).toThrow(RangeError);
	});

	test("LIKE takes its wildcards as letters", () => {
		fc.assert(
			fc.property(hostile, hostile, hostile, (before, part, after) => {
				fc.pre(!`${before}${part}${after}`.includes("\0"));
				expect(value(sql`SELECT ${contains(text(before + part + after), part)} LIMIT 1`)).toBe(1);
				expect(value(sql`SELECT ${startsWith(text(part + after), part)} LIMIT 1`)).toBe(1);
			}),
			{ numRuns: 500 },
		);
		expect(value(sql`SELECT ${contains(text("abc"), "a%c")} LIMIT 1`)).toBe(0);
		expect(value(sql`SELECT ${contains(text("abc"), "a_c")} LIMIT 1`)).toBe(0);
	});

	test("a name is quoted", () => {
		expect(name('we"ird')).toBe('"we""ird"');
	});
});

describe("time as it is stored", () => {
	const second = 1_795_464_639;
	const stored: Record<TimeStorage, readonly (string | number)[]> = {
		seconds: [second],
		milliseconds: [second * 1000, second * 1000 + 999],
		iso_text: ["2026-11-23T20:10:39.000Z", "2026-11-23T20:10:39.999Z", "2026-11-23T20:10:39Z"],
		sqlite_text: ["2026-11-23 20:10:39"],
	};
	const forms = Object.entries(stored) as [TimeStorage, readonly (string | number)[]][];

	test.each(forms)("%s: is recognised, compared and read back to the second", (storage, values) => {
		for (const held of values) {
			expect(storageOf(held)).toBe(storage);
			const column = typeof held === "number" ? integer(held) : text(held);
			const compare = (bound: number, operator: Sql) =>
				value(sql`SELECT ${column} ${operator} ${instant(storage, bound)} LIMIT 1`);
			expect(compare(second, sql`>=`)).toBe(1);
			expect(compare(second, sql`<`)).toBe(0);
			expect(compare(second + 1, sql`<`)).toBe(1);
			expect(compare(second + 1, sql`>=`)).toBe(0);
			expect(value(sql`SELECT ${epochSeconds(storage, column)} LIMIT 1`)).toBe(second);
		}
	});

	test("what is no instant is not guessed", () => {
		for (const held of [null, "", "yesterday", "2026-11-23", true, undefined])
			expect(storageOf(held)).toBeUndefined();
	});
});
