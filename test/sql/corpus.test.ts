import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attacks, longAttacks, spelled } from "./corpus/attacks.ts";
import { honest, refusedHonest } from "./corpus/honest.ts";
import {
	canaryWord,
	contentOf,
	type Production,
	startProduction,
	withheldColumns,
} from "./corpus/productions.ts";

let one: Production;
let other: Production;
let content: string;

beforeAll(async () => {
	[one, other] = await Promise.all([startProduction("alpha"), startProduction("omega")]);
	content = contentOf(one.database);
});
afterAll(async () => {
	await one.close();
	await other.close();
});

const isAnswered = async (sql: string) => {
	const [told, elsewhere] = await Promise.all([one.ask(sql), other.ask(sql)]);
	expect(told.isError ? told.text : "", sql).toBe("");
	expect(told.text).not.toContain(canaryWord);
	expect(JSON.stringify(told.structured)).not.toContain(canaryWord);
	expect({ ...elsewhere.structured, duration_ms: 0 }).toEqual({ ...told.structured, duration_ms: 0 });
};

describe("the corpus", () => {
	const all = Object.values(attacks).flat();

	test("is as large as it has to be, without repeats", () => {
		expect(new Set([...all, ...longAttacks]).size).toBe(all.length + longAttacks.length);
		expect(all.length).toBeGreaterThanOrEqual(150);
		expect(new Set(honest).size).toBe(honest.length);
		expect(honest.length).toBeGreaterThanOrEqual(80);
		expect(refusedHonest.length).toBeLessThanOrEqual(3);
	});

	test("both productions hold canaries in every withheld column, and differ there", () => {
		for (const column of withheldColumns) {
			const [table, name] = column.split(".");
			const read = (production: Production) =>
				production.database.select(`SELECT ${name} AS v FROM ${table} ORDER BY rowid`).map(({ v }) => v);
			expect(read(one).join()).toContain(`${canaryWord}-alpha-${column}`);
			expect(read(one)).not.toEqual(read(other));
		}
	});

	describe.each(Object.entries(attacks))("%s", (_, texts) => {
		test.each(texts)("%s", async (text) => {
			const sql = spelled(text);
			const before = one.sent().length;
			const told = await one.ask(sql);
			expect(told.isError, told.text.slice(0, 400)).toBe(true);
			// Refused here, and not by production; what its columns are like may be asked.
			expect(
				one
					.sent()
					.slice(before)
					.filter((text) => !text.includes(' AS "v0"')),
			).toEqual([]);
			expect(told.text.length).toBeLessThan(2000);
			expect(told.text).not.toContain(canaryWord);
			expect(told.text).toMatch(/[.?)]$/);
			expect(await other.ask(sql)).toEqual(told);
		});
	});

	test("texts that are too long", async () => {
		for (const sql of longAttacks) expect((await one.ask(sql)).isError).toBe(true);
	});

	test("nothing was written", () => {
		expect(contentOf(one.database) === content).toBe(true);
	});
});

describe("honest questions", () => {
	test.each(honest)("%s", isAnswered);

	test.each(refusedHonest)("$sql is refused, and can be said otherwise", async ({ sql, instead }) => {
		expect((await one.ask(sql)).isError).toBe(true);
		await isAnswered(instead);
	});

	test.skipIf(process.env.TEST_SOURCE === "database")(
		"what is sent keeps to the API's filter, and to the limit",
		async () => {
			for (const sent of one.sent()) {
				expect(sent).toMatch(/^SELECT\b/);
				expect(sent).not.toContain(";");
				expect(sent).toMatch(/LIMIT \d+$/);
			}
		},
	);
});
