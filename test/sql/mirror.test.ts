import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Catalog, createGuard } from "../../src/sql/guard.ts";
import { text as literal, sql } from "../../src/sql/sql.ts";

const signal = new AbortController().signal;

/** A production's schema that changes while it is looked at. */
function changing() {
	const columns: Record<string, string[]> = {
		organizations: ["id", "name"],
		roles: ["id", "name"],
		skills: ["id"],
	};
	const asked: string[] = [];
	const catalog: Catalog = {
		async tables() {
			asked.push("tables");
			return Object.keys(columns);
		},
		async columns(table) {
			asked.push(table);
			return (columns[table] ?? []).map((name, index) => ({
				name,
				type: "TEXT",
				notNull: false,
				primaryKey: index === 0 ? 1 : 0,
			}));
		},
		rowCounts: async () => ({ organizations: 8, roles: 3 }),
	};
	let now = 0;
	const guard = createGuard(catalog, { showPersonalData: false, clock: { now: () => now } });
	return { columns, asked, guard, wait: (ms: number) => (now += ms) };
}

let production: ReturnType<typeof changing>;
beforeAll(() => {
	production = changing();
});
afterAll(() => {
	expect(production.asked.length).toBeLessThan(20);
});

const check = (text: string) => production.guard.checkAgent(text, { limit: 10, signal });

describe("the mirror", () => {
	test("asks for a table at its first mention, and not again for ten minutes", async () => {
		await check("SELECT id FROM organizations");
		await check("SELECT name FROM organizations");
		expect(production.asked).toEqual(["tables", "organizations"]);
		await check("SELECT o.id FROM organizations o, roles r");
		expect(production.asked).toEqual(["tables", "organizations", "roles"]);
	});

	test("a column that is added later is not read by *, nor by a name that captures it", async () => {
		production.columns.organizations?.push("api_token", "plan");
		const { select } = await check("SELECT * FROM organizations");
		expect(select.text).not.toMatch(/api_token|plan|\*\s*FROM organizations/);
		const capturing = await check(
			"SELECT (SELECT api_token FROM organizations) FROM (SELECT 1 AS api_token)",
		);
		expect(capturing.select.text).not.toContain("api_token");
		expect(capturing.columns).toEqual(["(SELECT api_token FROM organizations)"]);
	});

	test("is asked again for a name that it lacks, half a minute later", async () => {
		production.columns.roles?.push("level");
		await expect(check("SELECT level FROM roles")).rejects.toMatchObject({ kind: "name_unknown" });
		production.wait(31_000);
		expect((await check("SELECT level FROM roles")).columns).toEqual(["level"]);
	});

	test("tells columns that the contract does not know, where people and secrets are", async () => {
		await expect(check("SELECT plan FROM organizations")).rejects.toMatchObject({
			kind: "column_withheld",
			why: "unlisted",
		});
		const { columns, omitted } = await check("SELECT * FROM organizations");
		expect(columns).toEqual(["id", "name"]);
		expect(omitted).toEqual([{ table: "organizations", columns: ["api_token", "plan"] }]);
		await expect(check("SELECT max(api_token) FROM organizations")).rejects.toMatchObject({
			kind: "column_withheld",
			column: "api_token",
		});
	});

	test("a table that production lists no more is gone after ten minutes", async () => {
		delete production.columns.roles;
		production.wait(10 * 60_000);
		await expect(check("SELECT id FROM roles")).rejects.toMatchObject({
			kind: "name_unknown",
			near: undefined,
		});
	});
});

describe("the engine", () => {
	test("keeps its memory, whatever it is given to compile, and goes on", async () => {
		await check("SELECT id FROM organizations");
		const before = await production.guard.memoryUsed();
		for (const levels of [14, 20, 28]) {
			const bomb = `${"SELECT a || a AS a FROM (".repeat(levels)}SELECT id AS a FROM organizations${")".repeat(levels)}`;
			await expect(check(bomb)).rejects.toMatchObject({ kind: "form_refused", form: "too_complex" });
		}
		expect(await production.guard.memoryUsed()).toBe(before);
		expect((await check("SELECT id FROM organizations")).columns).toEqual(["id"]);
	});
});

describe("our own queries", () => {
	const own = (text: ReturnType<typeof sql>, reads?: readonly string[]) =>
		production.guard.checkOwn(text, { maxRows: 5, signal, ...(reads === undefined ? {} : { reads }) });

	test("are sent as they stand, with their columns told", async () => {
		const text = sql`SELECT id AS one, count(*) OVER () AS n FROM organizations LIMIT 5`;
		expect(await own(text)).toMatchObject({ text, columns: ["one", "n"], maxRows: 5 });
	});

	test.each([
		[sql`SELECT id FROM organizations`, /LIMIT/],
		[sql`SELECT id FROM organizations LIMIT 6`, /over 5/],
		[sql`WITH a AS (SELECT 1) SELECT * FROM a LIMIT 1`, /SELECT/],
		[sql`SELECT api_token FROM organizations LIMIT 1`, /withheld/],
		[sql`SELECT id FROM organizations WHERE name = 'update' LIMIT 1`, /filter/],
		[sql`SELECT 1 AS api_key LIMIT 1`, /secret/],
		[sql`SELECT zeroblob(9) LIMIT 1`, /function/],
	])("%s is unsound", async (text, problem) => {
		await expect(own(text)).rejects.toMatchObject({
			kind: "own_query_unsound",
			problem: expect.stringMatching(problem),
		});
	});

	test("may look a withheld column up, exactly, and in no other way", async () => {
		const reads = ["organizations.api_token"];
		expect(
			await own(sql`SELECT id FROM organizations WHERE api_token IN ('a', ('up'||'date')) LIMIT 1`, reads),
		).toBeTruthy();
		expect(await own(sql`SELECT id FROM organizations WHERE api_token = 'a' LIMIT 1`, reads)).toBeTruthy();
		for (const hostile of ["a;b@c.d", ";", "\0@x", "1);--", "update"]) {
			const query = sql`SELECT id FROM organizations WHERE api_token = ${literal(hostile)} LIMIT 1`;
			expect(await own(query, reads)).toBeTruthy();
		}
		for (const text of [
			sql`SELECT api_token FROM organizations LIMIT 1`,
			sql`SELECT id FROM organizations WHERE api_token > 'a' LIMIT 1`,
			sql`SELECT id FROM organizations WHERE api_token LIKE 'a%' LIMIT 1`,
			sql`SELECT id FROM organizations WHERE api_token = name LIMIT 1`,
			sql`SELECT id FROM organizations WHERE api_token IN (SELECT name FROM organizations) LIMIT 1`,
			sql`SELECT id FROM organizations ORDER BY api_token LIMIT 1`,
		]) {
			await expect(own(text, reads)).rejects.toMatchObject({ kind: "own_query_unsound" });
		}
	});

	test("a table that the deployment lacks is told as such", async () => {
		await expect(own(sql`SELECT id FROM nowhere LIMIT 1`)).rejects.toMatchObject({
			kind: "deployment_lacks",
		});
	});
});
