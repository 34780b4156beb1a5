// Finds the commit that a caller names: by the beginning of its hash, or by a tag.

import { type Git, GitFailed } from "../../system/index.ts";
import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** No commit of that name is in the local repository. */
export class CommitUnknown extends Failure {
	readonly kind = "commit_unknown";

	constructor(
		readonly asked: string,
		readonly why: "not_a_name" | "not_here" | "not_here_shallow" | "no_git",
	) {
		super();
	}

	explain(): Explanation {
		const name = quoteUntrusted(this.asked, 80);
		switch (this.why) {
			case "not_a_name":
				return {
					problem: `commit: ${name} is neither the beginning of a hash (4 to 40 hex digits) nor a tag's name.`,
					next: "suspect_commits and search_codebase show hashes.",
				};
			case "not_here":
				return {
					problem: `commit: no commit and no tag ${name} is in the local repository.`,
					next: "Take a hash from suspect_commits or search_codebase, or ask the user for git fetch.",
				};
			case "not_here_shallow":
				return {
					problem: `commit: no commit and no tag ${name} is in the local repository, which is a shallow clone.`,
					next: "Ask the user for git fetch --unshallow, or take a hash from suspect_commits.",
				};
			case "no_git":
				return {
					problem: "commit: the local folder is not a git repository, so it has no commits.",
					next: "Ask the user to set PROD_DEBUGGER_REPO to the repository.",
				};
		}
	}
}

/** The beginning of a hash fits several commits. */
export class CommitAmbiguous extends Failure {
	readonly kind = "commit_ambiguous";

	constructor(
		readonly asked: string,
		readonly ids: readonly string[],
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `commit: ${quoteUntrusted(this.asked, 80)} fits several commits: ${this.ids.map((id) => id.slice(0, 12)).join(", ")}.`,
			next: "Give more digits.",
		};
	}
}

const timeoutMs = 3000;
/** Objects whose hash begins alike, of which the commits are told. */
const maxAlike = 12;

/**
 * @param name 4 to 64 hex digits of a commit's hash, a tag, or HEAD
 * @returns the whole hash
 * @throws {CommitUnknown} {CommitAmbiguous} {GitFailed}
 */
export async function findCommit(git: Git, name: string, signal: AbortSignal): Promise<string> {
	const isHash = /^[0-9a-f]{4,64}$/i.test(name);
	const names = [...(isHash ? [name] : []), ...(isTagName(name) ? [tagOf(name)] : [])];
	if (names.length === 0) throw new CommitUnknown(name, "not_a_name");
	for (const one of names) {
		const id = await resolve(git, one, signal);
		if (id !== undefined) return id;
	}
	if (isHash) {
		const alike = await commitsAlike(git, name, signal);
		if (alike.length > 1) throw new CommitAmbiguous(name, alike);
	}
	throw new CommitUnknown(name, await absence(git, signal));
}

function tagOf(name: string): string {
	return name === "HEAD" ? name : `refs/tags/${name.replace(/^refs\/tags\//, "")}`;
}

/** Without the characters by which git's revision language begins (gitrevisions(7)). */
function isTagName(name: string): boolean {
	return /^[^\s~^:?*[\\\p{Cc}-][^\s~^:?*[\\\p{Cc}]{0,199}$/u.test(name) && !/\.\.|@\{/.test(name);
}

async function resolve(git: Git, name: string, signal: AbortSignal): Promise<string | undefined> {
	const { exitCode, stdout } = await git.run(
		["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`],
		{ signal, timeoutMs, accept: [1, 128] },
	);
	return exitCode === 0 ? stdout.toString("utf8").trim() : undefined;
}

async function commitsAlike(git: Git, prefix: string, signal: AbortSignal): Promise<readonly string[]> {
	const { stdout } = await git.run(["rev-parse", `--disambiguate=${prefix}`], {
		signal,
		timeoutMs,
		accept: [128],
	});
	const ids = stdout.toString("utf8").split("\n").filter(Boolean).slice(0, maxAlike);
	const commits = await Promise.all(
		ids.map(async (id) => {
			const { stdout: type } = await git.run(["cat-file", "-t", id], { signal, timeoutMs, accept: [128] });
			return type.toString("utf8").trim() === "commit" ? [id] : [];
		}),
	);
	return commits.flat();
}

async function absence(git: Git, signal: AbortSignal): Promise<CommitUnknown["why"]> {
	try {
		const { exitCode, stdout } = await git.run(["rev-parse", "--is-shallow-repository"], {
			signal,
			timeoutMs,
			accept: [128],
		});
		if (exitCode !== 0) return "no_git";
		return stdout.toString("utf8").trim() === "true" ? "not_here_shallow" : "not_here";
	} catch (error) {
		if (error instanceof GitFailed) return "not_here";
		throw error;
	}
}
