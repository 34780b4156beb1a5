// One thing that a person would notice first, before it is put in order.

import type { Show } from "./episode-words.ts";

/** How what production wrote is shown in a finding. */
export interface FindingWords {
	/** How an error code or a skill is shown: clients send what they like. */
	readonly code: Show;
	/** How an id is shown. */
	readonly id: Show;
}

export interface Finding {
	/** Higher matters more. */
	readonly weight: number;
	readonly words: string;
}
