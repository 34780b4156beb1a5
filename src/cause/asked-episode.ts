// Which episode a question about a cause means, and what is known of its failing runs.

import type { Dimension } from "../episodes/index.ts";
import type {
	CountedEpisode,
	CountedRunEpisode,
	FilterArguments,
	Production,
	ToldEpisode,
	Window,
	WindowArguments,
} from "../production/index.ts";
import { Failure } from "../text/index.ts";
import type { CauseQuestion, Onset } from "./question.ts";

/** What its events share is known where the statistics told it. */
type CodesEpisode = CountedEpisode & Partial<Pick<ToldEpisode, "common">>;

export type AskedEpisode =
	| { readonly of: "code"; readonly episode: CodesEpisode }
	| { readonly of: "skill"; readonly episode: CountedRunEpisode };

export interface AskedAnswer {
	/** Missing where production was not reached, and an instant was given. */
	readonly window?: Window;
	readonly clockDifferenceSeconds?: number;
	readonly asked?: AskedEpisode;
	/** Patterns and examples of the failing runs' messages, most frequent first. */
	readonly messages: readonly string[];
	/** Epoch seconds, by production's clock where it is known. */
	readonly now: number;
	/** Why production could not be asked. */
	readonly failure?: Failure;
}

export interface EpisodeArguments extends WindowArguments, FilterArguments {}

const maxMessages = 5;
/** An episode that began so near the given instant is the one meant, in seconds. */
const nearSeconds = 6 * 3600;
/** An instant that a person names is about right, in seconds. */
const aboutSeconds = 30 * 60;

/**
 * With a skill and no other filter, its runs come first; without any filter, the strongest episode of codes and skills.
 *
 * @param about an instant that the caller gives, epoch seconds: the episode that began nearest to it
 * @throws what production throws; with an instant, the answer goes on without production
 */
export async function askEpisode(
	production: Production,
	args: EpisodeArguments,
	about: number | undefined,
	now: number,
	signal: AbortSignal,
): Promise<AskedAnswer> {
	try {
		return await ask(production, args, { about, now }, signal);
	} catch (error) {
		signal.throwIfAborted();
		if (about === undefined || !(error instanceof Failure)) throw error;
		return { messages: [], now, failure: error };
	}
}

async function ask(
	production: Production,
	args: EpisodeArguments,
	{ about, now }: { readonly about: number | undefined; readonly now: number },
	signal: AbortSignal,
): Promise<AskedAnswer> {
	const { since, until, skill, user, organization } = args;
	const onlyRuns = !hasErrorFilter(args);
	const [stats, runs] = await Promise.all([
		production.errorStats({ ...args, limit: 1 }, signal),
		onlyRuns
			? production.failedSkillRuns(
					{ since, until, skill, user, organization, limit: 1, correlate: false },
					signal,
				)
			: undefined,
	]);
	const ofCodes = stats.episodes.map((episode): AskedEpisode => ({ of: "code", episode }));
	const ofSkills = (runs?.episodes ?? []).map((episode): AskedEpisode => ({ of: "skill", episode }));
	const isSkillAsked = onlyRuns && skill !== undefined && ofSkills.length > 0;
	const asked = chosen(isSkillAsked ? ofSkills : [...ofCodes, ...ofSkills], about);
	const messages = asked?.of === "skill" && runs?.listed !== 0 ? (runs?.messages ?? []) : [];
	const { clockDifferenceSeconds } = stats;
	return {
		window: stats.window,
		...(clockDifferenceSeconds === undefined ? {} : { clockDifferenceSeconds }),
		...(asked === undefined ? {} : { asked }),
		messages: messages.slice(0, maxMessages).map(({ pattern }) => pattern),
		now: runs?.now ?? Math.max(stats.window.to, now),
	};
}

function hasErrorFilter({
	error_code,
	category,
	provider,
	action,
	http_status,
	session,
}: FilterArguments): boolean {
	return [error_code, category, provider, action, http_status, session].some((given) => given !== undefined);
}

function chosen(episodes: readonly AskedEpisode[], about: number | undefined): AskedEpisode | undefined {
	if (about === undefined) {
		return [...episodes].sort(
			(one, other) => weight(one) - weight(other) || one.episode.logChance - other.episode.logChance,
		)[0];
	}
	const distance = ({ episode: { since, between } }: AskedEpisode) =>
		about >= between[0] && about <= between[1] ? 0 : Math.abs(since - about);
	const [nearest] = [...episodes].sort((one, other) => distance(one) - distance(other));
	return nearest !== undefined && distance(nearest) <= nearSeconds ? nearest : undefined;
}

/** What goes on comes first. */
function weight({ episode }: AskedEpisode): number {
	return episode.until === undefined ? 0 : 1;
}

/** When an episode began. */
export function onsetOf({ episode }: AskedEpisode): Onset {
	const { since, between, kind, until, untilBetween } = episode;
	return {
		since,
		between,
		kind,
		...(until === undefined ? {} : { until }),
		...(untilBetween === undefined ? {} : { untilBetween }),
	};
}

/** An instant that the caller gives in place of an episode. */
export function onsetAbout(about: number): Onset {
	return { since: about, between: [about - aboutSeconds, about + aboutSeconds], kind: undefined };
}

/** What so many of an episode's sessions have in common, and others do not, is where it fails. */
const nearlyAll = 0.9;

/** By field. */
function placeOf({ where = [], common = [] }: CodesEpisode): ReadonlyMap<string, string> {
	return new Map([
		...common.flatMap(({ field, value, share }) => (share >= nearlyAll ? [[field, value] as const] : [])),
		...where.map(({ dimension, value }) => [dimension, value] as const),
	]);
}

/** What the cause is looked for by: codes, and names of skills, providers and actions. */
export function wordsOfEpisode(
	asked: AskedEpisode | undefined,
	{ error_code, skill, provider, action, http_status }: FilterArguments,
): Pick<CauseQuestion, "codes" | "names" | "part"> {
	const where = asked?.of === "code" ? placeOf(asked.episode) : new Map<string, string>();
	const known = (value: string | undefined) => (value === "none" ? undefined : value);
	const of = (dimension: Dimension, given: string | undefined) => known(where.get(dimension) ?? given);
	const told = [of("skill", skill), of("provider", provider), of("action", action)];
	const runs = asked?.of === "skill" ? asked.episode.skill : undefined;
	const names = [...[skill, provider, action].map(known), ...told, runs].filter((name) => name !== undefined);
	const status = Number(of("http_status", http_status === undefined ? undefined : String(http_status)));
	const asArray = error_code === undefined ? [] : typeof error_code === "string" ? [error_code] : error_code;
	const codes = asked?.of === "code" ? [asked.episode.code] : asArray.filter((code) => code !== "none");
	const [skillOf, providerOf, actionOf] = told;
	return {
		codes: codes.filter((code) => /^\w{2,100}$/.test(code)),
		names: [...new Set(names)],
		part: {
			...(skillOf === undefined ? {} : { skill: skillOf }),
			...(providerOf === undefined ? {} : { provider: providerOf }),
			...(actionOf === undefined ? {} : { action: actionOf }),
			...(Number.isInteger(status) ? { httpStatus: status } : {}),
		},
	};
}
