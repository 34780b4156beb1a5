import { z } from "zod";
import { cursorArgument, filterArguments, windowArguments, windowSchema } from "../src/answer/arguments.ts";
import { fittedAnswer, percent, windowFacts } from "../src/answer/facts.ts";
import { freeText } from "../src/answer/free-text.ts";
import { shortId } from "../src/answer/ids.ts";
import { isoInstant, windowWords } from "../src/answer/instants.ts";
import { makeTable, type TableRow, tableSchema } from "../src/answer/table.ts";
import { defineTool, readsProduction } from "../src/answer/tool.ts";
import type { FailedRun, Rates } from "../src/production/runs/runs.ts";

/** Patterns shown; the rest is counted in the table's total. */
const maxPatterns = 10;

/** Which skills fail, how, and what else happened then. */
export const failedSkillRuns = defineTool({
	name: "failed_skill_runs",
	title: "Failed skill runs",
	description:
		"Skill runs that failed: rates and durations by skill against the same hours before, messages folded into patterns, and for each run the error events of the same user within 60 s (minus: before the run was logged). Scheduled runs are not logged here.",
	input: z.strictObject({
		...windowArguments,
		skill: filterArguments.skill,
		status: z.enum(["error", "partial", "any_failure"]).optional().describe("Default error"),
		user: filterArguments.user,
		organization: filterArguments.organization,
		message_contains: z.string().min(1).max(200).optional().describe("Narrows messages and runs only"),
		limit: z.int().min(1).max(100).optional().describe("Runs. Default 20"),
		with_ids: z.boolean().optional(),
		correlate: z.boolean().optional().describe("Default true"),
		cursor: cursorArgument,
	}),
	output: z.object({
		window: windowSchema,
		previous_window: windowSchema,
		summary: z.record(z.string(), z.number()),
		by_skill: tableSchema,
		messages: tableSchema,
		timeline: z.object({
			interval: z.string(),
			start: z.string(),
			runs: z.array(z.number()),
			failures: z.array(z.number()),
		}),
		runs: tableSchema,
		hint: z.string().optional(),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	async run({ with_ids, ...args }, { services, signal }) {
		const answer = await services.production.failedSkillRuns(args, signal);
		const { total, bySkill, messages, timeline, runs } = answer;
		const words = (text: string | null, length: number) =>
			text === null ? null : freeText(text, length, services.config.showPersonalData);
		const row = (run: FailedRun): TableRow => ({
			at: isoInstant(run.at),
			skill: run.skill,
			status: run.status,
			duration_ms: run.durationMs,
			user: run.user === null ? null : shortId(run.user),
			organization: run.organization === null ? null : shortId(run.organization),
			error_message: words(run.errorMessage, 160),
			input_summary: words(run.inputSummary, 80),
			related_errors: run.related.map(
				({ code, seconds, provider }) =>
					`${code} ${seconds > 0 ? "+" : ""}${seconds}s${provider === null ? "" : ` ${provider}`}`,
			),
			id: with_ids === true ? run.id : null,
		});
		return fittedAnswer(runs.length, (shown) => ({
			window: windowFacts(answer),
			previous_window: windowWords(answer.previous),
			summary: {
				runs: total.runs,
				failures: total.failures,
				failure_rate_pct: rate(total.failures, total.runs),
				previous_failure_rate_pct: rate(total.previousFailures, total.previousRuns),
			},
			by_skill: makeTable(rateColumns, bySkill.map(rateRow)),
			messages: makeTable(
				["pattern", "count", "skills", "last_seen", "example"],
				messages.slice(0, maxPatterns).map(({ pattern, count, skills, lastSeen, example }) => ({
					pattern: words(pattern, 200),
					count,
					skills,
					last_seen: isoInstant(lastSeen),
					example: example === pattern ? null : words(example, 200),
				})),
				{ total: messages.length },
			),
			timeline: {
				interval: timeline.interval,
				start: isoInstant(timeline.start),
				runs: timeline.runs,
				failures: timeline.failures,
			},
			runs: makeTable(runColumns, runs.slice(0, shown).map(row), {
				total: answer.listed,
				nextCursor: answer.cursorAfter(shown),
			}),
			hint: hint(answer.tableEmpty, total, answer.unfolded),
			untrusted: ["by_skill.rows[]", "messages.rows[]", "runs.rows[]", "*.common"],
		}));
	},
});

const rateColumns = [
	"skill",
	"runs",
	"failures",
	"failure_rate_pct",
	"previous_failure_rate_pct",
	"p50_ms",
	"p95_ms",
	"failed_p50_ms",
];

const runColumns = [
	"at",
	"skill",
	"status",
	"duration_ms",
	"user",
	"organization",
	"error_message",
	"input_summary",
	"related_errors",
	"id",
];

function rateRow(rates: Rates): TableRow {
	return {
		skill: rates.skill,
		runs: rates.runs,
		failures: rates.failures,
		failure_rate_pct: rate(rates.failures, rates.runs),
		previous_failure_rate_pct: rate(rates.previousFailures, rates.previousRuns),
		p50_ms: rates.p50,
		p95_ms: rates.p95,
		failed_p50_ms: rates.failedP50,
	};
}

/** Undefined where nothing ran. */
function rate(failures: number, runs: number): number | undefined {
	return runs === 0 ? undefined : percent(failures, runs);
}

function hint(tableEmpty: boolean, total: Rates, unfolded: number): string | undefined {
	if (tableEmpty) return "skill_usage_logs has no rows at all.";
	if (total.runs === 0)
		return "No run was logged in this window with these filters; scheduled runs are not in this table.";
	if (unfolded > 0) return `${unfolded} failures have messages too rare to be folded into patterns.`;
	return undefined;
}
