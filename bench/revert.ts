// Undoes real commits of a history and holds each against git revert in a clone.

import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createPatchProposer } from "../src/patch/propose.ts";
import { systemClock } from "../src/system/clock.ts";
import { createGit } from "../src/system/git.ts";
import { resolveRepositoryRoot } from "../src/system/repository.ts";
import { Failure } from "../src/text/failure.ts";
import { describeError } from "../src/text/index.ts";
import { userGit } from "../test/patch/repository.ts";
import { gitRevert, treeWithPatch, writeHistory } from "../test/patch/revert/histories.ts";

export interface RevertScore {
	readonly history: string;
	readonly commits: number;
	/** The same tree, byte for byte. */
	readonly same: number;
	/** The same files in conflict. */
	readonly conflictsAlike: number;
	/** By the rule that it breaks. */
	readonly refused: Readonly<Record<string, number>>;
	readonly wrong: readonly string[];
	readonly p50Ms: number;
}

/**
 * @param folder a repository; its history is cloned, and not touched
 * @param later by how many commits HEAD is newer than the commit that is undone; undefined: the newest
 */
export async function benchRevert(
	history: string,
	folder: string,
	commits: number,
	later?: number,
): Promise<RevertScore> {
	const base = await mkdtemp(join(tmpdir(), "revert-bench-"));
	try {
		const [tree, clone] = [join(base, "tree"), join(base, "clone")];
		for (const place of [tree, clone]) userGit(base, ["clone", "-q", "--no-hardlinks", folder, place]);
		const root = await resolveRepositoryRoot(tree);
		const proposer = createPatchProposer({
			root,
			git: createGit(root),
			stateFolder: join(base, "state"),
			clock: systemClock,
		});
		let [same, conflictsAlike] = [0, 0];
		const refused: Record<string, number> = {};
		const wrong: string[] = [];
		const times: number[] = [];
		const ids = userGit(tree, ["rev-list", `--max-count=${commits}`, "HEAD"])
			.trim()
			.split("\n");
		for (const [index, id] of ids.entries()) {
			if (later !== undefined) {
				const head = ids[Math.max(0, index - later)] ?? id;
				for (const place of [tree, clone]) userGit(place, ["checkout", "-q", head]);
			}
			const wanted = gitRevert(clone, id);
			const started = performance.now();
			const made = await proposer
				.propose({ title: "t", rationale: "r", revert: id }, new AbortController().signal)
				.catch((error: unknown) => error);
			times.push(performance.now() - started);
			if (made instanceof Error) {
				const places = "places" in made ? (made.places as readonly { path: string }[]) : undefined;
				const paths = places?.map(({ path }) => path) ?? [];
				const isAlike = wanted.conflicts.length > 0 && wanted.conflicts.every((path) => paths.includes(path));
				if (places !== undefined && isAlike) conflictsAlike += 1;
				else if (places === undefined && made instanceof Failure) {
					const reason = "problem" in made ? String(made.problem) : made.kind;
					refused[reason] = (refused[reason] ?? 0) + 1;
				} else wrong.push(`${id}: ${describeError(made) ?? made.message}`);
			} else if (typeof made === "object" && made !== null && "file" in made) {
				if (wanted.conflicts.length === 0 && treeWithPatch(clone, String(made.file)) === wanted.diff)
					same += 1;
				else wrong.push(`${id}: the trees differ`);
			}
		}
		times.sort((one, other) => one - other);
		const p50Ms = times[Math.floor(times.length / 2)] ?? 0;
		const left = await readdir(join(base, "state", "scratch"));
		if (left.length > 0) wrong.push(`left behind: ${left.join(", ")}`);
		return { history, commits: ids.length, same, conflictsAlike, refused, wrong, p50Ms };
	} finally {
		await rm(base, { recursive: true, force: true });
	}
}

/** A drawn history, with renames, deletions and CRLF files in it. */
export async function benchDrawn(commits: number, seed: number): Promise<RevertScore> {
	const base = await mkdtemp(join(tmpdir(), "revert-drawn-"));
	try {
		execFileSync("git", ["init", "-q", base]);
		writeHistory(base, commits + 20, seed);
		return await benchRevert(`drawn (seed ${seed}), 5 commits later`, base, commits, 5);
	} finally {
		await rm(base, { recursive: true, force: true });
	}
}

export function revertTable(scores: readonly RevertScore[]): string {
	return [
		"| history | commits | same tree as git revert | conflicts alike | refused | wrong | p50 ms |",
		"|---|---|---|---|---|---|---|",
		...scores.map(({ history, commits, same, conflictsAlike, refused, wrong, p50Ms }) => {
			const why = Object.entries(refused).map(([reason, count]) => `${count} ${reason}`);
			return `| ${history} | ${commits} | ${same} | ${conflictsAlike} | ${why.join(", ") || 0} | ${wrong.length} | ${p50Ms.toFixed(0)} |`;
		}),
		...scores.flatMap(({ wrong }) => wrong.map((one) => `\n- WRONG ${one}`)),
	].join("\n");
}

if (process.argv[1] === import.meta.filename) {
	const folder = process.argv[2] ?? ".";
	const scores = [
		await benchRevert("this repository, 3 commits later", join(process.cwd(), folder), 120, 3),
		await benchRevert("this repository, from HEAD", join(process.cwd(), folder), 100),
		await benchDrawn(100, 1),
	];
	process.stdout.write(`${revertTable(scores)}\n`);
}
