// What is sent means what the agent wrote, with other names.

import { afterAll, beforeAll, expect, test } from "vitest";
import { generateQuery } from "./corpus/generate.ts";
import { honest } from "./corpus/honest.ts";
import { type Production, startProduction, withheldColumns } from "./corpus/productions.ts";

let production: Production;
beforeAll(async () => {
	production = await startProduction("alpha", { small: true });
});
afterAll(() => production.close());

/** The values of the first rows; undefined where SQLite does not take it, or the columns' names do not keep their order in an object. */
function valuesOf(sql: string, columns: number): unknown {
	try {
		const rows = production.database.select(sql).slice(0, 100);
		if (rows.some((row) => Object.keys(row).length !== columns || Object.keys(row).some(isIndex)))
			return undefined;
		return rows.map((row) => Object.values(row));
	} catch {
		return undefined;
	}
}

/** Such keys of an object stand before all others. */
function isIndex(key: string): boolean {
	return /^\d+$/.test(key);
}

/** Queries whose text and what was sent for it were both run, and those that differ. */
async function compare(
	texts: readonly string[],
): Promise<{ compared: number; differing: readonly string[] }> {
	let compared = 0;
	const differing: string[] = [];
	for (const sql of texts) {
		const before = production.sent().length;
		const { isError, structured } = await production.ask(sql);
		const columns = Array.isArray(structured?.columns) ? structured.columns.length : 0;
		const sent = production
			.sent()
			.slice(before)
			.find((text) => text.startsWith("SELECT c1"));
		const wanted = isError ? undefined : valuesOf(sql, columns);
		if (sent === undefined || wanted === undefined) continue;
		compared += 1;
		if (JSON.stringify(valuesOf(sent, columns)) !== JSON.stringify(wanted)) differing.push(sql);
	}
	return { compared, differing };
}

test("honest queries", async () => {
	const { compared, differing } = await compare(honest.filter((sql) => !/'now'|random/.test(sql)));
	expect(differing).toEqual([]);
	expect(compared).toBeGreaterThan(90);
});

test("generated queries", async () => {
	// Where a table has withheld columns, * means fewer of them here.
	const whole = new Set(withheldColumns.map((column) => column.split(".")[0] ?? ""));
	const texts = Array.from({ length: 500 }, (_, seed) => generateQuery(7000 + seed)).filter(
		(sql) => !(sql.includes("*") && [...whole].some((table) => sql.includes(table))),
	);
	const { compared, differing } = await compare(texts);
	expect(differing).toEqual([]);
	expect(compared).toBeGreaterThan(100);
});
