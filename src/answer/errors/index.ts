import type { TableMissing } from "../../production/index.ts";
import type { SkillomaticFailure } from "../../source/index.ts";
import type { SqlFailure, TimeStorageUnknown } from "../../sql/index.ts";
import type { RepositoryUnset } from "../../system/index.ts";
import { Failure, type InvalidArgument, visible, withoutMarks } from "../../text/index.ts";
import { type CodebaseFailure, describeCodebase } from "./codebase.ts";
import { describePatch, type PatchFailure } from "./patch.ts";
import { describeSkillomatic } from "./skillomatic.ts";
import { describeSql } from "./sql.ts";
import { describeSystem, type SystemFailure } from "./system.ts";

/** Every kind of failure that there is. A new one is added here, and the compiler asks for its words. */
type KnownFailure =
	| InvalidArgument
	| RepositoryUnset
	| TableMissing
	| TimeStorageUnknown
	| CodebaseFailure
	| PatchFailure
	| SkillomaticFailure
	| SqlFailure
	| SystemFailure;

/** The longest that an error may be, in characters. */
const maxLength = 2000;

/**
 * The sentence an agent reads when a call fails: what is wrong, why, what to do next.
 * Undefined for what is no failure of a known kind: a fault of this server itself.
 */
export function describeError(error: unknown): string | undefined {
	if (!(error instanceof Failure)) return undefined;
	// Whoever words a failure may quote an argument or a row.
	const words = withoutMarks(visible(describe(error as KnownFailure)));
	return words.length > maxLength ? `${words.slice(0, maxLength - 1)}…` : words;
}

function describe(failure: KnownFailure): string {
	switch (failure.kind) {
		case "invalid_argument":
			return `${failure.argument}: ${failure.problem} ${failure.next}`;
		case "repository_unset":
			return "No repository is set: the working directory is / or a home folder, which is searched only when named. Ask the user to set PROD_DEBUGGER_REPO to the path of the code.";
		case "time_storage_unknown":
			return `The form in which ${failure.table}.created_at is stored is none of the known ones (Unix seconds, milliseconds, ISO or SQLite text), or it is mixed, so a window would leave rows out. Use query_database, and look at the column first.`;
		case "table_missing":
			return `This deployment has no table ${failure.table}, so there is nothing to answer from. describe_database lists the tables that there are.`;
		case "path_hidden":
		case "path_ignored":
		case "pattern_invalid":
			return describeCodebase(failure);
		case "edit_refused":
		case "patch_refused":
		case "patch_unknown":
		case "state_folder_unusable":
			return describePatch(failure);
		case "sql_text_refused":
		case "not_one_select":
		case "sql_invalid":
		case "name_unknown":
		case "column_withheld":
		case "name_withheld":
		case "form_refused":
		case "plan_unbounded":
		case "cannot_be_sent":
		case "deployment_lacks":
		case "own_query_unsound":
			return describeSql(failure);
		case "deadline_exceeded":
		case "file_not_written":
		case "git_failed":
		case "path_refused":
		case "process_not_started":
		case "program_missing":
			return describeSystem(failure);
		default:
			return describeSkillomatic(failure);
	}
}
