// A commit as the search for causes sees it: when it reached the main line, and the lines it changed.

/** Lines removed at one place of a file, and those put there instead. */
export interface Hunk {
	/** 1-based; of an empty side, the line before it. */
	readonly oldStart: number;
	readonly newStart: number;
	readonly oldCount: number;
	readonly newCount: number;
	/** Clipped, and not all of them in a large change: the counts are complete. */
	readonly removed: readonly string[];
	readonly added: readonly string[];
	/** The line that git prints as the hunk's function. */
	readonly heading: string;
}

export interface FileChange {
	/** After the change; before it, if the file was deleted. */
	readonly path: string;
	/** Before a rename. */
	readonly oldPath?: string;
	readonly kind: "added" | "deleted" | "changed";
	readonly isBinary: boolean;
	/** The blobs before and after, as git abbreviates them. */
	readonly blobs?: readonly [before: string, after: string];
	readonly hunks: readonly Hunk[];
	/** Lines, complete even where the hunks are not. */
	readonly added: number;
	readonly removed: number;
}

export interface Patch {
	readonly id: string;
	readonly files: readonly FileChange[];
	/** Some lines or files are left out of `files`. */
	readonly isCut: boolean;
	/** What git printed ended before this commit: nothing is known of its lines. */
	readonly isMissing?: boolean;
}

export interface Commit {
	/** The whole hash. */
	readonly id: string;
	/** When it was committed, epoch seconds, as the commit says. */
	readonly at: number;
	/**
	 * When the main line had it, epoch seconds: for what a merge brought in, the merge; for a date that cannot be true, the
	 * nearest that can.
	 */
	readonly reachedAt: number;
	/** The merge that brought it in. */
	readonly mergedBy?: string;
	/** Its place on the first-parent line, or its merge's: 0 is HEAD. */
	readonly position: number;
	readonly subject: string;
	/** The commits that its text says it reverts, as far as their hash is written. */
	readonly reverts: readonly string[];
	readonly tags: readonly string[];
	readonly patch: Patch;
}

export interface CommitLog {
	/** Newest first. */
	readonly commits: readonly Commit[];
	/** The places of the first-parent line's commits, merges included: 0 is HEAD. */
	readonly line: ReadonlyMap<string, number>;
	readonly branch?: string;
	readonly head?: string;
	/** When the newest and the oldest commit known reached the main line. */
	readonly newestAt?: number;
	readonly oldestAt?: number;
	/** The whole first-parent line back to its first commit, or further back than asked. */
	readonly isWhole: boolean;
	readonly isShallow: boolean;
	/** The checkout has only some of the files. */
	readonly isSparse: boolean;
	/** Objects are missing (a partial clone), or git failed on the way. */
	readonly isPartial: boolean;
	/** Older commits of the span that were not read, for their number. */
	readonly unread: number;
}
