// A patch as a whole is refused: the rule, and what to do instead.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** Each reason with its explanation. `of` names the file, `why` is the detail in parentheses or empty. */
const problems = {
	outside: ({ of }) => ({
		problem: `${of} leads out of the repository; nothing outside it is changed.`,
		next: "Give a path inside it.",
	}),
	git_internal: ({ of }) => ({
		problem: `${of} leads into git's own folder, which is never changed.`,
		next: "Leave it out.",
	}),
	bad_path: ({ of, why }) => ({
		problem: `${of} is not a usable path${why}.`,
		next: "Give a path below the repository's root, such as src/app.ts.",
	}),
	ignored: ({ of }) => ({
		problem: `${of} is ignored by git, so a review would not show the change.`,
		next: "Choose a file that git tracks.",
	}),
	hidden: ({ of }) => ({
		problem: `${of} may hold secrets, so no patch touches it.`,
		next: "Describe to the user what to change there.",
	}),
	link: ({ of, why }) => ({
		problem: `${of} is a link, or is reached through one${why}.`,
		next: "Name its target.",
	}),
	submodule: ({ of }) => ({
		problem: `${of} is a repository inside this one.`,
		next: "Make the patch there.",
	}),
	not_a_file: ({ of }) => ({
		problem: `${of} is not a regular file, or another part of the patch makes a folder or file of that name.`,
		next: "",
	}),
	unreadable: ({ of }) => ({
		problem: `${of} cannot be read: its permissions forbid it.`,
		next: "Ask the user.",
	}),
	mode_change: () => ({
		problem: "The diff changes a file's mode, which patches must not do.",
		next: "Leave the mode lines out, and inform the user.",
	}),
	not_utf8: ({ of }) => ({
		problem: `The new text of ${of} holds half a character, which no file can hold.`,
		next: "Give whole characters.",
	}),
	not_in_encoding: ({ of, detail }) => ({
		problem: `${of} is not UTF-8, and its encoding has no ${detail === undefined ? "such character" : `character ${quoteUntrusted(detail)}`}.`,
		next: "Write it with the characters that the file's encoding has.",
	}),
	binary: ({ of }) => ({ problem: `${of} is binary, and patches are text.`, next: "Leave it out." }),
	file_too_large: ({ of }) => ({
		problem: `${of} is over 2 MiB, the limit for a file in a patch.`,
		next: "Describe to the user what to change there.",
	}),
	too_many_files: ({ detail }) => ({
		problem: `The patch touches ${detail ?? "too many"} files, and the limit is 50.`,
		next: "Split it.",
	}),
	too_many_lines: ({ detail }) => ({
		problem: `The patch changes ${detail ?? "too many"} lines, and the limit is 5000.`,
		next: "Split it.",
	}),
	same_file_twice: ({ of }) => ({
		problem: `${of} is named by two parts of the patch that contradict each other.`,
		next: "Give a file either one whole content, or only old_text and new_text, or delete.",
	}),
	no_change: () => ({
		problem:
			"The patch changes nothing: the files are already as it would make them (their line endings stay as they are in any case).",
		next: "",
	}),
	secret: ({ of, why }) => ({
		problem: `${of} would get what looks like a secret${why}.`,
		next: "Let the code read it from the environment. (This check knows common shapes only.)",
	}),
	no_diff: ({ path, of, why }) => ({
		problem: `${path === undefined ? "The diff" : `The diff's part of ${of}`} cannot be used${why}.`,
		next: "Give a unified diff with ---, +++ and @@ lines, or use edits.",
	}),
	no_test: ({ of }) => ({
		problem: `${of} is not a file that can be run as a test: it is neither in the patch nor in the repository.`,
		next: "Name a test file that the patch adds, or one that is there.",
	}),
	old_git: () => ({
		problem: "Undoing a commit needs git 2.38 or newer (git merge-tree --write-tree).",
		next: "Ask the user for a newer git, or undo the change with edits (show_commit shows it).",
	}),
	no_parent_here: ({ detail }) => ({
		problem: `The commit before ${detail ?? "it"} is not in this repository, whose history is cut off (a shallow or partial clone).`,
		next: "Ask the user for git fetch --unshallow.",
	}),
	undone_already: ({ detail }) => ({
		problem: `The change of ${detail ?? "the commit"} is undone already: nothing of it is left in the tree as it is now.`,
		next: "show_commit tells by what it was reverted.",
	}),
	mode_only: ({ detail }) => ({
		problem: `The commit ${detail ?? ""} changes only files' modes, and patches leave them as they are.`,
		next: "Tell the user to run git revert.",
	}),
	does_not_apply: ({ why }) => ({
		problem: `git does not accept the patch${why}.`,
		next: "Try it as edits with whole lines.",
	}),
} satisfies Record<string, (given: Given) => Explanation>;

interface Given {
	readonly path: string | undefined;
	readonly of: string;
	readonly detail: string | undefined;
	readonly why: string;
}

/** Why a patch as a whole is not made. */
export type PatchProblem = keyof typeof problems;

/** A patch is not made. */
export class PatchRefused extends Failure {
	readonly kind = "patch_refused";

	/** @param detail a phrase, shown in quotation marks */
	constructor(
		readonly problem: PatchProblem,
		readonly path: string | undefined,
		readonly detail: string | undefined = undefined,
	) {
		super();
	}

	explain(): Explanation {
		const { path, detail } = this;
		return problems[this.problem]({
			path,
			of: path === undefined ? "The patch" : quoteUntrusted(path),
			detail,
			why: detail === undefined ? "" : ` (${quoteUntrusted(detail, 300)})`,
		});
	}
}
