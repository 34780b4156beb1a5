// The suspects of an episode as facts: a verdict, a reason, a table, and what is missing of the history.

import { z } from "zod";
import type { CauseAnswer, EpisodeCause, Origin, RuledOut, Suspect, Verdict } from "../cause/index.ts";
import { describeError, isoInstant, percent } from "../text/index.ts";
import { changeWords, partThatChanged } from "./change-words.ts";
import { foreign } from "./code-line.ts";
import { makeTable, type TableRow } from "./table.ts";

const maxSubject = 120;
const maxWhy = 240;

export const deploymentsSchema = z.object({
	by: z.string(),
	count: z.number(),
	last: z.string().optional(),
});

export const endedBySchema = z.object({
	commit: z.string(),
	at: z.string(),
	subject: z.string(),
	undoes: z.string().optional(),
});

export const suspectColumns = [
	"commit",
	"at",
	"merged",
	"deployed",
	"likelihood_pct",
	"subject",
	"why",
	"change",
	"origin",
];
/** Columns with text of the repository. */
export const foreignSuspectColumns = ["subject", "why", "change", "origin"];

export function suspectTable(suspects: readonly Suspect[], considered: number) {
	return makeTable(suspectColumns, suspects.map(suspectRow), { total: considered });
}

function suspectRow(suspect: Suspect): TableRow {
	const { commit, deployment, likelihood, why, changed, origin } = suspect;
	return {
		commit: namedHash(suspect),
		at: isoInstant(commit.at),
		merged: commit.mergedBy === undefined ? null : isoInstant(commit.reachedAt),
		deployed: deployment === undefined ? null : isoInstant(deployment.at),
		likelihood_pct: percent(likelihood, 1),
		subject: foreign(commit.subject, maxSubject),
		why: why.map((reason) => foreign(reason, maxWhy)),
		change: changed === undefined ? null : changeWords(changed),
		origin: origin === undefined ? null : originWords(origin),
	};
}

function originWords({ id, at, subject }: Origin): string {
	return `${shortHash(id)} of ${isoInstant(at)} wrote the lines that raise it: ${foreign(subject, maxSubject)}`;
}

export function shortHash(id: string): string {
	return id.slice(0, 7);
}

/** A short hash; where there are several repositories, led by its own, as show_commit takes it. */
export function namedHash({ commit, repo }: Pick<Suspect, "commit" | "repo">): string {
	return repo === undefined ? shortHash(commit.id) : `${repo}:${shortHash(commit.id)}`;
}

/** A suspect as likely as this is named even where none is likelier. */
const leastNamed = 0.1;

/** The verdict in one sentence. */
export function causeReason({ verdict, none, suspects, considered, gaps, ruledOut }: CauseAnswer): string {
	const [first] = suspects;
	const best = first === undefined ? "" : `${namedHash(first)} (${percent(first.likelihood, 1)} %)`;
	const why = first?.why[0] === undefined ? "" : `: ${foreign(first.why[0], maxWhy)}`;
	switch (verdict) {
		case "likely":
			return `${best} likely did it${why}.`;
		case "possible":
			return `No commit stands out: the likeliest is ${best}${why}; that none of ${considered} did it: ${percent(none, 1)} %.`;
		case "no_commit_explains_it":
			return considered === 0
				? `No commit that changes running code could have reached production before it${ruledWords(ruledOut)}: look at providers, data, traffic and settings outside the repository.`
				: first !== undefined && first.likelihood >= leastNamed
					? `None of the ${considered} commits that could have reached production before it fits well (none: ${percent(none, 1)} %). Look at the nearest, ${best}${why}; then at providers, data, traffic and settings outside the repository.`
					: `None of the ${considered} commits that could have reached production before it fits (none: ${percent(none, 1)} %): look at providers, data, traffic and settings outside the repository.`;
		case "history_too_short":
			return gaps.endsBefore !== undefined
				? `The local history ends at ${isoInstant(gaps.endsBefore)}, before it began: fetch newer commits.`
				: "The local history does not reach back to the days before it began.";
	}
}

function ruledWords(ruledOut: CauseAnswer["ruledOut"]): string {
	const after = ruledOut.after_it_began ?? 0;
	return after === 0 ? "" : ` (${after} came after)`;
}

const ruledOutNames: Readonly<Record<RuledOut, string>> = {
	after_it_began: "after it began",
	not_deployed: "in no deployment before it began",
	no_running_code: "only tests, documents, comments, formatting, local names or the package's version",
	nothing_near: "nothing near the code",
};

/** How many commits are ruled out, by the reason in words. */
export function ruledOutFacts(ruledOut: CauseAnswer["ruledOut"]): Readonly<Record<string, number>> {
	const reasons: readonly RuledOut[] = ["after_it_began", "not_deployed", "no_running_code", "nothing_near"];
	return Object.fromEntries(
		reasons.flatMap((reason) => {
			const count = ruledOut[reason];
			return count === undefined ? [] : [[ruledOutNames[reason], count]];
		}),
	);
}

/** What is missing of the history and the code; undefined where nothing is. */
export function gapWords({ gaps, verdict }: CauseAnswer): string | undefined {
	const words = [
		...(gaps.isShallow ? ["the clone is shallow: older commits are missing (git fetch --unshallow)"] : []),
		...(gaps.isPartial
			? ["objects are missing (a partial clone?): some commits are known by their files only"]
			: []),
		...(gaps.isSparse ? ["the checkout is sparse: code outside it was not searched"] : []),
		...(gaps.endsBefore !== undefined && verdict !== "history_too_short"
			? [`the local history ends at ${isoInstant(gaps.endsBefore)}, before it began`]
			: []),
		...(gaps.startsAfter === undefined
			? []
			: [`commits before ${isoInstant(gaps.startsAfter)} are not known`]),
		...(gaps.unread === 0 ? [] : [`${gaps.unread} older commits were not read, for their number`]),
		...(gaps.noRaising
			? ["no line in the local code raises it, so only names and words tell which code is near"]
			: []),
		...(gaps.isWayCut ? ["not all of the code around it was followed"] : []),
	];
	return words.length === 0 ? undefined : `${words.join("; ")}.`;
}

/** The likeliest commit of an episode in one line, or why there is none; and the commit that ended it. */
export function suspectLines(cause: EpisodeCause): { readonly suspect: string; readonly ended_by?: string } {
	switch (cause.kind) {
		case "found": {
			const endedBy = endedByLine(cause);
			return { suspect: suspectLine(cause), ...(endedBy === undefined ? {} : { ended_by: endedBy }) };
		}
		case "none":
			return { suspect: absences[cause.why] };
		case "late":
			return { suspect: "the local history could not be read in time: ask suspect_commits" };
		case "failed":
			return { suspect: describeError(cause.failure) ?? "the local history could not be read" };
	}
}

/** Beside a likelier one; suspect_commits lists those below too. */
const leastWorthALine = 0.02;

/** The likeliest commits in a line each, or why there is none; and the commit that ended it. */
export function suspectList(cause: EpisodeCause): readonly string[] {
	const { suspect, ended_by } = suspectLines(cause);
	const others =
		cause.kind === "found" && (cause.verdict === "likely" || cause.verdict === "possible")
			? cause.suspects
					.slice(1)
					.filter(({ likelihood }) => likelihood >= leastWorthALine)
					.map((suspect) => oneSuspect(suspect))
			: [];
	return [suspect, ...others, ...(ended_by === undefined ? [] : [`ended by ${ended_by}`])];
}

const absences = {
	no_repository: "no repository is set",
	no_git: "the local folder is not a git repository",
	no_commits: "the local repository has no commits",
} as const;

function suspectLine(answer: CauseAnswer): string {
	const { suspects, verdict } = answer;
	const [first] = suspects;
	if (verdict === "history_too_short") return causeReason(answer);
	if (first === undefined || verdict === "no_commit_explains_it") return noneLine(answer);
	return oneSuspect(first, verdict, answer.none);
}

/**
 * @param verdict where the suspect is the first
 * @param none the likelihood that no commit did it, where that is the likelier
 */
function oneSuspect(suspect: Suspect, verdict?: Verdict, none = 0): string {
	const { commit, likelihood, why, changed } = suspect;
	const said = verdict === undefined ? "" : `${verdict}, `;
	const reason = why[0] === undefined ? "" : `; ${foreign(brief(why[0]), maxWhy)}`;
	const change = changed === undefined ? undefined : partThatChanged(changed);
	const told = change === undefined ? "" : `: ${change}`;
	const rather = none > likelihood ? `, none ${wholePercent(none)} %` : "";
	return `${namedHash(suspect)} ${foreign(commit.subject, 80)} (${said}${wholePercent(likelihood)} %${rather}${reason}${told})`;
}

/** Without where the way ends: suspect_commits tells it. */
function brief(reason: string): string {
	return reason.replace(/,? (?:on the way to|that raises it at|at) (?:line \d+|\S+:\d+)$/, "");
}

function wholePercent(likelihood: number): number {
	// Of what is never sure, nothing is said to be.
	return Math.min(99, Math.round(100 * likelihood));
}

function noneLine({ considered, none, suspects }: CauseAnswer): string {
	if (considered === 0) return "no commit before it could have caused it";
	const [first] = suspects;
	const nearest =
		first === undefined || first.likelihood < leastNamed
			? ""
			: `; nearest ${namedHash(first)} ${wholePercent(first.likelihood)} %`;
	return `none of ${considered} commits before it fits (${wholePercent(none)} %${nearest})`;
}

function endedByLine({ endedBy }: CauseAnswer): string | undefined {
	if (endedBy === undefined) return undefined;
	const undoes = endedBy.undoes === undefined ? "" : `, which undoes ${shortHash(endedBy.undoes)}`;
	return `${namedHash(endedBy)} ${foreign(endedBy.commit.subject, 80)} of ${isoInstant(endedBy.commit.reachedAt)}${undoes}`;
}
