// Collects what the page shows: the report, with its numbers over time, and failed runs.

import { categoryOf, type RunsAnswer, TableMissing, type WindowArguments } from "../../production/index.ts";
import { freeText, isoInstant } from "../../text/index.ts";
import { type Band, bandsOf } from "../../visual/index.ts";
import { collectReport, type ReportSources } from "../collect.ts";
import type { Report } from "../report.ts";
import { codeOf } from "../subjects.ts";

/** One code of the page; counts in the window unless said otherwise. */
export interface PageCode {
	readonly code: string;
	readonly category: string | undefined;
	readonly topSkill: string | undefined;
	readonly topProvider: string | undefined;
	readonly count: number;
	readonly previous: number;
	readonly isNew: boolean;
	readonly sessions: number;
	readonly users: number;
	readonly counts: readonly number[];
	readonly bands: readonly Band[];
}

export interface PageSkill {
	readonly skill: string;
	readonly runs: number;
	readonly failures: number;
	readonly previousRuns: number;
	readonly previousFailures: number;
}

/** What the page shows. Texts are as stored, except that secrets and addresses are masked. */
export interface PageData {
	readonly report: Report;
	readonly previous: { readonly from: number; readonly to: number; readonly total: number };
	readonly sessions: number;
	readonly users: number;
	readonly organizations: number;
	/** Of the buckets: the first one's start in epoch seconds, and seconds. */
	readonly start: number;
	readonly width: number;
	readonly counts: readonly number[];
	readonly codes: readonly PageCode[];
	/** undefined where this deployment does not log runs. */
	readonly runs: { readonly runs: number; readonly failures: number } | undefined;
	readonly skills: readonly PageSkill[];
	readonly messages: readonly { readonly pattern: string; readonly count: number }[];
}

const maxSkills = 12;
const maxMessages = 6;
const maxNameLength = 120;

/** Makes two queries: error_stats', then failed_skill_runs' for the same window. */
export async function collectPage(
	sources: ReportSources,
	asked: WindowArguments,
	signal: AbortSignal,
): Promise<PageData> {
	const { report, stats } = await collectReport(sources, asked, signal);
	const { window, previous, timeline } = stats;
	const fixed = { since: isoInstant(window.from), until: isoInstant(window.to) };
	const failed = await failedRuns(sources, fixed, signal);
	const name = (text: string) => freeText(text, maxNameLength, sources.config.showPersonalData);
	const optional = (text: string | null) => (text === null ? undefined : name(text));
	return {
		report,
		previous: { ...previous, total: stats.previousTotal },
		sessions: stats.sessions,
		users: stats.users,
		organizations: stats.organizations,
		start: timeline.start,
		width: timeline.width,
		counts: timeline.counts,
		codes: stats.groups.slice(0, report.codes.length).map((group) => ({
			code: name(codeOf(group)),
			category: categoryOf(codeOf(group)),
			topSkill: optional(group.topSkill),
			topProvider: optional(group.topProvider),
			count: group.count,
			previous: group.previous,
			isNew: group.isNew,
			sessions: group.sessions,
			users: group.users,
			counts: timeline.byCode.find(({ code }) => (code ?? "none") === codeOf(group))?.counts ?? [],
			bands: stats.episodes
				.filter(({ code }) => code === codeOf(group))
				.flatMap((episode) => bandsOf({ ...episode, isOn: episode.until === undefined })),
		})),
		...readSkills(failed, name),
	};
}

/** undefined where this deployment does not log runs: the errors are worth a page without them. */
async function failedRuns(
	{ production }: ReportSources,
	window: WindowArguments,
	signal: AbortSignal,
): Promise<RunsAnswer | undefined> {
	try {
		return await production.failedSkillRuns({ ...window, correlate: false, limit: 1 }, signal);
	} catch (error) {
		if (error instanceof TableMissing) return undefined;
		throw error;
	}
}

function readSkills(
	answer: RunsAnswer | undefined,
	name: (text: string) => string,
): Pick<PageData, "runs" | "skills" | "messages"> {
	if (answer === undefined) return { runs: undefined, skills: [], messages: [] };
	const { total, bySkill, messages } = answer;
	return {
		runs: { runs: total.runs, failures: total.failures },
		skills: bySkill.slice(0, maxSkills).map((rates) => ({ ...rates, skill: name(rates.skill ?? "(none)") })),
		messages: messages.slice(0, maxMessages).map(({ pattern, count }) => ({ pattern: name(pattern), count })),
	};
}
