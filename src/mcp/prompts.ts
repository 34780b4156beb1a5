// The prompt prod_debug: a guided investigation in four steps.

import { completable } from "@modelcontextprotocol/server";
import { z } from "zod";
import { errorCodes } from "../production/index.ts";
import { safeText, secretsOnly } from "../text/index.ts";
import type { Outlet } from "./outlet.ts";

const windows = ["1h", "6h", "24h", "7d"];

/** @param environments their names, where there are several */
export function registerPrompts(outlet: Outlet, environments: readonly string[]): void {
	const environment = completable(
		z
			.string()
			.max(40)
			.describe(`One of ${environments.join(", ")} (default ${environments[0]})`),
		(typed) => environments.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase())),
	).optional();
	const asked = {
		since: completable(z.string().max(40).describe("Window's start, such as 24h (default), 7d"), (typed) =>
			windows.filter((known) => known.startsWith(typed)),
		).optional(),
		focus: completable(
			z.string().max(200).describe("An error code, a skill, a provider or a user to look at first"),
			(typed) => errorCodes.map(({ code }) => code).filter((code) => code.startsWith(typed.toUpperCase())),
		).optional(),
	};
	outlet.prompt(
		"prod_debug",
		{
			title: "Debug production",
			description: "Find what fails in production, why, where in the code, and propose a fix.",
			argsSchema: environments.length === 0 ? z.object(asked) : z.object({ ...asked, environment }),
		},
		// The user wrote them, and may look for one person.
		({ since, focus, environment }) =>
			safeText(investigation(since ?? "24h", { focus, environment }), secretsOnly),
	);
}

function investigation(
	since: string,
	{ focus, environment }: { readonly focus: string | undefined; readonly environment: string | undefined },
): string {
	const look = focus === undefined ? "" : ` Look at ${JSON.stringify(focus)} first.`;
	const where =
		environment === undefined ? "" : ` Give environment: ${JSON.stringify(environment)} with each call.`;
	return `Debug production for the window since ${JSON.stringify(since)}.${where}${look}

1. Stats: call error_stats. Read its findings and episodes: which codes lead, since when, one user or many, which skill or provider, which commit is suspect, what is known already (recall_cases tells its cause).
2. Top issues: for the two or three that matter, call fetch_errors (by error_code, session or user) and failed_skill_runs. query_database answers what is left; describe_database says what there is. Say what is known and what is a guess.
3. Code: call suspect_commits (which change did it, or that none did), show_commit on the likeliest, and search_codebase with error_code. Read the lines that raise it, their condition and their last commit. A code's name can mislead: skillomatic://error-codes/{code} says how.
4. Fix: call propose_patch with the smallest change that removes the cause, and show me its diff. Name the edge cases it must hold and how to test it. Do not apply it. Once it is live, verify_fix tells whether it worked.

Then call debug_report with your root causes, evidence and patch ids, and give me the report unchanged. If an answer is an error, report what it asks for instead of guessing.`;
}
