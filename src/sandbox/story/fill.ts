// Fills the sandbox's tables with the story.

import type { TimeStorage } from "../../sql/index.ts";
import type { SandboxDatabase } from "../database.ts";
import { rowMakers } from "./rows.ts";
import { tellStory } from "./story.ts";

export interface StoryOptions {
	/** The end of the story, epoch seconds. */
	readonly now: number;
	readonly timeStorage: TimeStorage;
	readonly missingTables: readonly string[];
}

/** The same `now` gives the same rows, except for secret columns. */
export function fillStory(db: SandboxDatabase, { now, timeStorage, missingTables }: StoryOptions): void {
	const story = tellStory(now, timeStorage);
	for (const [table, rowsOf] of rowMakers) {
		// Generated for a missing table too, so that ids in other tables stay the same.
		const rows = rowsOf(story);
		if (!missingTables.includes(table)) db.insert(table, rows);
	}
}
