import type {
	DeadlineExceeded,
	FileNotWritten,
	FileProblem,
	GitFailed,
	PathProblem,
	PathRefused,
	ProcessNotStarted,
	ProgramMissing,
} from "../../system/index.ts";
import { quoteUntrusted } from "../../text/index.ts";

export type SystemFailure =
	| DeadlineExceeded
	| FileNotWritten
	| GitFailed
	| PathRefused
	| ProcessNotStarted
	| ProgramMissing;

/** What an agent is told when the machine itself fails. */
export function describeSystem(failure: SystemFailure): string {
	switch (failure.kind) {
		case "deadline_exceeded":
			return `Production did not answer within ${failure.timeoutMs / 1000} s. Try a shorter window or a narrower filter, or try again (the user can raise PROD_DEBUGGER_TIMEOUT_MS).`;
		case "file_not_written":
			return `${quoteUntrusted(failure.path, 500)} was not written: ${fileProblem(failure.problem)}`;
		case "git_failed":
			return `git ${failure.command} ${gitEnd(failure)}`;
		case "path_refused":
			return `The path ${quoteUntrusted(failure.path)} ${pathProblem(failure.problem)}`;
		case "process_not_started":
			return `A program that this server needs could not be started (${failure.code}). Ask the user to run prod-debugger-mcp doctor.`;
		case "program_missing":
			return `${failure.program} was not found outside the repository. Ask the user to install it and to put it on PATH; prod-debugger-mcp doctor checks it.`;
	}
}

function gitEnd({ end, stderr }: GitFailed): string {
	switch (end) {
		case "exited":
		case "stopped":
			return `failed: ${quoteUntrusted(stderr.trim().split("\n")[0] ?? "")}. Ask the user whether the repository is sound (git fsck).`;
		case "timed_out":
			return "took too long and was stopped. Try again; if it stays, ask the user whether the repository is on a slow disk, or needs git gc.";
		case "output_limit":
			return "answered more than can be read here: ask for less at once.";
	}
}

function fileProblem(problem: FileProblem): string {
	switch (problem) {
		case "folder":
			return "it is a folder. Name a file in it.";
		case "not_a_file":
			return "it is there, and no regular file. Name another.";
		case "no_folder":
			return "its folder does not exist. Make it first, or name another.";
		case "full":
			return "there is no room. Free some, or name a file elsewhere.";
		case "not_permitted":
			return "the system does not permit it. Name a file in a folder of your own.";
	}
}

function pathProblem(problem: PathProblem): string {
	switch (problem) {
		case "empty":
			return "is empty: give a path inside the repository, such as src.";
		case "malformed":
			return "is no path that a repository has: give one with / between its parts and without control characters.";
		case "outside":
			return "leads out of the repository: give one inside it, relative to its root.";
		case "git_internal":
			return "leads into git's own folder, which is neither read nor changed.";
		case "missing":
			return "does not exist in the repository: search_codebase finds the files that there are.";
		case "not_a_file":
			return "is no regular file.";
		case "not_a_folder":
			return "is no folder.";
		case "unreadable":
			return "cannot be read: its permissions forbid it.";
	}
}
