import { afterEach, describe, expect, test } from "vitest";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { type Arguments, rowsOf } from "./call.ts";
import { event, type Fields, person, rowStage, run, skill } from "./rows.ts";
import { worldNow } from "./world.ts";

const { open, ask, close } = rowStage();
afterEach(close);

describe("8 digits of an id", () => {
	const [one = "", other = ""] = ["1111-4111-8111-111111111111", "2222-4222-8222-222222222222"].map(
		(rest) => `deadbeef-${rest}`,
	);

	test("name the one that has them, and are refused with the whole ids where several have", async () => {
		await open({
			users: [person(one, null)],
			error_events: [event({ session_id: one, user_id: one }), event({ id: "b", session_id: "deadbeef" })],
			skill_usage_logs: [run({ user_id: one })],
		});
		expect((await ask(fetchErrors, { user: "DEADBEEF" })).facts.total).toBe(1);
		expect((await ask(failedSkillRuns, { user: "deadbeef" })).facts.runs.total).toBe(1);
		// An id that is just these digits is meant before one that begins with them.
		expect((await ask(fetchErrors, { session: "deadbeef", with_ids: true })).facts.rows[0]?.at(-1)).toBe("b");
		await open({ error_events: [event({ session_id: one }), event({ id: "b", session_id: other })] });
		const { error } = await ask(fetchErrors, { session: "deadbeef" });
		expect(error).toBe(
			`session: "deadbeef" matches several: ${one}, ${other}. Give the full id of the one you mean.`,
		);
	});

	test("that nothing in the window begins with are refused", async () => {
		await open({ error_events: [event({ session_id: one, created_at: worldNow - 30 * 86_400 })] });
		const { error } = await ask(fetchErrors, { session: "deadbeef" });
		expect(error).toMatch(
			/^session: no session's id that was seen in this window begins with these 8 digits\./,
		);
		expect((await ask(fetchErrors, { session: "deadbeef", since: "40d" })).facts.total).toBe(1);
		expect((await ask(fetchErrors, { user: "who@mail.example" })).error).toMatch(
			/^user: no user has that e-mail address\./,
		);
	});
});

describe("what else happened", () => {
	test("events of the same user within 60 s, the same skill's first, then the nearest, at most 5, and whether there are more", async () => {
		const at = worldNow - 600;
		const near = (id: string, away: number, fields: Fields = {}) =>
			event({ id, user_id: "user-a", created_at: at + away, error_code: `E${id}`, ...fields });
		await open({
			skills: [skill("a")],
			error_events: [
				near("1", -60, { skill_slug: "a", provider: "gmail" }),
				near("2", 60),
				near("3", 0),
				near("4", -5, { provider: "anthropic" }),
				near("5", 6),
				near("6", 59),
				near("7", -61, { skill_slug: "a" }),
				near("8", 61, { skill_slug: "a" }),
				near("9", 0, { user_id: "user-b", skill_slug: "a" }),
			],
			skill_usage_logs: [run({ created_at: at }), run({ id: "alone", user_id: "user-c", created_at: at })],
		});
		const rows = rowsOf((await ask(failedSkillRuns, { with_ids: true })).facts.runs, [
			..."at skill status user related_errors id".split(" "),
		]);
		expect(rows.map(({ id, related_errors }) => [id, related_errors])).toEqual([
			["run", ["E1 -60s gmail", "E3 0s", "E4 -5s anthropic", "E5 +6s", "E6 +59s", "and more"]],
			["alone", []],
		]);
		expect((await ask(failedSkillRuns, { correlate: false })).facts.runs.columns).not.toContain(
			"related_errors",
		);
	});

	test("a run's organization is the user's where its own is empty", async () => {
		await open({
			organizations: [
				{ id: "org-1", name: "One", slug: "one", created_at: 0, updated_at: 0 },
				{ id: "org-2", name: "Two", slug: "two", created_at: 0, updated_at: 0 },
			],
			users: [person("user-a", "org-1"), person("user-b", null)],
			skill_usage_logs: [
				run({ id: "1" }),
				run({ id: "2", organization_id: "" }),
				run({ id: "3", organization_id: "org-2" }),
				run({ id: "4", user_id: "user-b" }),
			],
		});
		const organizations = async (args: Arguments) =>
			rowsOf(
				(await ask(failedSkillRuns, { ...args, with_ids: true })).facts.runs,
				"at skill status user organization id".split(" "),
			)
				.map(({ id, organization }) => [id, organization])
				.sort();
		expect(await organizations({})).toEqual([
			["1", "One"],
			["2", "One"],
			["3", "Two"],
			["4", null],
		]);
		expect(await organizations({ organization: "one" })).toEqual([
			["1", "One"],
			["2", "One"],
		]);
		expect(await organizations({ organization: "none" })).toEqual([["4", null]]);
	});

	test.each(["3d", "7d", "30d"])(
		"a failure every morning is said of %s, however wide the buckets",
		async (since) => {
			const morning = (day: number) => worldNow - 20 * 3600 + 7 * 3600 + 60 - day * 86_400;
			await open({
				skills: [skill("a")],
				skill_usage_logs: Array.from({ length: 30 }, (_, day) => [
					run({ id: `bad ${day}`, created_at: morning(day) }),
					...Array.from({ length: 8 }, (_, turn) =>
						run({
							id: `good ${day} ${turn}`,
							status: "success",
							created_at: morning(day) + (turn - 4) * 7200,
						}),
					),
				]).flat(),
			});
			const { findings, episodes } = (await ask(failedSkillRuns, { since })).facts;
			expect(episodes).toEqual([]);
			expect(findings).toContain(
				"a has always failed at 07:00 UTC: on 14 of 14 days, 14 of 28 runs then, 0 % at other hours",
			);
		},
	);
});
