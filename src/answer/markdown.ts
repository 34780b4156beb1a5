// Renders a data tool's facts as Markdown, with untrusted text made inert.

import { codeSpan, inertMarkdown, markedBlock } from "../text/index.ts";
import type { Table, TableCell } from "./table.ts";

/**
 * The facts of `structuredContent` for hosts that show text: scalars as lines, lists as bullets, tables as tables.
 * Untrusted text is made inert, cell by cell, and all of it is in one marked block.
 */
export function renderFacts(facts: Readonly<Record<string, unknown>>): string {
	const { untrusted: _, ...rendered } = facts;
	const blocks = Object.entries(isTable(rendered) ? nestTable(rendered) : rendered)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => renderValue(key, value))
		.filter((block) => block !== "");
	return markedBlock("production", blocks.join("\n"));
}

/** For an answer that is itself a table: makes the table one of its facts. */
function nestTable(facts: Table & Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const { columns, rows, common, common_on_page, shown, total, next_cursor, ...others } = facts;
	const table = { columns, rows, common, common_on_page, shown, total, next_cursor };
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
	const { columns, rows, shown, total, next_cursor } = table;
	const count = total === undefined || shown === total ? `${shown}` : `${shown} of ${total}`;
	const isCode = columns.map((column) => codeColumns.includes(column));
	const cells = rows.map((row) =>
		row.map((cell, place) => (isCode[place] === true ? renderCode(cell) : renderCell(cell))),
	);
	const shortened = columns.map((_, place) => leaveOutDays(cells, place));
	const times = shortened.includes(true) ? "; UTC, the day where it changes" : "";
	const head = `${key} (${count}${sharedWords(table)}${times})`;
	const more = next_cursor === undefined ? [] : [`more: cursor ${next_cursor}`];
	if (rows.length === 0 || columns.length === 0) return [head, ...more].join("\n");
	return [
		`${head}:`,
		"",
		// A column without an alias is named by its expression, which may hold anything.
		columns.map(renderCell).join("|"),
		columns.map(() => "-").join("|"),
		...cells.map((row) => row.join("|")),
		...more,
	].join("\n");
}

function sharedWords({ common = {}, common_on_page: onPage = [] }: Table): string {
	const words = (label: string, isOf: (column: string) => boolean) => {
		const shared = Object.entries(common).filter(([column]) => isOf(column));
		return shared.length === 0 ? "" : `; ${label}: ${renderInline(Object.fromEntries(shared))}`;
	};
	const isOnPage = (column: string) => onPage.includes(column);
	return `${words("all", (column) => !isOnPage(column))}${words("on this page", isOnPage)}`;
}

/** Escapes what would end a cell: line breaks, bars, and backslashes that would escape a bar. */
function renderCell(cell: TableCell): string {
	if (cell === null) return "";
	const text = Array.isArray(cell) ? cell.join("; ") : String(cell);
	return inertMarkdown(text.replaceAll("\\", "\\\\")).replaceAll("|", "\\|");
}

/** Columns of code: a code span shows it as it is, and nothing in one is Markdown. */
const codeColumns: readonly string[] = ["change"];

function renderCode(cell: TableCell): string {
	return cell === null ? "" : codeSpan(String(cell)).replace(/(\\*)\|/g, "$1$1\\|");
}

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * The day is half of an instant's tokens: a column of instants shows it only where it changes.
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
