import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeDatabase } from "../../tools/describe_database.ts";
import { type Production, startProduction, withheldColumns } from "./corpus/productions.ts";

let production: Production;
beforeAll(async () => {
	production = await startProduction("alpha");
});
afterAll(() => production.close());

const notes = async (sql: string, limit?: number) =>
	((await production.ask(sql, limit)).structured?.notes ?? []) as readonly string[];

describe("query_database notes", () => {
	test.each([
		["SELECT count(*) FROM error_events WHERE created_at > datetime('now', '-1 day')"],
		["SELECT id FROM error_events e WHERE e.created_at >= '2026-11-01'"],
		["SELECT id FROM error_events WHERE datetime('now', '-1 day') < created_at"],
		["SELECT id FROM skill_usage_logs WHERE created_at BETWEEN '2026-11-01' AND '2026-11-02'"],
	])("seconds compared with text: %s", async (sql) => {
		expect((await notes(sql)).join()).toContain("created_at holds Unix seconds");
	});

	test.each([
		["SELECT count(*) FROM error_events WHERE created_at > strftime('%s', 'now', '-1 day')"],
		["SELECT count(*) FROM error_events WHERE datetime(created_at, 'unixepoch') > datetime('now', '-1 day')"],
		["SELECT count(*) FROM error_events WHERE created_at > unixepoch('2026-11-01')"],
	])("and not where it is right: %s", async (sql) => {
		expect((await notes(sql)).join()).not.toContain("Unix seconds");
	});

	test("letter case", async () => {
		expect(await notes("SELECT id FROM error_events WHERE error_code = 'llm_timeout'")).toEqual([
			"error_code = 'llm_timeout' matches nothing, but 'LLM_TIMEOUT' exists: comparisons are case-sensitive",
		]);
	});

	test("a text in double quotes", async () => {
		const sql = 'SELECT count(*) FROM error_events WHERE error_code = "LLM_TIMEOUT" AND provider <> "it\'s"';
		expect(await notes(sql)).toEqual([
			`"LLM_TIMEOUT" names no column, so it was sent as the text 'LLM_TIMEOUT': a text takes single quotes`,
			`"it's" names no column, so it was sent as the text 'it's': a text takes single quotes`,
		]);
		const { structured } = await production.ask(sql);
		expect(structured?.rows).toEqual([
			[
				production.database.select(
					"SELECT count(*) AS n FROM error_events WHERE error_code = 'LLM_TIMEOUT' AND provider <> 'it''s'",
				)[0]?.n,
			],
		]);
	});

	test("a column of bytes is read as hex", async () => {
		const other = await startProduction("alpha", { small: true });
		other.database.run("ALTER TABLE roles ADD COLUMN picture BLOB");
		other.database.run("UPDATE roles SET picture = x'c3ff'");
		const { structured } = await other.ask("SELECT max(picture), max(picture || '!') FROM roles");
		expect(structured?.rows).toEqual([["C3FF", "C3FF!"]]);
		expect(structured?.notes).toEqual(["roles.picture: bytes, read as hex()"]);
		await other.close();
	});

	test("columns are called as SQLite calls them", async () => {
		const sql =
			'SELECT COUNT( error_code ), Error_Code, e."provider", e.id AS "the id", count(*) \'a; b\', max(N)+1 FROM (SELECT *, 1 AS n FROM error_events) e';
		expect((await production.ask(sql)).structured?.columns).toEqual([
			"COUNT( error_code )",
			"error_code",
			"provider",
			"the id",
			"a; b",
			"max(N)+1",
		]);
	});

	test("short ids", async () => {
		expect(await notes("SELECT id FROM error_events WHERE id = '1a2b3c4d'")).toEqual([
			"ids are shown short: compare with id LIKE '1a2b3c4d%'",
		]);
		expect(await notes("SELECT id FROM error_events LIMIT 1")).toEqual([
			"ids are shown short: compare with LIKE '1a2b3c4d%'",
		]);
	});

	test("a cut, and the agent's own LIMIT below ours", async () => {
		const cut = await production.ask("SELECT error_code FROM error_events", 7);
		expect(cut.structured).toMatchObject({ shown: 7, truncated: true });
		expect((await notes("SELECT error_code FROM error_events", 7))[0]).toMatch(/more than 7 rows/);
		const own = await production.ask("SELECT error_code FROM error_events LIMIT 3", 7);
		expect(own.structured).toMatchObject({ shown: 3, truncated: false, notes: [] });
	});

	test("what * stands for", async () => {
		expect((await notes("SELECT * FROM organizations LIMIT 1")).join()).toContain(
			"* excludes the withheld columns of organizations: llm_api_key",
		);
	});

	test("a long cell is cut with its length told, and an address in it is masked", async () => {
		const text = `jane@acme.com ${"x".repeat(9000)}`;
		production.database.run("UPDATE skill_usage_logs SET error_message = ? WHERE rowid = 1", [text]);
		const told = await production.ask("SELECT error_message FROM skill_usage_logs WHERE rowid = 1");
		expect(told.text).toContain("j…@acme.com");
		expect(told.text).toContain("characters)");
		expect(told.text.length).toBeLessThan(9000);
	});

	test("its length is that of what is stored, and not of what is shown", async () => {
		production.database.run("UPDATE skill_usage_logs SET error_message = ? WHERE rowid = 3", [
			"\u202e".repeat(9000),
		]);
		const told = await production.ask("SELECT error_message FROM skill_usage_logs WHERE rowid = 3");
		expect(told.text).toContain("(9000 characters)");
	});

	test("a column's own name stays one cell of the head", async () => {
		const told = await production.ask("SELECT 'x' || '|' || 'y', 2 AS two");
		expect(told.text).toContain("\n'x' \\|\\| '\\|' \\|\\| 'y'|two\n");
	});

	test("what cannot be looked up for a note takes no row away", async () => {
		const other = await startProduction("alpha");
		other.database.run("UPDATE error_events SET created_at = 'yesterday' WHERE rowid = 1");
		const told = await other.ask(
			"SELECT count(*) AS n FROM error_events WHERE created_at > datetime('now', '-1 day')",
		);
		expect(told.structured?.rows).toEqual([[1]]);
		expect(told.structured?.notes).toEqual([
			"could not check whether a comparison matches nothing because of its form (a time as text, another letter case)",
		]);
		await other.close();
	});

	test("the database's own error words are masked", async () => {
		const told = await production.ask("SELECT json_extract('{}', 'alice@acme.com') FROM roles");
		expect(told.text).toContain("a…@acme.com");
		expect(told.text).not.toContain("alice@");
	});

	test.each(["SELECT 1 AS one, x'0041' AS raw", "SELECT id, x'4142' AS raw FROM error_events"])(
		"%s: bytes are explained",
		async (sql) => {
			const told = await production.ask(sql);
			expect(told.isError).toBe(true);
			expect(told.text).toBe(
				'The column "raw" holds bytes (a BLOB), which production\'s API does not return. Read hex() of it.',
			);
		},
	);

	test("an address that a note quotes is masked", async () => {
		production.database.run("UPDATE skill_usage_logs SET input_summary = 'jane@acme.com' WHERE rowid = 2");
		const told = await notes("SELECT id FROM skill_usage_logs WHERE input_summary = 'JANE@acme.com'");
		expect(told.join()).toContain("comparisons are case-sensitive");
		expect(told.join()).not.toContain("jane@acme.com");
	});

	test("at most two requests a call, once warm", async () => {
		await production.ask("SELECT 1 FROM error_events");
		const before = production.services.source.requestsSent();
		await production.ask("SELECT id FROM error_events WHERE error_code = 'llm_timeout'");
		expect(production.services.source.requestsSent() - before).toBeLessThanOrEqual(2);
	});
});

describe("refusals name the thing and what is allowed", () => {
	test.each([
		["SELECT errorcode FROM error_events", "no such column: errorcode; did you mean error_code?"],
		["SELECT id FROM error_event", "no such table: error_event; did you mean error_events?"],
		["SELECT groupconcat(id) FROM error_events", "no such function: groupconcat; did you mean group_concat?"],
		[
			'SELECT count("error_cod") FROM error_events',
			`"error_cod" in double quotes is a name, and there is no such column; did you mean the column error_code, or the text 'error_cod'?`,
		],
		["SELECT email FROM users", "users.email is withheld"],
		["SELECT id FORM users", 'near "users": syntax error'.replaceAll('"', "'")],
		["DELETE FROM users", "Only SELECT is accepted"],
	])("%s", async (sql, words) => {
		const told = await production.ask(sql);
		expect(told.isError).toBe(true);
		expect(told.text).toContain(words);
	});
});

describe("describe_database", () => {
	const describeIt = (args: object) =>
		describeDatabase.run(describeDatabase.input.parse(args), {
			services: production.services,
			signal: new AbortController().signal,
			progress: () => {},
		});

	test("lists every table, with what is withheld", async () => {
		const { structured } = await describeIt({});
		const tables = structured?.tables;
		if (tables === undefined) throw new Error("no tables");
		expect(tables.columns).toEqual(["name", "row_count", "readable", "withheld"]);
		expect(tables.rows).toHaveLength(17);
		const withheld = tables.rows.flatMap(([table, , , columns]) =>
			Array.isArray(columns) ? columns.map((column) => `${String(table)}.${column}`) : [],
		);
		expect(withheld.sort()).toEqual([...withheldColumns].sort());
		const events = production.database.select("SELECT count(*) AS n FROM error_events")[0]?.n;
		expect(tables.rows.find(([name]) => name === "error_events")?.[1]).toBe(events);
	});

	test("tells of one table how it stores time, and what is withheld, and why", async () => {
		const { structured, text } = await describeIt({ table: "users" });
		const rows = structured?.columns?.rows;
		expect(rows).toContainEqual(["created_at", "INTEGER", true, true, "Unix seconds"]);
		expect(rows).toContainEqual(["password_hash", "TEXT", true, false, null]);
		expect(text).toContain("email, name, avatar_url: personal data");
	});

	test("a table that there is not", async () => {
		await expect(describeIt({ table: "error_event" })).rejects.toMatchObject({
			problem: expect.stringContaining("did you mean error_events?"),
		});
	});
});
