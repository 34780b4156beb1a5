// Makes the mirror's tables from production's schema.

import type { Compiler } from "../engine/compiler.ts";
import { name as quoted } from "../sql.ts";
import type { CatalogColumn, MirrorTable, Root } from "./catalog.ts";
import { withheldByContract } from "./withheld.ts";

/** Indexes that Skillomatic's tables are known to have (the contract); a plan is judged by them. */
const knownIndexes: Readonly<Record<string, readonly (readonly string[])[]>> = {
	error_events: [["created_at"], ["error_category"], ["organization_id", "created_at"]],
	skill_usage_logs: [["user_id"], ["created_at"], ["user_id", "created_at"], ["status"]],
};

/** Types count only by their affinity (https://sqlite.org/datatype3.html, 3.1); defaults and constraints do not. */
function affinity(type: string): string {
	const upper = type.toUpperCase();
	if (upper === "INTEGER") return "INTEGER";
	if (upper.includes("INT")) return "INT";
	if (/CHAR|CLOB|TEXT/.test(upper)) return "TEXT";
	if (upper === "" || upper.includes("BLOB")) return "BLOB";
	return /REAL|FLOA|DOUB/.test(upper) ? "REAL" : "NUMERIC";
}

/** The statements that make a table in the mirror. An index is in it only where all its columns can be read: no cursor on an index reads a secret. */
export function defineTable(table: MirrorTable, columns: readonly CatalogColumn[]): string {
	const readable = (names: readonly string[]) =>
		names.every((name) =>
			table.columns.some((column) => column.name === name && column.withheld === undefined),
		);
	const key = columns
		.filter(({ primaryKey }) => primaryKey > 0)
		.sort((one, other) => one.primaryKey - other.primaryKey)
		.map(({ name }) => name);
	const list = (names: readonly string[]) => names.map(quoted).join(", ");
	const parts = columns.map(({ name, type }) => `${quoted(name)} ${affinity(type)}`);
	// Production may have a column that its schema did not tell: what names it is refused as if it were there.
	for (const name of withheldByContract(table.name)) {
		if (!columns.some((column) => column.name.toLowerCase() === name)) parts.push(`${quoted(name)} BLOB`);
	}
	if (key.length > 0 && readable(key)) parts.push(`PRIMARY KEY (${list(key)})`);
	const indexes = (knownIndexes[table.name] ?? [])
		.filter(readable)
		.map(
			(names) =>
				`CREATE INDEX ${quoted(`${table.name}(${names.join(",")})`)} ON ${quoted(table.name)} (${list(names)})`,
		);
	return [`CREATE TABLE ${quoted(table.name)} (${parts.join(", ")})`, ...indexes].join(";");
}

/** What each root page belongs to. */
export function readRoots(compiler: Compiler): ReadonlyMap<number, Root> {
	const roots = new Map<number, Root>();
	for (const [type, name, table, page] of compiler.rows(
		"SELECT type, name, tbl_name, rootpage FROM sqlite_schema WHERE rootpage > 0",
	)) {
		const columns =
			type === "table"
				? compiler.rows(`SELECT name FROM pragma_table_info(${literal(name)}) ORDER BY cid`)
				: compiler.rows(`SELECT name FROM pragma_index_xinfo(${literal(name)}) ORDER BY seqno`);
		roots.set(Number(page), {
			table: table ?? "",
			columns: columns.map(([column]) => column),
		});
	}
	return roots;
}

function literal(value: string | undefined): string {
	return `'${(value ?? "").replaceAll("'", "''")}'`;
}
