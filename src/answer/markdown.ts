import type { Table, TableCell } from "./table.ts";
import { inertMarkdown, markedBlock } from "./untrusted.ts";

/**
 * The same facts as a data tool's `structuredContent`, as Markdown for hosts that show text:
 * scalars as lines, lists as bullets, tables as tables. Foreign text is made inert, cell by cell, and all of
 * it stands in one marked block.
 */
export function renderFacts(facts: Readonly<Record<string, unknown>>): string {
	const blocks = Object.entries(facts)
		.filter(([key, value]) => key !== "untrusted" && value !== undefined)
		.map(([key, value]) => renderValue(key, value))
		.filter((block) => block !== "");
	return markedBlock("production", blocks.join("\n"));
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
	const count = shown === total ? `${total}` : `${shown} of ${total}`;
	const shared = common === undefined ? "" : `; all: ${renderInline(common)}`;
	const head = `${key} (${count}${shared})`;
	const more = next_cursor === undefined ? [] : [`more: cursor ${next_cursor}`];
	if (rows.length === 0 || columns.length === 0) return [head, ...more].join("\n");
	return [
		`${head}:`,
		"",
		columns.join("|"),
		columns.map(() => "-").join("|"),
		...rows.map((row) => row.map(renderCell).join("|")),
		...more,
	].join("\n");
}

/** A cell stays a cell: no line break, no bar. */
function renderCell(cell: TableCell): string {
	if (cell === null) return "";
	const text = Array.isArray(cell) ? cell.join("; ") : String(cell);
	return inertMarkdown(text).replaceAll("|", "\\|");
}

function isTable(value: unknown): value is Table {
	return (
		typeof value === "object" && value !== null && "columns" in value && "rows" in value && "shown" in value
	);
}
