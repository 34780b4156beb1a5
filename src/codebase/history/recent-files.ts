// The files that the newest commits changed: of equal matches they come first.

import type { Git } from "../../system/index.ts";
import { plainDiff } from "./history.ts";

/** Before the newest commit, in seconds: a fault of these days is more often there than elsewhere. */
const span = 7 * 86_400;
const maxCommits = 200;
const timeoutMs = 700;
/** In milliseconds. */
const keptMs = 30_000;

/** One repository's recently changed files. */
export class RecentFiles {
	readonly #git: Git;
	#kept: { readonly at: number; readonly files: ReadonlySet<string> } | undefined;

	constructor(git: Git) {
		this.#git = git;
	}

	/** None without git, before the first commit, or if git does not answer in time. */
	async get(signal: AbortSignal): Promise<ReadonlySet<string>> {
		if (this.#kept !== undefined && performance.now() - this.#kept.at < keptMs) return this.#kept.files;
		const files = await this.#read(signal);
		this.#kept = { at: performance.now(), files };
		return files;
	}

	async #read(signal: AbortSignal): Promise<ReadonlySet<string>> {
		const answer = await this.#git
			.run(
				[
					"log",
					`--max-count=${maxCommits}`,
					"--format=%x1e%ct%x1f",
					"--name-only",
					"-z",
					...plainDiff,
					"HEAD",
					"--",
				],
				{ signal, timeoutMs, accept: [128] },
			)
			.catch(() => undefined);
		signal.throwIfAborted();
		if (answer?.exitCode !== 0) return new Set();
		const commits = answer.stdout.toString("utf8").split("\x1e").slice(1);
		const files = new Set<string>();
		let newest: number | undefined;
		for (const commit of commits) {
			const [at = "", names = ""] = commit.split("\x1f");
			newest ??= Number(at);
			if (Number(at) < newest - span) continue;
			for (const name of names.split("\0")) files.add(name.replace(/^\n/, ""));
		}
		return files;
	}
}
