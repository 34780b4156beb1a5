// Whether a patch is found in HEAD, however it was applied: tsx bench/in-head.ts HISTORY … (as bench/patch.ts takes them).

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AppliedPatch, type AppliedState, patchInHead } from "../src/patch/applied/in-head.ts";
import { createGit } from "../src/system/git.ts";
import { resolveRepositoryRoot } from "../src/system/repository.ts";
import { type Kind, kinds, storiesOf, writeStories } from "./in-head-stories.ts";
import type { RealDiff } from "./patch-changes.ts";

const expected: Readonly<Record<Kind, AppliedState>> = {
	exactly: "whole",
	rebased: "whole",
	squashed: "whole",
	reformatted: "whole",
	edited: "edited",
	half: "part",
	reverted: "reverted",
	never: "not",
};

interface Tally {
	right: number;
	rightCommit: number;
	all: number;
}

const isVerbose = process.argv.includes("--verbose");
const histories = process.argv.slice(2).filter((one) => !one.startsWith("--"));
const stories = (histories.length > 0 ? histories : ["."]).flatMap(storiesOf);
const folder = mkdtempSync(join(tmpdir(), "in-head-"));
try {
	const commits = writeStories(folder, stories);
	const git = createGit(await resolveRepositoryRoot(folder));
	const tallies = new Map<Kind, Tally>(kinds.map((kind) => [kind, { right: 0, rightCommit: 0, all: 0 }]));
	for (const [index, { kind, patch, by }] of stories.entries()) {
		const path = `${index}/${patch.path}`;
		const hunks = patch.diff.slice(patch.diff.indexOf("\n@@"));
		const diff = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}${hunks}`;
		const found = await patchInHead(git, diff, new AbortController().signal);
		const tally = tallies.get(kind);
		if (tally === undefined) continue;
		const isCommit = by === undefined ? found.commit === undefined : found.commit === commits[index]?.[by];
		tally.all += 1;
		if (found.state === expected[kind]) tally.right += 1;
		if (isCommit) tally.rightCommit += 1;
		if (isVerbose && !(found.state === expected[kind] && isCommit)) show(kind, patch, found, isCommit);
	}
	process.stdout.write(`${tableOf(tallies)}\n`);
} finally {
	rmSync(folder, { recursive: true });
}

function show(kind: Kind, { diff }: RealDiff, found: AppliedPatch, isCommit: boolean): void {
	const { state, there, changes } = found;
	console.log(`\n${kind}: ${state} ${there}/${changes}${isCommit ? "" : ", another commit"}\n${diff}`);
}

function tableOf(tallies: ReadonlyMap<Kind, Tally>): string {
	return [
		"| applied | patches | called so | wrong | its commit named |",
		"|---|---|---|---|---|",
		...[...tallies].map(
			([kind, { all, right, rightCommit }]) =>
				`| ${kind} | ${all} | ${right} | ${all - right} | ${rightCommit} |`,
		),
	].join("\n");
}
