// Renders a query's result; shortens cells, then drops rows, until it fits.

import type { Cell } from "../source/index.ts";
import { fitRows, fits, freeText, renderedFrom, type Safe, safeFacts, visible } from "../text/index.ts";
import { renderFacts } from "./markdown.ts";
import type { Answer } from "./tool.ts";

export interface QueryFacts {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly Cell[])[];
	readonly truncated: boolean;
	readonly durationMs: number;
	readonly notes: readonly string[];
}

/** Characters of a cell, tried in turn until all rows fit; then rows are left out. */
const cellLengths = [8000, 2000, 500, 160] as const;

/** Upper bound of a note, in characters. */
const noteLength = 600;

/** Long cells are cut and state their length; rows left out are counted. */
export function queryAnswer(facts: QueryFacts, showPersonalData: boolean): Answer {
	for (const length of cellLengths) {
		const whole = build(facts, facts.rows.length, length, showPersonalData);
		if (sizes(whole).every(fits)) return whole;
	}
	const shortest = cellLengths[cellLengths.length - 1] ?? 160;
	return fitRows(facts.rows.length, (shown) => build(facts, shown, shortest, showPersonalData), sizes);
}

function sizes(answer: Answer): readonly string[] {
	return [answer.text, JSON.stringify(answer.structured)];
}

function build(
	{ columns, rows, truncated, durationMs, notes }: QueryFacts,
	shown: number,
	length: number,
	showPersonalData: boolean,
): Answer {
	const cells = rows
		.slice(0, shown)
		.map((row) =>
			row.map((cell) =>
				typeof cell === "string"
					? freeText(visible(cell), length, showPersonalData, String(cell.length))
					: cell,
			),
		);
	const left = rows.length - shown;
	// A note may quote what is stored.
	const masked = notes.map((note) => freeText(note, noteLength, showPersonalData));
	const facts = {
		columns,
		rows: cells,
		shown,
		truncated: truncated || left > 0,
		duration_ms: durationMs,
		notes:
			left === 0
				? masked
				: [
						...masked,
						`${left} more rows were returned and did not fit: ask for fewer columns or rows, or for substr() of long texts`,
					],
		untrusted: ["columns[]", "rows[]", "notes[]"],
	};
	const structured = safeFacts(facts, { showPersonalData });
	return { structured, text: renderedFrom(structured, (safe) => renderResult(safe, rows.length)) };
}

/** What came, before it is a table with the rest of its facts. */
interface ShownResult {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly Cell[])[];
	readonly shown: number;
}

function renderResult({ columns, rows, shown, ...others }: Safe<ShownResult>, total: number): string {
	const table = { columns: columns.map((name) => name.replace(/\s+/g, " ")), rows, shown, total };
	return renderFacts({ rows: table, ...others });
}
