/** One good call of every tool, on the demo's production and code base. */
export const exampleCalls: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	error_stats: {},
	fetch_errors: { limit: 3 },
	failed_skill_runs: { limit: 3 },
	query_database: {
		sql: "SELECT error_code, COUNT(*) AS n FROM error_events GROUP BY error_code ORDER BY n DESC",
	},
	describe_database: { table: "error_events" },
	search_codebase: { error_code: "LLM_RATE_LIMITED" },
	propose_patch: {
		title: "Note what was found",
		rationale: "A new file, so that the call depends on nothing that is there.",
		edits: [{ path: "docs/found.md", content: "# Found\n" }],
	},
	debug_report: {
		issues: [
			{
				error_code: "LLM_RATE_LIMITED",
				root_cause: "Calls are repeated without a pause.",
				proposed_fix: "Wait between calls.",
			},
		],
	},
};
