// Keeps each issue of a report as a case, and adds to the report what is known of it from before.

import { caseLine } from "../answer/index.ts";
import { type KeptIssue, rememberIssues } from "../cases/index.ts";
import type { Services } from "../services.ts";
import type { CollectedReport } from "./collect.ts";
import type { Report, ReportPatch } from "./report.ts";
import { type IssueRequest, type ReportRequest, readSubjects, type Subject } from "./request.ts";

/** Cases named below a report: an answer's size has room for so many. */
const maxNamed = 8;

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
	const kept = readSubjects(issues).flatMap((subject, index): readonly KeptIssue[] => {
		const [issue, shown] = [issues[index], report.issues[index]];
		if (issue === undefined || shown === undefined) return [];
		return [keptIssue(issue, subject, { shown: shown.patch, collected, index })];
	});
	const { cases, note } = await rememberIssues(sources, kept, sources.database.now().seconds, signal);
	const ids = cases.flatMap((one) => (one === undefined ? [] : [one.after.id]));
	const more = ids.length > maxNamed ? ` and ${ids.length - maxNamed} more` : "";
	const words =
		ids.length === 0
			? note
			: `Kept as ${ids.length === 1 ? "case" : "cases"} ${ids.slice(0, maxNamed).join(", ")}${more}.`;
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
		readonly collected: CollectedReport;
		readonly index: number;
	},
): KeptIssue {
	const { shown, collected, index } = facts;
	const { report, told, failing } = collected;
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
		const episodes = failing
			.filter((episode) => episode.skill === skill)
			.map((episode): KeptIssue["episodes"][number] => ({ of: "skill", episode }));
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
