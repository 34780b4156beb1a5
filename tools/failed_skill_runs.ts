// Lists the skill runs that failed: rates, messages, and the error events around each run.

import { z } from "zod";
import {
	cursorArgument,
	defineTool,
	episodeLines,
	episodesNote,
	filterArguments,
	fittedAnswer,
	makeTable,
	pagedSchema,
	previousWindowSchema,
	readsProduction,
	runEpisodeFacts,
	runEpisodeSchema,
	runFindings,
	runsHint,
	type TableRow,
	tableSchema,
	untrustedFields,
	untrustedOf,
	windowArguments,
	windowFacts,
	windowSchema,
} from "../src/answer/index.ts";
import { knownOf } from "../src/cases/index.ts";
import { type AskedEpisode, causesOfEpisodes } from "../src/cause/index.ts";
import type { FailedRun, MessagePattern, Rates, RelatedEvents } from "../src/production/index.ts";
import {
	freeText,
	isoInstant,
	percent,
	readLength,
	shortId,
	visibleLine,
	windowWords,
} from "../src/text/index.ts";

/** Patterns shown; the rest is counted in the table's total. */
const maxPatterns = 5;
/** Skills in the table of rates; the rest is counted in its total. */
const maxSkills = 20;
/** Episodes shown; the rest is counted in the note. */
const maxEpisodes = 10;
/** Skills named for a pattern. */
const maxSkillsNamed = 5;

export const failedSkillRuns = defineTool({
	name: "failed_skill_runs",
	title: "Failed skill runs",
	description:
		"Skill runs that failed: episodes by skill (by the server's log of runs; those of error_stats by clients' events), rates and durations against the same hours before, messages folded into patterns (one that is a code: search_codebase error_code), each run's error events of the same user within 60 s (minus: before it was logged). Scheduled runs are not logged here.",
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
		previous_window: previousWindowSchema,
		summary: z.record(z.string(), z.number().optional()),
		by_skill: tableSchema,
		messages: tableSchema,
		timeline: z.object({
			interval: z.string(),
			start: z.string(),
			runs: z.array(z.number()),
			failures: z.array(z.number()),
		}),
		episodes: z.array(runEpisodeSchema),
		episodes_note: z.string().optional(),
		findings: z.array(z.string()),
		runs: pagedSchema,
		hint: z.string().optional(),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	summary:
		"Which skills fail, how often and how slowly, with which messages, and which error events the same user had within 60 s",
	example: { limit: 3 },
	async run({ with_ids, ...args }, { services, signal }) {
		const answer = await services.production.failedSkillRuns(args, signal);
		const { total, timeline, runs, related } = answer;
		const cellText: CellText = (text, length) =>
			text === null ? null : freeText(text, length, services.config.showPersonalData, readLength(text));
		const bySkill = makeTable(
			rateColumns,
			answer.bySkill.slice(0, maxSkills).map((rates) => rateRow(rates, cellText)),
			{ total: answer.failingSkills },
		);
		const patterns = answer.messages;
		const messages = makeTable(
			messageColumns,
			patterns.slice(0, maxPatterns).map((pattern) => messageRow(pattern, cellText)),
			{ total: patterns.length },
		);
		const name = (text: string) => visibleLine(cellText(text, 80) ?? "");
		const shownEpisodes = answer.episodes.slice(0, maxEpisodes);
		const asked = shownEpisodes.map((episode): AskedEpisode => ({ of: "skill", episode }));
		const [causes, known] = await Promise.all([
			causesOfEpisodes(
				services,
				shownEpisodes.map((episode) => ({
					asked: { of: "skill", episode },
					messages: patterns
						.filter(({ skills }) => skills.includes(episode.skill))
						.slice(0, maxPatterns)
						.map(({ pattern }) => pattern),
				})),
				{ deployments: services.config.deployments, now: answer.now },
				signal,
			),
			knownOf(services, asked, signal),
		]);
		const episodes = shownEpisodes.map((episode, index) => {
			return runEpisodeFacts(episode, name, episodeLines(causes[index], known[index]));
		});
		const findings = runFindings(answer, { code: name, id: (id) => name(shortId(id)) });
		const rows = runs.map((run) => ({
			...runRow(run, related.get(run.id), cellText),
			id: with_ids === true ? run.id : null,
		}));
		const hint = runsHint(answer, args, {
			patterns: messages.total - messages.shown,
			skills: bySkill.total - bySkill.shown,
		});
		return fittedAnswer(runs.length, services.config, (shown) => {
			const table = makeTable(runColumns, rows.slice(0, shown), {
				total: answer.listed,
				fixed: fixedColumns(answer.asked),
				nextCursor: answer.cursorAfter(shown),
			});
			return {
				window: windowFacts(answer),
				previous_window: windowWords(answer.previous),
				summary: {
					runs: total.runs,
					failures: total.failures,
					failure_rate_pct: rate(total.failures, total.runs),
					previous_failure_rate_pct: rate(total.previousFailures, total.previousRuns),
					users: answer.users,
					organizations: answer.organizations,
				},
				findings,
				episodes,
				episodes_note: episodesNote(answer, maxEpisodes),
				by_skill: bySkill,
				messages,
				timeline: { ...timeline, start: isoInstant(timeline.start) },
				runs: table,
				hint,
				untrusted: [
					...untrustedFields(bySkill, ["skill"], "by_skill."),
					...untrustedFields(messages, ["pattern", "skills", "example"], "messages."),
					...untrustedFields(table, untrustedColumns, "runs."),
					...untrustedOf("episodes", episodes, ["skill", "suspect", "ended_by", "known"]),
					...(findings.length === 0 ? [] : ["findings[]"]),
					// It quotes the argument and existing slugs.
					...(answer.none === undefined ? [] : ["hint"]),
				],
			};
		});
	},
});

/** What all failures share: the arguments fix it. */
function fixedColumns(
	args: { readonly [Name in "skill" | "status" | "user" | "organization"]?: string | undefined },
): readonly string[] {
	return [
		...(args.status === "any_failure" ? [] : ["status"]),
		...(["skill", "user", "organization"] as const).filter((name) => args[name] !== undefined),
	];
}

/** Untrusted text as a cell of at most `length` characters. */
type CellText = (text: string | null, length: number) => string | null;

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

const messageColumns = ["pattern", "count", "skills", "last_seen", "example"];

const untrustedColumns = [
	"skill",
	"user",
	"organization",
	"error_message",
	"input_summary",
	"related_errors",
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

function rateRow(rates: Rates, cellText: CellText): TableRow {
	return {
		skill: cellText(rates.skill, 80),
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

function messageRow(message: MessagePattern, cellText: CellText): TableRow {
	const { pattern, count, skills, lastSeen, example } = message;
	const named = skills.slice(0, maxSkillsNamed).map((skill) => cellText(skill, 80) ?? "");
	const others = skills.length - named.length;
	return {
		pattern: cellText(pattern, 200),
		count,
		skills: others === 0 ? named : [...named, `and ${others} more`],
		last_seen: isoInstant(lastSeen),
		example: example === pattern ? null : cellText(example, 200),
	};
}

function runRow(run: FailedRun, related: RelatedEvents | undefined, cellText: CellText): TableRow {
	const short = (id: string | null) => cellText(id === null ? null : shortId(id), 200);
	return {
		at: isoInstant(run.at),
		skill: cellText(run.skill, 80),
		status: run.status,
		duration_ms: run.durationMs,
		user: short(run.user),
		organization: short(run.organization),
		error_message: cellText(run.errorMessage, 160),
		input_summary: cellText(run.inputSummary, 80),
		related_errors: [
			...(related?.events ?? []).map(({ code, seconds, provider }) => {
				const after = seconds > 0 ? `+${seconds}` : `${seconds}`;
				return `${cellText(code, 60)} ${after}s${provider === null ? "" : ` ${cellText(provider, 60)}`}`;
			}),
			...(related?.more === true ? ["and more"] : []),
		],
	};
}
