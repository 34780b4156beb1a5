import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { fetchErrors } from "../../tools/fetch_errors.ts";
import { type Arguments, call, pagedTable } from "./call.ts";
import { factLines } from "./fact-lines.ts";
import { type Stage, setStage } from "./stage.ts";
import { worldNow } from "./world.ts";

let stage: Stage;
beforeAll(async () => {
	stage = await setStage({ now: worldNow });
});
afterAll(() => stage.close());

describe("whole answers about the sandbox's story", () => {
	test.each<readonly [string, typeof fetchErrors | typeof failedSkillRuns, Arguments]>([
		["the newest events", fetchErrors, { limit: 8 }],
		["one user's, in order", fetchErrors, { user: "ff671d27", order: "oldest", limit: 6, with_ids: true }],
		["a misspelt code", fetchErrors, { error_code: "LLM_RATELIMITED" }],
		["failed runs of a day", failedSkillRuns, { limit: 6 }],
		[
			"one skill's of a week, without the events around them",
			failedSkillRuns,
			{ skill: "morning-briefing", since: "7d", correlate: false, limit: 3 },
		],
		["a skill that is none", failedSkillRuns, { skill: "emaildraft" }],
	])("%s", async (_, tool, args) => {
		const { facts, text } = await call(stage.services, tool, args);
		// A cursor's form is its own matter.
		const cursor = pagedTable(facts).next_cursor ?? "no cursor";
		expect(factLines(facts).replaceAll(cursor, "CURSOR")).toMatchSnapshot();
		expect(text.replaceAll(cursor, "CURSOR")).toMatchSnapshot();
	});
});
