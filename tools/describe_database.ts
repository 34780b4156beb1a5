// Lists the tables and columns that a query may read, and how each stores time.

import { z } from "zod";
import { defineTool, fittedAnswer, makeTable, readsProduction, tableSchema } from "../src/answer/index.ts";
import type { DescribedTable } from "../src/production/index.ts";
import type { Shown } from "../src/text/index.ts";

export const describeDatabase = defineTool({
	name: "describe_database",
	title: "Tables and columns",
	description:
		"What query_database can read: without table, all tables with their readable and withheld columns; with it, that table's columns, their types, and how each stores time.",
	input: z.strictObject({ table: z.string().min(1).max(100).optional() }),
	output: z.object({
		tables: tableSchema.optional(),
		name: z.string().optional(),
		row_count: z.number().nullable().optional(),
		columns: tableSchema.optional(),
		notes: z.array(z.string()),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	summary: "What can be queried: tables, columns, what is withheld and why, how time is stored",
	example: { table: "error_events" },
	async run({ table }, { services, signal }) {
		if (table !== undefined) return describeOne(await services.queries.table(table, signal), services.config);
		const tables = await services.queries.tables(signal);
		return fittedAnswer(tables.length, services.config, (shown) => ({
			tables: makeTable(
				["name", "row_count", "readable", "withheld"],
				tables.slice(0, shown).map((one) => ({
					name: one.name,
					row_count: one.rowCount,
					readable: one.columns.flatMap(({ name, withheld }) => (withheld === undefined ? [name] : [])),
					withheld: one.columns.flatMap(({ name, withheld }) => (withheld === undefined ? [] : [name])),
				})),
				{ total: tables.length },
			),
			notes: [...why(tables), ...missing(tables), unlisted],
			untrusted: ["tables.rows[]"],
		}));
	},
});

function describeOne(table: DescribedTable, shows: Shown) {
	return fittedAnswer(table.columns.length, shows, (shown) => ({
		name: table.name,
		row_count: table.rowCount ?? null,
		columns: {
			columns: ["name", "type", "not_null", "readable", "stores"],
			rows: table.columns
				.slice(0, shown)
				.map(({ name, type, notNull, withheld, stores }) => [
					name,
					type,
					notNull,
					withheld === undefined,
					stores ?? null,
				]),
			shown,
			total: table.columns.length,
		},
		notes: [...why([table]), ...missing([table])],
		untrusted: ["name", "columns.rows[]"],
	}));
}

/** The server's schema has more tables than its API lists. */
const unlisted =
	"the server has more tables than its API lists, automation_runs (scheduled runs, with the codes of the worker) among them";

/** What is withheld, and why. */
function why(tables: readonly DescribedTable[]): readonly string[] {
	const names = (reason: DescribedTable["columns"][number]["withheld"]) =>
		tables.flatMap((table) =>
			table.columns.flatMap(({ name, withheld }) =>
				withheld === reason ? [tables.length === 1 ? name : `${table.name}.${name}`] : [],
			),
		);
	const [secret, personal] = [names("secret"), names("personal")];
	const unlisted = [...names("unlisted"), ...names("secret_name")];
	return [
		...(secret.length === 0
			? []
			: [`${secret.join(", ")}: a secret by Skillomatic's contract, never readable`]),
		...(personal.length === 0
			? []
			: [
					`${personal.join(", ")}: personal data, readable only where the user sets PROD_DEBUGGER_SHOW_PERSONAL_DATA=1`,
				]),
		...(unlisted.length === 0
			? []
			: [
					`${unlisted.join(", ")}: unknown to Skillomatic's contract and possibly a secret, readable only where the user names it in PROD_DEBUGGER_READABLE_COLUMNS=table.column`,
				]),
	];
}

function missing(tables: readonly DescribedTable[]): readonly string[] {
	const names = tables.filter(({ rowCount }) => rowCount === undefined).map(({ name }) => name);
	return names.length === 0 ? [] : [`not in this deployment: ${names.join(", ")}`];
}
