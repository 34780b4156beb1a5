// Collects what the page shows: the report, with its numbers over time, and failed runs.

import { caseLine, mostWords } from "../../answer/index.ts";
import { type Case, knownOf } from "../../cases/index.ts";
import { categoryOf, type RunsAnswer, TableMissing, type WindowArguments } from "../../production/index.ts";
import type { Services } from "../../services.ts";
import { Failure, freeText, isoInstant } from "../../text/index.ts";
import { type Band, bandsOf, type Marker } from "../../visual/index.ts";
import { issueOf, withHistory } from "../case-issues.ts";
import { collectReport } from "../collect.ts";
import { type Links, readLinks } from "../links.ts";
import type { Report, ReportEpisode } from "../report.ts";
import { codeOf, shownGroups } from "../subjects.ts";

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
	/** The commits that its episodes name, and their deployments. */
	readonly markers: readonly Marker[];
}

/** Whom the errors of the window hit; `name` undefined for events of no organization. */
export interface PageOrganization {
	readonly name: string | undefined;
	readonly count: number;
	readonly previous: number;
	readonly users: number;
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
	/** The host that was asked. */
	readonly production: string;
	readonly links: Links;
	/** What is remembered of each of the report's episodes, in a line. */
	readonly known: readonly (string | undefined)[];
	readonly previous: { readonly from: number; readonly to: number; readonly total: number };
	readonly sessions: number;
	readonly users: number;
	readonly organizations: number;
	/** Of the buckets: the first one's start in epoch seconds, and seconds. */
	readonly start: number;
	readonly width: number;
	readonly counts: readonly number[];
	readonly codes: readonly PageCode[];
	/** Of all codes, and the window's deployments. */
	readonly markers: readonly Marker[];
	/** Most errors first. */
	readonly hit: readonly PageOrganization[];
	/** undefined where this deployment does not log runs. */
	readonly runs: { readonly runs: number; readonly failures: number } | undefined;
	readonly skills: readonly PageSkill[];
	readonly messages: readonly { readonly pattern: string; readonly count: number }[];
}

const maxSkills = 12;
const maxMessages = 6;
const maxOrganizations = 50;
/** Marks of deployments on the chart of all codes; the newest. */
const maxDeployments = 40;
const maxNameLength = 120;

/**
 * Asks as error_stats does, then as it does by organization and as failed_skill_runs does, for the same window.
 *
 * @param cases shown as the report's issues
 */
export async function collectPage(
	sources: Services,
	asked: WindowArguments,
	signal: AbortSignal,
	cases: readonly Case[] = [],
): Promise<PageData> {
	const request = { ...asked, issues: cases.map(issueOf) };
	const collected = await collectReport(sources, request, signal, { allEpisodes: true });
	const { stats, told } = collected;
	const report = withHistory(collected.report, cases);
	const { window, previous, timeline } = stats;
	const fixed = { since: isoInstant(window.from), until: isoInstant(window.to) };
	const [failed, hit, deployments, links, known] = await Promise.all([
		failedRuns(sources, fixed, signal),
		hitOrganizations(sources, fixed, report, signal),
		deploymentsIn(sources, window, signal),
		readLinks(sources, signal),
		knownOf(
			sources,
			told.map((episode) => ({ of: "code", episode })),
			signal,
		),
	]);
	const name = (text: string) => freeText(text, maxNameLength, sources.config.showPersonalData);
	return {
		report,
		production: productionName(sources.config),
		links,
		known: report.episodes.map((_episode, index) => {
			const one = known[index];
			return one === undefined ? undefined : caseLine(one.of);
		}),
		markers: [...markersOf(report.episodes), ...deployments],
		hit: hit.map(({ name: who, ...counts }) => ({
			name: who === undefined ? undefined : name(who),
			...counts,
		})),
		previous: { ...previous, total: stats.previousTotal },
		sessions: stats.sessions,
		users: stats.users,
		organizations: stats.organizations,
		start: timeline.start,
		width: timeline.width,
		counts: timeline.counts,
		codes: shownGroups(stats).map((group) => ({
			code: name(codeOf(group)),
			category: categoryOf(codeOf(group)),
			topSkill: mostWords(group.topSkill, name) ?? undefined,
			topProvider: mostWords(group.topProvider, name) ?? undefined,
			count: group.count,
			previous: group.previous,
			isNew: group.isNew,
			sessions: group.sessions,
			users: group.users,
			counts: timeline.byCode.find(({ code }) => (code ?? "none") === codeOf(group))?.counts ?? [],
			bands: stats.episodes
				.filter(({ code }) => code === codeOf(group))
				.flatMap((episode) => bandsOf({ ...episode, isOn: episode.until === undefined })),
			markers: markersOf(report.episodes.filter(({ code }) => code === name(codeOf(group)))),
		})),
		...readSkills(failed, name),
	};
}

/** The environment, if it has a name, and the host; of this machine without its port, which is any. */
function productionName({ apiUrl, apiKey, database, environment }: Services["config"]): string {
	const { host, hostname } = new URL((apiKey === undefined ? database?.url : undefined) ?? apiUrl);
	const place = ["127.0.0.1", "[::1]", "localhost"].includes(hostname) ? `${hostname} (this machine)` : host;
	return environment === undefined ? place : `${environment.name}, ${place}`;
}

/** Each commit and each of its deployments once. */
function markersOf(episodes: readonly ReportEpisode[]): readonly Marker[] {
	const marks = new Map<string, Marker>();
	for (const { id, at, subject, deployedAt } of episodes.flatMap(({ commits }) => commits)) {
		const short = id.slice(0, 7);
		marks.set(id, { kind: "commit", at, words: `${short} ${subject}` });
		if (deployedAt !== undefined)
			marks.set(`${id} deployed`, { kind: "deployment", at: deployedAt, words: `carried ${short}` });
	}
	return [...marks.values()];
}

/** Those that the user's setting tells of; a history that cannot be read has none. */
async function deploymentsIn(
	{ codebases, config }: Services,
	window: { readonly from: number; readonly to: number },
	signal: AbortSignal,
): Promise<readonly Marker[]> {
	if (config.deployments === undefined || config.repository === undefined) return [];
	try {
		const source = config.deployments;
		const all = await Promise.all(codebases().map(({ code }) => code.deployments(source, signal)));
		return all
			.flat()
			.sort((one, other) => other.at - one.at)
			.filter(({ at }) => at >= window.from && at < window.to)
			.slice(0, maxDeployments)
			.map(({ at, commit, version }) => ({
				kind: "deployment",
				at,
				words: [version, commit.slice(0, 7)].filter((part) => part !== undefined).join(" "),
			}));
	} catch (error) {
		if (error instanceof Failure && !signal.aborted) return [];
		throw error;
	}
}

async function hitOrganizations(
	{ production }: Services,
	window: WindowArguments,
	{ total }: Report,
	signal: AbortSignal,
): Promise<readonly PageOrganization[]> {
	if (total === 0) return [];
	const { groups } = await production.errorStats(
		{ ...window, group_by: ["organization"], limit: maxOrganizations },
		signal,
	);
	return groups.map(({ key: [who], count, previous, users }) => ({
		name: who === null || who === undefined ? undefined : String(who),
		count,
		previous,
		users,
	}));
}

/** undefined where this deployment does not log runs: the errors are worth a page without them. */
async function failedRuns(
	{ production }: Services,
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
