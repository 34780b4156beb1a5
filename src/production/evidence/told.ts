// What is told of a question's episodes beside their counts: whether they can be believed, and what their events share.

import type { TimeStorage } from "../../sql/index.ts";
import { DeploymentLacks } from "../../sql/index.ts";
import type { Database } from "../database.ts";
import type { Dimension, EventFilters } from "../filters.ts";
import type { CountedEpisode } from "../stats/episode-counts.ts";
import { type InCommon, readCommon } from "./common.ts";
import { type Evidence, judge, readHeld, storageOfRuns } from "./evidence.ts";
import { evidenceQuery, maxEvidenceRows } from "./evidence-query.ts";

/** Episodes that are held against the rows, in the answer's order. */
const maxHeld = 10;

/** An episode of an answer. */
export interface ToldEpisode extends CountedEpisode {
	readonly evidence?: Evidence;
	/** The most telling first, at most three. */
	readonly common: readonly InCommon[];
}

/** One query; without it where this deployment lacks a column that it reads. */
export async function tellEpisodes(
	database: Database,
	episodes: readonly CountedEpisode[],
	asked: {
		readonly filters: EventFilters;
		readonly filtered: readonly Dimension[];
		readonly storage: TimeStorage;
	},
	signal: AbortSignal,
): Promise<readonly ToldEpisode[]> {
	if (episodes.length === 0) return [];
	const storage = { events: asked.storage, runs: await storageOfRuns(database, signal) };
	const held = episodes.slice(0, maxHeld);
	const query = evidenceQuery(held, asked.filters, storage);
	const rows = await orNone(database.rows({ query, maxRows: maxEvidenceRows(held.length) }, signal));
	return episodes.map((episode, index) => {
		const own = rows.filter((row) => row.episode === index);
		const evidence = judge(readHeld(own));
		return {
			...episode,
			...(evidence === undefined ? {} : { evidence }),
			common: readCommon(own, episode, asked.filtered),
		};
	});
}

async function orNone<T>(found: Promise<readonly T[]>): Promise<readonly T[]> {
	try {
		return await found;
	} catch (error) {
		if (error instanceof DeploymentLacks) return [];
		throw error;
	}
}
