// What a planted incident is, before and after its history is made.

import type { Edit } from "./suspects-edits.ts";
import type { StoryCommit } from "./suspects-stories.ts";

export type CommitRole = "noise" | "culprit" | "release" | "loud" | "refactoring" | "revert";

export interface PlannedCommit extends StoryCommit {
	readonly role: CommitRole;
	/** Epoch seconds. */
	readonly at: number;
	/** On a branch that the next commit without it is merged after. */
	readonly isOnBranch: boolean;
}

export interface Incident {
	readonly source: string;
	readonly seed: number;
	readonly base: ReadonlyMap<string, string>;
	readonly baseAt: number;
	/** Oldest first. */
	readonly commits: readonly PlannedCommit[];
	readonly how: string;
	readonly code: string;
	readonly raisingFile: string;
	readonly names: readonly string[];
	readonly messages: readonly string[];
	readonly since: number;
	readonly between: readonly [number, number];
	readonly kind: "on" | "burst" | "growing" | "recurring";
	readonly until: number | undefined;
	readonly now: number;
}
export interface Draft {
	readonly subject: string;
	readonly role: CommitRole;
	/** Of the story; its files' texts. */
	readonly story?: StoryCommit;
	readonly edits: readonly Edit[];
	readonly undoes?: Edit;
}
