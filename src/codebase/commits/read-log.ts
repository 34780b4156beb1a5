// Runs git's log, and keeps a bounded part of each commit that it prints.

import { type Git, GitFailed } from "../../system/index.ts";
import { type LoggedPatch, PatchStream, patchFormat } from "./patch-stream.ts";

/** Nothing that the repository configures runs, or changes the form of a diff. */
export const patchOptions = [
	"--no-merges",
	"--patch",
	"--unified=0",
	"--inter-hunk-context=0",
	"--find-renames=90%",
	"-l200",
	"--src-prefix=a/",
	"--dst-prefix=b/",
	"--no-ext-diff",
	"--no-textconv",
	"--no-color",
	"--no-notes",
	"--no-relative",
	"--ignore-submodules=all",
	"--decorate-refs=refs/tags/",
	`--format=${patchFormat}`,
];

/** The same for one commit; of a merge, what it brought to its first parent. */
export const onePatchOptions = [
	"--no-walk",
	"--first-parent",
	"--diff-merges=first-parent",
	...patchOptions.filter((option) => option !== "--no-merges"),
];

/** The same without lines, for clones that lack files' contents. */
export const nameOptions = [
	"--no-merges",
	"--name-only",
	"--no-renames",
	"--no-color",
	"--no-notes",
	"--decorate-refs=refs/tags/",
	`--format=${patchFormat}`,
];

/** Settings of one reading: a larger file counts as binary in a diff; a first commit's files count as added. */
export const logSettings = ["-c", "core.bigFileThreshold=2m", "-c", "log.showRoot=true"];

export interface LogLimits {
	readonly commits: number;
	readonly timeoutMs: number;
	readonly maxOutputBytes: number;
}

export interface ReadLog {
	readonly patches: readonly LoggedPatch[];
	/** What git printed before it failed counts. */
	readonly end: "whole" | "failed";
	readonly isCut: boolean;
}

/** @param range revisions, and after `--` paths; paths are literal */
export async function readLog(
	git: Git,
	options: readonly string[],
	range: readonly string[],
	limits: LogLimits,
	signal: AbortSignal,
): Promise<ReadLog> {
	const patches: LoggedPatch[] = [];
	const stream = new PatchStream((patch) => patches.push(patch));
	const args = [
		...logSettings,
		"log",
		`--max-count=${limits.commits}`,
		...options,
		...range,
		...(range.includes("--") ? [] : ["--"]),
	];
	const end = await git
		.run(args, {
			signal,
			timeoutMs: limits.timeoutMs,
			maxOutputBytes: limits.maxOutputBytes,
			accept: [128],
			onStdout: (chunk) => {
				stream.read(chunk);
				return "continue";
			},
		})
		.then(({ exitCode }) => (exitCode === 0 ? ("whole" as const) : ("failed" as const)))
		.catch((error: unknown) => {
			if (error instanceof GitFailed) return "failed" as const;
			throw error;
		});
	stream.end(end === "whole");
	return { patches, end, isCut: patches.length >= limits.commits };
}
