import { Failure } from "../text/index.ts";

/** Why an edit or a hunk finds no place. Line numbers count from 1, in the file as it is on disk. */
export type MatchProblem =
	| { readonly kind: "none"; readonly nearest: Nearest | undefined }
	| { readonly kind: "part_of_line"; readonly line: number; readonly inFile: string; readonly total: number }
	| {
			readonly kind: "several";
			/** All places; `lines` has the first of them. */
			readonly total: number;
			readonly lines: readonly number[];
			readonly apart: TellingLine | undefined;
	  }
	| { readonly kind: "already_applied"; readonly line: number }
	| { readonly kind: "overlap"; readonly other: string; readonly line: number | undefined }
	| { readonly kind: "content_differs"; readonly line: number }
	| { readonly kind: "empty_old_text" }
	| { readonly kind: "no_such_file" }
	| { readonly kind: "file_exists" };

/** The place in the file that is most like what was looked for. */
export interface Nearest {
	/** Where it begins. */
	readonly line: number;
	/** The first line that differs: its number, as the file has it, as the edit has it. */
	readonly differsAt: number;
	readonly inFile: string;
	readonly inEdit: string;
	/** `word`: a single word is another one. */
	readonly how: "whitespace" | "letter_case" | "word" | "text";
	/** How many of the edit's lines stand there as they are, and how many it has. */
	readonly same: number;
	readonly of: number;
}

/** The line that tells several places apart: how far before or after each, and what it says at each. */
export interface TellingLine {
	readonly side: "before" | "after";
	readonly distance: number;
	/** In the order of `lines`; undefined where the file begins or ends. */
	readonly texts: readonly (string | undefined)[];
}

/** One edit or hunk finds no place, so nothing of the patch is made. */
export class EditRefused extends Failure {
	readonly kind = "edit_refused";
	/** @param what the edit, such as `edits[2]` or `hunk 1` */
	constructor(
		readonly path: string,
		readonly what: string,
		readonly problem: MatchProblem,
	) {
		super(`${what} refused: ${problem.kind}`);
	}
}

/** Why a patch as a whole is not made. */
export type PatchProblem =
	| "outside"
	| "git_internal"
	| "bad_path"
	| "ignored"
	| "hidden"
	| "link"
	| "submodule"
	| "not_a_file"
	| "unreadable"
	| "mode_change"
	| "not_utf8"
	| "binary"
	| "file_too_large"
	| "too_many_files"
	| "too_many_lines"
	| "same_file_twice"
	| "no_change"
	| "secret"
	| "no_diff"
	| "does_not_apply";

/** A patch is not made. */
export class PatchRefused extends Failure {
	readonly kind = "patch_refused";
	/** @param detail what else there is to know, as a phrase; shown in quotation marks */
	constructor(
		readonly problem: PatchProblem,
		readonly path: string | undefined,
		readonly detail: string | undefined = undefined,
	) {
		super(`patch refused: ${problem}`);
	}
}

/** No patch is kept under this id. */
export class PatchUnknown extends Failure {
	readonly kind = "patch_unknown";
	constructor(readonly id: string) {
		super("no such patch");
	}
}

export type PatchFailure = EditRefused | PatchRefused | PatchUnknown;
