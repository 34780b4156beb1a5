// Keeps each issue of a report as a case, and adds to the report what is known of it from before.

import { caseLine } from "../answer/index.ts";
import { type KeptIssue, rememberIssues } from "../cases/index.ts";
import type { Services } from "../services.ts";
import { Failure, isoInstant } from "../text/index.ts";
import type { CollectedReport } from "./collect.ts";
import type { Report, ReportPatch } from "./report.ts";
import { type IssueRequest, type ReportRequest, readSubjects, type Subject } from "./request.ts";

type Sources = Pick<Services, "production" | "memory" | "database">;

/** @returns the report with each issue's history, and a note: what was kept, or why nothing was */
export async function keepCases(
	sources: Sources,
	request: ReportRequest,
	collected: CollectedReport,
	signal: AbortSignal,
): Promise<{ readonly report: Report; readonly note?: string }> {
	const { report } = collected;
	const { issues = [] } = request;
	const failing = await skillEpisodes(sources, request, report, signal);
	const kept = readSubjects(issues).flatMap((subject, index): readonly KeptIssue[] => {
		const [issue, shown] = [issues[index], report.issues[index]];
		if (issue === undefined || shown === undefined) return [];
		return [keptIssue(issue, subject, { shown: shown.patch, failing, collected, index })];
	});
	const { cases, note } = await rememberIssues(sources, kept, sources.database.now().seconds, signal);
	const ids = cases.flatMap((one) => (one === undefined ? [] : [one.after.id]));
	const words = ids.length === 0 ? note : `Kept as ${ids.length === 1 ? "case" : "cases"} ${ids.join(", ")}.`;
	return {
		report: {
			...report,
			issues: report.issues.map((issue, index) => {
				const before = cases[index]?.before;
				return before === undefined ? issue : { ...issue, history: caseLine(before) };
			}),
		},
		...(words === undefined ? {} : { note: words }),
	};
}

function keptIssue(
	{ title, root_cause, proposed_fix, location, evidence = [] }: IssueRequest,
	subject: Subject,
	facts: {
		readonly shown: ReportPatch | undefined;
		readonly failing: KeptIssue["episodes"];
		readonly collected: CollectedReport;
		readonly index: number;
	},
): KeptIssue {
	const { shown, failing, collected, index } = facts;
	const { report, told } = collected;
	const counted = report.issues[index]?.subject;
	const spans = [report.window];
	const own = {
		count: counted?.kind === "skill" ? counted.failures : (counted?.count ?? 0),
		// A patch that cannot be read is not known to be one.
		...(shown === undefined || "missing" in shown ? {} : { patch: shown.id }),
		words: { title, cause: root_cause, fix: proposed_fix, location, evidence },
	};
	if (subject.kind === "skill") {
		const { skill } = subject;
		const episodes = failing.filter((asked) => asked.of === "skill" && asked.episode.skill === skill);
		return { of: "skill", name: skill, episodes, stretch: { of: "skill", skill, spans }, ...own };
	}
	const { code } = subject;
	const episodes = told.flatMap((episode, place): KeptIssue["episodes"] => {
		const commit = report.episodes[place]?.commit;
		if (episode.code !== code) return [];
		return [{ of: "code", episode, ...(commit === undefined ? {} : { suspect: commit }) }];
	});
	return { of: "code", name: code, episodes, stretch: { of: "code", code, spans }, ...own };
}

/** Of the skills that an issue names. */
async function skillEpisodes(
	{ production }: Sources,
	{ issues = [], user, organization }: ReportRequest,
	{ window }: Report,
	signal: AbortSignal,
): Promise<KeptIssue["episodes"]> {
	const skills = new Set(issues.flatMap(({ skill }) => (skill === undefined ? [] : [skill])));
	if (skills.size === 0) return [];
	const fixed = { since: isoInstant(window.from), until: isoInstant(window.to) };
	const asked = { ...fixed, user, organization, limit: 1, correlate: false };
	try {
		const { episodes } = await production.failedSkillRuns(asked, signal);
		return episodes
			.filter(({ skill }) => skills.has(skill))
			.map((episode): KeptIssue["episodes"][number] => ({ of: "skill", episode }));
	} catch (error) {
		signal.throwIfAborted();
		// The report has its numbers already.
		if (error instanceof Failure) return [];
		throw error;
	}
}
