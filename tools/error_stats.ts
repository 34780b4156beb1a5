import { z } from "zod";
import { filterArguments, windowArguments, windowSchema } from "../src/answer/arguments.ts";
import { emptyHint } from "../src/answer/empty-hint.ts";
import { changePercent, fittedAnswer, percent, windowFacts } from "../src/answer/facts.ts";
import { shortId } from "../src/answer/ids.ts";
import { isoInstant, windowWords } from "../src/answer/instants.ts";
import { makeTable, type TableRow, tableSchema } from "../src/answer/table.ts";
import { defineTool, readsProduction } from "../src/answer/tool.ts";
import { findFindings } from "../src/production/stats/findings.ts";
import type { Group } from "../src/production/stats/stats.ts";

const dimensions = [
	"error_code",
	"category",
	"skill",
	"provider",
	"action",
	"http_status",
	"session",
	"user",
	"organization",
] as const;

/** Start here: what is wrong, how much, since when, for whom. */
export const errorStats = defineTool({
	name: "error_stats",
	title: "Error statistics",
	description:
		"Start here. What fails in production, how much, since when, for whom: counts by group against the same hours before, a timeline, and findings that say what to look at first. Then fetch_errors for the events, search_codebase for the code.",
	input: z.strictObject({
		...windowArguments,
		...filterArguments,
		group_by: z.array(z.enum(dimensions)).min(1).max(2).optional().describe('Default ["error_code"]'),
		interval: z
			.enum(["auto", "5m", "15m", "hour", "6h", "day"])
			.optional()
			.describe("Of the timeline; at most 200 buckets. Default auto"),
		limit: z.int().min(1).max(50).optional().describe("Groups. Default 15"),
	}),
	output: z.object({
		window: windowSchema,
		previous_window: windowSchema,
		summary: z.record(z.string(), z.number()),
		groups: tableSchema,
		other_count: z.number(),
		timeline: z.object({ interval: z.string(), start: z.string(), counts: z.array(z.number()) }),
		findings: z.array(z.string()),
		hint: z.string().optional(),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	async run(args, { services, signal }) {
		const stats = await services.production.errorStats(args, signal);
		const groupBy = args.group_by ?? ["error_code"];
		const { total, previousTotal, timeline } = stats;
		const findings = findFindings(stats, shortId);
		const change = changePercent(total, previousTotal);
		return fittedAnswer(stats.groups.length, (shown) => {
			const groups = stats.groups.slice(0, shown);
			const counted = groups.reduce((sum, group) => sum + group.count, 0);
			return {
				window: windowFacts(stats),
				previous_window: windowWords(stats.previous),
				summary: {
					total,
					previous_total: previousTotal,
					...(change === undefined ? {} : { change_pct: change }),
					unique_codes: stats.uniqueCodes,
					sessions: stats.sessions,
					users: stats.users,
					organizations: stats.organizations,
				},
				groups: makeTable(
					[...groupBy, ...measures],
					groups.map((group) => row(group, groupBy, total)),
					{ total: stats.groupCount },
				),
				other_count: total - counted,
				timeline: { interval: timeline.interval, start: isoInstant(timeline.start), counts: timeline.counts },
				findings,
				hint: stats.empty === undefined ? undefined : emptyHint(stats.empty),
				untrusted: ["groups.rows[]", "groups.common", "findings[]", "hint"],
			};
		});
	},
});

const measures = [
	"count",
	"share_pct",
	"previous",
	"change_pct",
	"is_new",
	"sessions",
	"users",
	"top_skill",
	"top_provider",
	"first_seen",
	"last_seen",
];

function row(group: Group, groupBy: readonly string[], total: number): TableRow {
	const key = groupBy.map((dimension, index) => {
		const cell = group.key[index] ?? null;
		return [dimension, typeof cell === "string" ? shortId(cell) : cell] as const;
	});
	return {
		...Object.fromEntries(key),
		count: group.count,
		share_pct: percent(group.count, total),
		previous: group.previous,
		change_pct: changePercent(group.count, group.previous),
		is_new: group.isNew,
		sessions: group.sessions,
		users: group.users,
		top_skill: group.topSkill,
		top_provider: group.topProvider,
		first_seen: isoInstant(group.firstSeen),
		last_seen: isoInstant(group.lastSeen),
	};
}
