// Cases that the user names, as issues of a report: the words are the agent's who reported them.

import { caseLine } from "../answer/index.ts";
import { type Case, patchesOf } from "../cases/index.ts";
import type { Report } from "./report.ts";
import type { IssueRequest } from "./request.ts";

/** A case as its last report had it. One that no report was written of has no cause. */
export function issueOf(one: Case): IssueRequest {
	const { trouble, told, location, fix, others } = one;
	const words = told.at(-1) ?? others?.told.at(-1);
	const lead = told.length === 0 && words !== undefined ? "Imported from others, not checked here: " : "";
	const patch = fix?.patch ?? patchesOf(one).at(-1);
	const place = words?.location ?? location;
	return {
		...(trouble.of === "code" ? { error_code: trouble.name } : { skill: trouble.name }),
		root_cause: `${lead}${words?.cause ?? "No cause was written."}`,
		proposed_fix: words?.fix ?? "No fix was written.",
		...(words?.title === undefined ? {} : { title: words.title }),
		...(place === undefined ? {} : { location: place }),
		...(patch === undefined ? {} : { patch_id: patch }),
	};
}

/** @param cases in the order of the report's issues */
export function withHistory(report: Report, cases: readonly Case[]): Report {
	return {
		...report,
		issues: report.issues.map((issue, index) => {
			const one = cases[index];
			return one === undefined ? issue : { ...issue, history: caseLine(one) };
		}),
	};
}
