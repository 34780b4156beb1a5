import type { ToolDefinition } from "../../src/answer/tool.ts";
import { describeIssues } from "../../src/mcp/argument-issues.ts";
import type { Services } from "../../src/services.ts";
import { describeError } from "../../src/text/index.ts";

export type Arguments = Readonly<Record<string, unknown>>;
export type Cell = string | number | boolean | null | readonly string[];

export interface Facts {
	readonly [fact: string]: unknown;
}

/** A list as an answer carries it. */
export interface TableFacts {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly Cell[])[];
	readonly common?: Readonly<Record<string, Cell>>;
	readonly shown: number;
	readonly total: number;
	readonly next_cursor?: string;
}

export interface Called {
	readonly facts: Facts;
	readonly text: string;
	/** The words of an error; then there are no facts. */
	readonly error: string | undefined;
}

/** A tool as the server calls it: through its schema, with failures put into words, its answer held to its own schema. */
export async function call(
	services: Services,
	tool: unknown,
	args: Arguments = {},
	signal: AbortSignal = new AbortController().signal,
): Promise<Called> {
	const { name, input, output, run } = tool as ToolDefinition;
	const parsed = input.safeParse(args, { reportInput: true });
	if (!parsed.success) {
		const error = describeIssues(name, parsed.error, input);
		return { facts: {}, text: error, error };
	}
	try {
		const answer = await run(parsed.data, { services, signal, progress: () => {} });
		const facts = JSON.parse(JSON.stringify(answer.structured)) as Facts;
		output?.strict().parse(facts);
		return { facts, text: answer.text, error: undefined };
	} catch (thrown) {
		const error = describeError(thrown);
		if (error === undefined) throw thrown;
		return { facts: {}, text: error, error };
	}
}

/** A table's rows as objects: what all rows share put back, what was left out null. */
export function rowsOf(table: TableFacts, columns: readonly string[]): Record<string, Cell>[] {
	for (const column of table.columns) {
		if (!columns.includes(column)) throw new Error(`unexpected column ${column}`);
	}
	return table.rows.map((row) => {
		if (row.length !== table.columns.length) throw new Error("a row is not as wide as the columns");
		return Object.fromEntries(
			columns.map((column) => {
				const place = table.columns.indexOf(column);
				return [column, (place < 0 ? table.common?.[column] : row[place]) ?? null];
			}),
		);
	});
}
