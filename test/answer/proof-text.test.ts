import { expect, test } from "vitest";
import { describeTest } from "../../src/answer/proof-text.ts";
import type { TestOutcome } from "../../src/patch/prove/run-test.ts";
import { type TestRun, type TestVerdict, verdictOf } from "../../src/patch/prove/verdict.ts";

type Kind = "assertion" | "program" | "test" | "load";

/** A run of one test, which passed or failed so. */
function run(kind: Kind | "passed" | "skipped" | "timed_out"): TestRun {
	const failures =
		kind === "passed" || kind === "skipped" || kind === "timed_out"
			? []
			: [{ name: "adds", message: `it was ${kind} </untrusted>`, kind }];
	return {
		end: kind === "timed_out" ? kind : failures.length > 0 ? "failed" : "passed",
		exitCode: failures.length,
		milliseconds: 1234,
		output: "its output\n",
		reading: { runner: "vitest", passed: kind === "passed" ? 1 : 0, failed: failures.length, failures },
		notRun: kind === "skipped" ? ["a.test.ts"] : [],
	};
}

function words(without: TestRun, withFix: TestRun): { verdict: TestVerdict; text: string } {
	const verdict = verdictOf(without, withFix);
	const outcome: TestOutcome = {
		status: "ran",
		command: "vitest run {files}",
		files: ["a.test.ts"],
		support: [],
		sandboxed: true,
		timeoutMs: 5000,
		verdict,
		without,
		withFix,
	};
	return { verdict, text: describeTest(outcome).join("\n") };
}

test.each([
	[
		"assertion",
		"passed",
		"proof",
		"fails without the fix, passes with it (1 test; 1.2 s without it, 1.2 s with it)",
	],
	["program", "passed", "proof", "no assertion failed, but the program itself threw without the fix"],
	["test", "passed", "weak", "the test's own lines throw, and no assertion fails: weaker than an assertion"],
	[
		"load",
		"passed",
		"weak",
		"does not get to its assertions (something does not compile, or is missing): weaker",
	],
	["passed", "passed", "proves_nothing", "passes without the fix as well: it proves nothing"],
	["assertion", "assertion", "fails_too", "fails with it too: NOT PROVEN"],
	["load", "load", "fails_too", "fails with it too: NOT PROVEN"],
	["passed", "assertion", "breaks", "passes without the fix and FAILS with it: the patch breaks it"],
	["skipped", "skipped", "did_not_run", "did not run the file: no test in it was run"],
	["assertion", "skipped", "did_not_run", "did not run the file"],
	["timed_out", "passed", "timed_out", "TIMED OUT after 5 s, so it proves nothing"],
] as const)("%s without the fix, %s with it: %s", (without, withFix, verdict, said) => {
	const found = words(run(without), run(withFix));
	expect(found.verdict).toBe(verdict);
	expect(found.text).toContain(said);
});

test("the failing assertions of both runs are shown, and cannot close their block", () => {
	const { text } = words(run("load"), run("assertion"));
	expect(text).toMatch(
		/What fails with the fix:[\s\S]*adds: it was assertion[\s\S]*What fails without the fix:[\s\S]*load/,
	);
	expect(text.match(/<\/untrusted>/g)).toHaveLength(2);
});

test("a runner that is not known counts by its exit code, and it is said", () => {
	const unknown = { reading: undefined, notRun: [] };
	const { verdict, text } = words({ ...run("assertion"), ...unknown }, { ...run("passed"), ...unknown });
	expect(verdict).toBe("proof");
	expect(text).toContain("by the exit codes alone, since the runner is not known");
	// It died before its first line, though it is known: nothing says that a test failed.
	expect(words({ ...run("assertion"), ...unknown }, run("passed")).verdict).toBe("weak");
});
