// Counts what each issue is about, with as few requests to production as possible.

import type { CountedRunEpisode, FilterArguments, Group, Production, Window } from "../production/index.ts";
import { isoInstant } from "../text/index.ts";
import type { ReportSubject } from "./report.ts";
import type { Subject } from "./request.ts";

/** The window as it was resolved, and what was already counted in it. */
export interface Counted {
	readonly window: Window;
	readonly filters: FilterArguments;
	/** By error_code. */
	readonly groups: readonly Group[];
	/** How many groups there are in all. */
	readonly groupCount: number;
}

/** The code of a group; `none` where the field is empty, as the filters have it. */
export function codeOf({ key: [code] }: Group): string {
	return code === null || code === undefined ? "none" : String(code);
}

export interface CountedSubjects {
	readonly subjects: readonly ReportSubject[];
	/** Of the skills among them. */
	readonly episodes: readonly CountedRunEpisode[];
}

/**
 * What the statistics already contain costs no request; other codes cost one request together, failed skills one
 * together, and each skill that did not fail one.
 */
export async function countSubjects(
	production: Production,
	subjects: readonly Subject[],
	counted: Counted,
	signal: AbortSignal,
): Promise<CountedSubjects> {
	const whole = subjects.filter(({ narrowed }) => narrowed === undefined);
	const codes = whole.flatMap((subject) => (subject.kind === "error_code" ? [subject.code] : []));
	const skills = whole.flatMap((subject) => (subject.kind === "skill" ? [subject.skill] : []));
	const [narrowed, events, runs] = await Promise.all([
		Promise.all(subjects.map((subject) => countNarrowed(production, subject, counted, signal))),
		countCodes(production, codes, counted, signal),
		countSkills(production, skills, counted, signal),
	]);
	return {
		subjects: subjects.map((subject, index): ReportSubject => {
			const own = narrowed[index];
			if (own !== undefined) return own;
			return subject.kind === "error_code"
				? { kind: "error_code", code: subject.code, count: events.get(subject.code) ?? 0 }
				: {
						kind: "skill",
						skill: subject.skill,
						...(runs.counts.get(subject.skill) ?? { failures: 0, runs: 0 }),
					};
		}),
		episodes: runs.episodes.filter(({ skill }) => skills.includes(skill)),
	};
}

/** An issue with filters of its own is counted by them, one request each. */
async function countNarrowed(
	production: Production,
	subject: Subject,
	{ window, filters }: Counted,
	signal: AbortSignal,
): Promise<ReportSubject | undefined> {
	const { narrowed } = subject;
	if (narrowed === undefined) return undefined;
	const { since, ...own } = narrowed;
	const span = { ...fixed(window), ...(since === undefined ? {} : { since }) };
	const given = Object.entries(own).filter(([, value]) => value !== undefined);
	const within = [...given, ...(since === undefined ? [] : [["since", since]])]
		.map(([name, value]) => `${name} ${value}`)
		.join(", ");
	if (subject.kind === "error_code") {
		const { code } = subject;
		const asked = { ...filters, ...Object.fromEntries(given), ...span, error_code: code, limit: 1 };
		const { total } = await production.errorStats(asked, signal);
		return { kind: "error_code", code, count: total, within };
	}
	const { skill } = subject;
	const { user, organization = own.organization } = filters;
	const { total } = await production.failedSkillRuns(
		{ ...span, user, organization: own.organization ?? organization, skill, correlate: false, limit: 1 },
		signal,
	);
	return { kind: "skill", skill, failures: total.failures, runs: total.runs, within };
}

/** Codes in the summary; of the rest, the new ones and those with an episode have a row too. */
const maxCodes = 20;

/** The groups that have a row of their own. */
export function shownGroups({
	groups,
	episodes,
}: {
	readonly groups: readonly Group[];
	readonly episodes: readonly { readonly code: string }[];
}): readonly Group[] {
	const inEpisode = new Set(episodes.map(({ code }) => code));
	return groups.filter((group, index) => index < maxCodes || group.isNew || inEpisode.has(codeOf(group)));
}

async function countCodes(
	production: Production,
	codes: readonly string[],
	{ window, filters, groups, groupCount }: Counted,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
	const counts = new Map(groups.map((group) => [codeOf(group), group.count]));
	const asked = filters.error_code;
	const within = asked === undefined ? undefined : typeof asked === "string" ? [asked] : asked;
	const beyond = [...new Set(codes)].filter(
		(code) => !counts.has(code) && (within === undefined || within.includes(code)),
	);
	if (beyond.length === 0 || groupCount <= groups.length) return counts;
	const more = await production.errorStats(
		{ ...filters, ...fixed(window), error_code: beyond, limit: beyond.length },
		signal,
	);
	for (const group of more.groups) counts.set(codeOf(group), group.count);
	return counts;
}

interface CountedSkills {
	readonly counts: ReadonlyMap<string, { readonly failures: number; readonly runs: number }>;
	readonly episodes: readonly CountedRunEpisode[];
}

async function countSkills(
	production: Production,
	skills: readonly string[],
	{ window, filters: { user, organization } }: Counted,
	signal: AbortSignal,
): Promise<CountedSkills> {
	const counts = new Map<string, { failures: number; runs: number }>();
	if (skills.length === 0) return { counts, episodes: [] };
	// Of the filters, runs have only user and organization; events and runs use different slugs.
	const question = { ...fixed(window), user, organization, correlate: false, limit: 1 };
	const { bySkill, episodes } = await production.failedSkillRuns(question, signal);
	for (const { skill, failures, runs } of bySkill) if (skill !== null) counts.set(skill, { failures, runs });
	const beyond = [...new Set(skills)].filter((skill) => !counts.has(skill));
	const answers = await Promise.all(
		beyond.map((skill) => production.failedSkillRuns({ ...question, skill }, signal)),
	);
	for (const [index, skill] of beyond.entries()) {
		const total = answers[index]?.total;
		counts.set(skill, { failures: total?.failures ?? 0, runs: total?.runs ?? 0 });
	}
	return { counts, episodes };
}

/** A window with fixed ends, so that all numbers of one report cover the same one. */
function fixed({ from, to }: Window): { readonly since: string; readonly until: string } {
	return { since: isoInstant(from), until: isoInstant(to) };
}
