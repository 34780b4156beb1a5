/**
 * Production's database itself: `npx tsx bench/database.ts`, with the packages of `npm ci --prefix bench`.
 *
 * The tests' own libSQL server is held against `tursodb --sync-server` on the same content: rows, types and errors of
 * both, read by this server's client. Every fault of the tests is made, towards the database and towards the API with the
 * database beside it. Then, unless `--without-tests` is given, the tests of the tools and of the guard are run with the database in the
 * API's place.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { openDatabase, type SandboxDatabase } from "../src/sandbox/database.ts";
import { schemaStatements } from "../src/sandbox/schema.ts";
import { createTurso, type Turso } from "../src/source/turso/client.ts";
import type { CheckedSelect } from "../src/sql/index.ts";
import { systemClock } from "../src/system/index.ts";
import { startLibsql } from "../test/source/libsql.ts";
import { measureFaults } from "./database-faults.ts";

const require = createRequire(import.meta.url);
const port = 18_099;
const signal = new AbortController().signal;

const rows = [
	"INSERT INTO error_events (id, error_code, error_category, http_status, action, created_at) VALUES ('e1', 'LLM_TIMEOUT', 'llm', 504, 'it''s \"quoted\"', 1764000000), ('e2', 'ATS_NOT_FOUND', 'ats', NULL, 'ünïcödé 🙂', 1764000060)",
	"INSERT INTO skills (id, name, slug, description, category, created_at, updated_at) VALUES ('s1', 'Offer', 'offer', '', 'hr', 1, 2)",
];

/** What is asked of both. Columns are named c1, c2 and so on, as the guard names them. */
const asked: readonly (readonly [sql: string, columns: number])[] = [
	["SELECT 1 AS c1, -1 AS c2, 0 AS c3, 9007199254740991 AS c4", 4],
	["SELECT 9007199254740993 AS c1, -9223372036854775808 AS c2, 9223372036854775807 AS c3", 3],
	["SELECT 1.5 AS c1, 2.0 AS c2, -0.1 AS c3, 1e300 AS c4, 1e999 AS c5", 5],
	["SELECT NULL AS c1, '' AS c2, 'a''b' AS c3, 'ünïcödé 🙂' AS c4", 4],
	["SELECT x'00ff' AS c1", 1],
	["SELECT hex(x'00ff') AS c1, typeof(1) AS c2, typeof(1.0) AS c3, typeof(NULL) AS c4", 4],
	["SELECT id AS c1, http_status AS c2, action AS c3, created_at AS c4 FROM error_events ORDER BY id", 4],
	["SELECT COUNT(*) AS c1, MIN(created_at) AS c2, AVG(created_at) AS c3 FROM error_events", 3],
	["SELECT error_code AS c1, COUNT(*) AS c2 FROM error_events GROUP BY error_code ORDER BY c1", 2],
	["SELECT id AS c1 FROM error_events WHERE created_at > 1764000000 LIMIT 1", 1],
	["SELECT id AS c1 FROM error_events WHERE 1 = 0", 1],
	["SELECT c1, c2 FROM (WITH asked(c1, c2) AS (SELECT id, name FROM skills) SELECT * FROM asked) LIMIT 3", 2],
	["SELECT strftime('%Y-%m-%d', 1764000000, 'unixepoch') AS c1, date(0, 'unixepoch') AS c2", 2],
	["SELECT upper('a') || lower('B') AS c1, substr('abcdef', 2, 3) AS c2, length('🙂') AS c3", 3],
	["SELECT CASE WHEN 1 THEN 'yes' ELSE 'no' END AS c1, COALESCE(NULL, 7) AS c2, 7 / 2 AS c3, 7 % 2 AS c4", 4],
	["SELECT nope AS c1 FROM error_events", 1],
	["SELECT 1 AS c1 FROM missing_table", 1],
	["SELEC 1 AS c1", 1],
	["SELECT COUNT( AS c1", 1],
];

async function outcome(turso: Turso, sql: string, columns: number): Promise<object> {
	const names = Array.from({ length: columns }, (_, index) => `c${index + 1}`);
	const select = { text: sql, columns: names, maxRows: 1000, guardMs: 0 } as unknown as CheckedSelect;
	return turso.query(select, { signal }).then(
		({ rows: read }) => ({ rows: read }),
		(error: unknown) => {
			const { kind, serverMessage, detail } = error as Readonly<Record<string, unknown>>;
			return { kind, says: serverMessage ?? detail };
		},
	);
}

/** tursodb numbers each column of a primary key with 1; the guard looks only at whether there are several. */
async function columnsOf(turso: Turso, table: string): Promise<readonly object[]> {
	const columns = await turso.columns(table, { signal });
	return columns.map(({ primaryKey, ...column }) => ({ ...column, isKey: primaryKey > 0 }));
}

async function fill(database: SandboxDatabase, url: string): Promise<void> {
	const statements = [...schemaStatements(["skill_proposals"]), ...rows];
	for (const statement of rows) database.run(statement);
	for (const sql of statements) {
		const response = await fetch(`${url}/v2/pipeline`, {
			method: "POST",
			body: JSON.stringify({ requests: [{ type: "execute", stmt: { sql } }] }),
		});
		const text = await response.text();
		if (text.includes('"type":"error"')) throw new Error(`${sql}: ${text}`);
	}
}

async function compare(): Promise<boolean> {
	const folder = await mkdtemp(join(tmpdir(), "tursodb-"));
	const program = join(dirname(require.resolve("@tursodatabase/cli-linux-x64-gnu/package.json")), "tursodb");
	const server = spawn(program, [join(folder, "data.db"), "--sync-server", `127.0.0.1:${port}`], {
		stdio: "ignore",
	});
	const database = await openDatabase(["skill_proposals"]);
	const fake = await startLibsql(database, {
		versions: ["v2"],
		unknown: ["close", "describe"],
		now: Math.floor(Date.now() / 1000),
	});
	const url = `http://127.0.0.1:${port}`;
	try {
		for (let round = 0; round < 50; round += 1) {
			if (await fetch(url).catch(() => undefined)) break;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		await fill(database, url);
		const open = (address: string) =>
			createTurso({ url: address, token: undefined, callsPerMinute: 100_000, clock: systemClock });
		const [theirs, ours] = [open(url), open(fake.url)];
		const differences: string[] = [];
		const hold = (what: string, one: unknown, other: unknown) => {
			if (!isDeepStrictEqual(one, other))
				differences.push(`${what}\n  tursodb ${JSON.stringify(one)}\n  fake    ${JSON.stringify(other)}`);
		};
		for (const [sql, columns] of asked)
			hold(sql, await outcome(theirs, sql, columns), await outcome(ours, sql, columns));
		hold("tables", await theirs.tables({ signal }), await ours.tables({ signal }));
		hold("rows of each table", await theirs.stats({ signal }), await ours.stats({ signal }));
		for (const table of await ours.tables({ signal }))
			hold(`columns of ${table}`, await columnsOf(theirs, table), await columnsOf(ours, table));
		const all = asked.length + 2 + (await ours.tables({ signal })).length;
		console.log(
			`tursodb (${theirs.state().protection}) and the tests' server (${ours.state().protection}): ${all - differences.length} of ${all} alike`,
		);
		for (const difference of differences) console.log(difference);
		await Promise.all([theirs.close(), ours.close()]);
		return differences.length === 0;
	} finally {
		server.kill();
		await fake.close();
		database.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** The tests of the tools and of the guard, with the database in the API's place. */
function runTests(): boolean {
	const { status } = spawnSync(
		process.execPath,
		["node_modules/vitest/vitest.mjs", "run", "test/production", "test/report", "test/sql"],
		{ stdio: "inherit", env: { ...process.env, TEST_SOURCE: "database", TESTS: "all" } },
	);
	return status === 0;
}

const alike = await compare();
const wrong = await measureFaults();
for (const one of wrong) console.log(one);
const passed = process.argv.includes("--without-tests") || runTests();
process.exit(alike && wrong.length === 0 && passed ? 0 : 1);
