// ripgrep as this package ships it, asked once whether it is one.

import { type Explanation, Failure, quoteUntrusted } from "../text/index.ts";
import { once } from "./once.ts";
import { ProcessNotStarted, type ProcessResult, runProcess } from "./process.ts";
import { findRipgrep, type ProgramPath } from "./programs.ts";

/** What stands in ripgrep's place does not answer as ripgrep. */
export class RipgrepBroken extends Failure {
	readonly kind = "ripgrep_broken";

	/** @param how what it did instead: without a full stop */
	constructor(readonly how: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `ripgrep does not work: ${this.how}. Its file may be cut off or a placeholder (Git LFS), or blocked by a virus scanner.`,
			next: "Install prod-debugger-mcp again on this machine (npm ci, or npx with a clean cache).",
			by: "user",
		};
	}
}

export interface Ripgrep {
	readonly program: ProgramPath;
	/** Its first line about itself: `ripgrep 15.0.0`. */
	readonly version: string;
}

/** @throws {ProgramMissing} {RipgrepBroken} */
export const workingRipgrep = once(async (): Promise<Ripgrep> => {
	const program = await findRipgrep();
	const asked = await runProcess({
		program,
		args: ["--version"],
		cwd: process.cwd(),
		// Shared by all calls, so no single call may cancel it.
		signal: new AbortController().signal,
		timeoutMs: 5000,
		maxOutputBytes: 10_000,
	}).catch((error: unknown) => {
		if (!(error instanceof ProcessNotStarted)) throw error;
		throw new RipgrepBroken(`it cannot be started (${error.code})`);
	});
	const version = asked.stdout.toString("utf8").split("\n")[0]?.trim() ?? "";
	if (asked.exitCode !== 0 || !/^ripgrep \d/.test(version)) throw new RipgrepBroken(howItAnswered(asked));
	return { program, version };
});

/** @throws {RipgrepBroken} for an exit code that ripgrep does not have */
export function refuseForeignExit({ end, exitCode }: ProcessResult): void {
	if (end === "exited" && exitCode !== null && ![0, 1, 2].includes(exitCode))
		throw new RipgrepBroken(`it ended with code ${exitCode}`);
}

function howItAnswered({ end, exitCode, stdout, stderr }: ProcessResult): string {
	if (end === "timed_out") return "asked for its version, it does not answer";
	const said = `${stdout.toString("utf8")}${stderr}`.trim().split("\n")[0] ?? "";
	const words = said === "" ? "says nothing" : `says ${quoteUntrusted(said, 100)}`;
	return `asked for its version, it ${words} and ends with code ${exitCode ?? "none"}`;
}
