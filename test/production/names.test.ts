// What a name stands for, and that none which nothing bears is answered with "nothing happened".
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorStats } from "../../tools/error_stats.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import type { DataTool } from "./call.ts";
import { event, person, rowStage, run, skill } from "./rows.ts";

const jane = "459adb40-1111-4000-8000-000000000001";
const other = "459adc99-1111-4000-8000-000000000002";
const gone = "77777777-1111-4000-8000-000000000003";
const session = "51515151-1111-4000-8000-000000000004";
const acme = "a0000000-0000-4000-8000-000000000005";

const organization = (id: string, name: string, slug: string) => ({
	id,
	name,
	slug,
	created_at: 0,
	updated_at: 0,
});

const production = {
	organizations: [
		organization(acme, "Acme Recruiting", "acme-recruiting"),
		organization("b-org", "Ärzte Personal", "aerzte-personal"),
		organization("c-org", "Twin", "twin-1"),
		organization("d-org", "TWIN", "twin-2"),
	],
	users: [person(jane, acme), person(other, "b-org")],
	skills: [skill("email-draft"), skill("morning-briefing")],
	error_events: [
		event({
			id: "1",
			organization_id: acme,
			user_id: jane,
			skill_slug: "email-draft",
			provider: "gmail",
			action: "send_draft",
			session_id: session,
		}),
		event({ id: "2", organization_id: "b-org", user_id: other, skill_slug: "cold-leads" }),
		event({ id: "3", organization_id: "no-row", user_id: gone }),
	],
	skill_usage_logs: [
		run({ id: "1", skill_id: "skill-morning-briefing", user_id: jane }),
		run({ id: "2", skill_id: "skill-morning-briefing", user_id: jane, status: "success" }),
	],
};

const stage = rowStage();
beforeAll(() => stage.open(production));
afterAll(() => stage.close());
const one = [
	["error_stats", errorStats],
	["fetch_errors", fetchErrors],
	["failed_skill_runs", failedSkillRuns],
] as const;

/** How many rows an answer is about. */
async function countOf(tool: DataTool, args: Record<string, unknown>): Promise<number> {
	const { facts } = await stage.ask(tool, args);
	const { summary, total } = facts as { summary?: { total?: number; failures?: number }; total?: number };
	return summary?.total ?? summary?.failures ?? total ?? Number.NaN;
}

describe.each(one)("%s", (_, tool) => {
	test.each([
		["an organization's name", { organization: "acme recruiting" }],
		["its slug in capitals", { organization: "ACME-Recruiting" }],
		["its id's first digits in capitals", { organization: "A0000000" }],
		["a user's id in capitals", { user: jane.toUpperCase() }],
		["a user's address", { user: `${jane}@Mail.example` }],
	])("knows %s", async (_what, args) => {
		expect(await countOf(tool, args)).toBe(1);
	});

	test.each([
		["a part of a name", { organization: "Acme" }, /no organization has .*Did you mean "Acme Recruiting"\?/],
		["a misspelt slug", { organization: "acme-recruting" }, /Did you mean "Acme Recruiting"\?/],
		[
			"a name that is nobody's",
			{ organization: "Zebra" },
			/no organization has the id, slug or name "Zebra"\. error_stats/,
		],
		["7 digits of a user's id", { user: jane.slice(0, 7) }, new RegExp(`Did you mean "${jane}"`)],
		[
			"a whole id with a wrong digit",
			{ user: jane.replace(/1$/, "7") },
			new RegExp(`Did you mean "${jane}"`),
		],
		[
			"an id that nothing has",
			{ user: "deadbeef-1111-4000-8000-000000000009" },
			/no user, event or run has the id/,
		],
		["two of one name", { organization: "twin" }, /matches several: c-org, d-org/],
	])("refuses %s", async (_what, args, words) => {
		const { error } = await stage.ask(tool, args);
		expect(error).toMatch(words);
	});
});

test("a name in other letters than ASCII is known without case", async () => {
	expect(await countOf(errorStats, { organization: "ÄRZTE personal" })).toBe(1);
});

test("what only clients' events bear is known: a deleted user, an organization without a row", async () => {
	expect(await countOf(errorStats, { user: gone })).toBe(1);
	expect(await countOf(errorStats, { user: gone, since: "10s" })).toBe(0);
	expect(await countOf(fetchErrors, { organization: "no-row" })).toBe(1);
});

test("a session that no event has is refused, and one that had its events before is not", async () => {
	const { error } = await stage.ask(errorStats, { session: "51515151-1111-4000-8000-000000000099" });
	expect(error).toMatch(/no error event of the last 90 days has the session "51515151-/);
	expect(await countOf(fetchErrors, { session, since: "10s" })).toBe(0);
});

test.each([
	[{ skill: "Email-Draft" }],
	[{ provider: "GMAIL" }],
	[{ action: "Send_Draft" }],
	[{ category: "SYSTEM", session: session.slice(0, 8) }],
])("%o is known without case", async (args) => {
	expect(await countOf(errorStats, args)).toBe(1);
});

test("a skill's runs are known without case, with the skill's episodes", async () => {
	expect(await countOf(failedSkillRuns, { skill: "Morning-Briefing" })).toBe(1);
});

describe("a dead end names the other tool with its count", () => {
	test("a skill that has no events but runs that failed", async () => {
		for (const tool of [errorStats, fetchErrors]) {
			const { facts } = await stage.ask(tool, { skill: "morning-briefing" });
			expect(facts.hint).toContain(
				"failed_skill_runs has 1 failures of 2 runs with these filters in this window.",
			);
		}
	});

	test("a skill that has no runs but events", async () => {
		const { facts } = await stage.ask(failedSkillRuns, { skill: "cold-leads" });
		expect(facts.hint).toContain("error_stats has 1 error events with these filters in this window.");
	});

	test("and not where the other has none either", async () => {
		const events = await stage.ask(errorStats, { skill: "nothing-at-all" });
		expect(events.facts.hint).not.toContain("failed_skill_runs");
		const runs = await stage.ask(failedSkillRuns, { skill: "email-draft", user: other });
		expect(runs.facts.hint).not.toContain("error_stats");
	});
});
