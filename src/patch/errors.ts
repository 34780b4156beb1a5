import { Failure } from "../failure.ts";

/** Why an edit or a hunk finds no place. Line numbers count from 1. */
export type MatchProblem =
	| { readonly kind: "none"; readonly nearest: Nearest | undefined }
	| { readonly kind: "several"; readonly lines: readonly number[] }
	| { readonly kind: "already_applied"; readonly line: number }
	| { readonly kind: "empty_old_text" }
	| { readonly kind: "no_such_file" }
	| { readonly kind: "file_exists" };

/** The place in the file that is most like what was looked for. */
export interface Nearest {
	readonly line: number;
	/** The first line that differs: its number, as the file has it, as the edit has it. */
	readonly differsAt: number;
	readonly inFile: string;
	readonly inEdit: string;
	readonly onlyWhitespace: boolean;
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
	| "ignored"
	| "hidden"
	| "link"
	| "submodule"
	| "not_a_file"
	| "mode_change"
	| "not_utf8"
	| "file_too_large"
	| "too_many_files"
	| "too_many_lines"
	| "no_change"
	| "secret"
	| "no_diff"
	| "binary"
	| "does_not_apply";

/** A patch is not made. */
export class PatchRefused extends Failure {
	readonly kind = "patch_refused";
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
