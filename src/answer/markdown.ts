import { inertMarkdown, markedBlock } from "../text/index.ts";
import type { Table, TableCell } from "./table.ts";

/**
 * The same facts as a data tool's `structuredContent`, as Markdown for hosts that show text:
 * scalars as lines, lists as bullets, tables as tables. Foreign text is made inert, cell by cell, and all of
 * it stands in one marked block.
 */
export function renderFacts(facts: Readonly<Record<string, unknown>>): string {
	const { untrusted: _, ...told } = facts;
	const blocks = Object.entries(isTable(told) ? nestTable(told) : told)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => renderValue(key, value))
		.filter((block) => block !== "");
	return markedBlock("production", blocks.join("\n"));
}

/** An answer that is a table itself: its other facts, and the table as one of them. */
function nestTable(facts: Table & Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const { columns, rows, common, shown, total, next_cursor, ...others } = facts;
	const table = { columns, rows, common, shown, total, next_cursor };
	const { window, ...rest } = others;
	return { window, rows: table, ...rest };
}

function renderValue(key: string, value: unknown): string {
	if (isTable(value)) return renderTable(key, value);
	if (Array.isArray(value)) {
		if (value.length === 0) return "";
		if (value.every((item) => typeof item === "number")) return `${key}: ${value.join(" ")}`;
		return [`${key}:`, ...value.map((item) => `- ${renderInline(item)}`)].join("\n");
	}
	return `${key}: ${renderInline(value)}`;
}

function renderInline(value: unknown): string {
	if (value === null || value === undefined) return "";
	if (Array.isArray(value))
		return value.map(renderInline).join(value.every((item) => typeof item === "number") ? " " : "; ");
	if (typeof value === "object") {
		return Object.entries(value)
			.filter(([, inner]) => inner !== undefined && !(Array.isArray(inner) && inner.length === 0))
			.map(([name, inner]) => `${name} ${renderInline(inner)}`)
			.join(", ");
	}
	return inertMarkdown(String(value));
}

function renderTable(key: string, table: Table): string {
	const { columns, rows, common, shown, total, next_cursor } = table;
	const count = total === undefined || shown === total ? `${shown}` : `${shown} of ${total}`;
	const shared = common === undefined ? "" : `; all: ${renderInline(common)}`;
	const cells = rows.map((row) => row.map(renderCell));
	const shortened = columns.map((_, place) => leaveOutDays(cells, place));
	const times = shortened.includes(true) ? "; UTC, the day where it changes" : "";
	const head = `${key} (${count}${shared}${times})`;
	const more = next_cursor === undefined ? [] : [`more: cursor ${next_cursor}`];
	if (rows.length === 0 || columns.length === 0) return [head, ...more].join("\n");
	return [
		`${head}:`,
		"",
		// A column without an alias is called by its expression, which may hold anything.
		columns.map(renderCell).join("|"),
		columns.map(() => "-").join("|"),
		...cells.map((row) => row.join("|")),
		...more,
	].join("\n");
}

/** A cell stays a cell: no line break, no bar, and no backslash that would take the next bar along. */
function renderCell(cell: TableCell): string {
	if (cell === null) return "";
	const text = Array.isArray(cell) ? cell.join("; ") : String(cell);
	return inertMarkdown(text.replaceAll("\\", "\\\\")).replaceAll("|", "\\|");
}

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Half of what an instant costs is its day: a column of instants shows it where it changes.
 *
 * @returns whether any cell became shorter
 */
function leaveOutDays(rows: string[][], place: number): boolean {
	let day = "";
	let shortened = false;
	for (const row of rows) {
		const cell = row[place] ?? "";
		const own = isoInstant.test(cell) ? cell.slice(0, 11) : "";
		if (own !== "" && own === day) {
			row[place] = cell.slice(11, -1);
			shortened = true;
		}
		day = own;
	}
	return shortened;
}

function isTable(value: unknown): value is Table {
	return (
		typeof value === "object" && value !== null && "columns" in value && "rows" in value && "shown" in value
	);
}
