// All tools, in the order in which an investigation uses them.

import type { ToolDefinition } from "../src/answer/index.ts";
import { debugReport } from "./debug_report.ts";
import { describeDatabase } from "./describe_database.ts";
import { errorStats } from "./error_stats.ts";
import { failedSkillRuns } from "./failed_skill_runs.ts";
import { fetchErrors } from "./fetch_errors.ts";
import { proposePatch } from "./propose_patch.ts";
import { queryDatabase } from "./query_database.ts";
import { recallCases } from "./recall_cases.ts";
import { searchCodebase } from "./search_codebase.ts";
import { showCommit } from "./show_commit.ts";
import { suspectCommits } from "./suspect_commits.ts";
import { verifyFix } from "./verify_fix.ts";

export const tools: readonly ToolDefinition[] = [
	errorStats,
	fetchErrors,
	failedSkillRuns,
	queryDatabase,
	describeDatabase,
	suspectCommits,
	showCommit,
	searchCodebase,
	proposePatch,
	verifyFix,
	recallCases,
	debugReport,
];
