// The looser forms in which hosts and models send arguments: each answers as the schema's own form does.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tools } from "../../tools/index.ts";
import { answerOf } from "../production/call.ts";
import { type Stage, setStage } from "../production/stage.ts";
import { worldNow } from "../production/world.ts";

type Args = Record<string, unknown>;

let stage: Stage;
beforeAll(async () => {
	stage = await setStage({ now: worldNow });
});
afterAll(() => stage.close());

async function textOf(name: string, args: unknown): Promise<string> {
	const tool = tools.find((one) => one.name === name);
	if (tool === undefined) throw new Error(`no tool ${name}`);
	const answered = await answerOf(stage.services, tool, args);
	if ("error" in answered) throw new Error(answered.error);
	return answered.answer.text.replaceAll(/duration_ms: \d+/g, "");
}

const issue = { error_code: "LLM_RATE_LIMITED", root_cause: "No pause.", proposed_fix: "Wait." };
const two = { error_code: "LLM_RATE_LIMITED,ATS_AUTH_FAILED", limit: 2 };

describe("is taken as the form that the schema has", () => {
	test.each<[string, unknown, Args]>([
		["error_stats", null, {}],
		["error_stats", '{"limit":"5"}', { limit: 5 }],
		["error_stats", { limit: "5" }, { limit: 5 }],
		["error_stats", { limit: " 5.0 " }, { limit: 5 }],
		["error_stats", { limit: [5] }, { limit: 5 }],
		["query_database", { sql: "SELECT 1", limit: "1,000" }, { sql: "SELECT 1", limit: 1000 }],
		["fetch_errors", { limit: 2, with_ids: "true" }, { limit: 2, with_ids: true }],
		["fetch_errors", { limit: 2, with_ids: "Yes" }, { limit: 2, with_ids: true }],
		["fetch_errors", { limit: 2, with_ids: 1 }, { limit: 2, with_ids: true }],
		["fetch_errors", { limit: 2, with_ids: "False" }, { limit: 2 }],
		["fetch_errors", { limit: 2, order: "OLDEST" }, { limit: 2, order: "oldest" }],
		["fetch_errors", { limit: 2, order: '"oldest"' }, { limit: 2, order: "oldest" }],
		["failed_skill_runs", { limit: 2, status: "any failure" }, { limit: 2, status: "any_failure" }],
		["error_stats", { group_by: "skill" }, { group_by: ["skill"] }],
		["error_stats", { group_by: '["skill"]' }, { group_by: ["skill"] }],
		["error_stats", { group_by: "['skill', 'provider']" }, { group_by: ["skill", "provider"] }],
		["error_stats", { group_by: "Skill, http-status" }, { group_by: ["skill", "http_status"] }],
		["error_stats", { group_by: ["skill", null, ""] }, { group_by: ["skill"] }],
		["fetch_errors", { ...two, error_code: '["LLM_RATE_LIMITED","ATS_AUTH_FAILED"]' }, two],
		["fetch_errors", { ...two, error_code: ["LLM_RATE_LIMITED", "ATS_AUTH_FAILED"] }, two],
		["fetch_errors", { ...two, error_code: "llm_rate_limited, Ats-Auth-Failed," }, two],
		["fetch_errors", { ...two, error_code: "['LLM_RATE_LIMITED', 'ATS_AUTH_FAILED']" }, two],
		["error_stats", { http_status: 429 }, { http_status: "429" }],
		["error_stats", { http_status: "4XX" }, { http_status: "4xx" }],
		["error_stats", { skill: null, since: "", limit: "null", interval: "none" }, {}],
		["fetch_errors", { cursor: null, provider: "", limit: 2 }, { limit: 2 }],
		["debug_report", { issues: JSON.stringify([issue]) }, { issues: [issue] }],
		["debug_report", { issues: issue }, { issues: [issue] }],
		["debug_report", { issues: [JSON.stringify(issue)] }, { issues: [issue] }],
		[
			"debug_report",
			{ issues: [{ ...issue, evidence: "Seen, twice", files: null }], actions: '{"monitor":"429s"}' },
			{ issues: [{ ...issue, evidence: ["Seen, twice"] }], actions: { monitor: "429s" } },
		],
		["debug_report", { issues: [{ ...issue, error_code: "llm_rate_limited" }] }, { issues: [issue] }],
		["error_stats", { since: "1d" }, { since: "24h" }],
		["error_stats", { since: "24 hours" }, { since: "24h" }],
		["error_stats", { since: "Last 24 hours" }, { since: "24h" }],
		["error_stats", { since: "90 mins ago" }, { since: "1h30m" }],
		["error_stats", { since: "past hour", until: "now" }, { since: "60m" }],
		["error_stats", { since: "2026-11-23T10:00:00+01" }, { since: "2026-11-23T09:00:00Z" }],
		["error_stats", { since: "2026-11-23 10:00:00 +0100" }, { since: "2026-11-23T09:00:00Z" }],
		["error_stats", { since: "2026-11-23 09:00 UTC" }, { since: "2026-11-23T09:00:00Z" }],
		["error_stats", { since: "2026-11-23t09:00:00,123z" }, { since: "2026-11-23T09:00:00Z" }],
	])("%s %j", async (name, loose, strict) => {
		expect(await textOf(name, loose)).toBe(await textOf(name, strict));
	});
});
