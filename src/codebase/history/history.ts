// Lists the commits and tags in a span of time.

import { type Git, GitFailed } from "../../system/index.ts";

/** A commit of the first-parent line. */
export interface Change {
	/** When it was committed: ISO 8601 UTC to the second. */
	readonly at: string;
	/** Abbreviated as git does. */
	readonly id: string;
	readonly subject: string;
	readonly tags: readonly string[];
	/** Below the repository's root. */
	readonly files: readonly string[];
}

export interface Changes {
	/** Absent if HEAD is detached. */
	readonly branch?: string;
	/** When the newest commit was made: a history that ends before the span says nothing about it. */
	readonly newest?: string;
	/** The clone is shallow: older commits are missing. */
	readonly shallow: boolean;
	/** Newest first, at most 100. */
	readonly commits: readonly Change[];
}

const maxCommits = 100;
const timeoutMs = 5000;

/** Separators of commits and fields. Names cannot contain them; in a subject they do no more harm than other text. */
const record = "\x1e";
const field = "\x1f";

/** Options that keep `git log` from running what a repository's configuration or attributes name. */
export const plainDiff = ["--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"] as const;

/**
 * Commits and tags on the first-parent line of HEAD, by the time they were committed.
 *
 * @param from milliseconds since the epoch, included
 * @param to milliseconds since the epoch, included
 */
export async function changesBetween(
	git: Git,
	from: number,
	to: number,
	signal: AbortSignal,
): Promise<Changes | { readonly none: "no_git" | "no_commits" }> {
	const options = { signal, timeoutMs, accept: [1, 128] };
	const state = await git.run(["rev-parse", "--is-shallow-repository"], options);
	if (state.exitCode !== 0) return { none: "no_git" };
	const [head, branch, log] = await Promise.all([
		git.run(["log", "-1", "--format=%ct", "HEAD", "--"], options),
		git.run(["symbolic-ref", "--quiet", "--short", "HEAD"], options),
		git.run(
			[
				"log",
				"--first-parent",
				`--max-count=${maxCommits}`,
				`--since=@${Math.floor(from / 1000)}`,
				`--until=@${Math.floor(to / 1000)}`,
				"--decorate-refs=refs/tags/",
				`--format=${record}%ct${field}%h${field}%s${field}%D${field}`,
				"--name-only",
				...plainDiff,
				"-z",
				"HEAD",
				"--",
			],
			options,
		),
	]);
	if (head.exitCode !== 0) return { none: "no_commits" };
	if (log.exitCode !== 0) throw new GitFailed("log", log.end, log.stderr);
	const name = branch.stdout.toString("utf8").trim();
	return {
		...(name === "" ? {} : { branch: name }),
		newest: instant(head.stdout.toString("utf8").trim()),
		shallow: state.stdout.toString("utf8").trim() === "true",
		commits: log.stdout.toString("utf8").split(record).slice(1).map(readCommit),
	};
}

function readCommit(text: string): Change {
	const [at = "", id = "", subject = "", refs = "", files = ""] = text.split(field);
	return {
		at: instant(at),
		id,
		subject,
		tags: refs
			.split(", ")
			.filter((ref) => ref.startsWith("tag: "))
			.map((ref) => ref.slice(5))
			.sort(),
		files: files
			.split("\0")
			.map((path) => path.replace(/^\n/, ""))
			.filter((path) => path !== ""),
	};
}

/** Epoch seconds as ISO 8601 UTC. */
export function instant(seconds: string): string {
	return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}
