// A tool called as the server calls it, its facts with the types of its own output schema.
import { z } from "zod";
import type { pagedSchema, TableCell } from "../../src/answer/table.ts";
import type { Answer, ToolDefinition } from "../../src/answer/tool.ts";
import { readArguments } from "../../src/mcp/read-arguments.ts";
import { chosenRepository } from "../../src/mcp/which-repository.ts";
import type { Services } from "../../src/services.ts";
import { describeError } from "../../src/text/index.ts";
import type { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import type { fetchErrors } from "../../tools/fetch_errors.ts";

export type Arguments = Readonly<Record<string, unknown>>;

/** A tool whose answer has facts. */
export type DataTool = ToolDefinition<z.ZodObject, z.ZodObject>;
export type FactsOf<Tool extends DataTool> = z.output<Tool["output"]>;

/** A list as an answer carries it. */
export type TableFacts = z.output<typeof pagedSchema>;

export interface Called<Tool extends DataTool> {
	/** Throws the words of an error, which has no facts. */
	readonly facts: FactsOf<Tool>;
	readonly text: string;
	/** The words of an error. */
	readonly error: string | undefined;
}

/** Through the tool's schema, with failures put into words. */
export async function answerOf(
	services: Services,
	tool: ToolDefinition,
	args: unknown,
	signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly answer: Answer } | { readonly error: string }> {
	const read = readArguments(tool, args, services.repositories);
	if ("refused" in read) return { error: read.refused };
	try {
		const chosen = chosenRepository(tool, read.args, services);
		const context = { services: chosen.services, signal, progress: () => {} };
		return { answer: await tool.run(chosen.args, context) };
	} catch (thrown) {
		const error = describeError(thrown);
		if (error === undefined) throw thrown;
		return { error };
	}
}

/** The answer is held to the tool's own schema. */
export async function call<Tool extends DataTool>(
	services: Services,
	tool: Tool,
	args: Arguments = {},
	signal?: AbortSignal,
): Promise<Called<Tool>> {
	const answered = await answerOf(services, tool, args, signal);
	if ("error" in answered) {
		const { error } = answered;
		return {
			get facts(): never {
				throw new Error(`${tool.name} answered with an error: ${error}`);
			},
			text: error,
			error,
		};
	}
	const { text, structured } = answered.answer;
	const sent: unknown = JSON.parse(JSON.stringify(structured));
	tool.output.strict().parse(sent);
	const output: Tool["output"] = tool.output;
	return { facts: output.parse(sent), text, error: undefined };
}

/** The rows that a tool pages through. */
export function pagedTable(facts: FactsOf<typeof failedSkillRuns> | FactsOf<typeof fetchErrors>): TableFacts {
	return "runs" in facts ? facts.runs : facts;
}

const cellShape: z.ZodType<TableCell> = z.union([
	z.string(),
	z.number(),
	z.boolean(),
	z.null(),
	z.array(z.string()),
]);

/** A table's rows as objects: what all rows share put back, what was left out null. */
export function rowsOf(table: TableFacts, columns: readonly string[]): Record<string, TableCell>[] {
	for (const column of table.columns) {
		if (!columns.includes(column)) throw new Error(`unexpected column ${column}`);
	}
	return table.rows.map((row) => {
		if (row.length !== table.columns.length) throw new Error("a row is not as wide as the columns");
		return Object.fromEntries(
			columns.map((column) => {
				const place = table.columns.indexOf(column);
				return [column, cellShape.parse((place < 0 ? table.common?.[column] : row[place]) ?? null)];
			}),
		);
	});
}
