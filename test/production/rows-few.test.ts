import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { errorStats } from "../../tools/error_stats.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { event, rowStage, run, skill } from "./rows.ts";
import { worldNow } from "./world.ts";

const { open, ask, close } = rowStage();
afterEach(close);

describe("nothing to tell", () => {
	test("tables without a row say so, and nobody is asked why", async () => {
		const { services } = await open({});
		for (const [tool, table] of [
			[fetchErrors, "error_events"],
			[failedSkillRuns, "skill_usage_logs"],
		] as const) {
			const { facts, text } = await ask(tool);
			expect(facts.hint).toMatch(new RegExp(`^${table} has no rows at all`));
			expect(text).toContain(`hint: ${table} has no rows at all`);
		}
		const before = services.source.requestsSent();
		await ask(failedSkillRuns, { correlate: false });
		expect(services.source.requestsSent() - before).toBe(3);
	});

	test("rows that are all dated in the future are no history", async () => {
		await open({
			error_events: [event({ created_at: worldNow + 3600 })],
			skill_usage_logs: [run({ created_at: worldNow + 3600 })],
		});
		for (const tool of [errorStats, failedSkillRuns] as const) {
			const { facts } = await ask(tool);
			expect(facts.episodes).toEqual([]);
		}
	});

	test("a missing table is told; runs are told without the events around them", async () => {
		await open({ skill_usage_logs: [run({})] }, { missingTables: ["error_events"] });
		expect((await ask(fetchErrors)).error).toMatch(/error_events/);
		const { facts } = await ask(failedSkillRuns);
		expect(facts.runs.total).toBe(1);
		expect(facts.hint).toContain("no table error_events, so there are no related_errors");
		await open({ error_events: [event({})] }, { missingTables: ["skill_usage_logs"] });
		expect((await ask(failedSkillRuns)).error).toMatch(/skill_usage_logs/);
		expect((await ask(fetchErrors)).facts.total).toBe(1);
	});

	test("fetch_errors of a misspelt code, and of a window that is reversed", async () => {
		await open({ error_events: [event({})] });
		const { facts } = await ask(fetchErrors, { error_code: "NETWORKERROR" });
		expect(facts.hint).toContain('did you mean "NETWORK_ERROR"?');
		expect((await ask(fetchErrors, { since: "1h", until: "2h" })).error).toMatch(
			/^since: it is not before until\./,
		);
	});
});

describe("no failed run", () => {
	const still = rowStage();
	beforeAll(async () => {
		await still.open({
			skills: [skill("a"), skill("email-draft"), skill("never-ran"), skill("good")],
			skill_usage_logs: [
				run({ error_message: "new" }),
				run({ id: "good", skill_id: "skill-good", status: "success" }),
				run({
					id: "old",
					skill_id: "skill-email-draft",
					error_message: "old",
					created_at: worldNow - 2 * 86_400,
				}),
			],
		});
	});
	afterAll(still.close);

	test.each([
		[
			"a skill that is none, with a near one",
			{ skill: "emaildraft" },
			/^No skill is called "emaildraft": did you mean "email-draft"\?/,
		],
		["a skill that is none", { skill: "zzzzzz" }, /^No skill is called "zzzzzz"\./],
		[
			"a skill that never ran",
			{ skill: "never-ran" },
			/^The skill "never-ran" exists; no run of it .* was ever logged here\./,
		],
		[
			"a skill whose runs all went well",
			{ skill: "good" },
			/^None of the 1 runs in this window failed.* There is no matching failure, at any time\./,
		],
		[
			"a skill that failed before",
			{ skill: "email-draft" },
			/^No run .* in this window\. The nearest run: 2026-11-21T20:00:00Z\. The nearest matching failure: 2026-11-21T20:00:00Z\./,
		],
		[
			"a message that none has",
			{ message_contains: "zzz" },
			/^None of the 1 failures in this window has a message that contains "zzz"\./,
		],
		[
			"a message that another time has",
			{ message_contains: "OLD" },
			/The nearest matching failure: 2026-11-21T20:00:00Z\./,
		],
		[
			"a window in the future",
			{ since: "2027-01-01T00:00:00Z", until: "2027-01-02T00:00:00Z" },
			/^The window lies in the future: in production it is 2026-11-23T20:00:00Z\./,
		],
	])("failed_skill_runs of %s", async (_, args, hint) => {
		const { facts } = await still.ask(failedSkillRuns, args);
		expect(facts.runs.total).toBe(0);
		expect(facts.hint).toMatch(hint);
		expect(facts.hint).toMatch(/Scheduled runs are not in this table: .*\.$/);
		expect(facts.untrusted).toContain("hint");
	});
});

describe("one row", () => {
	test("an event with nothing but its code, and a code that nobody knows", async () => {
		await open({
			error_events: [
				event({}),
				event({ id: "other", error_code: "BRAND_NEW", error_category: "novel", created_at: worldNow - 90 }),
			],
		});
		expect((await ask(fetchErrors)).facts).toEqual({
			window: { since: "2026-11-22T20:00:00Z", until: "2026-11-23T20:00:00Z" },
			columns: ["at", "error_code", "category"],
			rows: [
				["2026-11-23T19:59:00Z", "NETWORK_ERROR", null],
				["2026-11-23T19:58:30Z", "BRAND_NEW", "novel"],
			],
			shown: 2,
			total: 2,
			untrusted: ["rows[].error_code", "rows[].category"],
		});
		expect((await ask(fetchErrors, { error_code: "BRAND_NEW", with_ids: true })).facts).toMatchObject({
			columns: ["at", "error_code", "category", "id"],
			rows: [["2026-11-23T19:58:30Z", "BRAND_NEW", "novel", "other"]],
		});
	});

	test("a run with nothing but what must be there", async () => {
		await open({ skill_usage_logs: [run({})] });
		const { facts } = await ask(failedSkillRuns);
		expect(facts).toMatchObject({
			summary: { runs: 1, failures: 1, failure_rate_pct: 100 },
			by_skill: {
				columns: ["skill", "runs", "failures", "failure_rate_pct"],
				rows: [["skill-a", 1, 1, 100]],
			},
			messages: { columns: [], rows: [], total: 0 },
			runs: {
				columns: ["at", "skill", "status", "user"],
				rows: [["2026-11-23T19:59:00Z", "skill-a", "error", "user-a"]],
			},
			hint: "Listed failures without a message: 1 of 1.",
		});
		expect(facts.summary).not.toHaveProperty("previous_failure_rate_pct");
	});
});

test("the window ends by production's clock where the two differ", async () => {
	await open({ error_events: [event({})], skill_usage_logs: [run({})] }, { clock: worldNow - 3600 });
	for (const tool of [fetchErrors, failedSkillRuns]) {
		expect((await ask(tool)).facts.window).toEqual({
			since: "2026-11-22T20:00:00Z",
			until: "2026-11-23T20:00:00Z",
			clock_note: expect.stringMatching(/^by production's clock, 36\d\d s ahead of this machine's$/),
		});
	}
});
