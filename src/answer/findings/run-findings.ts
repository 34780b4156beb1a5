// What a person would notice first in the failed runs of skills.

import type { RunsAnswer } from "../../production/index.ts";
import { percentWords } from "../../text/index.ts";
import { hourWords, runEpisodeWords } from "./episode-words.ts";
import type { FindingWords } from "./finding.ts";

/** The most findings that are said; the rest is counted. */
const maxFindings = 6;
/** Below this many failures there is nothing to say of who has most of them. */
const enough = 5;
/** Most of the failures: this share and more. */
const mostShare = 0.6;
/** A share says something only when it is so much above the same one's share of all runs. */
const aboveRuns = 2;
/** Of the failures held against the error events so many must be silent before it is said. */
const silentShare = 0.5;

/** Episodes with those that no error event stands beside, and who has most of the failures. */
export function runFindings(answer: RunsAnswer, show: FindingWords): readonly string[] {
	const findings = [
		...answer.episodes.map((episode) => `${runEpisodeWords(episode, show.code)}${silentWords(episode)}`),
		...answer.usualHours.map((one) => usualWords(one, show)),
		...concentrated(answer, show),
	];
	const left = findings.length - maxFindings;
	return [...findings.slice(0, maxFindings), ...(left > 0 ? [`${left} more: ask for one skill`] : [])];
}

/** Empty where most failures have an error event of the same user beside them, or where none could be held against. */
export function silentWords({
	silent,
	heldAgainst,
}: Pick<RunsAnswer["episodes"][number], "silent" | "heldAgainst">): string {
	if (heldAgainst === 0 || silent < silentShare * heldAgainst) return "";
	const of = silent === heldAgainst ? "no error event" : `${silent} of ${heldAgainst} without an error event`;
	return `; ${of} of the same user within 60 s`;
}

function usualWords(
	{ skill, hours, failedDays, days, failures, runs, restRate }: RunsAnswer["usualHours"][number],
	show: FindingWords,
): string {
	return `${show.code(skill)} has always failed at ${hourWords(hours).join(" and ")} UTC: on ${failedDays} of ${days} days, ${failures} of ${runs} runs then, ${Math.round(100 * restRate)} % at other hours`;
}

function concentrated({ most, total, users, organizations }: RunsAnswer, show: FindingWords): string[] {
	return most.flatMap(({ by, who, failures, runs }) => {
		const share = failures / total.failures;
		const ofRuns = runs / total.runs;
		const several = by === "user" ? users : organizations;
		// All of one user's: the organization is that user's.
		if (total.failures < enough || share < mostShare || share < aboveRuns * ofRuns) return [];
		if (several === 1 && by === "organization" && users === 1) return [];
		return [
			`${failures} of ${total.failures} failures (${percentWords(failures, total.failures)}) are of one ${by}, ${show.id(who)}, with ${percentWords(runs, total.runs)} of the runs`,
		];
	});
}
