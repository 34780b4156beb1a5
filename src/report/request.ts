// The report as an agent requests it, and what each of its issues is about.

import type { FilterArguments, WindowArguments } from "../production/index.ts";
import { InvalidArgument } from "../text/index.ts";

/** One issue: about exactly one error code or one skill. */
export interface IssueRequest {
	readonly error_code?: string | undefined;
	readonly skill?: string | undefined;
	readonly title?: string | undefined;
	readonly root_cause: string;
	readonly evidence?: readonly string[] | undefined;
	readonly location?: string | undefined;
	readonly current_code?: string | undefined;
	readonly proposed_fix: string;
	readonly patch_id?: string | undefined;
	readonly files?: readonly { readonly path: string; readonly change: string }[] | undefined;
}

export interface ReportRequest extends WindowArguments, FilterArguments {
	readonly issues?: readonly IssueRequest[] | undefined;
	readonly actions?:
		| {
				readonly immediate?: string | undefined;
				readonly short_term?: string | undefined;
				readonly monitor?: string | undefined;
		  }
		| undefined;
}

/** What an issue is about. */
export type Subject =
	| { readonly kind: "error_code"; readonly code: string }
	| { readonly kind: "skill"; readonly skill: string };

/** @throws {InvalidArgument} for an issue about both a code and a skill, or about neither */
export function readSubjects(issues: readonly IssueRequest[]): readonly Subject[] {
	return issues.map(({ error_code, skill }, index) => {
		if (error_code !== undefined && skill === undefined) return { kind: "error_code", code: error_code };
		if (skill !== undefined && error_code === undefined) return { kind: "skill", skill };
		throw new InvalidArgument(
			`issues[${index}]`,
			error_code === undefined
				? "it names neither error_code nor skill."
				: "it names both error_code and skill, which are counted in different tables.",
			"Name exactly one of them; split the issue where both matter.",
		);
	});
}
