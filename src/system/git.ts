// Runs git read-only, with nothing that a repository or configuration could execute.

import { join } from "node:path";
import { type Explanation, Failure, quoteUntrusted } from "../text/index.ts";
import { once } from "./once.ts";
import { type ProcessEnd, type ProcessResult, runProcess } from "./process.ts";
import { findProgram, type ProgramPath } from "./programs.ts";
import type { RepositoryRoot } from "./repository.ts";

/** git ran and failed, or was stopped before it finished. */
export class GitFailed extends Failure {
	readonly kind = "git_failed";

	constructor(
		readonly command: string,
		readonly end: ProcessEnd,
		readonly stderr: string,
	) {
		super();
	}

	explain(): Explanation {
		switch (this.end) {
			case "exited":
			case "stopped":
				return {
					problem: `git ${this.command} failed: ${quoteUntrusted(this.stderr.trim().split("\n")[0] ?? "")}.`,
					next: "Check whether the repository is intact (git fsck).",
					by: "user",
				};
			case "timed_out":
				return {
					problem: `git ${this.command} took too long and was stopped.`,
					next: "Try again; if it persists, ask the user whether the repository is on a slow disk, or needs git gc.",
				};
			case "output_limit":
				return {
					problem: `git ${this.command} answered with too much output.`,
					next: "Ask for less at once.",
				};
		}
	}
}

export interface GitOptions {
	readonly signal: AbortSignal;
	/** Default 10 s. */
	readonly timeoutMs?: number;
	/** Default 8 MiB. */
	readonly maxOutputBytes?: number;
	/** Where to run; default the repository's root. */
	readonly cwd?: string;
	/** The absolute path of a private git folder for this call, which replaces the user's. */
	readonly gitDir?: string;
	/** Exit codes other than 0 that are not failures. */
	readonly accept?: readonly number[];
	/** Given on stdin, which is closed otherwise. */
	readonly input?: string;
	readonly onStdout?: (chunk: Buffer) => "continue" | "stop";
}

export interface Git {
	/** @throws {GitFailed} */
	run(args: readonly string[], options: GitOptions): Promise<ProcessResult>;
}

/**
 * Settings that a repository's own configuration could use to run a program or to reach the network.
 * `-c` overrides every file. Commands that read the work tree through filters (`status`, `diff` and `blame`
 * of the work tree, `add`, `apply` in place) are not used: the repository chooses its filters' names, so no fixed list can
 * disable all of them.
 */
const tame = [
	"core.fsmonitor=false",
	"core.hooksPath=/dev/null",
	"core.pager=cat",
	"core.editor=false",
	"core.askPass=false",
	"core.sshCommand=false",
	"core.gitProxy=false",
	"core.quotePath=false",
	"core.attributesFile=/dev/null",
	"core.alternateRefsCommand=false",
	"credential.helper=",
	"diff.external=",
	"diff.trustExitCode=false",
	"gc.auto=0",
	"gpg.program=false",
	"log.showSignature=false",
	"maintenance.auto=false",
	"protocol.allow=never",
	"safe.bareRepository=explicit",
	"submodule.recurse=false",
	"uploadpack.packObjectsHook=",
];

/** Environment that no configuration can override. No system or user configuration is read. */
const environment = {
	GIT_ALLOW_PROTOCOL: "none",
	GIT_ATTR_NOSYSTEM: "1",
	GIT_ASKPASS: "false",
	GIT_CONFIG_GLOBAL: "/dev/null",
	GIT_CONFIG_NOSYSTEM: "1",
	GIT_CONFIG_SYSTEM: "/dev/null",
	GIT_EDITOR: "false",
	GIT_LITERAL_PATHSPECS: "1",
	GIT_NO_LAZY_FETCH: "1",
	GIT_NO_REPLACE_OBJECTS: "1",
	GIT_OPTIONAL_LOCKS: "0",
	GIT_PAGER: "cat",
	GIT_TERMINAL_PROMPT: "0",
};

/**
 * Prepares git for one repository. git itself is looked up at the first call.
 *
 * The repository may belong to another user (a container's mount): it is marked safe, since nothing in it is executed.
 */
export function createGit(root: RepositoryRoot): Git {
	const program = once(() => findProgram("git", root));
	const excludes = once(async () => findUserExcludes(await program(), root));
	return {
		async run(args, options) {
			const path = await program();
			const ignored = options.gitDir === undefined ? await excludes() : undefined;
			const settings = [
				...tame,
				`safe.directory=${root}`,
				...(ignored === undefined ? [] : [`core.excludesFile=${ignored}`]),
			].flatMap((setting) => ["-c", setting]);
			const where = options.gitDir === undefined ? {} : { GIT_DIR: options.gitDir };
			const result = await runProcess({
				program: path,
				args: ["--no-pager", ...settings, ...args],
				cwd: options.cwd ?? root,
				env: {
					...environment,
					// check-ignore fails with literal pathspecs; it treats its paths as patterns.
					GIT_LITERAL_PATHSPECS: args[0] === "check-ignore" ? "0" : "1",
					// A folder above the root is another repository, which must not be read.
					GIT_CEILING_DIRECTORIES: join(root, ".."),
					...where,
				},
				signal: options.signal,
				timeoutMs: options.timeoutMs ?? 10_000,
				maxOutputBytes: options.maxOutputBytes ?? 8 * 1024 * 1024,
				...(options.input === undefined ? {} : { input: options.input }),
				...(options.onStdout === undefined ? {} : { onStdout: options.onStdout }),
			});
			// The program may have succeeded although its output is over the limit.
			const answered =
				result.end === "stopped" ||
				(result.end === "exited" && [0, ...(options.accept ?? [])].includes(result.exitCode ?? -1));
			if (!answered) throw new GitFailed(args[0] ?? "", result.end, result.stderr.slice(0, 2000));
			return result;
		},
	};
}

/**
 * The only part of the user's own configuration that applies here: the global ignore file. The default path is git's
 * (gitignore(5)).
 */
async function findUserExcludes(program: ProgramPath, root: RepositoryRoot): Promise<string | undefined> {
	const named = await askSetting(program, root, "core.excludesFile");
	if (named !== undefined) return named;
	const home = process.env.HOME ?? process.env.USERPROFILE;
	if (home === undefined) return undefined;
	return join(process.env.XDG_CONFIG_HOME || join(home, ".config"), "git", "ignore");
}

/** A setting as the user's own git sees it in the repository; undefined if it is not set. */
export async function readUserSetting(
	root: RepositoryRoot,
	name: "core.autocrlf" | "core.eol",
): Promise<string | undefined> {
	return askSetting(await findProgram("git", root), root, name);
}

/** Reading a setting executes nothing, so the user's files may be read here. */
async function askSetting(
	program: ProgramPath,
	root: RepositoryRoot,
	name: "core.excludesFile" | "core.autocrlf" | "core.eol",
): Promise<string | undefined> {
	const own: Record<string, string> = {};
	for (const variable of ["HOME", "XDG_CONFIG_HOME", "USERPROFILE"]) {
		const value = process.env[variable];
		if (value !== undefined) own[variable] = value;
	}
	const { GIT_CONFIG_GLOBAL: _, ...rest } = environment;
	const type = name === "core.excludesFile" ? ["--type=path"] : [];
	const asked = await runProcess({
		program,
		args: ["-c", `safe.directory=${root}`, "config", "--get", ...type, name],
		cwd: root,
		env: { ...rest, ...own, GIT_CEILING_DIRECTORIES: join(root, "..") },
		// Shared by all calls, so no single call may cancel it.
		signal: new AbortController().signal,
		timeoutMs: 5000,
		maxOutputBytes: 64 * 1024,
	});
	const value = asked.stdout.toString("utf8").replace(/\n$/, "");
	return asked.exitCode === 0 && value !== "" ? value : undefined;
}
