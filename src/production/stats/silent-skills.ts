// Skills whose runs fail with no error event beside them: error statistics alone would not show them.

import type { TimeStorage } from "../../sql/index.ts";
import { TimeStorageUnknown } from "../../sql/index.ts";
import { type Database, type StoredTime, TableMissing } from "../database.ts";
import type { EventFilters } from "../filters.ts";
import type { RunHistory } from "../history/run-history.ts";
import { type CountedRunEpisode, countRunEpisodes } from "../runs/episode-counts.ts";
import type { RunFilters } from "../runs/filters.ts";
import type { Window } from "../window.ts";

/** Of the failures held against the error events so many must have none. */
const silentShare = 0.5;

export interface SilentSkillsAsked {
	readonly window: Window;
	readonly filters: EventFilters;
	/** How error_events stores time. */
	readonly storage: TimeStorage;
}

/**
 * The episodes of failing runs in the window, of which most failures have no error event of the same user nearby.
 * None where the filters are of what runs do not have, and where this deployment has no runs.
 */
export async function silentSkills(
	{ database, runHistory }: { readonly database: Database; readonly runHistory: RunHistory },
	{ window, filters, storage }: SilentSkillsAsked,
	signal: AbortSignal,
): Promise<readonly CountedRunEpisode[]> {
	const ofRuns = runFilters(filters);
	const stored = ofRuns === undefined ? undefined : await storedTimeOfRuns(database, signal);
	if (ofRuns === undefined || stored === undefined) return [];
	const { episodes } = await runHistory.episodes(stored, signal);
	const counted = await countRunEpisodes(
		database,
		episodes,
		{ window, filters: ofRuns, status: "error", storage: stored.storage, events: storage },
		signal,
	);
	return counted.filter(({ silent, heldAgainst }) => heldAgainst > 0 && silent >= silentShare * heldAgainst);
}

/** @returns undefined where there is a filter that runs do not have */
function runFilters({ skill, user, organization, ...others }: EventFilters): RunFilters | undefined {
	if (Object.values(others).some((value) => value !== undefined)) return undefined;
	return {
		...(skill === undefined ? {} : { skill }),
		...(user === undefined ? {} : { user }),
		...(organization === undefined ? {} : { organization }),
	};
}

async function storedTimeOfRuns(database: Database, signal: AbortSignal): Promise<StoredTime | undefined> {
	try {
		return await database.storedTime("skill_usage_logs", signal);
	} catch (error) {
		if (error instanceof TableMissing || error instanceof TimeStorageUnknown) return undefined;
		throw error;
	}
}
