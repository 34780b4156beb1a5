// What query_database hints at: the tool that folds messages, and where a run's organization is.
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryDatabase } from "../../tools/query_database.ts";
import { answerOf } from "./call.ts";
import { person, rowStage, run, skill } from "./rows.ts";

const stage = rowStage();
const words = "ash birch cedar elm fir hazel larch maple oak pine rowan willow alder beech yew".split(" ");

beforeAll(() =>
	stage.open({
		users: [person("user-a", "org-a")],
		skills: [skill("a")],
		skill_usage_logs: Array.from({ length: 45 }, (_, index) =>
			run({
				id: `run-${index}`,
				error_message: `Greenhouse: candidate ${1000 + index} not found`,
				input_summary: `${words[index % 15]} ${words[(index * 7 + 3) % 15]} ${words[Math.floor(index / 15)]}`,
			}),
		),
	}),
);
afterAll(stage.close);

const notes = async (sql: string): Promise<string> => {
	const answered = await answerOf(stage.current().services, queryDatabase, { sql });
	if ("error" in answered) throw new Error(answered.error);
	return JSON.stringify(answered.answer.structured);
};

test.each([
	["SELECT error_message, count(*) AS n FROM skill_usage_logs GROUP BY error_message", true],
	["SELECT input_summary AS error_message, count(*) AS n FROM skill_usage_logs GROUP BY 1", false],
	["SELECT error_message, count(*) AS n FROM skill_usage_logs GROUP BY error_message LIMIT 5", false],
])("%s: messages that are alike have a tool that folds them: %s", async (sql, isSaid) => {
	expect((await notes(sql)).includes("failed_skill_runs folds them into patterns")).toBe(isSaid);
});

test.each([
	["SELECT organization_id, count(*) AS n FROM skill_usage_logs GROUP BY organization_id", true],
	[
		"SELECT u.organization_id, count(*) AS n FROM skill_usage_logs AS r JOIN users AS u ON u.id = r.user_id GROUP BY 1",
		false,
	],
	["SELECT organization_id, count(*) AS n FROM error_events GROUP BY organization_id", false],
])("%s: a run's organization is its user's: %s", async (sql, isSaid) => {
	expect((await notes(sql)).includes("JOIN users ON users.id = user_id")).toBe(isSaid);
});
