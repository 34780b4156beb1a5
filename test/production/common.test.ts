// What stands once for all rows is never read as a total: numbers stay in the rows, and a page's values are a page's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorStats } from "../../tools/error_stats.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { event, person, rowStage, run, skill } from "./rows.ts";
import { worldNow as now } from "./world.ts";

const stage = rowStage();
const codes = ["ATS_TIMEOUT", "LLM_TIMEOUT", "NETWORK_ERROR", "VALIDATION_ERROR"];

beforeAll(() =>
	stage.open({
		users: [person("user-a", null)],
		skills: ["a", "b", "c"].map(skill),
		// The newest are gmail's and chat's; of four codes with four events each the last is new.
		error_events: codes.flatMap((error_code, code) =>
			Array.from({ length: code < 3 ? 6 : 4 }, (_, index) =>
				event({
					id: `event-${code}-${index}`,
					error_code,
					user_id: "user-a",
					session_id: "session-a",
					http_status: 500,
					provider: index < 2 ? "gmail" : "greenhouse",
					created_at: now - 60 - code - 100 * index - (index < 4 ? 0 : 86_400),
				}),
			),
		),
		skill_usage_logs: ["a", "b", "c"].flatMap((slug) =>
			Array.from({ length: 4 }, (_, index) =>
				run({
					id: `run-${slug}-${index}`,
					skill_id: `skill-${slug}`,
					duration_ms: 700,
					error_message: index < 2 ? "Gmail: refused" : "Greenhouse: refused",
					created_at: now - 60 - 100 * index,
				}),
			),
		),
	}),
);
afterAll(stage.close);

describe("a page of rows", () => {
	test("says which of its shared values are its own, and which the question fixes", async () => {
		const { facts, text } = await stage.ask(fetchErrors, { user: "user-a", limit: 4 });
		expect(facts.common).toEqual({
			http_status: 500,
			provider: "gmail",
			session: "session-a",
			user: "user-a",
		});
		expect(facts.common_on_page?.toSorted()).toEqual(["http_status", "provider", "session"]);
		expect(text).toContain(
			"rows (4 of 16; all: user user-a; on this page: provider gmail, http_status 500, session session-a",
		);
		const next = await stage.ask(fetchErrors, { cursor: facts.next_cursor, limit: 4 });
		expect(next.facts.common).toMatchObject({ user: "user-a" });
		expect(next.facts.common_on_page).not.toContain("user");
	});

	test("of which none is left out has no values of its own", async () => {
		const { facts } = await stage.ask(fetchErrors, { provider: "gmail" });
		expect(facts.common).toMatchObject({ provider: "gmail", user: "user-a", http_status: 500 });
		expect(facts).not.toHaveProperty("common_on_page");
	});

	test("of failed runs: the message and the user are the page's, the status is the question's; no number stands for all", async () => {
		const { facts, text } = await stage.ask(failedSkillRuns, { limit: 5, correlate: false });
		expect(facts.runs.common).toEqual({
			status: "error",
			user: "user-a",
			error_message: "Gmail: refused",
		});
		expect(facts.runs.common_on_page).toEqual(["user", "error_message"]);
		expect(facts.runs.columns).toContain("duration_ms");
		expect(text).toContain("runs (5 of 12; all: status error; on this page: user user-a,");
		// Three skills with the same four failures of four runs.
		expect(facts.by_skill.common ?? {}).toEqual({});
	});
});

describe("a table that leaves rows out", () => {
	test("has nothing in common: that the codes shown are old does not say it of those left out", async () => {
		const { facts } = await stage.ask(errorStats, { limit: 3 });
		expect([facts.groups.shown, facts.groups.total]).toEqual([3, 4]);
		expect(facts.groups).not.toHaveProperty("common");
		const whole = await stage.ask(errorStats);
		expect(whole.facts.groups.common).toMatchObject({ top_provider: expect.any(String) });
		for (const value of Object.values(whole.facts.groups.common ?? {}))
			expect(value).not.toBeTypeOf("number");
	});
});
