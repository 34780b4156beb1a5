// Episodes of codes that no line of the repository raises: clients alone say so.

import type { EpisodeCause } from "../../cause/index.ts";
import type { ToldEpisode } from "../../production/index.ts";

/** The episode, marked where the search for its cause found no raising line and nothing else is known of it. */
export function withoutLine(episode: ToldEpisode, cause: EpisodeCause | undefined): ToldEpisode {
	if (episode.evidence !== undefined || cause?.kind !== "found" || !cause.gaps.noRaising) return episode;
	return { ...episode, evidence: { kind: "clients_alone", why: { sign: "not_raised" } } };
}
