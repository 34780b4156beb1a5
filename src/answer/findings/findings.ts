// What a person would notice first in the statistics of errors, ordered by what matters.

import type { Echo, ErrorStats } from "../../production/index.ts";
import { concentrated } from "./concentrations.ts";
import { echoesOf, echoWords } from "./echoes.ts";
import { episodeWords, minuteWords, runEpisodeWords } from "./episode-words.ts";
import { commonWords, evidenceWords } from "./evidence-words.ts";
import type { Finding, FindingWords } from "./finding.ts";
import { silentWords } from "./run-findings.ts";

/** The most findings that are said; the rest is counted. */
const maxFindings = 6;
/** A new code of so many events has a line of its own. */
const manyEvents = 10;
/** An echo stands below what it echoes, and above what is behind a code. */
const echoWeight = 900;
/** Codes with few events that are named in one line. */
const maxFew = 5;

/** By code. */
type Echoes = ReadonlyMap<string, Echo>;

/**
 * What stands out: episodes (what goes on, what came and went, what recurs, what grows), codes that are new without
 * being an episode, who is behind most of a code, what a code that matters is bound to, how far back the history goes,
 * events dated in the future. Each carries the counts that it is made of, and those stand in the answer too.
 */
export function findFindings(stats: ErrorStats, show: FindingWords): readonly string[] {
	const echoes = echoesOf(stats);
	const findings = [
		...episodes(stats, echoes, show),
		...silent(stats, show),
		...newCodes(stats, show),
		...otherEchoes(stats, echoes, show),
		...concentrations(stats, show),
	].sort((one, other) => other.weight - one.weight);
	// These keep their line, the last: they say how to read the others.
	const last = [...heldWords(stats), ...dated(stats)];
	const room = maxFindings - last.length;
	const shown = findings.slice(0, findings.length > room ? room - 1 : room);
	const left = findings.length - shown.length;
	return [
		...shown.map(({ words }) => words),
		...(left > 0 ? [`${left} more: ask for one code`] : []),
		...last,
	];
}

/** In the order of the answer: what goes on first, then the least likely by chance. */
function episodes({ episodes }: ErrorStats, echoes: Echoes, show: FindingWords): Finding[] {
	return episodes.map((episode, index) => {
		const { evidence, common } = episode;
		const echo = echoes.get(episode.code);
		const shared = commonWords(common, show.code);
		const told = [
			episodeWords(episode, show.code),
			...(shared === "" ? [] : [shared]),
			...(echo === undefined ? [] : [echoWords(echo, show.code)]),
			// What is borne out stands first; by what stands with the episode.
			...(evidence?.kind === "clients_alone" ? [evidenceWords(evidence)] : []),
		];
		// Whoever acts, acts on what it echoes.
		const weight = echo === undefined ? weightOf(episode) : Math.min(weightOf(episode), echoWeight);
		return { weight: weight - index, words: told.join("; ") };
	});
}

/** Codes that no episode tells of. */
function otherEchoes({ episodes, codes }: ErrorStats, echoes: Echoes, show: FindingWords): Finding[] {
	const inEpisode = new Set(episodes.map(({ code }) => code));
	return codes.flatMap(({ code }) => {
		const echo = echoes.get(code);
		if (echo === undefined || inEpisode.has(code)) return [];
		return [{ weight: echoWeight, words: `${show.code(code)} is ${echoWords(echo, show.code)}` }];
	});
}

/** In the order in which to act: users hit and borne out come first, what only clients say comes last. */
function weightOf({ evidence, until, users }: ErrorStats["episodes"][number]): number {
	switch (evidence?.kind) {
		case "clients_alone":
			// A code may be put together where no search sees it, and a client's code is not a lie.
			return evidence.why.sign === "not_raised" ? (until === undefined ? 2500 : 1500) : 0;
		case "borne_out":
			return until === undefined ? 3500 : 2500;
		case undefined:
			return (until === undefined ? 3000 : 2000) - (users === 0 ? 500 : 0);
	}
}

/** Codes of which an episode says already that only clients say so. */
function doubted({ episodes }: ErrorStats): ReadonlySet<string> {
	return new Set(
		episodes.flatMap(({ code, evidence }) =>
			evidence?.kind === "clients_alone" && evidence.why.sign !== "not_raised" ? [code] : [],
		),
	);
}

/** Nothing of these stands among the codes. */
function silent({ silentSkills }: ErrorStats, show: FindingWords): Finding[] {
	return silentSkills.map((episode) => ({
		weight: episode.until === undefined ? 2900 : 1900,
		words: `${runEpisodeWords(episode, show.code)}${silentWords(episode)} (failed_skill_runs)`,
	}));
}

/** What an episode's code is bound to stands with the episode. */
function concentrations(stats: ErrorStats, show: FindingWords): Finding[] {
	const inEpisode = new Set(stats.episodes.map(({ code }) => code));
	const alone = doubted(stats);
	return concentrated(stats, show).filter(
		({ by, code }) => !inEpisode.has(code) || (by === "who" && !alone.has(code)),
	);
}

/** Codes that are new and in no episode: each by itself, but those with few events in one line. */
function newCodes({ codes, previous, episodes }: ErrorStats, show: FindingWords): Finding[] {
	const since = `none before, back to ${minuteWords(previous.from)} UTC`;
	const inEpisode = new Set(episodes.map(({ code }) => code));
	const fresh = codes.filter(({ code, isNew }) => isNew && !inEpisode.has(code));
	const few = fresh.filter(({ count }) => count < manyEvents);
	const left = few.length - maxFew;
	const names = few.slice(0, maxFew).map(({ code, count }) => `${show.code(code)} ${count}`);
	const together = [...names, ...(left > 0 ? [`${left} more`] : [])].join(", ");
	return [
		...fresh
			.filter(({ count }) => count >= manyEvents)
			.map(({ code, count }) => ({
				weight: 1000 + count,
				words: `${show.code(code)} is new: ${count} events, ${since}`,
			})),
		...(few.length === 0 ? [] : [{ weight: 1000, words: `new, with few events: ${together}; ${since}` }]),
	];
}

/** Days that the table does not hold are not days without errors. */
function heldWords({ historyFrom, previousHeld, total }: ErrorStats): string[] {
	const percent = Math.round(100 * previousHeld);
	if (percent === 100 || total === 0) return [];
	const held =
		previousHeld === 0
			? "the previous window lies before it, so that nothing is compared with it"
			: `only ${percent} % of the previous window are held, and rates are compared`;
	return [`the table's rows begin at ${minuteWords(historyFrom)} UTC: ${held}`];
}

function dated({ datedInFuture: count }: ErrorStats): string[] {
	if (count === 0) return [];
	return [`${count} ${count === 1 ? "event" : "events"} dated in the future: a client's clock is wrong`];
}
