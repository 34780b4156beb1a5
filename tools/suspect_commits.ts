// Ranks the commits that may have caused an episode, and says when none explains it.

import { z } from "zod";
import {
	causeReason,
	defineTool,
	deploymentsSchema,
	endedBySchema,
	episodeFacts,
	episodeLines,
	filterArguments,
	fittedAnswer,
	foreignSuspectColumns,
	gapWords,
	namedHash,
	readsProduction,
	ruledOutFacts,
	runEpisodeFacts,
	shortHash,
	suspectTable,
	tableSchema,
	untrustedFields,
	windowArguments,
	windowFacts,
	windowSchema,
} from "../src/answer/index.ts";
import { type Known, knownOf } from "../src/cases/index.ts";
import {
	type AskedEpisode,
	askEpisode,
	type CauseAnswer,
	findCauseInEach,
	onsetAbout,
	onsetOf,
	wordsOfEpisode,
} from "../src/cause/index.ts";
import type { Config } from "../src/config/index.ts";
import { resolveInstant } from "../src/production/index.ts";
import { describeError, freeText, isoInstant, visibleLine } from "../src/text/index.ts";

export const suspectCommits = defineTool({
	name: "suspect_commits",
	title: "Suspect commits",
	description:
		"Which change did it, or that none did: the commits before an episode, ranked by when they went live, how near they are to the code that raises the error and what they changed, with likelihoods. Without filters: the strongest episode.",
	input: z.strictObject({
		...windowArguments,
		...filterArguments,
		since_about: z
			.string()
			.min(1)
			.max(40)
			.optional()
			.describe("When it began, if you know: an ISO instant with zone, or a duration back from now"),
		limit: z.int().min(1).max(20).optional().describe("Suspects. Default 5"),
	}),
	output: z.object({
		window: windowSchema.optional(),
		/** As in error_stats or failed_skill_runs: its fields are told there, and definitions cost tokens. */
		episode: z.record(z.string(), z.unknown()).optional(),
		deployments: deploymentsSchema.optional(),
		verdict: z.enum(["likely", "possible", "no_commit_explains_it", "history_too_short"]),
		reason: z.string(),
		none_pct: z.number().optional(),
		suspects: tableSchema,
		ended_by: endedBySchema.optional(),
		ruled_out: z.record(z.string(), z.number()),
		hint: z.string().optional(),
		untrusted: z.array(z.string()),
	}),
	repository: "each",
	annotations: readsProduction,
	deadline: "production",
	summary: "Which commit likely caused an episode, with the evidence for each, or that no commit explains it",
	example: {},
	async run({ since_about, limit, ...args }, { services, signal }) {
		const histories = services.codebases();
		const clock = services.database.now().seconds;
		const about = since_about === undefined ? undefined : resolveInstant("since_about", since_about, clock);
		const known = await askEpisode(services.production, args, about, clock, signal);
		const { asked, messages, now, failure } = known;
		const onset = asked !== undefined ? onsetOf(asked) : about === undefined ? undefined : onsetAbout(about);
		const { config } = services;
		const window = known.window === undefined ? undefined : windowFacts({ ...known, window: known.window });
		const noProduction =
			failure === undefined ? [] : [`Production was not asked: ${describeError(failure) ?? "it failed"}`];
		if (onset === undefined) {
			return fittedAnswer(0, config, () => ({
				...(window === undefined ? {} : { window }),
				verdict: "no_commit_explains_it" as const,
				reason:
					"Nothing stands out in this window under these filters, so there is no beginning to look before.",
				suspects: suspectTable([], 0),
				ruled_out: {},
				hint: "Give since_about if you know when it began, or a longer window.",
				untrusted: [],
			}));
		}
		const deployments = services.deployments();
		const cause = await findCauseInEach(
			histories,
			{ onset, ...wordsOfEpisode(asked, args), messages, now },
			{ deployments, limit },
			signal,
		);
		const [recalled] = asked === undefined ? [] : await knownOf(services, [asked], signal);
		const begun = { ...(window === undefined ? {} : { window }), ...episodeOf(asked, recalled, config) };
		if (cause.kind === "none") {
			const why =
				cause.why === "no_git"
					? "The local folder is not a git repository."
					: "The local repository has no commits.";
			return fittedAnswer(0, config, () => ({
				...begun,
				verdict: "history_too_short" as const,
				reason: why,
				suspects: suspectTable([], 0),
				ruled_out: {},
				...(noProduction.length === 0 ? {} : { hint: noProduction.join(" ") }),
				untrusted: asked === undefined ? [] : episodeFields(asked, recalled),
			}));
		}
		// Beside a likelier one, a hundredth is noise.
		const listed = cause.suspects.filter(({ likelihood }, index) => index === 0 || likelihood >= leastListed);
		const whenDeployed = cause.deployments === undefined && listed.length > 0 ? [deploymentsUnknown] : [];
		const hints = [...noProduction, gapWords(cause), ...whenDeployed].filter((hint) => hint !== undefined);
		return fittedAnswer(listed.length, config, (shown) => {
			const suspects = suspectTable(listed.slice(0, shown), cause.considered);
			const told = causeFacts(cause, deployments?.by);
			return {
				...begun,
				...told,
				none_pct: Math.round(1000 * cause.none) / 10,
				suspects,
				ruled_out: ruledOutFacts(cause.ruledOut),
				...(hints.length === 0 ? {} : { hint: hints.join(" ") }),
				untrusted: [
					...untrustedFields(suspects, foreignSuspectColumns, "suspects."),
					"reason",
					...(asked === undefined ? [] : episodeFields(asked, recalled)),
					...("ended_by" in told ? ["ended_by.subject"] : []),
					...(told.deployments?.last === undefined ? [] : ["deployments.last"]),
				],
			};
		});
	},
});

const maxName = 120;
const leastListed = 0.01;
const deploymentsUnknown =
	"When commits went live is not known (the user can set PROD_DEBUGGER_DEPLOYMENTS): `at` is when they were committed.";

function episodeOf(asked: AskedEpisode | undefined, known: Known | undefined, { showPersonalData }: Config) {
	if (asked === undefined) return {};
	const lines = episodeLines(undefined, known);
	const show = (text: string) => visibleLine(freeText(text, maxName, showPersonalData));
	if (asked.of === "skill") return { episode: runEpisodeFacts(asked.episode, show, lines) };
	return { episode: episodeFacts(asked.episode, show, lines) };
}

function episodeFields({ of }: AskedEpisode, known: Known | undefined): readonly string[] {
	return [
		...(of === "skill" ? ["episode.skill"] : ["episode.error_code", "episode.where"]),
		...(known === undefined ? [] : ["episode.known"]),
	];
}

function causeFacts(cause: CauseAnswer, by: string | undefined) {
	const { deployments, endedBy } = cause;
	const last = deployments?.last;
	const version = last?.version === undefined ? "" : ` as ${visibleLine(last.version.slice(0, maxName))}`;
	return {
		...(deployments === undefined
			? {}
			: {
					deployments: {
						by: by ?? "tags that look like versions",
						count: deployments.count,
						...(last === undefined
							? {}
							: { last: `${shortHash(last.commit)} at ${isoInstant(last.at)}${version}` }),
					},
				}),
		verdict: cause.verdict,
		reason: causeReason(cause),
		...(endedBy === undefined
			? {}
			: {
					ended_by: {
						commit: namedHash(endedBy),
						at: isoInstant(endedBy.commit.reachedAt),
						subject: visibleLine(endedBy.commit.subject.slice(0, maxName)),
						...(endedBy.undoes === undefined ? {} : { undoes: shortHash(endedBy.undoes) }),
					},
				}),
	};
}
