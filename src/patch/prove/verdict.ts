// What two runs of a test say of a fix: with only the test's part of the patch, and with all of it.

import type { CheckRun } from "./run-copies.ts";
import { isSameFile, readTestOutput, type TestFailure, type TestReading } from "./runners/index.ts";

/** One run of the test files. */
export interface TestRun extends CheckRun {
	/** undefined where the runner's output is not known: its exit code alone counts. */
	readonly reading: TestReading | undefined;
	/** Named files that did not run, or of whose tests none ran. */
	readonly notRun: readonly string[];
}

/**
 * `proof`: fails without the fix, passes with it. `weak`: so too, but no assertion failed without it. `proves_nothing`:
 * passes without the fix as well. `fails_too`: fails with it too. `breaks`: passes without it, fails with it.
 */
export type TestVerdict =
	| "proof"
	| "weak"
	| "proves_nothing"
	| "fails_too"
	| "breaks"
	| "did_not_run"
	| "did_not_start"
	| "timed_out";

export function readRun(run: CheckRun, files: readonly string[]): TestRun {
	const reading = readTestOutput(run.output, files);
	return { ...run, reading, notRun: reading === undefined ? [] : filesNotRun(reading, files) };
}

function filesNotRun(reading: TestReading, files: readonly string[]): readonly string[] {
	const { passed, failed, failures, files: named } = reading;
	if (passed + failed + failures.length === 0) return files;
	if (named === undefined) return [];
	return files.filter((file) => !named.some((one) => isSameFile(one, file)));
}

function didPass({ end, reading }: TestRun): boolean {
	return end === "passed" && (reading === undefined || reading.failed + reading.failures.length === 0);
}

/** A shell's exit codes for a program that is not there, or cannot be executed. */
const notStarted = [126, 127];

export function verdictOf(without: TestRun, withFix: TestRun): TestVerdict {
	const runs = [without, withFix];
	const isAbsent = ({ reading, exitCode }: TestRun) =>
		reading === undefined && notStarted.includes(exitCode ?? 0);
	if (runs.every(isAbsent)) return "did_not_start";
	if (runs.some(({ end }) => end === "timed_out")) return "timed_out";
	if (withFix.notRun.length > 0 || (didPass(without) && without.notRun.length > 0)) return "did_not_run";
	const [before, after] = [didPass(without), didPass(withFix)];
	if (before) return after ? "proves_nothing" : "breaks";
	if (!after) return "fails_too";
	return isProof(without, withFix) ? "proof" : "weak";
}

/** An assertion failed, or the program itself threw; by exit codes alone where neither output is known. */
function isProof(without: TestRun, withFix: TestRun): boolean {
	const isKnown = without.reading !== undefined || withFix.reading !== undefined;
	if (!isKnown) return without.exitCode !== null;
	return failuresOf(without).some(({ kind }) => kind === "assertion" || kind === "program");
}

export function failuresOf({ reading }: TestRun): readonly TestFailure[] {
	return reading?.failures ?? [];
}
