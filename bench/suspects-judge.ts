// Asks for the cause of planted incidents, and counts how often the answer is right.

import {
	type CauseQuestion,
	conclude,
	type Features,
	type NoneFeatures,
	type Verdict,
	weigh,
} from "../src/cause/index.ts";
import { type CodeSearch, createCodeSearch } from "../src/codebase/index.ts";
import { createGit, resolveRepositoryRoot } from "../src/system/index.ts";
import type { Incident } from "./suspects-incident.ts";
import { writeRepository } from "./suspects-write.ts";

export interface Judged {
	readonly source: string;
	readonly seed: number;
	readonly how: string;
	readonly commits: number;
	/** The place of the culprit among the suspects, from 1; 0 where it is not among them; undefined where there is none. */
	readonly rank: number | undefined;
	readonly verdict: Verdict;
	readonly first: number;
	readonly isFirstRight: boolean;
	readonly isDecoyFirst: boolean;
	readonly none: number;
	readonly milliseconds: number;
	/** Whether each baseline names the culprit first. */
	readonly newest: boolean;
	readonly newestOfFile: boolean;
	readonly todaysList: boolean;
	readonly example: ExampleRow;
}

/** What the model is fitted to. */
export interface ExampleRow {
	readonly features: readonly Features[];
	readonly none: NoneFeatures;
	/** The culprit's index; -1 for none. */
	readonly culprit: number;
}

export async function judge(folder: string, incident: Incident): Promise<Judged> {
	const ids = writeRepository(folder, incident);
	const root = await resolveRepositoryRoot(folder);
	const search = createCodeSearch({ root, git: createGit(root) });
	const question = questionOf(incident);
	const signal = new AbortController().signal;
	const begun = performance.now();
	const weighed = await weigh(search, question, undefined, signal);
	if ("why" in weighed) throw new Error(`no history in ${folder}`);
	const answer = await conclude(search, question, weighed, 1000, signal);
	const milliseconds = performance.now() - begun;
	const culprit = ids[incident.commits.findIndex(({ role }) => role === "culprit")];
	const roleOf = (id: string | undefined) => incident.commits[ids.indexOf(id ?? "")]?.role;
	const first = answer.suspects[0]?.commit.id;
	const { evidence, noneFeatures } = weighed;
	const before = evidence.filter(({ commit }) => commit.reachedAt <= incident.since);
	const isCulprit = (id: string | undefined) => culprit !== undefined && id === culprit;
	return {
		source: incident.source,
		seed: incident.seed,
		how: incident.how,
		commits: evidence.length,
		rank:
			culprit === undefined
				? undefined
				: answer.suspects.findIndex(({ commit }) => commit.id === culprit) + 1,
		verdict: answer.verdict,
		first: answer.suspects[0]?.likelihood ?? 0,
		isFirstRight: isCulprit(first),
		isDecoyFirst:
			answer.verdict !== "no_commit_explains_it" &&
			/^(?:release|loud|refactoring)$/.test(roleOf(first) ?? ""),
		none: answer.none,
		milliseconds,
		newest: isCulprit(before[0]?.commit.id),
		newestOfFile: isCulprit(
			before.find(({ commit }) => commit.patch.files.some(({ path }) => path === incident.raisingFile))
				?.commit.id,
		),
		todaysList: isCulprit(await todaysFirst(search, incident, signal)),
		example: {
			features: evidence.map(({ features }) => features),
			none: noneFeatures,
			culprit: evidence.findIndex(({ commit }) => commit.id === culprit),
		},
	};
}

function questionOf({ code, names, messages, since, between, kind, until, now }: Incident): CauseQuestion {
	return {
		onset: {
			since,
			between,
			kind,
			...(until === undefined ? {} : { until, untilBetween: [until - 300, until + 300] }),
		},
		codes: [code],
		messages,
		names,
		now,
	};
}

/** The list that error_stats showed before: the commits of the six hours before, those of the code's files first. */
async function todaysFirst(
	search: CodeSearch,
	{ code, names, since, between, now }: Incident,
	signal: AbortSignal,
): Promise<string | undefined> {
	const [log, way] = await Promise.all([
		search.commitsSince(0, now, signal),
		search.wayTo({ codes: [code], texts: [], words: [] }, signal),
	]);
	if ("none" in log) return undefined;
	const commits = log.commits.filter(({ at }) => at >= since - 6 * 3600 && at <= between[1]);
	const words = names.map(letters).filter((word) => word.length > 2);
	const isArea = (path: string) =>
		way.mentioning.has(path) || words.some((word) => letters(path).includes(word));
	const first = commits.find(({ patch }) => patch.files.some(({ path }) => isArea(path))) ?? commits[0];
	return first?.id;
}

/** `google-calendar`, `googleCalendar` and `google_calendar` are equal. */
function letters(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Figures of a group of incidents, as one row. */
export function figuresOf(judged: readonly Judged[]): readonly string[] {
	const guilty = judged.filter(({ rank }) => rank !== undefined);
	const innocent = judged.filter(({ rank }) => rank === undefined);
	const within = (most: number) => guilty.filter(({ rank = 0 }) => rank > 0 && rank <= most).length;
	const share = (count: number, of: number) => (of === 0 ? "-" : `${((100 * count) / of).toFixed(1)} %`);
	const isNone = ({ verdict }: Judged) => verdict === "no_commit_explains_it";
	return [
		String(judged.length),
		share(within(1), guilty.length),
		share(within(3), guilty.length),
		share(within(5), guilty.length),
		share(judged.filter(({ isDecoyFirst }) => isDecoyFirst).length, judged.length),
		share(innocent.filter(isNone).length, innocent.length),
		share(guilty.filter(isNone).length, guilty.length),
		share(guilty.filter(({ newest }) => newest).length, guilty.length),
		share(guilty.filter(({ newestOfFile }) => newestOfFile).length, guilty.length),
		share(guilty.filter(({ todaysList }) => todaysList).length, guilty.length),
	];
}

export const figureNames = [
	"incidents",
	"first",
	"of 3",
	"of 5",
	"decoy first",
	"none: right",
	"none: wrong",
	"newest",
	"newest of file",
	"6 h list",
];

/** Of first suspects called so likely, how many are right. */
export function calibrationOf(judged: readonly Judged[]): readonly (readonly string[])[] {
	return [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95].map((from, index, edges) => {
		const to = edges[index + 1] ?? 1.001;
		const here = judged.filter(({ first }) => first >= from && first < to);
		const right = here.filter(({ isFirstRight }) => isFirstRight).length;
		const told = here.reduce((sum, { first }) => sum + first, 0) / (here.length || 1);
		return [
			`${Math.round(100 * from)} to ${Math.min(100, Math.round(100 * to))} %`,
			String(here.length),
			here.length === 0 ? "-" : `${(100 * told).toFixed(0)} %`,
			here.length === 0 ? "-" : `${((100 * right) / here.length).toFixed(0)} %`,
		];
	});
}

/** A Markdown table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	const line = (row: readonly string[]) =>
		`| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
	const [head = [], ...rest] = rows;
	return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rest.map(line)].join(
		"\n",
	);
}
