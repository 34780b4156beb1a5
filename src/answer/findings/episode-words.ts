// An episode in words: what it is, since when, how much more than usual, and how many users it hit.

import type { CountedEpisode, CountedRunEpisode } from "../../production/index.ts";
import { significant } from "../facts.ts";
import { nextDue } from "./next-due.ts";

/** How texts from production are shown: clients send what they like. */
export type Show = (text: string) => string;

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `23 Nov 14:35`, in UTC: a history of four weeks needs no year. */
export function minuteWords(seconds: number): string {
	const at = new Date(seconds * 1000);
	return `${at.getUTCDate()} ${months[at.getUTCMonth()] ?? ""} ${at.toISOString().slice(11, 16)}`;
}

/** The part of the code that an episode stands in, such as `provider greenhouse, action sync_candidates`. */
export function whereWords(
	{ where = [], organizationName }: Pick<CountedEpisode, "where" | "organizationName">,
	show: Show,
): string {
	const shown = where.map(({ dimension, value }) => {
		const name = dimension === "organization" ? organizationName : undefined;
		return `${dimension} ${show(name ?? value)}`;
	});
	return shown.join(", ");
}

/** Hours of a recurring episode, such as `07:00`. */
export function hourWords(hours: readonly number[]): readonly string[] {
	return hours.map((hour) => `${String(hour).padStart(2, "0")}:00`);
}

/** One sentence without its full stop. */
export function episodeWords(episode: CountedEpisode, show: Show): string {
	const where = whereWords(episode, show);
	const what = `${show(episode.code)}${where === "" ? "" : ` (${where})`}`;
	const others = episode.with.length === 0 ? "" : `, with ${episode.with.map(show).join(", ")}`;
	return `${what} ${courseWords(episode)}${others}: ${amountWords(episode)}`;
}

/** The same of a skill whose runs fail. */
export function runEpisodeWords(episode: CountedRunEpisode, show: Show): string {
	const { skill, count, runs, rate, usualRate, users } = episode;
	const percent = (share: number) => `${Math.round(100 * share)} %`;
	const usual = usualRate < 0.005 ? "none" : percent(usualRate);
	return `${show(skill)} fails, ${courseWords(episode)}: ${count} of ${runs} runs, ${percent(rate)}, ${usual} as usual; ${plural(users, "user")}`;
}

type Course = Pick<CountedEpisode, "kind" | "since" | "until" | "hours" | "perDay" | "isNew" | "spans">;

function courseWords(episode: Course): string {
	const { kind, since, until, hours = [], perDay, isNew } = episode;
	const fresh = isNew ? "new, " : "";
	const onset = `${minuteWords(since)} UTC`;
	switch (kind) {
		case "on":
			return `${fresh}on since ${onset}`;
		case "burst":
			return `${fresh}over: from ${minuteWords(since)} to ${endWords(since, until)} UTC`;
		case "recurring":
			return `${fresh}recurs at ${hourWords(hours).join(" and ")} since ${onset}${lastOrNext(episode)}`;
		case "growing":
			return `${fresh}growing since ${onset}${perDay === undefined ? "" : `, ×${significant(perDay)} a day`}`;
	}
}

function lastOrNext(episode: Course): string {
	if (episode.until !== undefined) return `, last at ${minuteWords(episode.until)}`;
	const next = nextDue(episode);
	return next === undefined ? "" : `, next ${minuteWords(next)}`;
}

/** Without the day where that is the same. */
function endWords(from: number, to: number | undefined): string {
	if (to === undefined) return "now";
	const [one, other] = [minuteWords(from), minuteWords(to)];
	return one.slice(0, -6) === other.slice(0, -6) ? other.slice(-5) : other;
}

function amountWords({ count, expected, users, usualUsers, with: others }: CountedEpisode): string {
	const usual = expected < 0.5 ? "none expected" : `about ${significant(Math.round(expected))} expected`;
	const as = usualUsers * 10 <= users ? "" : `, about ${Math.min(users, usualUsers)} as usual`;
	const all = others.length === 0 ? "" : " over all";
	return `${plural(count, "event")}, ${usual}; ${plural(users, "user")}${all}${as}`;
}

function plural(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
