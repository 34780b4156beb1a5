// Runs the user's own check on a copy of the tree, with and without the patch.

import type { Change } from "../apply/checked-diff.ts";
import { type CheckContext, type CheckRun, type NotRun, withCopies } from "./run-copies.ts";

/** The user's own check, as configured. */
export interface CheckSettings {
	/** A line for the shell. */
	readonly command: string;
	readonly timeoutMs: number;
	/** Run it where there is no sandbox. */
	readonly unsandboxed: boolean;
}

export type CheckOutcome =
	| { readonly status: "not_set" | "not_asked" }
	| { readonly status: "not_run"; readonly command: string; readonly reason: NotRun }
	| {
			readonly status: "ran";
			readonly command: string;
			readonly sandboxed: boolean;
			readonly timeoutMs: number;
			readonly after: CheckRun;
			/** Without the patch; run only if it failed with it. */
			readonly before: CheckRun | undefined;
	  };

/** Runs the user's check on a copy of the tree with the patch, and where it fails, on one without it. */
export async function runCheck(
	settings: CheckSettings,
	changes: readonly Change[],
	context: CheckContext,
): Promise<CheckOutcome> {
	const { command, timeoutMs } = settings;
	const { progress } = context;
	const ran = await withCopies(settings, context, async (run, sandboxed) => {
		progress("running the user's check on a copy with the patch");
		const after = await run(changes);
		if (after.end === "failed") progress("it failed: running the user's check on a copy without the patch");
		const before = after.end === "failed" ? await run([]) : undefined;
		return { status: "ran", command, sandboxed, timeoutMs, after, before } as const;
	});
	return "notRun" in ran ? { status: "not_run", command, reason: ran.notRun } : ran;
}
