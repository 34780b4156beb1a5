import type {
	EditRefused,
	MatchProblem,
	Nearest,
	PatchRefused,
	PatchFailure as RoomFailure,
} from "../../patch/index.ts";
import type { StateFolderUnusable } from "../../system/index.ts";
import { maskSecrets, quoteUntrusted } from "../../text/index.ts";

export type PatchFailure = RoomFailure | StateFolderUnusable;

/** What an agent is told when a patch is not made. */
export function describePatch(failure: PatchFailure): string {
	switch (failure.kind) {
		case "edit_refused":
			return describeEdit(failure);
		case "patch_refused":
			return describeRefusal(failure);
		case "patch_unknown":
			return `No patch is kept under ${quoteUntrusted(failure.id, 40)}: propose it again (the newest 200 are kept).`;
		case "state_folder_unusable":
			return describeStateFolder(failure);
	}
}

/** What an agent is told when patches cannot be kept; the folder is the user's, and its name no secret. */
function describeStateFolder({ folder, problem }: StateFolderUnusable): string {
	const where = `The folder in which patches are kept, ${quoteUntrusted(folder)},`;
	const next = "Ask the user to set PROD_DEBUGGER_STATE_DIR to a folder of his own.";
	switch (problem) {
		case "inside_repository":
			return `${where} is inside the repository, where nothing is ever written. ${next}`;
		case "link":
			return `${where} is a link, and is not followed. ${next}`;
		case "not_a_folder":
			return `${where} is no folder. ${next}`;
		case "not_ours":
			return `${where} belongs to another user, who could change what is kept. ${next}`;
		case "unwritable":
			return `${where} cannot be written. ${next}`;
	}
}

function describeEdit({ path, what, problem }: EditRefused): string {
	return `${what} of ${quoteUntrusted(path)}: ${describeProblem(problem, what.startsWith("hunk"))} No patch was made.`;
}

function describeProblem(problem: MatchProblem, inDiff: boolean): string {
	switch (problem.kind) {
		case "none":
			return problem.nearest === undefined
				? "its lines are not in the file, nor anything like them. Read the file with search_codebase, and copy the lines from there."
				: describeNearest(problem.nearest);
		case "part_of_line":
			return `it is only a part of line ${problem.line}${problem.total > 1 ? ` (and of others: ${problem.total} places)` : ""}, and changes go by whole lines. The whole line is ${quote(problem.inFile)}: give it whole, before and after.`;
		case "several":
			return describeSeveral(problem, inDiff);
		case "already_applied":
			return `its lines are not in the file, but what it would make stands at line ${problem.line}: the change is there already. Leave this part out.`;
		case "overlap":
			return `it would change lines${problem.line === undefined ? "" : ` (line ${problem.line})`} that ${problem.other} changes too. Make one of the two, with the lines as the file has them now.`;
		case "content_differs":
			return `line ${problem.line} of the file is another one than it says. Copy the lines from the file.`;
		case "empty_old_text":
			return "it has no lines of the file, so there is no place for it. Give the lines beside it too, or the whole content.";
		case "no_such_file":
			return "there is no such file. Check the path, or give content to make one.";
		case "file_exists":
			return "the file is there already. Change it with old_text and new_text, or give its whole content.";
	}
}

function describeSeveral(
	{ total, lines, apart }: Extract<MatchProblem, { kind: "several" }>,
	inDiff: boolean,
): string {
	const where = `its lines stand at ${total} places (line ${lines.join(", ")}${total > lines.length ? ", …" : ""}).`;
	const next = `Add lines until only one place has them all, or ${inDiff ? "give the right start line behind @@ -" : "name the nearest with line"}.`;
	if (apart === undefined) return `${where} ${next}`;
	const shown = lines.slice(0, 4).map((line, index) => {
		const text = apart.texts[index];
		return `line ${line}: ${text === undefined ? "nothing" : quote(text, 80)}`;
	});
	const distance = apart.distance === 1 ? "the line" : `what stands ${apart.distance} lines`;
	return `${where} They differ in ${distance} ${apart.side} them (${shown.join("; ")}). ${next}`;
}

function describeNearest({ line, differsAt, inFile, inEdit, how, same, of }: Nearest): string {
	const where = `its lines are not in the file. Nearest is line ${line}, where ${same} of ${of} stand as they are`;
	return `${where}; line ${differsAt} differs ${describeHow(how)}: the file has ${quote(inFile)}, the edit ${quote(inEdit)}. Copy the lines as the file has them.`;
}

function describeHow(how: Nearest["how"]): string {
	switch (how) {
		case "whitespace":
			return "only in whitespace";
		case "letter_case":
			return "only in upper and lower case";
		case "word":
			return "in one word";
		case "text":
			return "in its text";
	}
}

function quote(line: string, maxLength = 200): string {
	return quoteUntrusted(maskSecrets(line), maxLength);
}

function describeRefusal({ problem, path, detail }: PatchRefused): string {
	const of = path === undefined ? "The patch" : quoteUntrusted(path);
	const why = detail === undefined ? "" : ` (${quoteUntrusted(detail, 300)})`;
	switch (problem) {
		case "outside":
			return `${of} leads out of the repository, and nothing outside it is changed. Give a path inside it.`;
		case "git_internal":
			return `${of} leads into git's own folder, which is never changed. Leave it out.`;
		case "bad_path":
			return `${of} is no usable path${why}. Give a path below the repository's root, such as src/app.ts.`;
		case "ignored":
			return `${of} is ignored by git, so that a change of it would not be seen in a review. Choose a file that git tracks.`;
		case "hidden":
			return `${of} may hold secrets, so no patch touches it. Tell the user what to change there.`;
		case "link":
			return `${of} is a link, or is reached through one${why}. Name the file that it leads to.`;
		case "submodule":
			return `${of} is a repository of its own inside this one. Make the patch there.`;
		case "not_a_file":
			return `${of} is no regular file, or another part of the patch makes a folder or file of that name.`;
		case "unreadable":
			return `${of} cannot be read: its permissions forbid it. Ask the user.`;
		case "mode_change":
			return "The diff changes a file's mode, which no patch of this server does. Leave the mode lines out, and tell the user.";
		case "not_utf8":
			return `${of} is no UTF-8 text, so its lines cannot be matched. Tell the user what to change there.`;
		case "binary":
			return `${of} is binary, and patches are text. Leave it out.`;
		case "file_too_large":
			return `${of} is over 2 MiB, the most for a file in a patch. Tell the user what to change there.`;
		case "too_many_files":
			return `The patch touches ${detail ?? "too many"} files, and 50 is the most. Split it.`;
		case "too_many_lines":
			return `The patch changes ${detail ?? "too many"} lines, and 5000 is the most. Split it.`;
		case "same_file_twice":
			return `${of} is named by two parts of the patch that do not go together. Give a file either one whole content, or only old_text and new_text, or delete.`;
		case "no_change":
			return "The patch changes nothing: the files are already as it would make them (their line endings stay as they are in any case).";
		case "secret":
			return `${of} would get what looks like a secret${why}. Let the code read it from the environment. (This check knows common shapes only.)`;
		case "no_diff":
			return `${path === undefined ? "The diff" : `The diff's part of ${of}`} cannot be used${why}. Give a unified diff with ---, +++ and @@ lines, or use edits.`;
		case "does_not_apply":
			return `git does not take the patch back${why}. Try it as edits with whole lines.`;
	}
}
