import { expect, test } from "vitest";
import { tables } from "../../src/sandbox/schema.ts";
import { CompileError } from "../../src/sql/engine/compiled.ts";
import { Compiler } from "../../src/sql/engine/compiler.ts";
import type { MirrorTable } from "../../src/sql/mirror/catalog.ts";
import { fixedTable } from "../../src/sql/names/fixed-tables.ts";
import { resultColumns } from "../../src/sql/names/result-columns.ts";
import { namesIn, type Parsed } from "../../src/sql/text/structure.ts";
import { checkText } from "../../src/sql/text/text-checks.ts";
import { fold } from "../../src/sql/text/tokens.ts";
import { honest } from "./corpus/honest.ts";

const allReadable = () => true;
const known: readonly MirrorTable[] = Object.entries(tables).map(([name, parts]) => ({
	name,
	folded: fold(name),
	columns: parts
		.filter((part) => !part.startsWith("PRIMARY"))
		.map((part) => part.split(" ")[0] ?? "")
		.map((column) => ({ name: column, folded: fold(column), type: "", notNull: false, withheld: undefined })),
	key: undefined,
	rowidReadable: true,
}));

/** As the text tells them; undefined where it does not. */
function read(parsed: Parsed): readonly string[] | undefined {
	const names = namesIn(parsed);
	const named = known.filter(({ name }) => names.has(name));
	return resultColumns(
		parsed,
		named.map((table) => fixedTable(table, allReadable)),
	);
}

const compiler = await Compiler.open();
for (const [name, parts] of Object.entries(tables))
	compiler.run(`CREATE TABLE "${name}" (${parts.join(", ")})`);

function asSqliteSays(sql: string): readonly string[] | undefined {
	try {
		return compiler.compile(sql, () => true).columns;
	} catch (error) {
		if (error instanceof CompileError) return undefined;
		throw error;
	}
}

const odd = [
	"SELECT (error_code), +error_code, error_code || '' FROM error_events",
	'SELECT ERROR_CODE, "error_code", e.error_code FROM error_events e',
	"WITH g(ERROR_CODE) AS (SELECT 1) SELECT error_code FROM g",
	"WITH g(ERROR_CODE) AS (SELECT 1) SELECT g.error_code, error_events.error_code FROM g, error_events",
	"SELECT oid, ROWID, 1 AS oid FROM error_events",
	"SELECT column1, COLUMN1 FROM (VALUES (1))",
	"SELECT count ( * ) , max(id)  FROM error_events",
	"SELECT count(*) n, 'x' 'y', 'z', 2.5 \"a b\" FROM error_events",
	"SELECT DISTINCT provider IS DISTINCT FROM 'x', provider IS NULL FROM error_events",
	"SELECT id IN (1), CASE WHEN 1 THEN 2 END, CAST(id AS INTEGER), NOT id FROM error_events",
	"SELECT VALUE, j.KEY FROM json_each('[]') j",
	"SELECT NULL, TRUE, current_date, -1, (1), (SELECT 2), EXISTS (SELECT 1)",
	"SELECT id AS 'it''s', id AS [b c], id AS `d`, id AS e UNION SELECT 1, 2, 3, 4",
	"WITH a AS (SELECT 1 AS N) SELECT n, N FROM a",
	"WITH a AS (SELECT id AS n FROM error_events) SELECT n, count(*) FROM a GROUP BY n",
	"SELECT sum(1) OVER w, lag(id) OVER (ORDER BY id), count(*) FILTER (WHERE 1) FROM error_events WINDOW w AS ()",
	'SELECT max( id ),count(DISTINCT  id), (1)+(id), lower(id)x, lower(id)[y z], lower(id)"w", 1 IN (1, 2) FROM error_events',
	"SELECT id FROM error_events WHERE id IN (SELECT max(id) FROM error_events GROUP BY lower(id))",
	"SELECT Session_id FROM error_events FULL JOIN (SELECT 1 AS session_id) USING (session_id)",
];

test("names of result columns that a text tells are those that SQLite gives", () => {
	let told = 0;
	for (const sql of [...honest, ...odd]) {
		const parsed = checkText(sql);
		const [ours, theirs] = [read(parsed), asSqliteSays(parsed.text)];
		if (ours === undefined || theirs === undefined) continue;
		expect(ours, sql).toEqual(theirs);
		told += 1;
	}
	expect(told).toBeGreaterThan(honest.length * 0.7);
});
