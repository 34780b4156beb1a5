// Runs one SELECT that the agent wrote.

import { z } from "zod";
import { defineTool, queryAnswer, readsProduction } from "../src/answer/index.ts";
import { shortId } from "../src/text/index.ts";

export const queryDatabase = defineTool({
	name: "query_database",
	title: "SQL query",
	description:
		"Any other question: one SELECT in SQLite's SQL. Secret and personal columns cannot be read. error_events: id, organization_id, user_id, error_code, error_category, skill_slug, provider, action, http_status, session_id, created_at. skill_usage_logs: id, skill_id (skills: id, slug), user_id, organization_id (mostly empty: join users), status, duration_ms, input_summary, error_message, created_at. Times are usually Unix seconds. Other tables: describe_database.",
	input: z.strictObject({
		sql: z.string().min(1).max(10_000),
		limit: z.int().min(1).max(1000).optional().describe("Rows. Default 100"),
	}),
	output: z.object({
		columns: z.array(z.string()),
		rows: z.array(z.array(z.unknown())),
		shown: z.number(),
		truncated: z.boolean(),
		duration_ms: z.number(),
		notes: z.array(z.string()),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	summary: "Any other question, as one SELECT over readable columns",
	example: {
		sql: "SELECT error_code, COUNT(*) AS n FROM error_events GROUP BY error_code ORDER BY n DESC",
	},
	async run({ sql, limit = 100 }, { services, signal }) {
		const result = await services.queries.query({ sql, limit }, signal);
		const shortened = result.rows.some((row) => row.some(isShortened));
		return queryAnswer(
			{
				...result,
				rows: result.rows.map((row) => row.map((cell) => (typeof cell === "string" ? shortId(cell) : cell))),
				notes: shortened
					? [...result.notes, "ids are shown short: compare with LIKE '1a2b3c4d%'"]
					: result.notes,
			},
			services.config.showPersonalData,
		);
	},
});

function isShortened(cell: unknown): boolean {
	return typeof cell === "string" && shortId(cell) !== cell;
}
