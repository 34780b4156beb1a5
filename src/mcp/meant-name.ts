// Finds the argument that does the job of one which a tool does not have.

import { nearest } from "../text/index.ts";

/** Names that other tools and other servers give to what an argument of ours does. */
const otherNames: Readonly<Record<string, string>> = {
	since:
		"from start begin after start_time start_date time_range timeframe time_window window period range hours days last",
	until: "to end before end_time end_date stop",
	error_code: "code codes error errors error_codes error_type error_name",
	skill: "skill_name skill_slug skill_id slug tool",
	provider: "integration service vendor",
	category: "error_category",
	action: "operation",
	http_status: "status status_code http_code response_code",
	session: "session_id",
	user: "user_id user_email email person",
	organization: "org org_id organization_id organization_slug tenant company workspace account",
	group_by: "group groups by dimension dimensions breakdown",
	interval: "bucket granularity resolution step",
	limit: "max count n top first size page_size per_page max_results num_results max_count results",
	order: "sort sort_by order_by direction",
	cursor: "page page_token next_cursor offset token",
	with_ids: "ids include_ids id",
	status: "state outcome result",
	message_contains: "error_code message error_message contains error code query search pattern text",
	correlate: "with_events related events",
	sql: "query statement select q where filter error_code since until skill user table",
	table: "table_name name tables",
	since_about: "at began began_at onset when instant",
	query: "pattern search text q term keyword string search_text symbol",
	mode: "regex regexp is_regex use_regex word whole_word literal fixed_strings",
	path: "file file_path filename dir directory folder paths",
	glob: "include files file_pattern include_pattern exclude",
	type: "file_type language lang ext extension",
	case_sensitive: "ignore_case case_insensitive case",
	context: "context_lines before after",
	whole_function: "function full_function",
	history: "blame git commits",
	title: "name subject summary",
	rationale: "reason why description explanation motivation",
	edits: "changes edit replacements",
	diff: "patch unified_diff",
	check: "test validate run_check verify",
	old_text: "old old_string old_str find search",
	new_text: "new new_string new_str replace replacement",
	content: "new_content file_text text contents",
	line: "line_number",
	root_cause: "cause reason analysis",
	proposed_fix: "fix solution suggestion proposed",
	location: "code_location place",
	current_code: "code snippet",
	evidence: "proof facts",
	issues: "findings problems errors",
	actions: "recommended_actions recommendations",
	environment: "env stage target deployment environment_name",
	commit: "sha hash revision ref",
};

/** @param valid the names that the tool takes at this place */
export function meantName(given: string, valid: readonly string[]): string | undefined {
	const wanted = given
		.replaceAll(/([a-z])([A-Z])/g, "$1_$2")
		.toLowerCase()
		.replaceAll("-", "_");
	if (valid.includes(wanted)) return wanted;
	return (
		valid.find((name) => Object.hasOwn(otherNames, name) && otherNames[name]?.split(" ").includes(wanted)) ??
		nearest(given, valid)
	);
}
