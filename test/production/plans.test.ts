import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { type Arguments, call, pagedTable } from "./call.ts";
import { type Stage, setStage } from "./stage.ts";
import { worldNow } from "./world.ts";

type PagingTool = typeof fetchErrors | typeof failedSkillRuns;

let stage: Stage;
beforeAll(async () => {
	stage = await setStage({ now: worldNow });
	await call(stage.services, failedSkillRuns);
});
afterAll(() => stage.close());

/** What SQLite does with the two large tables, as EXPLAIN QUERY PLAN tells it. */
function steps(query: string): string[] {
	return stage.sandbox.database
		.select(`EXPLAIN QUERY PLAN ${query}`)
		.map(({ detail }) => String(detail))
		.filter((detail) => /^(SCAN|SEARCH) (e|r|error_events|skill_usage_logs)\b/.test(detail));
}

/** Found by an index that has created_at in it, or by the row's own id. */
const byIndex =
	/USING (COVERING )?INDEX (error_events|skill_usage_logs)_\w*created\w* |USING INDEX sqlite_autoindex/;

const { users, organizations } = {
	users: () => String(stage.sandbox.database.select("SELECT id FROM users LIMIT 1")[0]?.id),
	organizations: () =>
		String(stage.sandbox.database.select("SELECT slug FROM organizations LIMIT 1")[0]?.slug),
};
const cases: readonly (readonly [string, PagingTool, () => Arguments])[] = [
	["the newest", fetchErrors, () => ({})],
	["the oldest", fetchErrors, () => ({ order: "oldest", since: "7d" })],
	["of some codes", fetchErrors, () => ({ error_code: ["LLM_RATE_LIMITED", "none"], http_status: "4xx" })],
	[
		"of a category, a skill, a provider",
		fetchErrors,
		() => ({ category: "llm", skill: "none", provider: "none" }),
	],
	["of a user, by digits", fetchErrors, () => ({ user: users().slice(0, 8) })],
	["of an organization", fetchErrors, () => ({ organization: organizations() })],
	["of a session, by digits", fetchErrors, () => ({ session: "deadbeef" })],
	["of a user, with runs", fetchErrors, () => ({ user: users(), since: "7d", with_runs: true })],
	["none", fetchErrors, () => ({ error_code: "NO_SUCH_CODE" })],
	["failed runs", failedSkillRuns, () => ({})],
	["failed runs of an hour", failedSkillRuns, () => ({ since: "1h", status: "any_failure" })],
	["failed runs of a user", failedSkillRuns, () => ({ user: users(), since: "7d" })],
	[
		"failed runs of an organization and a skill",
		failedSkillRuns,
		() => ({ organization: organizations(), skill: "email-draft" }),
	],
	["failed runs that say something", failedSkillRuns, () => ({ message_contains: "429", limit: 100 })],
	["no runs", failedSkillRuns, () => ({ skill: "no-such-skill" })],
];

describe("every query of ours on error_events and skill_usage_logs is served by an index of created_at", () => {
	test.each(cases)("%s", async (_, tool, args) => {
		stage.queries();
		const first = await call(stage.services, tool, { ...args(), limit: 2 });
		// Digits that no session begins with are refused, by queries that count as well.
		const cursor = first.error === undefined ? pagedTable(first.facts).next_cursor : undefined;
		if (cursor !== undefined) await call(stage.services, tool, { cursor, limit: 2 });
		const queries = stage.queries();
		expect(queries.length).toBeGreaterThan(0);
		const all = queries.flatMap(steps);
		expect(all.length).toBeGreaterThan(0);
		for (const step of all) expect(step).toMatch(byIndex);
	});
});

describe("requests of one call, once the history is read", () => {
	test.each<readonly [string, PagingTool, Arguments, number]>([
		["events", fetchErrors, { limit: 200, since: "7d" }, 2],
		["events with filters", fetchErrors, { error_code: "LLM_RATE_LIMITED", http_status: 429 }, 2],
		["a person's story", fetchErrors, { user: "ff671d27", with_runs: true }, 3],
		["no events", fetchErrors, { error_code: "LLM_RATELIMITED" }, 3],
		["runs and the events around them", failedSkillRuns, { limit: 100, since: "7d" }, 4],
		["runs alone", failedSkillRuns, { correlate: false }, 3],
		["no runs", failedSkillRuns, { skill: "no-such-skill" }, 4],
		["no failed runs", failedSkillRuns, { status: "partial", since: "10m", correlate: false }, 3],
	])("%s: %#", async (_, tool, args, requests) => {
		expect((await call(stage.services, tool, args)).error).toBeUndefined();
		const before = stage.services.source.requestsSent();
		expect((await call(stage.services, tool, args)).error).toBeUndefined();
		expect(stage.services.source.requestsSent() - before).toBe(requests);
	});
});
