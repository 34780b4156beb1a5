import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changesOfHistory, type RealChange, type RealDiff, withDiffs } from "../../bench/patch-changes.ts";
import { beginForms, forms, replayBeginPatches, replayForms } from "../../bench/patch-forms.ts";
import { replayDiffs, replayEdits, variants, withoutFinalNewline } from "../../bench/patch-replay.ts";
import { createStoryCodebase } from "../../src/sandbox/codebase.ts";
import { generatedChanges } from "./generated-changes.ts";
import { makeRepository } from "./repository.ts";

/** Some 60 files of real source text. */
const sources = join(import.meta.dirname, "../../src/codebase");
let folder: string;
let changes: readonly RealChange[];
let diffs: readonly RealDiff[];
let bare: readonly RealDiff[];

/** The story's own changes and generated ones; `bench/patch.ts` replays real histories. */
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "prod-debugger-replay-"));
	const story = join(folder, "story");
	await createStoryCodebase(story, { now: 1_764_000_000, signal: new AbortController().signal });
	changes = [...changesOfHistory(story, 100), ...generatedChanges(sources, ".ts", 17)];
	diffs = withDiffs(changes);
	bare = withoutFinalNewline(changes);
}, 30_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(variants)("changes, %s", (variant) => {
	const used = () => (variant === "no final newline" ? bare : diffs);

	test("as edits with three lines of context: no wrong byte; refused where several places match", () => {
		const score = replayEdits(used(), variant);
		expect(score).toMatchObject({ wrong: 0, unexplained: 0, refused: 0, withLine: score.ambiguous });
		expect(score.applied).toBeGreaterThan(5);
	});

	test("as diffs: all applied, no wrong byte", () => {
		const score = replayDiffs(used(), variant);
		expect(score).toMatchObject({ wrong: 0, refused: 0, ambiguous: 0 });
		expect(score.applied).toBeGreaterThan(5);
	});
});

test.each(forms)("changes written as models do, %s: refused only where several places match", (form) => {
	const score = replayForms(diffs, form);
	expect(score).toMatchObject({ wrong: 0, unexplained: 0, refused: 0, withLine: score.ambiguous });
	expect(score.applied).toBeGreaterThan(5);
});

test.each(beginForms)("changes as %s: refused only where several places match", (form) => {
	const score = replayBeginPatches(diffs, form);
	expect(score).toMatchObject({ wrong: 0, unexplained: 0, refused: 0 });
	expect(score.applied).toBeGreaterThan(5);
});

test("what the whole way makes of changes, the user's git turns into the same bytes", async () => {
	const apart = changes.map((change, index) => ({ ...change, path: `${index}/${change.path}` }));
	const all = withDiffs(apart.slice(-50));
	expect(all.length).toBeGreaterThan(20);
	for (const batch of [all.slice(0, 25), all.slice(25)]) {
		const repository = await makeRepository({}, { init: false });
		try {
			await repository.write(Object.fromEntries(batch.map(({ path, before }) => [path, before])));
			const fromDiffs = await repository.diff(batch.map(({ diff }) => diff).join(""));
			const fromContents = await repository.edit(
				...batch.map(({ path, after }) => ({ path, content: after })),
			);
			expect(fromDiffs.diff).toBe(fromContents.diff);
			repository.git("apply", fromDiffs.file);
			for (const { path, after } of batch) {
				expect(await readFile(join(repository.root, path), "utf8")).toBe(after);
			}
		} finally {
			await repository.remove();
		}
	}
}, 30_000);
