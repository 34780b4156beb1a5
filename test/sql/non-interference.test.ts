import { describe, expect, test } from "vitest";
import { compareAnswers, measureInterference, startPair } from "./corpus/interference.ts";

/** The long run is bench/non-interference.ts. */
const queries = process.env.TESTS === "all" ? 400 : 200;

describe("two productions that differ only in what is withheld", () => {
	test("answer every query alike", async () => {
		const pair = await startPair();
		const result = await measureInterference(pair, 1, queries);
		expect(result.differing).toEqual([]);
		// Otherwise it says little.
		expect(result.accepted).toBeGreaterThan(queries / 3);
		await Promise.all(pair.map((production) => production.close()));
	});

	test("answer alike where a word of SQL is a name, and hides no source and no star", async () => {
		const pair = await startPair();
		const texts = [
			"SELECT c6 FROM (SELECT 1 AS c1,2 AS c2,3 AS c3,4 AS c4,5 AS c5,6 AS c6, * FROM (SELECT 1 AS one) window, roles UNION ALL SELECT *,1,2,3,4,5,6 FROM (SELECT 1 AS one) window, roles)",
			"SELECT id FROM (SELECT *, 0 AS z FROM (SELECT 1 AS one) window, roles ORDER BY 6) LIMIT 9",
			"SELECT group_concat(z) FROM (SELECT *, window AS z FROM roles, (SELECT 7 AS window) w GROUP BY 6)",
			"SELECT id, count(*) OVER w FROM roles WINDOW w AS (ORDER BY id)",
			"SELECT * FROM roles AS left, (SELECT 2 AS two) AS window",
		];
		const { accepted, differing } = await compareAnswers(pair, texts);
		expect(differing).toEqual([]);
		expect(accepted).toBe(texts.length);
		await Promise.all(pair.map((production) => production.close()));
	});

	test("are told apart by the same queries as soon as some of it may be read", async () => {
		const pair = await startPair({ showPersonalData: true });
		const result = await measureInterference(pair, 1, 150);
		expect(result.differing.length).toBeGreaterThan(2);
		await Promise.all(pair.map((production) => production.close()));
	});
});
