// Which episodes are of a trouble that is remembered. Whatever fails here, an answer stands without it.

import type { AskedEpisode } from "../cause/index.ts";
import type { Production, Stretch } from "../production/index.ts";
import { Failure } from "../text/index.ts";
import type { Case } from "./case.ts";
import type { Standing } from "./changes.ts";
import { isSame } from "./fingerprint.ts";
import { identify } from "./identify.ts";
import type { CaseMemory } from "./joined-memory.ts";

export interface KnownSources {
	readonly production: Pick<Production, "profiles">;
	/** @throws {Failure} where no cases are kept */
	memory(): CaseMemory;
}

/** A case that an episode is of, and when the episode stood. */
export interface Known {
	readonly of: Case;
	readonly standing: Standing;
}

/** The most cases that an answer names unasked. */
export const mostKnown = 3;

/** Cases that may be named unasked: a user has not muted them, and it is known which trouble they are. */
export async function recallable({ memory }: Pick<KnownSources, "memory">): Promise<readonly Case[]> {
	return (await identifiable({ memory })).filter(({ mutedAt }) => mutedAt === undefined);
}

async function identifiable({ memory }: Pick<KnownSources, "memory">): Promise<readonly Case[]> {
	const all = await orNone(async () => memory().all());
	return (all ?? []).filter(({ trouble }) => trouble.top !== undefined);
}

/**
 * Production is asked only where a case has the code or the skill of an episode.
 *
 * @param among by default those that may be named unasked
 * @returns in the episodes' order, at most three cases, or as many as are given
 */
export async function knownOf(
	sources: KnownSources,
	episodes: readonly AskedEpisode[],
	signal: AbortSignal,
	{
		among = "recallable",
		most = mostKnown,
	}: { readonly among?: "recallable" | "all"; readonly most?: number } = {},
): Promise<readonly (Known | undefined)[]> {
	const cases = await (among === "all" ? identifiable(sources) : recallable(sources));
	const likely = episodes.flatMap((asked, index) => {
		const own = cases.filter(({ trouble }) => trouble.of === asked.of && trouble.name === nameOf(asked));
		return own.length === 0 ? [] : [{ asked, index, own }];
	});
	if (likely.length === 0) return [];
	const stretches = likely.map(({ asked }) => stretchOf(asked));
	const found = await orNone(() => identify(sources.production, stretches, signal));
	signal.throwIfAborted();
	const known = new Map<number, Known>();
	likely.forEach(({ asked, index, own }, place) => {
		const identified = found?.[place];
		if (identified === undefined || known.size === most) return;
		const of = own.find(({ trouble }) => isSame(trouble, identified.trouble));
		const standing = { ...asked.episode, lastSeen: identified.lastSeen };
		if (of !== undefined) known.set(index, { of, standing });
	});
	return episodes.map((_, index) => known.get(index));
}

export function stretchOf(asked: AskedEpisode): Stretch {
	if (asked.of === "skill") return { of: "skill", skill: asked.episode.skill, spans: asked.episode.spans };
	const { code, where, spans } = asked.episode;
	return { of: "code", code, spans, ...(where === undefined ? {} : { where }) };
}

function nameOf(asked: AskedEpisode): string {
	return asked.of === "skill" ? asked.episode.skill : asked.episode.code;
}

async function orNone<T>(read: () => Promise<T>): Promise<T | undefined> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof Failure) return undefined;
		throw error;
	}
}
