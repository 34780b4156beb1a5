// Functions that production's SQLite may lack: it is asked once, and only where a query uses one.

import { expect, test } from "vitest";
import { type Catalog, createGuard } from "../../src/sql/guard.ts";
import { startProduction } from "./corpus/productions.ts";

const signal = new AbortController().signal;

/** A guard for a production that answers the one question in this way. */
function guarded(ask: Catalog["ask"]) {
	const asked: string[] = [];
	const guard = createGuard(
		{
			tables: async () => ["roles"],
			columns: async () => [{ name: "id", type: "TEXT", notNull: true, primaryKey: 1 }],
			rowCounts: async () => ({ roles: 3 }),
			async ask(select, abort) {
				asked.push(select.text);
				return (await ask?.(select, abort)) ?? [];
			},
		},
		{ showPersonalData: false, clock: { now: () => 0 } },
	);
	return { asked, check: (sql: string) => guard.checkAgent(sql, { limit: 10, signal }) };
}

const old = { version: "3.40.1", functions: "log10/1 log/1 ln/1 sqrt/1 power/2", f0: null, f1: null };

test.each([
	["SELECT mod(7, 3)", "Production's SQLite (3.40.1) does not have mod(). Write x % y instead."],
	['SELECT "Log2"(8) FROM roles', "does not have log2(). Write log10(x) / log10(2) instead."],
	["SELECT concat(id, 'x') FROM roles", "does not have concat(). Write x || y instead."],
	["SELECT log(2, 8)", "does not have log(). Write log10(y) / log10(x) instead."],
	["SELECT strftime('%Y-%V', 'now')", "does not have strftime('%G %g %U %V')."],
	["SELECT strftime('%%%F', 'now')", "does not have strftime('%e %F %I %k %l %p %P %R %T %u')."],
])("%s is refused where it is lacking", async (sql, words) => {
	const { check } = guarded(async () => [old]);
	const error = await check(sql).then(
		() => undefined,
		(thrown) => thrown,
	);
	const { problem, next } = error.explain();
	expect(`${problem} ${next}`).toContain(words);
});

test("what it has is sent, what every SQLite has needs no question, and it is asked once", async () => {
	const { asked, check } = guarded(async () => [old]);
	await check("SELECT upper(id), strftime('%Y %%V', 'now'), count(*) FROM roles");
	expect(asked).toEqual([]);
	await check("SELECT sqrt(4), ln(3)");
	await check("SELECT sqrt(4) FROM roles");
	expect(asked).toHaveLength(1);
});

test("log() of one number is sent as log10() and pow() as power(), under their own names", async () => {
	const { check } = guarded(async () => [old]);
	const { select, columns } = await check("SELECT log(100), POW(2, 3)");
	expect(columns).toEqual(["log(100)", "POW(2, 3)"]);
	expect(select.text).toContain("SELECT log10(100), power(2, 3)");
});

test("where production does not tell, the query is sent, and it is not asked again", async () => {
	const { asked, check } = guarded(async () => {
		throw new Error("not allowed");
	});
	await check("SELECT mod(7, 3)");
	await check("SELECT mod(7, 4)");
	expect(asked).toHaveLength(1);
});

test("the question passes the API's filter, and a real production answers it", async () => {
	const production = await startProduction("alpha", { small: true });
	const { structured } = await production.ask(
		"SELECT mod(7, 3), pow(2, 3), log(2, 8), strftime('%G-W%V', 0, 'unixepoch')",
	);
	expect(structured?.rows).toEqual([[1, 8, 3, "1970-W01"]]);
	expect(production.sent()[0]).toContain("pragma_function_list");
	await production.close();
});
