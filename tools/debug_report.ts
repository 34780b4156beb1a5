// Writes the Production Debug Report from the agent's findings and production's numbers.

import { z } from "zod";
import {
	codeArgument,
	defineTool,
	filterArguments,
	readsProduction,
	windowArguments,
} from "../src/answer/index.ts";
import { collectReport, keepCases, keepReport, renderWithin } from "../src/report/index.ts";
import { fits, markedBlock, safeText, secretsOnly } from "../src/text/index.ts";

const paragraph = z.string().min(1).max(4000);
const line = z.string().min(1).max(1000);
const name = z.string().min(1).max(200);

export const debugReport = defineTool({
	name: "debug_report",
	title: "Production debug report",
	description:
		"Call it last: your root causes, evidence and fixes make the Production Debug Report in Markdown, with production's own counts. Give it to the user unchanged.",
	input: z.strictObject({
		...windowArguments,
		...filterArguments,
		issues: z
			.array(
				z.strictObject({
					error_code: codeArgument.optional(),
					skill: name.optional().describe("Alone: its failed runs"),
					provider: name.optional(),
					organization: name.optional(),
					since: name.optional(),
					title: name.optional(),
					root_cause: paragraph,
					evidence: z.array(line).max(20).optional(),
					location: line.optional().describe("path:line"),
					current_code: z.string().max(20_000).optional(),
					proposed_fix: z.string().min(1).max(20_000).describe("Markdown"),
					patch_id: name.optional().describe("From propose_patch; adds its diff"),
					files: z
						.array(z.strictObject({ path: line, change: line }))
						.max(50)
						.optional(),
				}),
			)
			.max(20)
			.describe("Each about one error_code, narrowed by its filters, or one skill"),
		actions: z
			.strictObject({
				immediate: line.optional(),
				short_term: line.optional(),
				monitor: line.optional(),
			})
			.optional(),
	}),
	output: undefined,
	annotations: readsProduction,
	deadline: "production",
	summary: "The Production Debug Report in Markdown, its numbers from production, not from the agent",
	example: {
		issues: [
			{
				error_code: "LLM_RATE_LIMITED",
				root_cause: "Calls are repeated without a pause.",
				proposed_fix: "Wait between calls.",
			},
		],
	},
	async run(request, { services, signal }) {
		const collected = await collectReport(services, request, signal);
		const { report, note } = await keepCases(services, request, collected, signal);
		const marked = (text: string) => markedBlock("production", text);
		const text = marked(renderWithin(report, (text) => fits(marked(text))).trimEnd());
		// Addresses are masked where the report is collected: a patch's lines stay as they are applied.
		const answer = safeText(note === undefined ? text : `${text}\n\n${note}`, secretsOnly);
		await keepReport(services, report, answer);
		return { text: answer };
	},
});
