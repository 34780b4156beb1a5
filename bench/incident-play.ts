// Goes one incident's way by the tools' answers alone, and holds each answer against the key.

import {
	episodesOf,
	type Form,
	findingsOf,
	hunksOf,
	placesOf,
	read,
	subjectOf,
	suspectsOf,
	verdictOf,
} from "./incident-reading.ts";
import type { Answered, Incident, Opened } from "./incident-server.ts";

export const facts = ["code", "users", "onset", "line", "commit", "fault", "patch"] as const;
export type Fact = (typeof facts)[number];

export interface Played {
	readonly kind: string;
	readonly seed: number;
	/** Whether a fact stood in the first answer of its tool; undefined where the incident has no such fact. */
	readonly found: Readonly<Partial<Record<Fact, boolean>>>;
	/** Answers whose first item points elsewhere. */
	readonly elsewhere: readonly string[];
	readonly calls: number;
	readonly tokens: number;
	readonly textTokens: number;
	readonly milliseconds: number;
	readonly answers: readonly Answered[];
}

/** How far the true onset may lie outside the told interval, which is one of 90 %, in seconds. */
const onsetSlack = 1800;
/** Of the users hit. */
const userSlack = 0.05;

export async function play({ incident, call }: Opened, form: Form): Promise<Played> {
	const { key, ask = {} } = incident.plot;
	const answers: Answered[] = [];
	const found: Partial<Record<Fact, boolean>> = {};
	const elsewhere: string[] = [];
	const go = async (tool: string, args: Readonly<Record<string, unknown>>) => {
		const answer = await call(tool, args);
		answers.push(answer);
		if (answer.isError) elsewhere.push(`${tool} failed: ${answer.text.slice(0, 200)}`);
		return answer;
	};
	const stats = await go("error_stats", ask);
	const subjects = findingsOf(stats, form).map(subjectOf);
	const wanted = key.code ?? key.skill ?? "";
	found.code = subjects.some((subject) => subject?.name === wanted && fitsWhere(subject.where, incident));
	if (subjects[0]?.name !== wanted) elsewhere.push(`error_stats: ${subjects[0]?.name ?? "nothing"} first`);
	const subject = subjects.find((one) => one?.name === wanted) ?? subjects[0];
	if (subject === undefined) return played(incident, found, elsewhere, answers);
	const filters = { ...ask, ...(subject.isSkill ? { skill: subject.name } : { error_code: subject.name }) };
	const about = subject.isSkill ? await go("failed_skill_runs", filters) : stats;
	const episode = episodesOf(about, form).find(({ name }) => name === wanted);
	found.users = episode !== undefined && fitsUsers(episode.users, incident);
	found.onset =
		episode !== undefined &&
		isOnset(episode.since, episode.between, key.onset) &&
		(key.until === undefined || Math.abs((episode.until ?? 0) - key.until) <= 2 * onsetSlack);
	if (subject.isSkill) {
		await silentLine(go, incident, about, found, elsewhere);
	} else {
		const search = await go("search_codebase", { error_code: subject.name });
		const places = ["raises", "built from parts, perhaps"].flatMap((head) => placesOf(search.text, head));
		found.line = places.some((place) => isPlace(place, key.raising));
		if (!isPlace(places[0], key.raising))
			elsewhere.push(`search_codebase: ${places[0]?.path ?? "nothing"} first`);
	}
	const cause = await go("suspect_commits", { ...filters, ...(subject.isSkill ? {} : subject.where) });
	await findFault(go, { incident, form, cause, found, elsewhere, answers });
	return played(incident, found, elsewhere, answers);
}

type Go = (tool: string, args: Readonly<Record<string, unknown>>) => Promise<Answered>;

/** The code is searched for the message of the failing runs. */
async function silentLine(
	go: Go,
	{ plot: { key } }: Incident,
	runs: Answered,
	found: Partial<Record<Fact, boolean>>,
	elsewhere: string[],
): Promise<void> {
	const messages = runs.structured?.messages as
		| { readonly rows?: readonly (readonly unknown[])[] }
		| undefined;
	const [first] = messages?.rows ?? [];
	const search = await go("search_codebase", {
		query:
			String(first?.[0] ?? "")
				.split("#")[0]
				?.trim() ?? "",
	});
	const lines = search.text.split("\n").filter((line) => /^\d+: /.test(line));
	const place = (line: string | undefined) => line?.includes(key.raising?.text ?? "\0") === true;
	found.line = lines.slice(0, read).some(place);
	if (!place(lines[0])) elsewhere.push("search_codebase: another line first");
}

async function findFault(
	go: Go,
	{
		incident,
		form,
		cause,
		found,
		elsewhere,
		answers,
	}: {
		readonly incident: Incident;
		readonly form: Form;
		readonly cause: Answered;
		readonly found: Partial<Record<Fact, boolean>>;
		readonly elsewhere: string[];
		readonly answers: readonly Answered[];
	},
): Promise<void> {
	const { key } = incident.plot;
	const suspects = suspectsOf(cause, form);
	if (key.isNobody === true) {
		found.commit = verdictOf(cause, form) === "no_commit_explains_it";
		if (verdictOf(cause, form) === "likely") elsewhere.push(`suspect_commits: ${suspects[0]?.commit} likely`);
		return;
	}
	const [guilty, origin] = [hashOf(incident, "guilty"), hashOf(incident, "origin")];
	found.commit = suspects.some(({ commit }) => guilty.startsWith(commit));
	if (suspects[0] === undefined || !guilty.startsWith(suspects[0].commit))
		elsewhere.push(`suspect_commits: ${suspects[0]?.commit ?? "none"} first`);
	const told = suspects.find(({ commit }) => guilty.startsWith(commit)) ?? suspects[0];
	if (key.isDormant === true)
		found.commit =
			found.commit && told?.origin !== undefined && told.origin !== "" && origin.startsWith(told.origin);
	const shown = key.isDormant === true ? (told?.origin ?? "") : told?.commit;
	if (shown === undefined || shown === "" || key.fault === undefined) return;
	const code = key.code === undefined ? {} : { error_code: key.code };
	const commit = await go("show_commit", { commit: shown, ...code });
	const { path, text, fix } = key.fault;
	found.fault = hunksOf(commit.text).some(
		(hunk) => hunk.path === path && hunk.text.includes(`+`) && hunk.text.includes(text),
	);
	if (fix === "") return;
	// An agent can only change what it was shown.
	if (!answers.some((answer) => answer.text.includes(text))) return;
	const patch = await go("propose_patch", {
		title: "Correct the line",
		rationale: "The line that the change brought is wrong.",
		...code,
		edits: [{ path, old_text: text, new_text: fix }],
	});
	found.patch = /^- applies to the tree as it is now: yes/m.test(patch.text);
}

function played(
	{ kind, seed }: Incident,
	found: Played["found"],
	elsewhere: readonly string[],
	answers: readonly Answered[],
): Played {
	const sum = (of: (answer: Answered) => number) => answers.reduce((all, answer) => all + of(answer), 0);
	return {
		kind,
		seed,
		found,
		elsewhere,
		answers,
		calls: answers.length,
		tokens: sum(({ tokens }) => tokens),
		textTokens: sum(({ textTokens }) => textTokens),
		milliseconds: sum(({ milliseconds }) => milliseconds),
	};
}

/** A part that the key does not name is no fault: a new code is often of one skill. */
function fitsWhere(where: Readonly<Record<string, string>>, { plot: { key } }: Incident): boolean {
	return key.where === undefined || where[key.where.dimension] === key.where.value;
}

function isOnset(since: number, between: readonly number[], onset: number): boolean {
	const [earliest = since, latest = since] = between;
	return onset >= earliest - onsetSlack && onset <= latest + onsetSlack;
}

function isPlace(
	place: { readonly path: string; readonly text: string } | undefined,
	wanted: { readonly path: string; readonly text: string } | undefined,
): boolean {
	return (
		place !== undefined &&
		wanted !== undefined &&
		place.path === wanted.path &&
		place.text.includes(wanted.text)
	);
}

function hashOf({ history, ids }: Incident, part: "guilty" | "origin"): string {
	return ids[history.commits.findIndex((commit) => commit.part === part)] ?? "none";
}

/** Those hit since the onset, in the part that the key names, counted on the rows themselves. */
function fitsUsers(told: number, { rows, plot: { key } }: Incident): boolean {
	const { onset, until = Number.POSITIVE_INFINITY, where } = key;
	const isIn = ({ at }: { readonly at: number }) => at >= onset && at <= until + onsetSlack;
	const people =
		key.code === undefined
			? rows.runs
					.filter((run) => isIn(run) && run.skill === key.skill && run.message !== undefined)
					.map(({ person }) => person)
			: rows.events
					.filter((event) => isIn(event) && event.code === key.code)
					.filter(({ person, provider, skill, action }) => {
						if (where === undefined) return true;
						const values = { provider, skill, action, organization: person?.organization.name };
						return values[where.dimension] === where.value;
					})
					.flatMap(({ person }) => (person === undefined ? [] : [person]));
	const truth = new Set(people.map(({ id }) => id)).size;
	return Math.abs(told - truth) <= Math.max(1, userSlack * truth);
}
