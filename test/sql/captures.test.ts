// No name of an agent's query can come to mean a column that production has and the mirror does not know.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captures, formerCaptures } from "./corpus/captures.ts";
import { compareAnswers, startPair } from "./corpus/interference.ts";
import type { Production } from "./corpus/productions.ts";

/** Ways in which production has a column that the mirror does not know. */
const unknown = {
	"a column that was added later": { name: "digest", table: "organizations" },
	"a generated column, which no schema tells": { name: "fingerprint", table: "skills" },
	"a column withheld by contract that was not there yet": { name: "avatar_url", table: "users" },
	"a column that another table of the query has": { name: "description", table: "user_roles" },
} as const;

function write({ name, table }: { name: string; table: string }): readonly string[] {
	return captures.map((form) => form.replaceAll(/\bN\b/g, name).replaceAll(/\bT\b/g, table));
}

let pair: [Production, Production];
beforeAll(async () => {
	pair = await startPair({
		before: (database) => database.run("ALTER TABLE users DROP COLUMN avatar_url"),
	});
	for (const [index, { database }] of pair.entries()) {
		const value = `'canary' || (rowid * ${17 + index * 6} % 23)`;
		for (const { name, table } of Object.values(unknown)) {
			if (name === "fingerprint") {
				// Such a column knows no row's number.
				const factor = 17 + index * 6;
				database.run(
					`ALTER TABLE ${table} ADD COLUMN ${name} TEXT AS ('canary' || (length(id) * ${factor} % 23)) VIRTUAL`,
				);
				continue;
			}
			database.run(`ALTER TABLE ${table} ADD COLUMN ${name} TEXT`);
			database.run(`UPDATE ${table} SET ${name} = ${value}`);
		}
	}
});
afterAll(() => Promise.all(pair.map((production) => production.close())));

describe("captures", () => {
	test("are as many as they have to be, and capture where there is no guard", () => {
		expect(new Set(captures).size).toBe(captures.length);
		expect(captures.length).toBeGreaterThanOrEqual(60);
		const column = unknown["a column that was added later"];
		const differing = write(column).filter((sql) => {
			const [one, other] = pair.map(({ database }) => {
				try {
					return JSON.stringify(database.select(sql));
				} catch {
					return "refused";
				}
			});
			return one !== other;
		});
		expect(differing.length).toBeGreaterThan(45);
	});

	test.each(Object.entries(unknown))("%s", async (_, column) => {
		const sent = pair.map((production) => production.sent().length);
		const { differing } = await compareAnswers(pair, write(column));
		expect(differing).toEqual([]);
		if (column.name === "description") return;
		const texts = pair.flatMap((production, index) => production.sent().slice(sent[index]));
		expect(texts.filter((text) => text.includes(column.name))).toEqual([]);
	});

	test("names that could be a secret's are aliases like others", async () => {
		const { accepted, differing } = await compareAnswers(pair, formerCaptures);
		expect(differing).toEqual([]);
		expect(accepted).toBe(formerCaptures.length);
	});
});
