// The API's database routes, answered as the real server does, quirks included.

import { forbiddenWords } from "../sql/index.ts";
import type { ReadOnlyDatabase, SqlRow } from "./database.ts";
import { type TableName, tableNames } from "./schema.ts";

/** A response before it is serialized. */
export interface ApiAnswer {
	readonly status: number;
	readonly body: unknown;
}

/** The server redacts exactly these column names. */
const redactedColumns = ["password_hash", "llm_api_key"];

export function answerRoute(
	db: ReadOnlyDatabase,
	missingTables: readonly string[],
	method: string,
	route: string,
	body: string,
): ApiAnswer | undefined {
	if (method === "POST" && route === "query") return answerQuery(db, body);
	if (method === "GET" && route === "tables") return data({ tables: tableNames, redactedColumns });
	if (method === "GET" && route === "stats") return data({ stats: countRows(db, missingTables) });
	const table = /^schema\/([^/]+)$/.exec(route)?.[1];
	return method === "GET" && table !== undefined ? answerSchema(db, decodeURIComponent(table)) : undefined;
}

function data(value: object): ApiAnswer {
	return { status: 200, body: { data: value } };
}

export function failure(status: number, message: string, code?: string): ApiAnswer {
	return { status, body: { error: { message, ...(code === undefined ? {} : { code }) } } };
}

function countRows(db: ReadOnlyDatabase, missing: readonly string[]): Record<string, number> {
	const count = (table: TableName) =>
		missing.includes(table) ? -1 : Number(db.select(`SELECT COUNT(*) AS n FROM ${table}`)[0]?.n);
	return Object.fromEntries(tableNames.map((table) => [table, count(table)]));
}

function answerSchema(db: ReadOnlyDatabase, table: string): ApiAnswer {
	if (!tableNames.some((name) => name === table)) {
		return failure(400, `Table '${table}' is not in the allowed list`, "INVALID_TABLE");
	}
	return data({ table, columns: db.select(`PRAGMA table_info(${table})`) });
}

function answerQuery(db: ReadOnlyDatabase, body: string): ApiAnswer {
	let request: unknown;
	try {
		request = JSON.parse(body);
	} catch (error) {
		return failure(500, error instanceof Error ? error.message.replace(/ \(line.*$/, "") : "");
	}
	const { query, limit } = (typeof request === "object" && request !== null ? request : {}) as Record<
		string,
		unknown
	>;
	if (typeof query !== "string" || query.trim() === "") return failure(400, "Query is required");
	const refusal = refuse(query);
	if (refusal !== undefined) return failure(400, refusal, "INVALID_QUERY");
	const executed = withLimit(query, typeof limit === "number" ? limit : 100);
	const started = performance.now();
	try {
		const rows = db.query(executed).map(refuseLargeIntegers).map(redact);
		const durationMs = Math.round(performance.now() - started);
		return data({ rows, rowCount: rows.length, durationMs, query: executed });
	} catch (error) {
		return failure(500, error instanceof Error ? error.message : "");
	}
}

/** The real server's keyword filter on the raw text: a keyword in a literal is refused, an alias of a secret is not. */
function refuse(query: string): string | undefined {
	const text = query.trim();
	if (!/^select\b/i.test(text)) return "Only SELECT queries are allowed";
	const word = forbiddenWords.find((forbidden) => new RegExp(`\\b${forbidden}\\b`, "i").test(text));
	if (word !== undefined) return `Query contains forbidden keyword: ${word}`;
	if (text.split(";").filter((part) => part.trim() !== "").length > 1)
		return "Multi-statement queries are not allowed";
	return undefined;
}

/** Appended unless `LIMIT <digits>` occurs anywhere, even in a subquery. */
function withLimit(query: string, limit: number): string {
	const text = query.trim().replace(/;\s*$/, "");
	return /\blimit\s+\d+/i.test(text) ? text : `${text} LIMIT ${Math.min(limit, 1000)}`;
}

/** libSQL's client refuses integers that JavaScript's numbers cannot represent. @throws {RangeError} */
function refuseLargeIntegers(row: SqlRow): SqlRow {
	if (Object.values(row).some((value) => typeof (value as unknown) === "bigint")) {
		throw new RangeError(
			"Received integer which is too large to be safely represented as a JavaScript number",
		);
	}
	return row;
}

function redact(row: SqlRow): SqlRow {
	const hidden = redactedColumns.filter((column) => column in row && row[column] !== null);
	return hidden.length === 0
		? row
		: { ...row, ...Object.fromEntries(hidden.map((column) => [column, "[REDACTED]"])) };
}
