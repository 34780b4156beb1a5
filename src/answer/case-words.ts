// A case in words: the one line that is told unasked, and what happened to it.

import {
	boundsOf,
	type Case,
	goesOn,
	type Happened,
	isOwn,
	type Known,
	returnedAt,
	type Standing,
	shownStatus,
} from "../cases/index.ts";
import type { EpisodeCause } from "../cause/index.ts";
import { isoInstant, visibleLine } from "../text/index.ts";
import type { EpisodeLines } from "./episode-facts.ts";
import type { Show } from "./findings/episode-words.ts";
import { shortHash, suspectLines } from "./suspects.ts";

/** Of what the server itself checked: instants, a location that the repository has, commits, patches, the state. Never an agent's words. */
export function knownLine(one: Case, standing?: Standing): string {
	const { id, openedAt, location } = one;
	if (!isOwn(one)) return `case ${id}: ${importedWords}; recall_cases tells it`;
	const facts = [
		...(location === undefined ? [] : [visibleLine(location)]),
		fixWords(one),
		...(standing === undefined ? [] : againWords(one, standing)),
	];
	return `case ${id} of ${isoInstant(openedAt)}: ${facts.join(", ")}; recall_cases tells the cause`;
}

const importedWords = "imported from others, not checked here";

/** What is told of an episode beside its numbers. */
export function episodeLines(cause: EpisodeCause | undefined, known: Known | undefined): EpisodeLines {
	return {
		...(cause === undefined ? {} : suspectLines(cause)),
		...(known === undefined ? {} : { known: knownLine(known.of, known.standing) }),
	};
}

function fixWords(one: Case): string {
	const { status, fix } = one;
	const patch = fix?.patch === undefined ? [] : [`patch ${fix.patch}`];
	const commit = fix?.commit === undefined ? [] : [`in ${shortHash(fix.commit)}`];
	const named = [...patch, ...commit].join(" ");
	const lead = named === "" ? "" : `${named}, `;
	const at = (instant: number | undefined) => (instant === undefined ? "" : ` ${isoInstant(instant)}`);
	switch (status) {
		case "open":
			return "open";
		case "patched":
			return `${lead}not seen in production`;
		case "deployed":
			return `${lead}deployed${at(fix?.deployedAt)}, not proven`;
		case "fixed":
			return `${lead}fixed${at(fix?.verifiedAt)}`;
		case "came_back":
			return `${lead}came back`;
	}
}

function againWords(one: Case, standing: Standing): readonly string[] {
	const since = returnedAt(one, standing);
	const { until } = standing;
	if (since === undefined) {
		return goesOn(one, standing) ? [`seen again, last ${isoInstant(standing.lastSeen ?? 0)}`] : [];
	}
	return until === undefined
		? [`on again since ${isoInstant(since)}`]
		: [`again from ${isoInstant(since)} to ${isoInstant(until)}`];
}

/** What bounds it, such as `provider gmail, skill email-draft`; empty fields are not named. */
export function boundWords({ trouble }: Case, show: Show): string {
	return Object.entries(boundsOf(trouble))
		.flatMap(([field, value]) => (value === null ? [] : [`${field} ${show(value)}`]))
		.join(", ");
}

/** What happened to it, in order, an event each. */
export function historyWords({ happened }: Pick<Case, "happened">): readonly string[] {
	return happened.map((event) => `${isoInstant(event.at)} ${eventWords(event)}`);
}

function eventWords(event: Happened): string {
	switch (event.kind) {
		case "reported": {
			const { onset, until, count } = event;
			const since = onset === undefined ? "" : `, since ${isoInstant(onset)}`;
			const to = until === undefined ? "" : ` until ${isoInstant(until)}`;
			return `reported${count === undefined ? "" : `: ${count}`}${since}${to}`;
		}
		case "patched":
			return `patch ${event.patch} proposed`;
		case "verified": {
			const { verdict, deployedAt, commit, patch } = event;
			const what = [
				...(patch === undefined ? [] : [`patch ${patch}`]),
				...(commit === undefined ? [] : [`in ${shortHash(commit)}`]),
				...(deployedAt === undefined ? [] : [`deployed ${isoInstant(deployedAt)}`]),
			];
			return `verified: ${verdict}${what.length === 0 ? "" : ` (${what.join(", ")})`}`;
		}
		case "muted":
			return "muted by the user";
		case "unmuted":
			return "unmuted by the user";
	}
}

/** One line for a report: the state, and what happened before. */
export function caseLine(one: Case): string {
	if (!isOwn(one)) return `Case ${one.id}: ${importedWords}.`;
	return `Case ${one.id}, ${shownStatus(one)}: ${historyWords(one).join("; ")}.`;
}
