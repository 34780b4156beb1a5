// A range of lines of a file.

/** 1-based, both included. */
export interface LineRange {
	readonly from: number;
	readonly to: number;
}
