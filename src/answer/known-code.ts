// The cases that are kept of a code that is searched for, in a line each.

import { type Case, knownOf, mostKnown, recallable, type Standing } from "../cases/index.ts";
import type { AskedEpisode } from "../cause/index.ts";
import type { Services } from "../services.ts";
import { Failure, quoteUntrusted } from "../text/index.ts";
import { boundWords, knownLine } from "./case-words.ts";

/** The search has its answer without them, so production may take only so long. */
const timeoutMs = 5000;

/**
 * Where the code has an episode now, only cases of the same trouble: others would mislead. Where it has none, or
 * production cannot be asked, those of the code, each with what bounds it. Without a case production is not asked.
 */
export async function knownOfCode(
	services: Services,
	code: string,
	signal: AbortSignal,
): Promise<readonly string[]> {
	const cases = (await recallable(services)).filter(
		({ trouble: { of, name } }) => of === "code" && name === code,
	);
	if (cases.length === 0) return [];
	const episodes = await episodesNow(services, code, signal);
	if (episodes.length === 0) return cases.slice(0, mostKnown).map((one) => lineOf(one));
	const known = await knownOf(services, episodes, signal);
	return known.flatMap((one) => (one === undefined ? [] : [lineOf(one.of, one.standing)]));
}

async function episodesNow(
	{ config, production }: Services,
	code: string,
	signal: AbortSignal,
): Promise<readonly AskedEpisode[]> {
	if (config.apiKey === undefined) return [];
	const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
	try {
		const { episodes } = await production.errorStats({ error_code: [code], since: "7d", limit: 1 }, within);
		return episodes.map((episode): AskedEpisode => ({ of: "code", episode }));
	} catch (error) {
		signal.throwIfAborted();
		if (within.aborted || error instanceof Failure) return [];
		throw error;
	}
}

function lineOf(one: Case, standing?: Standing): string {
	const bounds = boundWords(one, (text) => quoteUntrusted(text, 80));
	return `Known${bounds === "" ? "" : ` of ${bounds}`}: ${knownLine(one, standing)}.`;
}
