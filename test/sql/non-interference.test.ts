import { describe, expect, test } from "vitest";
import { measureInterference, startPair } from "./corpus/interference.ts";

/** The long run is bench/non-interference.ts. */
const queries = 700;

describe("two productions that differ only in what is withheld", () => {
	test("answer every query alike", async () => {
		const pair = await startPair();
		const result = await measureInterference(pair, 1, queries);
		expect(result.differing).toEqual([]);
		// Otherwise it says little.
		expect(result.accepted).toBeGreaterThan(queries / 3);
		await Promise.all(pair.map((production) => production.close()));
	});

	test("are told apart by the same queries as soon as some of it may be read", async () => {
		const pair = await startPair({ showPersonalData: true });
		const result = await measureInterference(pair, 1, 150);
		expect(result.differing.length).toBeGreaterThan(2);
		await Promise.all(pair.map((production) => production.close()));
	});
});
