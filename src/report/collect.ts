// Collects a report: the agent's texts, and every number from production.

import {
	episodeWords,
	findFindings,
	inWhichever,
	mostWords,
	suspectList,
	whereWords,
} from "../answer/index.ts";
import { type CauseAnswer, causesOfEpisodes } from "../cause/index.ts";
import {
	type CountedEpisode,
	type CountedRunEpisode,
	categoryOf,
	type ErrorStats,
	type FilterArguments,
	type Timed,
} from "../production/index.ts";
import type { Services } from "../services.ts";
import { describeError, Failure, freeText, maskSecrets, shortId } from "../text/index.ts";
import { missingPlaces } from "./checked-places.ts";
import type {
	Report,
	ReportCommit,
	ReportEpisode,
	ReportIssue,
	ReportPatch,
	ReportSubject,
} from "./report.ts";
import { type IssueRequest, type ReportRequest, readSubjects } from "./request.ts";
import { codeOf, countSubjects, shownGroups } from "./subjects.ts";

/** Codes counted in one request: production accepts 25, and may hold others. */
const maxCounted = 60;
/** Upper bounds in characters: of a name from production, of a text from the agent. */
const maxNameLength = 120;
const maxTextLength = 20_000;

/** Episodes shown, and suspects of each. */
const maxEpisodes = 10;
const maxSuspects = 3;

export interface CollectedReport {
	readonly report: Report;
	readonly stats: ErrorStats & Timed;
	/** The report's episodes as they were found, in its order. */
	readonly told: readonly CountedEpisode[];
	/** Episodes of the skills that its issues name. */
	readonly failing: readonly CountedRunEpisode[];
}

/**
 * @param options `allEpisodes`: not only those of the issues' codes
 * @throws {InvalidArgument} and what production throws
 */
export async function collectReport(
	sources: Services,
	request: ReportRequest,
	signal: AbortSignal,
	{ allEpisodes = false }: { readonly allEpisodes?: boolean } = {},
): Promise<CollectedReport> {
	const { production } = sources;
	const { showPersonalData, environment } = sources.config;
	const { since, until, issues = [], actions = {}, ...filters } = request;
	const subjects = readSubjects(issues);
	const stats = await production.errorStats({ ...filters, since, until, limit: maxCounted }, signal);
	const { window, groups, groupCount, clockDifferenceSeconds } = stats;
	const named = new Set(
		subjects.map((subject) => (subject.kind === "error_code" ? subject.code : undefined)),
	);
	const told =
		allEpisodes || issues.length === 0
			? stats.episodes
			: stats.episodes.filter(({ code }) => named.has(code));
	const [{ subjects: counted, episodes: failing }, episodes, diffs, missing] = await Promise.all([
		countSubjects(production, subjects, { window, filters, groups, groupCount }, signal),
		readEpisodes(sources, told.slice(0, maxEpisodes), signal),
		Promise.all(
			issues.map(({ patch_id: id }) => (id === undefined ? undefined : readPatch(sources, id, signal))),
		),
		Promise.all(issues.map((issue) => missingPlaces(sources, issue, signal))),
	]);
	const name = (text: string) => freeText(text, maxNameLength, showPersonalData);
	const text = (words: string) => freeText(words, maxTextLength, showPersonalData);
	const shown = shownGroups(stats);
	const report: Report = {
		since: until === undefined ? (since ?? "24h") : undefined,
		...(environment === undefined ? {} : { environment: environment.name }),
		window,
		...(clockDifferenceSeconds === undefined ? {} : { clockDifferenceSeconds }),
		filters: filterWords(filters).map(name),
		total: stats.total,
		uniqueCodes: stats.uniqueCodes,
		codes: shown.map((group) => ({
			code: name(codeOf(group)),
			count: group.count,
			category: categoryOf(codeOf(group)),
			topSkill: mostWords(group.topSkill, name) ?? undefined,
		})),
		otherCount: stats.total - shown.reduce((sum, { count }) => sum + count, 0),
		findings: findFindings(stats, { code: name, id: shortId }).map(text),
		episodes,
		issues: issues.flatMap((issue, index) => {
			const subject = counted[index];
			return subject === undefined
				? []
				: [
						{
							...readIssue(issue, cleanSubject(subject, name), diffs[index], text),
							missing: (missing[index] ?? []).map(text),
						},
					];
		}),
		actions: {
			immediate: optional(actions.immediate, text),
			shortTerm: optional(actions.short_term, text),
			monitor: optional(actions.monitor, text),
		},
	};
	return { report, stats, told: told.slice(0, maxEpisodes), failing };
}

async function readEpisodes(
	sources: Services,
	episodes: readonly CountedEpisode[],
	signal: AbortSignal,
): Promise<readonly ReportEpisode[]> {
	const { deployments, showPersonalData } = sources.config;
	const name = (text: string) => freeText(text, maxNameLength, showPersonalData);
	const causes = await causesOfEpisodes(
		sources,
		episodes.map((episode) => ({ asked: { of: "code", episode } })),
		{ deployments, now: Math.floor(sources.clock.now() / 1000), limit: maxSuspects },
		signal,
	);
	return episodes.map((episode, index): ReportEpisode => {
		const cause = causes[index];
		return {
			code: name(episode.code),
			where: whereWords(episode, name),
			words: `${episodeWords(episode, name)}.`,
			isOn: episode.until === undefined,
			since: episode.since,
			commits: cause?.kind === "found" ? commitsOf(cause, name) : [],
			...(cause?.kind === "found" && cause.verdict === "likely" && cause.suspects[0] !== undefined
				? { commit: cause.suspects[0].commit.id }
				: {}),
			suspects: cause === undefined ? [] : suspectList(cause),
		};
	});
}

/** Those that the lines name: the suspects, where they are held likely, and what ended it. */
function commitsOf(cause: CauseAnswer, name: (text: string) => string): readonly ReportCommit[] {
	const isNamed = cause.verdict === "likely" || cause.verdict === "possible";
	return [
		...(isNamed ? cause.suspects : []),
		...(cause.endedBy === undefined ? [] : [{ commit: cause.endedBy.commit, deployment: undefined }]),
	].map(({ commit, deployment }) => ({
		id: commit.id,
		at: commit.reachedAt,
		subject: name(commit.subject),
		...(deployment === undefined ? {} : { deployedAt: deployment.at }),
	}));
}

function cleanSubject(subject: ReportSubject, name: (text: string) => string): ReportSubject {
	const { within: words } = subject;
	const within = words === undefined ? {} : { within: name(words) };
	return subject.kind === "skill"
		? { ...subject, ...within, skill: name(subject.skill) }
		: { ...subject, ...within, code: name(subject.code) };
}

function readIssue(
	issue: IssueRequest,
	subject: ReportSubject,
	patch: ReportPatch | undefined,
	text: (words: string) => string,
): ReportIssue {
	return {
		subject,
		title: optional(issue.title, text),
		rootCause: text(issue.root_cause),
		evidence: (issue.evidence ?? []).map(text),
		location: optional(issue.location, text),
		currentCode: optional(issue.current_code, maskSecrets),
		proposedFix: text(issue.proposed_fix),
		patch,
		files: (issue.files ?? []).map(({ path, change }) => ({ path: text(path), change: text(change) })),
	};
}

function optional(words: string | undefined, clean: (words: string) => string): string | undefined {
	return words === undefined || words.trim() === "" ? undefined : clean(words);
}

/** A patch that cannot be read is replaced by the reason: the rest of the report holds without it. */
async function readPatch(sources: Services, named: string, signal: AbortSignal): Promise<ReportPatch> {
	const id = maskSecrets(named.replace(/^patch:\/\//, ""));
	try {
		const { found } = await inWhichever(sources, "patch_id", (own) => own.patches().read(id, signal));
		const { diff, stale, applies } = found;
		return { id, diff: maskSecrets(diff), state: applies ? (stale ? "applies" : "unchanged") : "broken" };
	} catch (error) {
		const missing = error instanceof Failure && !signal.aborted ? describeError(error) : undefined;
		if (missing === undefined) throw error;
		return { id, missing: maskSecrets(missing) };
	}
}

function filterWords(filters: FilterArguments): readonly string[] {
	return Object.entries(filters).flatMap(([name, value]) =>
		value === undefined ? [] : [`${name} ${Array.isArray(value) ? value.join(", ") : value}`],
	);
}
