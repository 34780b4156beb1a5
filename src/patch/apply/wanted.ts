// The lines that an edit or a hunk looks for.

export interface Wanted {
	readonly lines: readonly string[];
	/** Their replacement: if the file has it already, the edit was applied before. */
	readonly replacement: readonly string[];
	/** A line number near them, from 1. */
	readonly hint: number | undefined;
}
