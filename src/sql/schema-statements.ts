// The fixed statements that read the schema where no API tells it: which tables there are, their columns, their rows.

import type { CheckedSelect } from "./checked-select.ts";
import { contractTables } from "./mirror/contract.ts";
import { name } from "./sql.ts";

/** None of these takes anything from outside but the name of a table that the contract lists. */
function fixed(text: string, columns: readonly string[], maxRows: number): CheckedSelect {
	return { text, columns, maxRows, guardMs: 0 } as unknown as CheckedSelect;
}

/** Those of the contract's tables that the database has. */
export const schemaTables = fixed(
	`SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name IN (${contractTables.map((table) => `'${table}'`).join(", ")}) LIMIT ${contractTables.length}`,
	["name"],
	contractTables.length,
);

/** As many columns as SQLite lets a table have by default. */
const maxColumns = 2000;

/**
 * A table's columns; none where it does not exist.
 *
 * @returns undefined for a table that the contract does not list
 */
export function tableInfo(table: string): CheckedSelect | undefined {
	if (!contractTables.includes(table)) return undefined;
	const columns = ["cid", "name", "type", "notnull", "dflt_value", "pk"];
	return fixed(`PRAGMA table_info(${name(table)})`, columns, maxColumns);
}

/** @returns undefined for a table that the contract does not list */
export function countRows(table: string): CheckedSelect | undefined {
	return contractTables.includes(table)
		? fixed(`SELECT COUNT(*) AS n FROM ${name(table)} LIMIT 1`, ["n"], 1)
		: undefined;
}
