/**
 * What an investigation costs an agent in tokens (o200k), against the raw answers of the skill document's four
 * queries about the same rows: `npx tsx bench/tokens.ts`. And what the tools' definitions cost, as `tools/list` of
 * the built server (`npm run build`) has them.
 */
import { pathToFileURL } from "node:url";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import type { ToolDefinition } from "../src/answer/tool.ts";
import { startDemo } from "../src/cli/demo.ts";
import { loadConfig } from "../src/config/index.ts";
import { createServices } from "../src/services.ts";
import { connect } from "../test/e2e/connect.ts";
import { errorStats } from "../tools/error_stats.ts";
import { failedSkillRuns } from "../tools/failed_skill_runs.ts";
import { fetchErrors } from "../tools/fetch_errors.ts";

export interface QuestionCost {
	readonly question: string;
	/** Tokens of the body that the API answers the skill document's query with. */
	readonly raw: number;
	/** Tokens of a tool's answer: `structuredContent` as JSON, and the same facts as Markdown. */
	readonly structured: number;
	readonly text: number;
}

export interface TokenFigures {
	readonly questions: readonly QuestionCost[];
	/** Of all questions together, against the raw answers. */
	readonly structuredRatio: number;
	readonly textRatio: number;
	/** Tokens of each tool's definition as JSON. */
	readonly definitions: readonly { readonly tool: string; readonly tokens: number }[];
	readonly allDefinitions: number;
}

/** The sandbox's story ends here: a Monday evening. */
const now = Date.parse("2026-11-23T20:00:00Z");

export async function measureTokens(): Promise<TokenFigures> {
	const questions = await measureQuestions();
	const sum = (form: "raw" | "structured" | "text") =>
		questions.reduce((total, question) => total + question[form], 0);
	const definitions = await measureDefinitions();
	return {
		questions,
		structuredRatio: sum("structured") / sum("raw"),
		textRatio: sum("text") / sum("raw"),
		definitions,
		allDefinitions: definitions.reduce((total, { tokens }) => total + tokens, 0),
	};
}

/** Statistics, the newest events, those of the top code, the failed runs: what an investigation begins with. */
async function measureQuestions(): Promise<readonly QuestionCost[]> {
	const demo = await startDemo(now);
	const services = createServices(await loadConfig(demo.env, {}, process.cwd()), demo.clock);
	const to = now / 1000;
	const inWindow = `created_at >= ${to - 86_400} AND created_at < ${to}`;
	const raw = async (query: string) => {
		const response = await fetch(`${demo.env.SKILLOMATIC_API_URL}/v1/database/query`, {
			method: "POST",
			headers: {
				authorization: `Bearer ${demo.env.SKILLOMATIC_API_KEY}`,
				"content-type": "application/json",
			},
			body: JSON.stringify({ query }),
		});
		if (response.status !== 200) throw new Error(`${response.status} to ${query}`);
		return response.text();
	};
	const ask = async (tool: unknown, args: Readonly<Record<string, unknown>>) => {
		const { input, run } = tool as ToolDefinition;
		return run(input.parse(args), {
			services,
			signal: new AbortController().signal,
			progress: () => {},
		});
	};
	const cost = async (
		question: string,
		query: string,
		tool: unknown,
		args: Readonly<Record<string, unknown>>,
	): Promise<QuestionCost> => {
		const answer = await ask(tool, args);
		return {
			question,
			raw: countTokens(await raw(query)),
			structured: countTokens(JSON.stringify(answer.structured)),
			text: countTokens(answer.text),
		};
	};
	try {
		// The skill document's queries, held to the window that the tools answer for.
		const stats = `SELECT error_code, error_category, COUNT(*) as count FROM error_events WHERE ${inWindow} GROUP BY error_code ORDER BY count DESC`;
		const { data } = JSON.parse(await raw(stats)) as { data: { rows: { error_code: string }[] } };
		const top = data.rows[0]?.error_code ?? "";
		return [
			await cost("statistics by code", stats, errorStats, {}),
			await cost(
				"the 50 newest events",
				`SELECT * FROM error_events WHERE ${inWindow} ORDER BY created_at DESC LIMIT 50`,
				fetchErrors,
				{ limit: 50 },
			),
			await cost(
				`the 50 newest of ${top}`,
				`SELECT * FROM error_events WHERE ${inWindow} AND error_code = '${top}' ORDER BY created_at DESC LIMIT 50`,
				fetchErrors,
				{ limit: 50, error_code: top },
			),
			await cost(
				"30 failed runs",
				`SELECT * FROM skill_usage_logs WHERE ${inWindow} AND status = 'error' ORDER BY created_at DESC LIMIT 30`,
				failedSkillRuns,
				{ limit: 30 },
			),
		];
	} finally {
		await services.close();
		await demo.close();
	}
}

async function measureDefinitions(): Promise<TokenFigures["definitions"]> {
	const { client, close } = await connect();
	try {
		const { tools } = await client.listTools();
		return tools.map((tool) => ({ tool: tool.name, tokens: countTokens(JSON.stringify(tool)) }));
	} finally {
		await close();
	}
}

/** The figures as Markdown. */
export function tokensMarkdown({ questions, ...figures }: TokenFigures): string {
	const { structuredRatio, textRatio, definitions, allDefinitions } = figures;
	return [
		"| tokens (o200k) | raw JSON | structured | text |",
		"|---|---|---|---|",
		...questions.map(
			({ question, raw, structured, text }) => `| ${question} | ${raw} | ${structured} | ${text} |`,
		),
		`| all, against raw | 1 | ${structuredRatio.toFixed(3)} | ${textRatio.toFixed(3)} |`,
		"",
		`Definitions of ${definitions.length} tools: ${allDefinitions} tokens (${definitions.map(({ tool, tokens }) => `${tool} ${tokens}`).join(", ")}).`,
	].join("\n");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
	process.stdout.write(`${tokensMarkdown(await measureTokens())}\n`);
}
