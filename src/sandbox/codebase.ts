// Creates the story's code base with its history, in a separate git repository.

import { mkdir } from "node:fs/promises";
import { findProgram, type RepositoryRoot, runProcess } from "../system/index.ts";
import { storyCommits } from "./codebase/commits.ts";
import { layOut } from "./codebase/fixtures.ts";

/** A commit that was made. */
export interface MadeCommit {
	readonly id: string;
	readonly subject: string;
	/** Epoch seconds. */
	readonly at: number;
}

/**
 * The story's bugs can be found and fixed in it.
 *
 * @param folder must not exist yet, or be empty
 * @throws {ProgramMissing} without git
 */
export async function createStoryCodebase(
	folder: string,
	options: { readonly now: number; readonly signal: AbortSignal },
): Promise<{ readonly commits: readonly MadeCommit[] }> {
	const { now, signal } = options;
	await mkdir(folder, { recursive: true });
	const program = await findProgram("git", folder as RepositoryRoot);
	const git = async (args: readonly string[], env: Record<string, string> = {}): Promise<string> => {
		const result = await runProcess({
			program,
			args,
			cwd: folder,
			env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", ...env },
			signal,
			timeoutMs: 20_000,
			maxOutputBytes: 1024 * 1024,
		});
		if (result.exitCode !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr}`);
		return result.stdout.toString("utf8").trim();
	};

	await git(["-c", "init.defaultBranch=main", "init", "--quiet"]);
	const commits: MadeCommit[] = [];
	for (const commit of storyCommits) {
		const at = now - commit.secondsBefore;
		await layOut(commit.folder, folder);
		await git(["add", "--all"]);
		const stamp = `${at} +0000`;
		const identity = {
			GIT_AUTHOR_NAME: commit.author,
			GIT_AUTHOR_EMAIL: `${commit.author.toLowerCase().replace(" ", ".")}@skillomatic.example`,
			GIT_AUTHOR_DATE: stamp,
			GIT_COMMITTER_NAME: commit.author,
			GIT_COMMITTER_EMAIL: `${commit.author.toLowerCase().replace(" ", ".")}@skillomatic.example`,
			GIT_COMMITTER_DATE: stamp,
		};
		await git(["commit", "--quiet", "--message", commit.subject], identity);
		if (commit.tag !== undefined) await git(["tag", commit.tag], identity);
		commits.push({ id: await git(["rev-parse", "HEAD"]), subject: commit.subject, at });
	}
	return { commits };
}
