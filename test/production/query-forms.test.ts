// SQL as models write it: what stands around it, other databases' words, large integers, and times of another unit.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { queryDatabase } from "../../tools/query_database.ts";
import { answerOf } from "./call.ts";
import { type Stage, setStage } from "./stage.ts";
import { worldNow } from "./world.ts";

let stage: Stage;
beforeAll(async () => {
	stage = await setStage({ now: worldNow });
});
afterAll(() => stage.close());

const shape = z.object({
	columns: z.array(z.string()),
	rows: z.array(z.array(z.unknown())),
	notes: z.array(z.string()),
});

async function ask(sql: string, on: Stage = stage) {
	const answered = await answerOf(on.services, queryDatabase, { sql });
	const error = "error" in answered ? answered.error : undefined;
	return {
		error,
		get facts() {
			if ("error" in answered) throw new Error(error);
			return shape.parse(answered.answer.structured);
		},
	};
}

describe("what stands around a query is taken off", () => {
	test.each([
		"SELECT 1 AS n;;",
		"SELECT 1 AS n ; ;\n",
		"```sql\nSELECT 1 AS n\n```",
		"```\nSELECT 1 AS n;\n```\n",
		"```SQLite\r\nSELECT 1 AS n\r\n```",
		"~~~sql\nSELECT 1 AS n\n~~~",
		"`SELECT 1 AS n`",
		"sql\nSELECT 1 AS n",
		"SQL: SELECT 1 AS n",
		"SELECT 1 AS n -- the first",
		"/* one */ SELECT 1 AS n; -- done",
	])("%j", async (sql) => {
		const { facts } = await ask(sql);
		expect(facts).toMatchObject({ columns: ["n"], rows: [[1]] });
	});

	test("a fence is no second statement", async () => {
		const { error } = await ask("```sql\nSELECT 1\n```\n```sql\nSELECT 2\n```");
		expect(error).toBeDefined();
	});
});

describe("a comment is no part of a column's name", () => {
	test.each<[string, readonly string[]]>([
		["SELECT count(*) -- all of them", ["count(*)"]],
		["SELECT 1 + 1 /* two */, 3 -- three\n", ["1 + 1", "3"]],
		["SELECT 1 AS \"a -- b\", 'x /* y */' AS t", ["a -- b", "t"]],
		["SELECT 'a--b'", ["'a--b'"]],
	])("%s", async (sql, columns) => {
		expect((await ask(sql)).facts.columns).toEqual(columns);
	});
});

describe("another database's words are answered with SQLite's", () => {
	test.each([
		["SELECT created_at::date FROM error_events", "date(created_at, 'unixepoch')"],
		["SELECT http_status::text FROM error_events", "CAST(x AS TEXT)"],
		["SELECT '5'::int", "CAST(x AS INTEGER)"],
		["SELECT now()", "unixepoch('now')"],
		["SELECT GETDATE()", "unixepoch('now')"],
		["SELECT CURDATE()", "date('now')"],
		["SELECT date_trunc('day', created_at) FROM error_events", "strftime("],
		["SELECT from_unixtime(created_at) FROM error_events", "datetime(created_at, 'unixepoch')"],
		["SELECT extract(hour FROM created_at) FROM error_events", "strftime('%H'"],
		["SELECT hour(created_at) FROM error_events", "strftime('%H'"],
		["SELECT id FROM error_events WHERE created_at > now() - interval '1 day'", "unixepoch('now', '-1 day')"],
		["SELECT id FROM error_events WHERE error_code ILIKE '%x%'", "LIKE"],
		["SELECT TOP 5 id FROM error_events", "LIMIT n"],
		["SELECT id FROM error_events FETCH FIRST 5 ROWS ONLY", "LIMIT n"],
		["SELECT DISTINCT ON (error_code) error_code FROM error_events", "GROUP BY"],
		["SELECT if(1, 2, 3)", "iif("],
		["SELECT nvl(1, 2)", "coalesce("],
		["SELECT greatest(1, 2)", "max(a, b)"],
		["SELECT array_agg(id) FROM error_events", "group_concat("],
		["SELECT stddev(http_status) FROM error_events", "avg(x * x)"],
	])("%s", async (sql, instead) => {
		const { error = "" } = await ask(sql);
		expect(error).toContain(instead);
		expect(error).not.toMatch(/did you mean|Parameters are not accepted/);
		expect(error.length).toBeLessThan(400);
	});

	test.each(["SELECT :since", "SELECT $1", "SELECT ?"])("a parameter is still one: %s", async (sql) => {
		expect((await ask(sql)).error).toContain("Parameters are not accepted");
	});
});

describe("integers beyond 2^53", () => {
	test("stand whole, as text, with a note", async () => {
		const { facts } = await ask(
			"SELECT 9007199254740993 AS large, -9223372036854775808 AS least, 9007199254740991 AS held, 1.5 AS real, 'x' AS t -- end",
		);
		expect(facts.columns).toEqual(["large", "least", "held", "real", "t"]);
		expect(facts.rows).toEqual([["9007199254740993", "-9223372036854775808", 9007199254740991, 1.5, "x"]]);
		expect(facts.notes).toEqual([
			"large, least: integers beyond 2^53 stand whole, as text, since a number would be rounded",
		]);
	});

	test("in a query of several rows, with its order and names", async () => {
		const { facts } = await ask(
			"WITH n(i) AS (VALUES (1), (2), (9007199254740993)) SELECT i, i FROM n ORDER BY i DESC LIMIT 2;",
		);
		expect(facts.columns).toEqual(["i", "i"]);
		expect(facts.rows).toEqual([
			["9007199254740993", "9007199254740993"],
			[2, 2],
		]);
	});
});

const second = worldNow - 3600;

describe.each([
	["seconds", "Unix seconds", second * 1000, second],
	["milliseconds", "milliseconds since 1970", second, second * 1000],
] as const)("times stored as %s", (timeStorage, words, wrong, right) => {
	let other: Stage;
	beforeAll(async () => {
		other = await setStage({ now: worldNow, timeStorage });
	});
	afterAll(() => other.close());
	const scale = timeStorage === "seconds" ? " * 1000" : "";
	const rightScale = timeStorage === "seconds" ? "" : " * 1000";

	test.each([
		`created_at > ${wrong}`,
		`e.created_at BETWEEN ${wrong} AND ${wrong}`,
		`${wrong} < e.created_at`,
		`created_at >= unixepoch('now', '-1 day')${scale}`,
		`created_at >= strftime('%s', 'now')${scale} AND http_status = 429`,
		`(http_status = 429 OR created_at > ${second}${scale})`,
	])("in another unit: %s", async (condition) => {
		const { facts } = await ask(`SELECT count(*) AS n FROM error_events e WHERE ${condition}`, other);
		expect(facts.notes.join()).toContain(`created_at holds ${words}: comparing it to`);
	});

	test.each([
		`created_at > ${right}`,
		`${right} < created_at`,
		`created_at > unixepoch('now', '-1 day')${rightScale}`,
		"http_status > 100000000000",
		`http_status = 429 AND id <> '${wrong}'`,
	])("in its own: %s", async (condition) => {
		const { facts } = await ask(`SELECT count(*) AS n FROM error_events WHERE ${condition}`, other);
		expect(facts.notes.join()).not.toContain("matches nothing or everything");
	});

	test.each([
		[
			"SELECT id, created_at FROM error_events ORDER BY created_at DESC LIMIT 3",
			"the first 3 rows are dated",
		],
		["SELECT created_at FROM error_events ORDER BY 1 DESC, created_at LIMIT 4", undefined],
		[
			"SELECT error_code FROM error_events ORDER BY created_at DESC LIMIT 3",
			"error_events holds 3 rows dated",
		],
		["SELECT id, created_at FROM error_events ORDER BY created_at LIMIT 3", undefined],
		[
			`SELECT id, created_at FROM error_events WHERE created_at < ${right} ORDER BY created_at DESC LIMIT 3`,
			undefined,
		],
	])("rows dated in the future at the head: %s", async (sql, said) => {
		const notes = (await ask(sql, other)).facts.notes.join();
		if (said === undefined) expect(notes).not.toContain("in the future");
		else expect(notes).toContain(`${said} in the future`);
	});
});
