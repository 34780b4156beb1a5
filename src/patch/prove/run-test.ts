// Proves a fix by a test: run with only the test's part of the patch, and with all of it.

import { lstat } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import type { RepositoryRoot } from "../../system/index.ts";
import type { Change } from "../apply/checked-diff.ts";
import { staysClosed } from "../apply/flags.ts";
import { targetPaths } from "../apply/targets.ts";
import { PatchRefused } from "../failures/index.ts";
import { type CheckContext, type CheckRun, type NotRun, type RunOnCopy, withCopies } from "./run-copies.ts";
import { readRun, type TestRun, type TestVerdict, verdictOf } from "./verdict.ts";

/** The user's own command for test files, as configured. */
export interface TestSettings {
	/** Its words, one of which is `{files}`. */
	readonly words: readonly string[];
	readonly timeoutMs: number;
	/** Run it where there is no sandbox. */
	readonly unsandboxed: boolean;
}

export type TestOutcome =
	/** `not_named`: the user has set a command, and the agent names no file. */
	| { readonly status: "not_asked" | "not_set" | "not_named" | "nothing_but_the_test" }
	| { readonly status: "not_run"; readonly command: string; readonly reason: NotRun }
	| {
			readonly status: "ran";
			readonly command: string;
			readonly files: readonly string[];
			/** What else of the patch counts as the test's part. */
			readonly support: readonly string[];
			readonly sandboxed: boolean;
			readonly timeoutMs: number;
			readonly verdict: TestVerdict;
			/** With only the test's part of the patch. */
			readonly without: TestRun;
			/** With all of it. */
			readonly withFix: TestRun;
	  };

/** Enough of the output for the failures of a large file; its summary stands at the end. */
const keepBytes = 512 * 1024;

/**
 * The named files, below the root.
 *
 * @throws {PatchRefused} for a file outside the repository, a hidden one, and one that is not there with the patch
 */
export async function testFiles(
	root: RepositoryRoot,
	named: readonly string[],
	changes: readonly Change[],
): Promise<readonly string[]> {
	const paths = await targetPaths(root, named);
	for (const path of paths) {
		const change = changes.find((one) => one.path === path);
		const there = await lstat(join(root, path)).catch(() => undefined);
		const isThere = change === undefined ? there?.isFile() === true : change.after !== undefined;
		if (!isThere || staysClosed(path)) throw new PatchRefused("no_test", path);
	}
	return paths;
}

/** Runs the test files twice, in the sandbox of the check. */
export async function runTest(
	settings: TestSettings,
	files: readonly string[],
	changes: readonly Change[],
	context: CheckContext,
): Promise<TestOutcome> {
	const support = changes.map(({ path }) => path).filter((path) => !files.includes(path) && isSupport(path));
	const testPart = changes.filter(({ path }) => files.includes(path) || support.includes(path));
	if (testPart.length === changes.length) return { status: "nothing_but_the_test" };
	const command = settings.words.join(" ");
	// The prefix keeps a name from being read as an option.
	const words = settings.words.flatMap((word) =>
		word === "{files}" ? files.map((path) => `./${path}`) : [word],
	);
	const { timeoutMs, unsandboxed } = settings;
	const ran = await withCopies(
		{ command: words, timeoutMs, unsandboxed, keepBytes },
		context,
		async (run, sandboxed) => {
			const runs = await runBoth(run, testPart, changes, context);
			const [without, withFix] = runs.map((one) => readRun(one, files));
			if (without === undefined || withFix === undefined) throw new TypeError("two runs end in two results");
			const verdict = verdictOf(without, withFix);
			return {
				status: "ran",
				command,
				files,
				support,
				sandboxed,
				timeoutMs,
				verdict,
				without,
				withFix,
			} as const;
		},
	);
	return "notRun" in ran ? { status: "not_run", command, reason: ran.notRun } : ran;
}

/** Side by side where two cores are free. Both are waited for, so that no copy is left behind. */
async function runBoth(
	run: RunOnCopy,
	testPart: readonly Change[],
	changes: readonly Change[],
	{ progress }: CheckContext,
): Promise<readonly CheckRun[]> {
	progress("running the test on copies without the fix and with it");
	const [load = 0] = loadavg();
	if (availableParallelism() - load < 1 || availableParallelism() < 2) {
		return [await run(testPart), await run(changes)];
	}
	const both = await Promise.allSettled([run(testPart), run(changes)]);
	return both.map((one) => {
		if (one.status === "rejected") throw one.reason;
		return one.value;
	});
}

/** Files that only tests use: they belong to the test's part, though they are not named. */
function isSupport(path: string): boolean {
	return /(^|\/)(tests?|__tests__|__snapshots__|__mocks__|fixtures|__fixtures__|testdata|spec)\/|(^|\/)conftest\.py$|\.snap$|[._](test|spec)\.\w+$/.test(
		path,
	);
}
