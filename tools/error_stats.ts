// Counts what fails against the same hours before, and says what to look at first.

import { z } from "zod";
import {
	chartData,
	defineTool,
	emptyHint,
	episodeFacts,
	episodeLines,
	episodeSchema,
	episodesNote,
	filterArguments,
	findFindings,
	fittedAnswer,
	latelyHint,
	makeTable,
	mostWords,
	previousWindowSchema,
	readsProduction,
	type TableRow,
	tableSchema,
	untrustedFields,
	untrustedOf,
	windowArguments,
	windowFacts,
	windowSchema,
	withoutLine,
} from "../src/answer/index.ts";
import { knownOf } from "../src/cases/index.ts";
import { type AskedEpisode, causesOfEpisodes } from "../src/cause/index.ts";
import type { Group, StatsAnswer } from "../src/production/index.ts";
import {
	changePercent,
	freeText,
	isoInstant,
	percent,
	safeFacts,
	shortId,
	visibleLine,
	windowWords,
} from "../src/text/index.ts";
import { chartKey, statsView } from "../src/visual/index.ts";

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

export const errorStats = defineTool({
	name: "error_stats",
	title: "Error statistics",
	description:
		"Start here: what fails in production, since when, for whom. Counts by group against the same hours before, a timeline, episodes (since when, what kind, whether over) each with its likeliest commit, and findings: what to look at first. Then fetch_errors for the events, search_codebase for the code.",
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
		previous_window: previousWindowSchema,
		summary: z.record(z.string(), z.number()),
		findings: z.array(z.string()),
		hint: z.string().optional(),
		groups: tableSchema,
		other_count: z.number(),
		timeline: z.object({ interval: z.string(), start: z.string(), counts: z.array(z.number()) }),
		episodes: z.array(episodeSchema),
		episodes_note: z.string().optional(),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	meta: { ui: { resourceUri: statsView } },
	summary:
		"What fails, how much against the same hours before, since when, for whom; episodes and their suspect commits; what a person would notice first",
	example: {},
	async run(args, { services, signal }) {
		const stats = await services.production.errorStats(args, signal);
		const shown = { ...stats, episodes: stats.episodes.slice(0, maxEpisodes) };
		const now = Math.floor(services.clock.now() / 1000);
		const asked = shown.episodes.map((episode): AskedEpisode => ({ of: "code", episode }));
		const [causes, known] = await Promise.all([
			causesOfEpisodes(
				services,
				asked.map((asked) => ({ asked })),
				{ deployments: services.config.deployments, now },
				signal,
			),
			knownOf(services, asked, signal),
		]);
		const groupBy = args.group_by ?? ["error_code"];
		const { total, previousTotal, timeline } = stats;
		const cellText = (text: string) =>
			visibleLine(freeText(text, maxCellLength, services.config.showPersonalData));
		const change = comparedPercent(total, previousTotal, stats.previousHeld);
		const told = stats.episodes.map((episode, index) => withoutLine(episode, causes[index]));
		const findings = findFindings(
			{ ...stats, episodes: told },
			{ code: cellText, id: (id) => cellText(shortId(id)) },
		);
		const environment = services.environments.length > 1 ? services.config.environment?.name : undefined;
		const hints = [
			stats.empty === undefined ? undefined : emptyHint(stats.empty),
			stats.silentSkills.length > 0 ? undefined : latelyHint(stats.lately, cellText),
		].filter((one) => one !== undefined);
		const hint = hints.length === 0 ? undefined : hints.join(" ");
		const episodes = told.slice(0, maxEpisodes).map((episode, index) => {
			return episodeFacts(episode, cellText, episodeLines(causes[index], known[index]));
		});
		const answer = fittedAnswer(stats.groups.length, services.config, (shown) => {
			const groups = stats.groups.slice(0, shown);
			const counted = groups.reduce((sum, group) => sum + group.count, 0);
			const table = makeTable(
				[...groupBy, ...measures],
				groups.map((group) => row(group, groupBy, stats, cellText)),
				{ total: stats.groupCount },
			);
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
					...(stats.withoutUser === 0 ? {} : { events_without_user: stats.withoutUser }),
					...(stats.datedInFuture === 0 ? {} : { dated_in_future: stats.datedInFuture }),
				},
				findings,
				hint,
				groups: table,
				other_count: total - counted,
				timeline: { interval: timeline.interval, start: isoInstant(timeline.start), counts: timeline.counts },
				episodes,
				episodes_note: episodesNote(stats, maxEpisodes),
				untrusted: [
					...untrustedFields(table, [...groupBy, "top_skill", "top_provider"], "groups."),
					...untrustedOf("episodes", episodes, [
						"error_code",
						"where",
						"with[]",
						"suspect",
						"ended_by",
						"known",
					]),
					...(findings.length === 0 ? [] : ["findings[]"]),
					...(hint === undefined ? [] : ["hint"]),
				],
			};
		});
		return {
			...answer,
			meta: safeFacts(
				{ [chartKey]: chartData(stats, groupBy, cellText, { environment, findings, causes }) },
				services.config,
			),
		};
	},
});

/** The change against the previous window; against its rate where only a part of it is held, and never against nothing. */
function comparedPercent(count: number, previous: number, held: number): number | undefined {
	return held === 0 ? undefined : changePercent(count, previous / held);
}

/** The most episodes that are shown. */
const maxEpisodes = 10;

/** The longest that a name from production may be in a cell. */
const maxCellLength = 120;

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

function row(
	group: Group,
	groupBy: readonly string[],
	{ total, previousHeld }: Pick<StatsAnswer, "total" | "previousHeld">,
	cellText: (text: string) => string,
): TableRow {
	const key = groupBy.map((dimension, index) => {
		const cell = group.key[index] ?? null;
		return [dimension, typeof cell === "string" ? cellText(shortId(cell)) : cell] as const;
	});
	return {
		...Object.fromEntries(key),
		count: group.count,
		share_pct: percent(group.count, total),
		previous: group.previous,
		change_pct: comparedPercent(group.count, group.previous, previousHeld),
		is_new: group.isNew,
		sessions: group.sessions,
		users: group.users,
		top_skill: mostWords(group.topSkill, cellText),
		top_provider: mostWords(group.topProvider, cellText),
		first_seen: isoInstant(group.firstSeen),
		last_seen: isoInstant(group.lastSeen),
	};
}
