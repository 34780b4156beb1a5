// A production whose every text, whose tables and columns hold secrets.

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { SandboxDatabase, SqlValue } from "../../../src/sandbox/database.ts";
import { tables } from "../../../src/sandbox/schema.ts";
import { startSandbox } from "../../../src/sandbox/server.ts";
import type { Planter } from "./secrets.ts";

/** Epoch seconds of the planted production. */
export const plantedNow = Date.parse("2026-11-23T20:00:00Z") / 1000;
/** Rows a table: more than there are kinds of secrets. */
const rowCount = 16;

export interface PlantedProduction {
	readonly url: string;
	readonly key: string;
	/** By table, the columns with text. */
	readonly texts: Readonly<Record<string, readonly string[]>>;
	/** A table whose name is a secret. */
	readonly oddTable: string;
	readonly oddColumn: string;
	/** Some of what is planted in the columns by which an agent filters. */
	readonly values: Readonly<Record<string, readonly string[]>>;
	close(): Promise<void>;
}

/** And not a constraint of the table. */
const isColumn = (line: string) => /^\w+ (?:TEXT|INTEGER|REAL)/.test(line);

const linked: Readonly<Record<string, string>> = {
	user_id: "users.id",
	organization_id: "organizations.id",
	skill_id: "skills.id",
	skill_slug: "skills.slug",
};

export async function plantProduction(planter: Planter): Promise<PlantedProduction> {
	const oddTable = planter.plantName("a table's name");
	const oddColumn = planter.plantName("a column's name");
	const texts = Object.fromEntries(
		Object.entries(tables).map(([table, columns]) => [
			table,
			columns.flatMap((column) => (/^\w+ TEXT/.test(column) ? [column.split(" ")[0] ?? ""] : [])),
		]),
	);
	const values = new Map<string, string[]>();
	const textAt = (place: string, row: number): string => {
		const known = values.get(place) ?? [];
		values.set(place, known);
		known[row] ??= planter.plant(`${place} row ${row}`, row);
		return known[row] ?? "";
	};
	const cell = (table: string, column: string, row: number): SqlValue => {
		if (column === "status" && table === "skill_usage_logs")
			return row % 4 === 3 ? textAt("status", row) : "error";
		// One code is known, so that something can be found by it.
		if (column === "error_code" && row % 2 === 0) return "LLM_RATE_LIMITED";
		return textAt(linked[column] ?? `${table}.${column}`, row);
	};
	const fill = (db: SandboxDatabase) => {
		db.run(`CREATE TABLE "${oddTable}" (id TEXT, "${oddColumn}" TEXT, created_at INTEGER)`);
		db.run(`ALTER TABLE error_events ADD COLUMN "${oddColumn}" TEXT`);
		for (const [table, columns] of Object.entries(tables)) {
			db.insert(
				table,
				Array.from({ length: rowCount }, (_, row) =>
					Object.fromEntries(
						columns.filter(isColumn).map((column): [string, SqlValue] => {
							const [name = "", type] = column.split(" ");
							if (type === "TEXT") return [name, cell(table, name, row)];
							return [name, name === "created_at" ? plantedNow - 60 * row - 1 : 0];
						}),
					),
				),
			);
		}
		// A spike of a planted code, under the name of one user, session and skill.
		const spike = { code: textAt("error_events.error_code", 1), skill: textAt("skills.slug", 0) };
		db.insert(
			"error_events",
			Array.from({ length: 400 }, (_, index) => ({
				id: `spike-${index}`,
				organization_id: textAt("organizations.id", 0),
				user_id: textAt("users.id", 0),
				error_code: index % 2 === 0 ? spike.code : "ATS_TIMEOUT",
				error_category: textAt("error_events.error_category", 0),
				skill_slug: spike.skill,
				provider: textAt("error_events.provider", 2),
				action: textAt("error_events.action", 3),
				http_status: 500,
				session_id: textAt("error_events.session_id", 4),
				created_at: plantedNow - 1800 - index,
			})),
		);
	};
	const sandbox = await startSandbox({ rateLimit: 1_000_000, now: plantedNow, fill });
	const proxy = await withTable(sandbox.url, oddTable, oddColumn);
	return {
		url: proxy.url,
		key: sandbox.keys.superAdmin,
		texts,
		oddTable,
		oddColumn,
		values: Object.fromEntries(values),
		async close() {
			await proxy.close();
			await sandbox.close();
		},
	};
}

/** The sandbox lists the tables that the real server lists; in front of it, one more. */
async function withTable(origin: string, table: string, column: string) {
	const columns = [
		{ cid: 0, name: "id", type: "TEXT", notnull: 0, dflt_value: null, pk: 0 },
		{ cid: 1, name: column, type: "TEXT", notnull: 0, dflt_value: null, pk: 0 },
		{ cid: 2, name: "created_at", type: "INTEGER", notnull: 0, dflt_value: null, pk: 0 },
	];
	const server = createServer(async (request, response) => {
		const path = decodeURIComponent(request.url ?? "");
		const body = await bodyOf(request);
		const answer = await fetch(`${origin}${request.url}`, {
			method: request.method ?? "GET",
			headers: {
				authorization: request.headers.authorization ?? "",
				"content-type": "application/json",
			},
			...(body === "" ? {} : { body }),
		});
		const given: { data?: { tables?: string[]; stats?: Record<string, number> } } = JSON.parse(
			await answer.text(),
		);
		given.data?.tables?.push(table);
		if (given.data?.stats !== undefined) given.data.stats[table] = 3;
		const isSchema = path.endsWith(`/schema/${table}`);
		response.writeHead(isSchema ? 200 : answer.status, {
			"content-type": "application/json",
			date: answer.headers.get("date") ?? "",
		});
		response.end(JSON.stringify(isSchema ? { data: { table, columns } } : given));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
	return Buffer.concat(chunks).toString("utf8");
}
