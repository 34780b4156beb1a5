// The report as an agent requests it, and what each of its issues is about.

import type { FilterArguments, WindowArguments } from "../production/index.ts";
import { InvalidArgument } from "../text/index.ts";

/** One issue: about one error code, or about one skill's runs. */
export interface IssueRequest {
	readonly error_code?: string | undefined;
	/** With a code, its events of this skill. */
	readonly skill?: string | undefined;
	readonly provider?: string | undefined;
	readonly organization?: string | undefined;
	/** Its own beginning, within the report's window or before it. */
	readonly since?: string | undefined;
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

/** What narrows the count of one issue. */
export type Narrowed = Pick<IssueRequest, "skill" | "provider" | "organization" | "since">;

/** What an issue is about. */
export type Subject =
	| { readonly kind: "error_code"; readonly code: string; readonly narrowed?: Narrowed }
	| { readonly kind: "skill"; readonly skill: string; readonly narrowed?: Narrowed };

/** @throws {InvalidArgument} for an issue about neither a code nor a skill */
export function readSubjects(issues: readonly IssueRequest[]): readonly Subject[] {
	return issues.map(({ error_code, skill, provider, organization, since }, index) => {
		if (error_code !== undefined)
			return {
				kind: "error_code",
				code: error_code,
				...narrowedBy({ skill, provider, organization, since }),
			};
		if (skill === undefined)
			throw new InvalidArgument(
				`issues[${index}]`,
				"it names neither error_code nor skill.",
				"Name the one that it is about.",
			);
		if (provider !== undefined)
			throw new InvalidArgument(
				`issues[${index}]`,
				"it narrows a skill's runs by provider, which runs do not have.",
				"Leave provider out, or name an error_code.",
			);
		return { kind: "skill", skill, ...narrowedBy({ organization, since }) };
	});
}

function narrowedBy(narrowed: Narrowed): { readonly narrowed?: Narrowed } {
	return Object.values(narrowed).some((value) => value !== undefined) ? { narrowed } : {};
}
