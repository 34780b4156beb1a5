// The reasons why an edit or a hunk does not match its file.

/** Line numbers count from 1, in the file as it is on disk. */
export type MatchProblem =
	| { readonly kind: "none"; readonly nearest: Nearest | undefined }
	| { readonly kind: "part_of_line"; readonly line: number; readonly inFile: string; readonly total: number }
	| {
			readonly kind: "several";
			/** All places; `lines` has the first of them. */
			readonly total: number;
			readonly lines: readonly number[];
			readonly apart: DistinguishingLine | undefined;
	  }
	| { readonly kind: "already_applied"; readonly line: number }
	| { readonly kind: "overlap"; readonly other: string; readonly line: number | undefined }
	| { readonly kind: "content_differs"; readonly line: number }
	| { readonly kind: "empty_old_text" }
	| { readonly kind: "no_such_file" }
	/** Tracked, and not in the work tree; `sparse` where git was asked to leave it out. */
	| { readonly kind: "not_checked_out"; readonly sparse: boolean }
	| { readonly kind: "file_exists" };

/** The place in the file that is most similar to the requested lines. */
export interface Nearest {
	/** Where it begins. */
	readonly line: number;
	/** The first line that differs: its number, its text in the file, its text in the edit. */
	readonly differsAt: number;
	readonly inFile: string;
	readonly inEdit: string;
	/** `word`: a single word differs. */
	readonly how: "whitespace" | "letter_case" | "word" | "text";
	/** The file's lines in place of the edit's own, if they stand there alone. */
	readonly block?: readonly string[];
	/** How many of the edit's lines are there unchanged, and how many it has. */
	readonly same: number;
	readonly of: number;
}

/** The line that distinguishes several places: how far before or after each, and what it says at each. */
export interface DistinguishingLine {
	readonly side: "before" | "after";
	readonly distance: number;
	/** In the order of `lines`; undefined where the file begins or ends. */
	readonly texts: readonly (string | undefined)[];
}
