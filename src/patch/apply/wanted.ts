/** Lines that an edit or a hunk looks for. */
export interface Wanted {
	readonly lines: readonly string[];
	/** What they are to become: found instead, the edit was applied before. */
	readonly replacement: readonly string[];
	/** A line number, from 1, near which they stand. */
	readonly hint: number | undefined;
}
