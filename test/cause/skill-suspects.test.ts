// A skill's runs begin to fail: the change of the skill's own file, in code or in words that a model runs.
import { afterEach, expect, test } from "vitest";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { suspectCommits } from "../../tools/suspect_commits.ts";
import { type TestRepository, testRepository } from "../codebase/repository.ts";
import { call } from "../production/call.ts";
import { rowOf, setStage } from "../production/stage.ts";
import { fillWorld, type WorldRun } from "../production/world.ts";
import { began, minutesBefore, now, service, suspectsOf } from "./stage.ts";

let repository: TestRepository | undefined;
afterEach(async () => {
	await repository?.remove();
	repository = undefined;
});

const organization = "00000000-0000-4000-8000-0000000000aa";
const user = { id: "00000000-0000-4000-8000-0000000000bb", email: "u@example.com", organization };
const skills = [
	{ id: "skill-1", slug: "morning-briefing" },
	{ id: "skill-2", slug: "status-mail" },
];

function run(skillId: string, at: number, index: number, isFailed: boolean): WorldRun {
	return {
		id: `run-${skillId}-${index}`,
		at: at * 1000,
		skillId,
		user: user.id,
		organization,
		status: isFailed ? "error" : "success",
		duration_ms: 1000,
		input_summary: null,
		error_message: isFailed ? "the tool gave up" : null,
	};
}

/** Two weeks of a run every half hour; in the last hour those of morning-briefing fail. */
const runs = skills.flatMap(({ id }) =>
	Array.from({ length: 700 }, (_, index) => {
		const at = now - 14 * 86_400 + index * 1728;
		return run(id, at, index, id === "skill-1" && at >= began);
	}),
);
const burst = Array.from({ length: 30 }, (_, index) =>
	run("skill-1", began + index * 110, 1000 + index, true),
);
const world = {
	organizations: [{ id: organization, name: "Acme", slug: "acme" }],
	users: [user],
	skills,
	events: [],
	runs: [...runs, ...burst],
};

test.each([
	[
		"its code",
		"src/skills/morning-briefing.ts",
		"export function briefing() {\n\treturn 1;\n}\n",
		"return 2",
	],
	[
		"its words for the model",
		"skills/morning-briefing/SKILL.md",
		"Say good morning.\n\nreturn 1;\n",
		"return 2",
	],
])("the commit that changed %s", async (_, path, text, change) => {
	const made = await testRepository({
		...service,
		[path]: text,
		"skills/status-mail/SKILL.md": "Send it.\n",
	});
	repository = made;
	made.commit("Begin", minutesBefore(30 * 24 * 60));
	await made.write({ "skills/status-mail/SKILL.md": "Send it soon.\n" });
	made.commit("Other words", minutesBefore(40));
	await made.write({ [path]: text.replace("return 1", change) });
	made.commit("Smaller numbers", minutesBefore(25));
	await made.write({ "src/mail/letters.ts": "export const letter = 1;\n" });
	made.commit("Shorter letters", minutesBefore(10));
	const stage = await setStage({ now, repository: made.root, fill: fillWorld(world, "seconds") });
	try {
		const failed = await call(stage.services, failedSkillRuns, {});
		expect(failed.facts.episodes).toMatchObject([
			{ skill: "morning-briefing", suspect: expect.stringMatching(/Smaller numbers .*: 1 → 2\)$/) },
		]);
		expect(failed.facts.untrusted).toContain("episodes[].suspect");
		const { facts } = await call(stage.services, suspectCommits, { skill: "morning-briefing" });
		expect(suspectsOf(facts)[0]).toMatchObject({ subject: "Smaller numbers" });
		expect(String(suspectsOf(facts)[0]?.why)).toContain("named after it");
	} finally {
		await stage.close();
	}
});

test("of a secret that a suspect changed neither value is shown, not without its name either", async () => {
	const path = "src/skills/morning-briefing.ts";
	const text = (secret: string) => `export const dbPassword = "${secret}";\n`;
	const secrets = ["hunter2horse9", "Tr0ub4dor8x3q"];
	const made = await testRepository({ ...service, [path]: text(secrets[0] ?? "") });
	repository = made;
	made.commit("Begin", minutesBefore(30 * 24 * 60));
	await made.write({ [path]: text(secrets[1] ?? "") });
	made.commit("Another key", minutesBefore(25));
	const stage = await setStage({ now, repository: made.root, fill: fillWorld(world, "seconds") });
	try {
		const failed = await call(stage.services, failedSkillRuns, {});
		expect(failed.facts.episodes).toMatchObject([{ suspect: expect.stringContaining("Another key") }]);
		const suspects = await call(stage.services, suspectCommits, { skill: "morning-briefing" });
		expect(String(suspectsOf(suspects.facts)[0]?.change)).toContain("dbPassword");
		for (const secret of secrets) {
			expect(JSON.stringify([failed.facts, failed.text])).not.toContain(secret);
			expect(JSON.stringify([suspects.facts, suspects.text])).not.toContain(secret);
		}
	} finally {
		await stage.close();
	}
});

test("a code's episode whose events share a skill: the change of that skill's file is among the suspects", async () => {
	const usual = Array.from({ length: 5600 }, (_, index) => ({
		at: now - 5 * 86_400 + index * 76,
		code: "ATS_TIMEOUT",
		session: `usual-${index}`,
		skill: index % 8 < 4 ? "morning-briefing" : "status-mail",
		action: index % 4 === 0 ? "chat" : "search",
	}));
	const failing = Array.from({ length: 200 }, (_, index) => ({
		at: began + index * 17,
		code: "ATS_TIMEOUT",
		session: `failing-${index}`,
		skill: "morning-briefing",
		action: "chat",
	}));
	const path = "src/skills/morning-briefing.ts";
	const made = await testRepository({
		...service,
		[path]: "export function pagesOf(all: string[]) {\n\treturn all.slice(0, 1);\n}\n",
	});
	repository = made;
	made.commit("Begin", minutesBefore(30 * 24 * 60));
	await made.write({ "src/mail/letters.ts": "export const letter = 1;\n" });
	made.commit("Shorter letters", minutesBefore(40));
	await made.write({ [path]: "export function pagesOf(all: string[]) {\n\treturn all;\n}\n" });
	made.commit("All pages at once", minutesBefore(25));
	const stage = await setStage({
		now,
		repository: made.root,
		fill: (database) => database.insert("error_events", [...usual, ...failing].map(rowOf)),
	});
	try {
		const { facts } = await call(stage.services, suspectCommits, { error_code: "ATS_TIMEOUT" });
		expect(facts.episode).toMatchObject({ where: "action chat" });
		const suspect = suspectsOf(facts).find(({ subject }) => subject === "All pages at once");
		expect(String(suspect?.why)).toContain("named after it");
	} finally {
		await stage.close();
	}
});
