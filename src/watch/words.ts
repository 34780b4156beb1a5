// An alert as one line for a person, and as facts for a program.

import {
	episodeFacts,
	episodeLines,
	episodeWords,
	runEpisodeFacts,
	runEpisodeWords,
} from "../answer/index.ts";
import type { EpisodeCause } from "../cause/index.ts";
import type { EnvironmentName } from "../config/index.ts";
import { freeText, isoInstant, safeFacts, visibleLine } from "../text/index.ts";
import type { AskedTrouble } from "./ask.ts";
import type { CountedLimit } from "./limits.ts";
import type { Alert, NewCode } from "./round.ts";
import type { KnownTrouble, Message } from "./state.ts";

/** An alert with all that is said of it. */
export type Reported = { readonly id: string; readonly alerts: readonly Alert[] } & (
	| { readonly of: "trouble"; readonly trouble: AskedTrouble; readonly cause: EpisodeCause | undefined }
	| { readonly of: "gone"; readonly known: KnownTrouble }
	| { readonly of: "code"; readonly code: NewCode }
	| { readonly of: "limit"; readonly limit: CountedLimit }
);

interface Said {
	readonly words: string;
	readonly facts: Readonly<Record<string, unknown>>;
}

const maxNameLength = 120;

/** @param now production's time, epoch seconds */
export function messageOf(
	reported: Reported,
	now: number,
	shown: { readonly showPersonalData: boolean; readonly environment?: EnvironmentName },
): Message {
	const show = (text: string) => visibleLine(freeText(text, maxNameLength, shown.showPersonalData));
	const { id, alerts } = reported;
	const { words, facts } = said(reported, show);
	const at = isoInstant(now);
	const { name: environment } = shown.environment ?? {};
	const of = environment === undefined ? "" : `${environment}  `;
	const line = `${at}  ${of}${alerts.join(", ")}  ${words}`;
	// `untrusted`: names are what clients of production send, subjects what commits say.
	const named = environment === undefined ? {} : { environment };
	const all = { id, at, ...named, alerts: [...alerts], words, ...facts };
	const foreign = ["words", "error_code", "skill", "where", "with[]", "suspect", "ended_by", "known"];
	const untrusted = foreign.filter((field) => field.replace("[]", "") in all);
	return { id, alerts: [...alerts], line, facts: { ...safeFacts({ ...all, untrusted }, shown) } };
}

function said(reported: Reported, show: (text: string) => string): Said {
	switch (reported.of) {
		case "trouble":
			return ofTrouble(reported.trouble, reported.cause, show);
		case "gone": {
			const { of, names, parts, since } = reported.known;
			const name = show(names[0] ?? "");
			const where = parts.length === 0 ? "" : ` (${parts.map(show).join(", ")})`;
			const field = of === "skill" ? { skill: name } : { error_code: name };
			return {
				words: `${name}${where} no longer stands out: since ${isoInstant(since)}`,
				facts: { ...field, since: isoInstant(since) },
			};
		}
		case "code": {
			const { code, count, since } = reported.code;
			return {
				words: `${show(code)} is new: ${count} events, the first in the hour of ${isoInstant(since)}`,
				facts: { error_code: show(code), since: isoInstant(since), count },
			};
		}
		case "limit":
			return {
				words: show(reported.limit.words),
				facts: { limit: reported.limit.limit, ...reported.limit.facts },
			};
	}
}

function ofTrouble(
	{ asked, known }: AskedTrouble,
	cause: EpisodeCause | undefined,
	show: (text: string) => string,
): Said {
	const lines = episodeLines(cause, known);
	const about = Object.entries(lines).map(([name, line]) => `; ${name.replace("_", " ")}: ${line}`);
	if (asked.of === "skill") {
		const facts = runEpisodeFacts(asked.episode, show, lines);
		return { words: `${runEpisodeWords(asked.episode, show)}${about.join("")}`, facts };
	}
	const facts = episodeFacts(asked.episode, show, lines);
	return { words: `${episodeWords(asked.episode, show)}${about.join("")}`, facts };
}
