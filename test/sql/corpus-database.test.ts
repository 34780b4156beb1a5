// The guard's corpora against production's database itself, with a token that may read all of it.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { part } from "../part.ts";
import { attacks, longAttacks, spelled } from "./corpus/attacks.ts";
import { honest } from "./corpus/honest.ts";
import { canaryWord, contentOf, type Production, startProduction } from "./corpus/productions.ts";

let byDatabase: Production;
let content: string;
beforeAll(async () => {
	byDatabase = await startProduction("alpha", { by: "database" });
	content = contentOf(byDatabase.database);
});
afterAll(() => byDatabase.close());

/** A part of each kind: bench/database.ts asks all of them, and all honest questions. */
const some = <T>(all: readonly T[]) => part(all, 10);

describe.each(Object.entries(attacks))("%s", (_, texts) => {
	test("is refused here: nothing reaches the database", async () => {
		for (const text of some(texts)) {
			const before = byDatabase.sent().length;
			const told = await byDatabase.ask(spelled(text));
			expect(told.isError, text).toBe(true);
			expect(told.text, text).not.toContain(canaryWord);
			// What a column holds may be asked, to say how to compare with it.
			const sent = byDatabase.sent().slice(before);
			expect(sent.filter((one) => !one.includes(' AS "v0"'))).toEqual([]);
		}
	});
});

test("texts that are too long are refused", async () => {
	for (const sql of longAttacks) expect((await byDatabase.ask(sql)).isError).toBe(true);
});

test.each(some(honest))("%s is answered", async (sql) => {
	const { isError, text } = await byDatabase.ask(sql);
	expect(isError ? text : "").toBe("");
	expect(text).not.toContain(canaryWord);
});

test("what is sent keeps to one SELECT with a limit, and nothing was written", () => {
	for (const sent of byDatabase.sent()) {
		expect(sent).toMatch(/^SELECT\b/);
		expect(sent).toMatch(/LIMIT \d+$/);
	}
	expect(contentOf(byDatabase.database) === content).toBe(true);
});
