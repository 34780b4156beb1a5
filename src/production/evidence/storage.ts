// How the two tables that an episode is held against store time.

import type { TimeStorage } from "../../sql/index.ts";

export interface EvidenceStorage {
	readonly events: TimeStorage;
	/** Undefined where this deployment logs no runs. */
	readonly runs: TimeStorage | undefined;
}
