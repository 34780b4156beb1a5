// What the guard takes for too costly, on the corpora that bench/cost.ts measures.
import { describe, expect, test } from "vitest";
import { tables } from "../../src/sandbox/schema.ts";
import { checkAgentSql } from "../../src/sql/agent-check.ts";
import { KnownTables } from "../../src/sql/cost/known-tables.ts";
import { statisticsOf } from "../../src/sql/cost/statistics.ts";
import type { PlanUnbounded } from "../../src/sql/failures/index.ts";
import { createGuard, type Guard } from "../../src/sql/guard.ts";
import type { Catalog, MirrorTable } from "../../src/sql/mirror/catalog.ts";
import { Mirror } from "../../src/sql/mirror/mirror.ts";
import { part } from "../part.ts";
import { borderline, costAttacks } from "./corpus/cost-attacks.ts";
import { blindAttacks, blindHonest } from "./corpus/cost-blind.ts";
import { costHonest } from "./corpus/cost-honest.ts";
import { honest } from "./corpus/honest.ts";

const signal = new AbortController().signal;
const now = 1_795_469_476;

type Rows = readonly Readonly<Record<string, unknown>>[];

/** A production of so many events, whose samples are made up: few codes, many users, ten days. */
function catalogOf(
	events: number,
	asked: string[] = [],
	answer = (rows: Rows) => Promise.resolve(rows),
): Catalog {
	const columns = (table: string) => {
		const definitions = Object.entries(tables).find(([name]) => name === table)?.[1] ?? [];
		const key = /^PRIMARY KEY \((.*)\)$/.exec(definitions.at(-1) ?? "")?.[1]?.split(", ") ?? [];
		return definitions
			.filter((one) => !one.startsWith("PRIMARY KEY"))
			.map((one) => {
				const [name = "", type = ""] = one.split(" ");
				const primaryKey = one.includes("PRIMARY KEY") ? 1 : key.indexOf(name) + 1;
				return { name, type, notNull: false, primaryKey };
			});
	};
	const many = ["error_events", "skill_usage_logs"];
	return {
		tables: async () => Object.keys(tables),
		columns: async (table) => columns(table),
		rowCounts: async () =>
			Object.fromEntries(Object.keys(tables).map((name) => [name, many.includes(name) ? events : 300])),
		async ask({ text }) {
			asked.push(text);
			return answer(
				Array.from({ length: 2000 }, (_, row) =>
					Object.fromEntries(
						[...text.matchAll(/t\."(\w+)"(?:, 1, 40\))? AS "v(\d+)"/g)].flatMap(
							([, name = "", place = ""]) => [
								[`v${place}`, cellOf(name, row)],
								[`w${place}`, name === "instructions" ? 2000 : 30],
							],
						),
					),
				),
			);
		},
	};
}

const clock = { now: () => now * 1000 };

function guardOn(...production: Parameters<typeof catalogOf>): Guard {
	return createGuard(catalogOf(...production), { showPersonalData: false, clock });
}

/** Judges every query by its plan. */
function thoroughOn(events: number): Pick<Guard, "checkAgent"> {
	const catalog = catalogOf(events);
	const mirror = new Mirror(catalog, clock);
	const ground = {
		mirror,
		known: new KnownTables(mirror, catalog),
		isReadable: (table: MirrorTable, name: string) =>
			table.columns.some((column) => column.name === name && column.withheld === undefined),
		isThorough: true,
		now: () => now,
	};
	return { checkAgent: (sql, { limit, signal }) => checkAgentSql({ ...ground, signal }, sql, limit) };
}

function cellOf(column: string, row: number): string | number {
	if (column === "id") return `id-${row}`;
	if (column === "created_at") return now - row * 432;
	if (column === "role_id") return `role-${row % 5}`;
	if (/_id$/.test(column)) return `${column}-${row % 400}`;
	return `${column}-${row % 6}`;
}

const verdict = (guard: Pick<Guard, "checkAgent">, sql: string) =>
	guard.checkAgent(sql, { limit: 100, signal }).then(
		() => "sent",
		(error: { kind?: string }) => error.kind ?? String(error),
	);

describe("cost", () => {
	const attacks = Object.values(costAttacks).flat();

	test("the corpora are as large as they have to be, without repeats", () => {
		expect(new Set([...attacks, ...borderline]).size).toBe(attacks.length + borderline.length);
		expect(attacks.length).toBeGreaterThanOrEqual(150);
		expect(new Set(costHonest).size).toBe(costHonest.length);
		expect(costHonest.length).toBeGreaterThanOrEqual(200);
	});

	test("costly queries are refused, and each for what it would cost", async () => {
		const guard = guardOn(100_000);
		const sent: string[] = [];
		const asked = part(attacks, 4);
		for (const sql of asked) {
			const kind = await verdict(guard, sql);
			if (kind === "sent") sent.push(sql);
			else
				expect(kind, sql).toMatch(
					/^(plan_unbounded|form_refused|name_unknown|sql_invalid|sql_text_refused)$/,
				);
		}
		// Those that a LIMIT ends soon: as large a share as when half of the list was asked. and windows that take half a second.
		expect(sent.length / asked.length, sent.join("\n")).toBeLessThanOrEqual(8 / 109);
	});

	test("honest ones pass, but for a few", async () => {
		const guard = guardOn(100_000);
		const refused: string[] = [];
		for (const sql of part(costHonest, 4)) if ((await verdict(guard, sql)) !== "sent") refused.push(sql);
		expect(refused.length / part(costHonest, 4).length, refused.join("\n")).toBeLessThanOrEqual(0.05);
	});

	test("those that were written blind are told apart as well", async () => {
		const guard = guardOn(100_000);
		const sent: string[] = [];
		for (const sql of blindAttacks) if ((await verdict(guard, sql)) === "sent") sent.push(sql);
		// A LIMIT on an index, and a window over one index.
		expect(sent.length, sent.join("\n")).toBeLessThanOrEqual(3);
		const refused: string[] = [];
		for (const sql of blindHonest) if ((await verdict(guard, sql)) !== "sent") refused.push(sql);
		// Here even the slugs of skills repeat.
		expect(refused.length, refused.join("\n")).toBeLessThanOrEqual(8);
	});

	test.each([2000, 1_000_000])(
		"at %d rows the quick bound lets nothing through that the plan does not",
		async (events) => {
			const [guard, thorough] = [guardOn(events), thoroughOn(events)];
			const differing: string[] = [];
			const all = [...attacks, ...borderline, ...costHonest, ...blindAttacks, ...blindHonest, ...honest];
			for (const sql of part(all, 4, events === 2000 ? 0 : 1)) {
				if ((await verdict(guard, sql)) !== (await verdict(thorough, sql))) differing.push(sql);
			}
			expect(differing).toEqual([]);
		},
		60_000,
	);

	// What narrows nothing, beside what the plan reads all by.
	const decoy = "(a.created_at > unixepoch() - 5 OR b.provider = a.provider)";
	const all = "SELECT count(*) FROM error_events a CROSS JOIN error_events b WHERE";
	const grid =
		"SELECT h.t, count(*) FROM h LEFT JOIN error_events e ON e.created_at >= h.t AND e.created_at < h.t + 3600 GROUP BY 1";
	test.each([
		`${all} a.created_at > (SELECT 0) AND ${decoy}`,
		`${all} a.created_at > length('') AND ${decoy}`,
		`${all} 0 < a.created_at AND ${decoy}`,
		`${all} (SELECT 0) < a.created_at AND ${decoy}`,
		`${all} 5 BETWEEN 0 AND a.created_at AND ${decoy}`,
		`${all} (a.created_at) > 0 AND ${decoy}`,
		`${all} (a.created_at, 1) > (0, 0) AND ${decoy}`,
		`${all} b.created_at >= a.created_at IS 1 - 1 AND b.created_at < a.created_at IS 1 + 0`,
		`${all} b.created_at >= b.created_at - 1 AND b.created_at < b.created_at + 1`,
		"WITH RECURSIVE h(t) AS (SELECT 1 UNION ALL SELECT t + 1 FROM h LIMIT 300) SELECT count(*) FROM h CROSS JOIN skill_usage_logs l ON l.created_at BETWEEN h.t AND h.t + 1 OR l.duration_ms > h.t",
		`${all} b.created_at BETWEEN a.created_at & 0 + 0 AND a.created_at & 0 - 1`,
		`${all} b.created_at BETWEEN a.created_at * - 3 AND a.created_at * + 5`,
		`SELECT count(*) FROM (SELECT 0 AS x) o CROSS JOIN error_events a ON a.created_at > o.x CROSS JOIN error_events b WHERE ${decoy}`,
		`WITH r(t, p, q) AS (SELECT created_at, provider, created_at > unixepoch() - 5 FROM error_events) SELECT count(*) FROM r a CROSS JOIN r b WHERE a.t > 0 AND (a.q OR b.p = a.p)`,
		`SELECT count(*) FROM (SELECT created_at, provider, created_at > unixepoch() - 5 AS q FROM error_events) r CROSS JOIN error_events b WHERE r.created_at > 0 AND (r.q OR b.provider = r.provider)`,
		`SELECT count(*) FROM (SELECT status AS s, status = 'none' AS n, id FROM skill_usage_logs) r CROSS JOIN error_events b WHERE r.s = 'status-1' AND (r.n OR b.id > r.id)`,
		`SELECT count(*) FROM skill_usage_logs l CROSS JOIN error_events b WHERE l.status IN ('none', 'status-1', 'status-2') AND b.id > l.id`,
		"SELECT count(*) FROM role_skills a JOIN role_skills b USING (role_id) JOIN role_skills c USING (role_id) JOIN role_skills d USING (role_id) JOIN role_skills e USING (role_id)",
		`WITH RECURSIVE h(t) AS (SELECT created_at FROM users UNION ALL SELECT t + 3600 FROM h LIMIT 5000) ${grid}`,
		`WITH RECURSIVE h(t) AS (SELECT 0 UNION ALL SELECT t + 1 FROM h LIMIT 5000) ${grid}`,
		`WITH RECURSIVE h(t) AS (SELECT 'a' UNION ALL SELECT t + 3600 FROM h LIMIT 1000) ${grid}`,
		`WITH RECURSIVE h(t) AS (SELECT 0 UNION ALL SELECT t + 0 FROM h LIMIT 5000) ${grid}`,
		`WITH RECURSIVE h(t) AS (VALUES (0), (0), (0) UNION ALL SELECT t + 3600 FROM h LIMIT 5000) ${grid}`,
		`WITH RECURSIVE h(t) AS (SELECT 0 UNION ALL SELECT t + 3600 FROM h LIMIT 5000) ${grid.replaceAll("h.t", "h.t * 0")}`,
		`WITH RECURSIVE h(t) AS (SELECT 0 UNION ALL SELECT t + 3600 FROM h LIMIT 100) ${grid.replace("FROM h", "FROM users u CROSS JOIN h")}`,
		"SELECT u.id, count(e.id) FROM users u LEFT JOIN error_events e ON e.user_id = u.id AND (e.created_at > unixepoch() - 5 OR e.provider = u.tier) LEFT JOIN error_events f ON f.user_id = e.user_id GROUP BY u.id",
		"SELECT count(*) FROM (SELECT id FROM users UNION SELECT id FROM error_events EXCEPT SELECT id FROM skills) a CROSS JOIN users b CROSS JOIN skills c",
		"SELECT count(*) FROM error_events e WHERE (e.user_id, e.provider) NOT IN (SELECT user_id, input_summary FROM skill_usage_logs)",
		"SELECT count(*) FROM error_events e WHERE (e.user_id, e.created_at) NOT IN (SELECT user_id, created_at FROM skill_usage_logs)",
		"SELECT count(*) FROM error_events e WHERE NOT (e.action = 'x' AND (e.user_id, e.provider) IN (SELECT user_id, input_summary FROM skill_usage_logs))",
		"SELECT sum((e.user_id, e.provider) IN (SELECT user_id, input_summary FROM skill_usage_logs)) FROM error_events e",
		"SELECT count(*) FROM error_events e WHERE ((SELECT e.id, e.skill_slug) IN (SELECT id, provider FROM error_events)) IS NULL",
		"SELECT count(*) FROM error_events e WHERE EXISTS (SELECT max(l.id) FROM skill_usage_logs l WHERE l.user_id = e.user_id)",
		"SELECT count(*) FROM error_events e WHERE EXISTS (SELECT 1 FROM skill_usage_logs l WHERE l.user_id = e.user_id LIMIT 1 OFFSET 5000)",
		"SELECT count(*) FROM error_events e WHERE EXISTS (SELECT 1 FROM skill_usage_logs l WHERE l.user_id = e.user_id AND l.duration_ms < 0)",
		"SELECT count(*) FROM error_events a CROSS JOIN error_events b WHERE a.created_at BETWEEN 99999999998 AND 99999999999 IS FALSE",
		"SELECT count(*) FROM (SELECT created_at / 60 AS m FROM error_events WHERE NOT created_at > unixepoch() - 60 GROUP BY 1) a CROSS JOIN error_events b",
		"SELECT count(*) FROM (SELECT created_at / 60 AS m FROM error_events e WHERE (SELECT 1 WHERE e.created_at > unixepoch() - 60) IS NULL GROUP BY 1) a CROSS JOIN error_events b",
		"SELECT count(*) FROM error_events a CROSS JOIN error_events b WHERE NOT a.provider = 'none' AND NOT a.created_at > unixepoch() - 5 AND b.id > a.id",
		"SELECT count(DISTINCT s.instructions || l.id) FROM skill_usage_logs l JOIN skills s ON s.id = l.skill_id",
	])("what looks narrow and is not is counted whole: %s", async (sql) => {
		expect(await verdict(guardOn(100_000), sql)).toBe("plan_unbounded");
	});

	test("a grid of hours is joined by windows that hold few rows each", async () => {
		const grid = (condition: string) =>
			`WITH RECURSIVE hours(h) AS (SELECT unixepoch('now', '-24 hours') / 3600 UNION ALL SELECT h + 1 FROM hours WHERE h < unixepoch('now') / 3600) SELECT datetime(h * 3600, 'unixepoch'), count(e.id) FROM hours LEFT JOIN error_events e ON ${condition} AND e.error_code = 'error_code-1' GROUP BY h ORDER BY h`;
		const guard = guardOn(100_000);
		expect(await verdict(guard, grid("e.created_at >= h * 3600 AND e.created_at < h * 3600 + 3600"))).toBe(
			"sent",
		);
		expect(await verdict(guard, grid("(e.created_at >= h * 3600 OR e.provider > h)"))).toBe("plan_unbounded");
	});

	test.each([
		"WITH RECURSIVE h(t) AS (SELECT unixepoch() - 86400 UNION ALL SELECT t + 3600 FROM h LIMIT 24) SELECT h.t, count(e.id) FROM h LEFT JOIN error_events e ON e.created_at >= h.t AND e.created_at < h.t + 3600 GROUP BY 1",
		"WITH RECURSIVE d AS (SELECT unixepoch() / 86400 AS day UNION ALL SELECT day - 1 FROM d LIMIT 30) SELECT day, count(e.id) FROM d LEFT JOIN error_events e ON e.created_at >= day * 86400 AND e.created_at < day * 86400 + 86400 GROUP BY 1",
		"SELECT u.id, count(e.id) FROM users u LEFT JOIN error_events e ON e.user_id = u.id AND e.created_at > unixepoch('now', '-1 day') GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
		"SELECT user_id FROM error_events WHERE created_at > unixepoch() - 86400 EXCEPT SELECT user_id FROM error_events WHERE created_at < unixepoch() - 86400",
		"WITH x AS (SELECT user_id, created_at, lag(created_at) OVER (PARTITION BY user_id ORDER BY created_at) AS before FROM error_events WHERE created_at > unixepoch() - 172800) SELECT user_id, count(*) FROM x WHERE created_at - before < 30 GROUP BY 1",
		"SELECT id, error_code FROM error_events WHERE (error_code, created_at) IN (SELECT error_code, max(created_at) FROM error_events GROUP BY error_code)",
	])("at a million rows it is sent, since what it reads is bounded: %s", async (sql) => {
		expect(await verdict(guardOn(1_000_000), sql)).toBe("sent");
	});

	test("a recursion without a LIMIT is refused with what is missing", async () => {
		const endless =
			"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 9) SELECT count(*) FROM c CROSS JOIN error_events a CROSS JOIN users b";
		const refused = guardOn(100_000).checkAgent(endless, { limit: 100, signal });
		const { problem, next } = await refused.then(
			() => ({ problem: "", next: "" }),
			(error: PlanUnbounded) => error.explain(),
		);
		expect(problem).toMatch(/^The recursion c has no LIMIT, .*even with 32 production might take up to/);
		expect(next).toContain("LIMIT n");
	});

	test("what pairs the rows of a table is refused with a way that needs no join, and that way passes", async () => {
		const guard = guardOn(1_000_000);
		const pairs =
			"SELECT a.error_code, b.error_code FROM error_events a JOIN error_events b ON b.session_id = a.session_id AND b.created_at > a.created_at WHERE a.created_at > unixepoch() - 86400";
		const refused = guard.checkAgent(pairs, { limit: 100, signal });
		await expect(refused.catch((error: PlanUnbounded) => error.explain().next)).resolves.toContain(
			"lag(x) OVER",
		);
		const lagging =
			"SELECT session_id, error_code, lag(error_code) OVER (PARTITION BY session_id ORDER BY created_at) AS before FROM error_events WHERE created_at > unixepoch() - 86400";
		expect(await verdict(guard, lagging)).toBe("sent");
	});

	test("a subquery for each row is refused with a join in its place, which passes; a window that is there is not asked for", async () => {
		const guard = guardOn(100_000);
		const week = "created_at > unixepoch('now', '-7 days')";
		const slow = `SELECT u.id, (SELECT min(e.created_at) FROM error_events e WHERE e.user_id = u.id AND e.provider = u.tier AND e.${week}) AS first FROM users u, skills s`;
		const refused = guard.checkAgent(slow, { limit: 100, signal });
		const next = await refused.catch((error: PlanUnbounded) => error.explain().next);
		expect(next).toMatch(
			/^Group before you join, .*: JOIN \(SELECT user_id, count\(\*\) AS n, min\(created_at\)/,
		);
		const grouped = `SELECT u.id, x.since FROM users u JOIN (SELECT user_id, min(created_at) AS since FROM error_events WHERE ${week} GROUP BY user_id) x ON x.user_id = u.id`;
		expect(await verdict(guard, grouped)).toBe("sent");
	});

	test("statistics that fail make a query the dearest that it may be, and are not asked for again", async () => {
		const asked: string[] = [];
		const failing = guardOn(100_000, asked, () => Promise.reject(new Error("timed out")));
		const narrow =
			"SELECT count(*) FROM error_events a JOIN error_events b USING (session_id) WHERE a.created_at > unixepoch() - 60";
		expect(await verdict(failing, narrow)).toBe("plan_unbounded");
		expect(await verdict(failing, narrow)).toBe("plan_unbounded");
		expect(asked).toHaveLength(1);
		expect(await verdict(failing, "SELECT count(*) FROM error_events")).toBe("sent");
	});

	test("each table is asked once, by a query that is bounded and reads no withheld column", async () => {
		const asked: string[] = [];
		const guard = guardOn(100_000, asked);
		const join = "SELECT count(*) FROM error_events a JOIN error_events b ON a.error_code = b.error_code";
		await verdict(guard, join);
		await verdict(guard, join);
		expect(asked).toHaveLength(1);
		expect(asked[0]).toMatch(/ LIMIT 2000$/);
		await verdict(guard, "SELECT count(*) FROM users a, users b, users c WHERE a.tier = b.tier");
		expect(asked.join()).not.toMatch(/password_hash|"email"/);
	});
});

describe("statistics of a sample", () => {
	const sample = Array.from({ length: 1000 }, (_, row) => ({
		kind: row % 10 === 0 ? null : `kind-${row % 2}`,
		id: `id-${row}`,
		created_at: row * 60,
	}));
	const statistics = statisticsOf(100_000, { sample, key: "id", isSpread: true });

	test("err on the side of more", () => {
		const { top, nulls, alike } = statistics.column("kind");
		expect(top).toBeGreaterThan(0.5);
		expect(nulls).toBeGreaterThan(0.1);
		expect(alike).toBeGreaterThan(0.4);
		expect(statistics.column("id").alike).toBeLessThan(1e-4);
		expect(statistics.column("id").distinct).toBe(100_000);
		expect(statistics.column("none")).toMatchObject({ top: 1, alike: 1 });
	});

	test("tell how many rows a time holds", () => {
		expect(statistics.between(0, 30_000)).toBeGreaterThan(0.5);
		expect(statistics.between(0, 30_000)).toBeLessThan(0.6);
		expect(statistics.between(-20, -10)).toBeGreaterThan(0);
		expect(statistics.together(60)).toBeLessThan(0.01);
	});
});
