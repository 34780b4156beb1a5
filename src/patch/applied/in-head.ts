// Whether a kept patch is in HEAD, hunk by hunk, and since which commit.

import type { Git } from "../../system/index.ts";
import { type DiffSection, readSections } from "../read/diff-sections.ts";
import { type GroupState, statesOf } from "./changes-there.ts";

/** `reverted`: it was there, and a later commit took it out. */
export type AppliedState = "whole" | "edited" | "part" | "reverted" | "not";

export interface AppliedPatch {
	readonly state: AppliedState;
	/** Places that it changes, and those that HEAD has as they were proposed. */
	readonly changes: number;
	readonly there: number;
	/** Files with a change that is missing or differs. */
	readonly differs: readonly string[];
	/** The commit by which the last of it came, or that took it out. The whole hash. */
	readonly commit?: string;
}

/** The newest commits of each file that are looked at, and the files. */
const maxCommits = 40;
const maxFiles = 20;
const timeoutMs = 5000;
const maxFileBytes = 4 * 1024 * 1024;

interface FileCourse {
	readonly path: string;
	readonly now: readonly GroupState[];
	/** The commit of its present state, where that is known; and when. */
	readonly since?: { readonly commit: string; readonly at: number };
	/** The most of it that any commit had. */
	readonly most: number;
}

/** @throws {GitFailed} */
export async function patchInHead(git: Git, diff: string, signal: AbortSignal): Promise<AppliedPatch> {
	const courses: FileCourse[] = [];
	for (const section of readSections(diff).slice(0, maxFiles)) {
		courses.push(await courseOf(git, section, signal));
	}
	const all = courses.flatMap(({ now }) => now);
	const there = all.filter((state) => state === "there").length;
	const edited = all.filter((state) => state === "edited").length;
	const most = courses.reduce((sum, course) => sum + course.most, 0);
	const last = courses.flatMap(({ since }) => since ?? []).sort((one, other) => other.at - one.at)[0];
	const state = stateOf(all.length, there, edited, most);
	return {
		state,
		changes: all.length,
		there,
		differs: courses.filter(({ now }) => now.some((state) => state !== "there")).map(({ path }) => path),
		...(last === undefined || state === "not" ? {} : { commit: last.commit }),
	};
}

function stateOf(all: number, there: number, edited: number, most: number): AppliedState {
	if (all > 0 && there === all) return "whole";
	if (there + edited === 0) return most > 0 ? "reverted" : "not";
	if (there + edited === all) return "edited";
	return "part";
}

/** The file in HEAD, and in the commits that changed it, the oldest first: when its state last changed. */
async function courseOf(git: Git, section: DiffSection, signal: AbortSignal): Promise<FileCourse> {
	const { path } = section;
	const now = statesOf(section, await contentOf(git, "HEAD", path, signal));
	const score = (states: readonly GroupState[]) => states.filter((state) => state !== "missing").length;
	let [most, last]: [number, number | undefined] = [score(now), undefined];
	let since: FileCourse["since"];
	for (const { id, at } of await commitsOf(git, path, signal)) {
		const own = score(statesOf(section, await contentOf(git, id, path, signal)));
		// The oldest commit looked at says what was there before.
		if (last !== undefined && own !== last) since = { commit: id, at };
		if (last === undefined && own > 0) since = { commit: id, at };
		most = Math.max(most, own);
		last = own;
	}
	return { path, now, most, ...(since === undefined ? {} : { since }) };
}

/** Oldest first; merges too, since one may bring it in by its own resolution. */
async function commitsOf(git: Git, path: string, signal: AbortSignal) {
	const { exitCode, stdout } = await git.run(
		[
			"log",
			"--topo-order",
			`--max-count=${maxCommits}`,
			"--no-color",
			"--no-show-signature",
			"--format=%H %ct",
			"HEAD",
			"--",
			path,
		],
		{ signal, timeoutMs, accept: [128] },
	);
	if (exitCode !== 0) return [];
	return stdout
		.toString("utf8")
		.split("\n")
		.flatMap((row) => {
			const [id, at] = row.split(" ");
			return id === undefined || at === undefined ? [] : [{ id, at: Number(at) }];
		})
		.reverse();
}

/** @returns undefined where the commit has no such file */
async function contentOf(
	git: Git,
	commit: string,
	path: string,
	signal: AbortSignal,
): Promise<string | undefined> {
	const { exitCode, stdout } = await git.run(["cat-file", "blob", `${commit}:./${path}`], {
		signal,
		timeoutMs,
		maxOutputBytes: maxFileBytes,
		accept: [128],
	});
	return exitCode === 0 ? stdout.toString("utf8") : undefined;
}
