// Creates the story's code base with its history, in a separate git repository.

import { mkdir } from "node:fs/promises";
import { findProgram, type RepositoryRoot, runProcess } from "../system/index.ts";
import { type StoryCommit, storyCommits } from "./codebase/commits.ts";
import { filesOf } from "./codebase/fixtures.ts";

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
	const git = async (args: readonly string[], input?: Buffer): Promise<string> => {
		const result = await runProcess({
			program,
			args,
			cwd: folder,
			env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
			signal,
			timeoutMs: 20_000,
			maxOutputBytes: 1024 * 1024,
			...(input === undefined ? {} : { input }),
		});
		if (result.exitCode !== 0) throw new Error(`git ${args[0]} failed: ${result.stderr}`);
		return result.stdout.toString("utf8").trim();
	};

	await git(["-c", "init.defaultBranch=main", "init", "--quiet", "--template="]);
	const stream = await Promise.all(storyCommits.map((commit, index) => written(commit, index + 1, now)));
	const ids = (await git(["fast-import", "--quiet"], Buffer.concat(stream))).split("\n");
	await git(["reset", "--quiet", "--hard"]);
	const commits = storyCommits.map(({ subject, secondsBefore }, index) => {
		const id = ids[index];
		if (id === undefined) throw new Error(`git fast-import made no commit for ${subject}`);
		return { id, subject, at: now - secondsBefore };
	});
	return { commits };
}

/** A commit on top of the one before it, in the format of git fast-import, which answers its id. */
async function written(commit: StoryCommit, mark: number, now: number): Promise<Buffer> {
	const { author, folder, secondsBefore, subject, tag } = commit;
	const address = `${author.toLowerCase().replace(" ", ".")}@skillomatic.example`;
	const stamp = `${author} <${address}> ${now - secondsBefore} +0000`;
	const files = (await filesOf(folder)).flatMap(({ path, content }) => [
		`M 100644 inline ${path}\n`,
		...data(content),
	]);
	const parts = [
		`commit refs/heads/main\nmark :${mark}\nauthor ${stamp}\ncommitter ${stamp}\n`,
		...data(Buffer.from(`${subject}\n`)),
		...files,
		tag === undefined ? "" : `reset refs/tags/${tag}\nfrom :${mark}\n\n`,
		`get-mark :${mark}\n`,
	];
	return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function data(content: Buffer): readonly (string | Buffer)[] {
	return [`data ${content.length}\n`, content, "\n"];
}
