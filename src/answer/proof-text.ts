// Renders what a test, run with and without the fix, says of it.

import type { NotRun, TestFailure, TestOutcome, TestRun } from "../patch/index.ts";
import { inertMarkdown, markedBlock, maskSecrets, visibleLine } from "../text/index.ts";

type Ran = Extract<TestOutcome, { status: "ran" }>;

/** Upper bounds of what is shown of a run. */
const maxFailures = 6;
const maxMessage = 240;

export function describeTest(outcome: TestOutcome): readonly string[] {
	switch (outcome.status) {
		case "not_asked":
			return [];
		case "not_named":
			return [
				"- proof by a test: none was named (argument test), so it is not known whether this fixes anything",
			];
		case "not_set":
			return ["- proof by a test: NOT RUN. The user has set no command for it (PROD_DEBUGGER_TEST)."];
		case "nothing_but_the_test":
			return ["- proof by a test: NOT RUN. The patch changes only tests, so it has no fix to prove."];
		case "not_run":
			return [
				`- proof by a test (${visibleLine(outcome.command)}): NOT RUN. ${whyNotRun(outcome.reason, "it runs code from this patch")}`,
			];
		case "ran":
			return describeRuns(outcome);
	}
}

/** Why neither a check nor a test was run. */
export function whyNotRun(reason: NotRun, because: string): string {
	const otherwise = `It runs without one only if the user sets PROD_DEBUGGER_CHECK_UNSANDBOXED=1, since ${because}.`;
	switch (reason) {
		case "platform":
			return `No sandbox exists for this platform. ${otherwise}`;
		case "not_installed":
			return `The sandbox, bubblewrap (bwrap), is not installed. ${otherwise}`;
		case "not_permitted":
			return `No sandbox can be made here: its program is installed, but this system does not let it work (user namespaces on Linux; or this server runs in a sandbox itself). ${otherwise}`;
		case "not_made":
			return "No sandbox can be made here: it ended before the command began, so nothing was run.";
		case "tree_too_large":
			return "The tree is too large to be copied (over 100,000 files or 1 GiB).";
	}
}

function describeRuns(outcome: Ran): readonly string[] {
	const { command, files, support, sandboxed, without, withFix } = outcome;
	const where = sandboxed ? "in sandboxed copies" : "in copies, WITHOUT a sandbox as the user set it";
	const named = files.map((path) => inertMarkdown(path)).join(", ");
	const alone = withFix.reading === undefined && without.reading === undefined;
	const by = alone ? "; by the exit codes alone, since the runner is not known" : "";
	const others =
		support.length === 0
			? []
			: [`  Counted as the test's part too: ${support.map((path) => inertMarkdown(path)).join(", ")}`];
	return [
		`- proof by ${named} (${visibleLine(command)}, ${where}): ${verdictWords(outcome)} (${timesOf(without, withFix)}${by})`,
		...others,
		...details(outcome),
	];
}

function timesOf(without: TestRun, withFix: TestRun): string {
	const { reading } = withFix;
	const tests = reading === undefined ? 0 : reading.passed + reading.failed;
	const counted = reading === undefined ? "" : `${tests} ${tests === 1 ? "test" : "tests"}; `;
	const [first, second] = [without, withFix].map(({ milliseconds }) => (milliseconds / 1000).toFixed(1));
	return `${counted}${first} s without it, ${second} s with it`;
}

function verdictWords({ verdict, files, timeoutMs, without, withFix }: Ran): string {
	switch (verdict) {
		case "proof":
			return failures(without).some(({ kind }) => kind === "assertion") || without.reading === undefined
				? "fails without the fix, passes with it"
				: "fails without the fix, passes with it; no assertion failed, but the program itself threw without the fix";
		case "weak":
			return `passes with the fix, but without it ${weakness(without)}: weaker than an assertion that fails, since it need not show the error itself`;
		case "proves_nothing":
			return "passes without the fix as well: it proves nothing";
		case "fails_too":
			return "fails with it too: NOT PROVEN";
		case "breaks":
			return "passes without the fix and FAILS with it: the patch breaks it";
		case "did_not_run": {
			const missing = withFix.notRun.length > 0 ? withFix.notRun : without.notRun;
			const which =
				missing.length === files.length ? "" : ` ${missing.map((path) => inertMarkdown(path)).join(", ")}`;
			return `did not run the file${which}: no test in it was run, so nothing is known`;
		}
		case "did_not_start":
			return "the command could not be started in the sandbox, so nothing is known";
		case "timed_out":
			return `TIMED OUT after ${timeoutMs / 1000} s, so it proves nothing`;
	}
}

function failures({ reading }: TestRun): readonly TestFailure[] {
	return reading?.failures ?? [];
}

function weakness(without: TestRun): string {
	const kinds = new Set(failures(without).map(({ kind }) => kind));
	if (kinds.has("load") || without.reading === undefined)
		return "it does not get to its assertions (something does not compile, or is missing)";
	if (kinds.has("test")) return "the test's own lines throw, and no assertion fails";
	return "the run fails, and no test of it does";
}

/** What failed without the fix where that is the proof, and with it where it should not. */
function details({ verdict, without, withFix }: Ran): readonly string[] {
	switch (verdict) {
		case "proof":
		case "weak":
			return failuresOf("without the fix", without);
		case "proves_nothing":
			return [];
		case "breaks":
			return failuresOf("with the fix", withFix);
		case "did_not_start":
			return outputOf("with the fix", withFix);
		case "did_not_run":
			return withFix.notRun.length > 0
				? outputOf("with the fix", withFix)
				: outputOf("without the fix", without);
		case "fails_too":
			return [...failuresOf("with the fix", withFix), ...failuresOf("without the fix", without)];
		case "timed_out":
			return withFix.end === "timed_out"
				? outputOf("with the fix", withFix)
				: outputOf("without the fix", without);
	}
}

function failuresOf(which: string, run: TestRun): readonly string[] {
	const all = failures(run);
	if (all.length === 0) return run.end === "passed" ? [] : outputOf(which, run);
	const lines = all
		.slice(0, maxFailures)
		.map(
			({ name, message }) =>
				`${maskSecrets(name).slice(0, maxMessage)}: ${maskSecrets(message).slice(0, maxMessage)}`,
		);
	const more = all.length > maxFailures ? [`and ${all.length - maxFailures} more`] : [];
	return ["", `What fails ${which}:`, markedBlock("repository", [...lines, ...more].join("\n")), ""];
}

/** The last lines of the output. It is untrusted: code of the repository and of the agent printed it. */
export function outputOf(which: string, { output }: Pick<TestRun, "output">): readonly string[] {
	const all = output.trimEnd().split("\n");
	const last = all.slice(-40).join("\n").slice(-3000);
	if (last.trim() === "") return [`  It printed nothing ${which}.`];
	return ["", `The end of its output ${which}:`, markedBlock("repository", maskSecrets(last)), ""];
}
