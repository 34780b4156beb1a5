import type { EditRefused, MatchProblem, Nearest, PatchFailure, PatchRefused } from "../../patch/errors.ts";
import { maskSecrets } from "../secrets.ts";
import { quoteUntrusted } from "../untrusted.ts";

export type { PatchFailure } from "../../patch/errors.ts";

/** What an agent is told when a patch is not made. */
export function describePatch(failure: PatchFailure): string {
	switch (failure.kind) {
		case "edit_refused":
			return describeEdit(failure);
		case "patch_refused":
			return describeRefusal(failure);
		case "patch_unknown":
			return `No patch is kept under ${quoteUntrusted(failure.id, 40)}: propose it again (the newest 200 are kept).`;
	}
}

function describeEdit({ path, what, problem }: EditRefused): string {
	return `${what} of ${quoteUntrusted(path)}: ${describeProblem(problem)} Nothing was made of the patch.`;
}

function describeProblem(problem: MatchProblem): string {
	switch (problem.kind) {
		case "none":
			return problem.nearest === undefined
				? "its lines are not in the file, nor anything like them. Read the file with search_codebase, and copy the lines from there."
				: describeNearest(problem.nearest);
		case "several":
			return `its lines stand at several places (lines ${problem.lines.join(", ")}). Add lines before or after that only one place has, or say which by line.`;
		case "already_applied":
			return `what it would make stands at line ${problem.line} already: the change is there.`;
		case "empty_old_text":
			return "old_text is empty, so there is no place for it. Give the lines beside it, or the whole content.";
		case "no_such_file":
			return "there is no such file. Give content to make one, or check the path.";
		case "file_exists":
			return "the file is there already. Change it with old_text and new_text, or give its whole content.";
	}
}

function describeNearest({ line, differsAt, inFile, inEdit, onlyWhitespace }: Nearest): string {
	const how = onlyWhitespace ? "only in whitespace" : "in its text";
	return `its lines are not in the file. Nearest is line ${line}, where line ${differsAt} differs ${how}: the file has ${quote(inFile)}, the edit ${quote(inEdit)}. Copy the lines as the file has them.`;
}

function quote(line: string): string {
	return quoteUntrusted(maskSecrets(line), 160);
}

function describeRefusal({ problem, path, detail }: PatchRefused): string {
	const of = path === undefined ? "The patch" : quoteUntrusted(path);
	const why = detail === undefined ? "" : ` (${quoteUntrusted(detail)})`;
	switch (problem) {
		case "outside":
			return `${of} leads out of the repository, and nothing outside it is changed. Give a path inside it.`;
		case "git_internal":
			return `${of} leads into git's own folder, which is never changed.`;
		case "ignored":
			return `${of} is ignored by git, so a patch of it could not be committed. Choose a file that git tracks.`;
		case "hidden":
			return `${of} may hold secrets or decides what a host runs, so no patch touches it. Tell the user what to change there.`;
		case "link":
			return `${of} is a link, or is reached through one${why}. Name the file that it leads to.`;
		case "submodule":
			return `${of} is a repository of its own inside this one. Make the patch there.`;
		case "not_a_file":
			return `${of} is no regular file.`;
		case "mode_change":
			return "The diff changes a file's mode, which no patch of this server does. Leave the mode lines out.";
		case "not_utf8":
			return `${of} is no UTF-8 text, so its lines cannot be matched. Tell the user what to change there.`;
		case "binary":
			return `${of} is binary, and patches are text. Leave it out.`;
		case "file_too_large":
			return `${of} is over 2 MiB. Tell the user what to change there.`;
		case "too_many_files":
			return `The patch touches ${detail ?? "more than 50"} files; 50 is the most. Split it.`;
		case "too_many_lines":
			return `The patch changes ${detail ?? "more than 5000"} lines; 5000 is the most. Split it.`;
		case "no_change":
			return "The patch changes nothing: the files are already as it would make them.";
		case "secret":
			return `The patch adds what looks like a secret${why}. Read it from the environment instead.`;
		case "no_diff":
			return `The diff cannot be read${why}. Give a unified diff with ---, +++ and @@ lines, or use edits.`;
		case "does_not_apply":
			return `git does not take the patch back${why}. Try it as edits with whole lines.`;
	}
}
