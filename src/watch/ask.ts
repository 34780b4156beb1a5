// Asks production for one round, as error_stats does: the same episodes, the same facts.

import { goesOn, type Known, knownOf, returnedAt } from "../cases/index.ts";
import type { CountedEpisode, CountedRunEpisode, StatsAnswer } from "../production/index.ts";
import type { Services } from "../services.ts";
import { type CountedLimit, countLimit, type Limit } from "./limits.ts";
import { type NewCode, type Round, type Standing, secondsOf } from "./round.ts";

const hour = 3600;
/** A round looks back so far, and further where the last one was earlier. */
const leastHours = 24;
/** The history that episodes are found in. */
const mostHours = 28 * 24;

/** A trouble of the round, and what it is told from. */
export interface AskedTrouble extends Standing {
	readonly asked: CountedAsked;
	readonly known: Known | undefined;
}

export type CountedAsked =
	| { readonly of: "code"; readonly episode: CountedEpisode }
	| { readonly of: "skill"; readonly episode: CountedRunEpisode };

export interface AskedRound extends Round {
	readonly troubles: readonly AskedTrouble[];
	readonly limits: readonly CountedLimit[];
}

/**
 * @param lastNow production's time at the last round, epoch seconds
 * @throws what production throws
 */
export async function askRound(
	services: Services,
	{ limits, lastNow }: { readonly limits: readonly Limit[]; readonly lastNow: number | undefined },
	signal: AbortSignal,
): Promise<AskedRound> {
	const ours = services.clock.now() / 1000;
	const away = lastNow === undefined ? 0 : Math.ceil((ours - lastNow) / hour) + 1;
	const since = `${Math.min(mostHours, Math.max(leastHours, away))}h`;
	const stats = await services.production.errorStats({ since }, signal);
	const asked: readonly CountedAsked[] = [
		...stats.episodes.map((episode) => ({ of: "code" as const, episode })),
		...stats.silentSkills.map((episode) => ({ of: "skill" as const, episode })),
	];
	const known = await knownOf(services, asked, signal, { among: "all", most: asked.length });
	const counted: CountedLimit[] = [];
	// One after the other: they share the budget of requests.
	for (const limit of limits) counted.push(await countLimit(services, limit, signal));
	return {
		now: stats.window.to,
		historyFrom: stats.historyFrom,
		troubles: asked.map((one, index) => standingOf(one, known[index], stats.window.to)),
		newCodes: newCodesOf(stats),
		limits: counted,
	};
}

function standingOf(asked: CountedAsked, known: Known | undefined, now: number): AskedTrouble {
	const { episode } = asked;
	const { kind, since, between, until, isNew, count, spans } = episode;
	return {
		asked,
		known,
		...partsOf(asked),
		kind,
		since,
		between,
		...(until === undefined ? {} : { until }),
		isNew,
		isBack: isBack(known),
		isMuted: known?.of.mutedAt !== undefined,
		count,
		seconds: secondsOf(spans.map(({ from, to }) => ({ from, to: Math.max(from, Math.min(to, now)) }))),
	};
}

function partsOf(asked: CountedAsked): Pick<Standing, "of" | "names" | "parts" | "exposure"> {
	if (asked.of === "skill") {
		const { skill, runs } = asked.episode;
		return { of: "skill", names: [skill], parts: [], exposure: runs };
	}
	const { code, with: others, where = [], expected } = asked.episode;
	const parts = where.map(({ dimension, value }) => `${dimension} ${value}`);
	return { of: "code", names: [code, ...others], parts, exposure: expected };
}

/** Back after its fix, as recall_cases says it. */
function isBack(known: Known | undefined): boolean {
	if (known === undefined) return false;
	const { of, standing } = known;
	return returnedAt(of, standing) !== undefined || goesOn(of, standing);
}

function newCodesOf({ codes, firstHours, window }: StatsAnswer): readonly NewCode[] {
	return codes.flatMap(({ code, count }) => {
		const since = firstHours.get(code);
		return since === undefined || since < window.to - leastHours * hour ? [] : [{ code, count, since }];
	});
}
