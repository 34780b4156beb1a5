// A trouble that was reported, fixed and came back, as each tool tells of it.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tableSchema } from "../../src/answer/table.ts";
import { debugReport } from "../../tools/debug_report.ts";
import { errorStats } from "../../tools/error_stats.ts";
import { failedSkillRuns } from "../../tools/failed_skill_runs.ts";
import { proposePatch } from "../../tools/propose_patch.ts";
import { recallCases } from "../../tools/recall_cases.ts";
import { searchCodebase } from "../../tools/search_codebase.ts";
import { suspectCommits } from "../../tools/suspect_commits.ts";
import { verifyFix } from "../../tools/verify_fix.ts";
import { answerOf, call } from "../production/call.ts";
import type { Stage } from "../production/stage.ts";
import { backgroundOf, day, type Home, hour, iso, makeHome, now, steady } from "./stage.ts";

let home: Home;
beforeEach(async () => {
	home = await makeHome();
});
afterEach(() => home.remove());

const usual = backgroundOf;
const first = now - 10 * day;
const firstTrouble = steady(first - 5 * hour, first, 25);
const issue = {
	error_code: "ATS_TIMEOUT",
	title: "Timeouts of gmail",
	root_cause: "The pause between gmail calls is in seconds and read as milliseconds.",
	proposed_fix: "Multiply by 1000.",
	location: "src/gmail.ts:2",
};

async function textOf(stage: Stage, tool: Parameters<typeof answerOf>[1], args: object): Promise<string> {
	const answered = await answerOf(stage.services, tool, args);
	if ("error" in answered) throw new Error(answered.error);
	return answered.answer.text;
}

/** The first investigation: error_stats, a patch, the write-up. */
async function investigate(events = [...usual(first), ...firstTrouble]): Promise<{ readonly patch: string }> {
	const stage = await home.at(first, { events });
	try {
		const { facts } = await call(stage.services, errorStats, {});
		expect(facts.episodes[0]?.known).toBeUndefined();
		const text = await textOf(stage, proposePatch, {
			title: "Wait",
			rationale: "r",
			error_code: "ATS_TIMEOUT",
			edits: [{ path: "src/gmail.ts", old_text: "504", new_text: "503" }],
		});
		const patch = /patch:\/\/([a-z0-9]+)/.exec(text)?.[1] ?? "";
		const report = await textOf(stage, debugReport, { issues: [{ ...issue, patch_id: patch }] });
		expect(report).toMatch(/Kept as case [0-9a-f]{8}\.$/);
		expect(report).not.toContain("Case ");
		return { patch };
	} finally {
		await stage.close();
	}
}

test("reported, patched, fixed, back: each answer tells what the server knows of it, and none an agent's words", async () => {
	const { patch } = await investigate();

	// The fix is live; a day later it is verified.
	await writeFile(
		join(home.code, "src", "gmail.ts"),
		'export function send() {\n\tthrow new AppError("ATS_TIMEOUT", 503);\n}\n',
	);
	const later = first + 30 * hour;
	const proving = await home.at(later, { events: [...usual(later), ...firstTrouble] });
	try {
		const { facts } = await call(proving.services, verifyFix, {
			error_code: "ATS_TIMEOUT",
			fixed_at: iso(first + 60),
		});
		expect(facts.verdict).toBe("fixed");
		expect(facts.findings.at(-1)).toMatch(/^Kept as case [0-9a-f]{8}: recall_cases/);
	} finally {
		await proving.close();
	}

	// At other hours than before: else it would recur.
	const back = steady(now - 9 * hour, now, 25);
	const stage = await home.at(now, { events: [...usual(now), ...firstTrouble, ...back] });
	try {
		const { services } = stage;
		const stats = await call(services, errorStats, {});
		const known = stats.facts.episodes.find(({ error_code }) => error_code === "ATS_TIMEOUT")?.known ?? "";
		expect(known).toMatch(
			new RegExp(
				`^case [0-9a-f]{8} of ${iso(first)}: src/gmail\\.ts:2, patch ${patch}, fixed ${iso(later)}, on again since 2026-11-23T1[01]:\\d\\d:00Z; recall_cases tells the cause$`,
			),
		);
		expect(stats.facts.untrusted).toContain("episodes[].known");
		expect(stats.text).not.toContain("milliseconds");

		const suspects = await call(services, suspectCommits, { error_code: "ATS_TIMEOUT" });
		expect(suspects.facts.episode?.known).toBe(known);
		expect(suspects.facts.untrusted).toContain("episode.known");
		const searched = await textOf(stage, searchCodebase, { error_code: "ATS_TIMEOUT" });
		expect(searched).toContain(`Known of provider "gmail", skill "email-draft": ${known}.`);

		const recalled = await call(services, recallCases, { error_code: "ATS_TIMEOUT" });
		const { columns, rows } = tableSchema.parse(recalled.facts.cases);
		expect(Object.fromEntries(columns.map((column, index) => [column, rows[0]?.[index]]))).toMatchObject({
			error_code: "ATS_TIMEOUT",
			where: "provider gmail, skill email-draft",
			status: "fixed",
			cause: issue.root_cause,
			location: "src/gmail.ts:2",
			patch_id: patch,
			count_then: expect.any(Number),
			count_now: 232,
		});
		expect(recalled.facts.untrusted).toContain("cases.rows[].cause");

		const report = await textOf(stage, debugReport, { issues: [issue] });
		expect(report).toMatch(/- Case [0-9a-f]{8}, fixed: .* reported: \d+, since .*; .* verified: fixed/);
		const after = await call(services, recallCases, { status: "came_back" });
		expect(after.facts.cases.total).toBe(1);
	} finally {
		await stage.close();
	}
});

test("one case whole: all that was told of it, and what happened", async () => {
	await investigate();
	const stage = await home.at(now, { events: usual(now) });
	try {
		const { facts } = await call(stage.services, recallCases, {});
		const { columns, rows } = tableSchema.parse(facts.cases);
		const id = String(rows[0]?.[columns.indexOf("case")]);
		const whole = await call(stage.services, recallCases, { case: id.toUpperCase() });
		expect(whole.facts.whole).toMatchObject({
			told: [{ title: issue.title, cause: issue.root_cause, fix: issue.proposed_fix }],
			history: [expect.stringContaining("proposed"), expect.stringContaining("reported: 12")],
		});
		expect(whole.facts.untrusted).toContain("whole.told");
		expect(whole.text).toContain('<untrusted source="production">');
		const none = await call(stage.services, recallCases, { case: "0badf00d" });
		expect(none.error).toContain("case: no case with this id");
	} finally {
		await stage.close();
	}
});

test.each([
	["another provider", { provider: "outlook" }],
	["another skill", { skill: "calendar" }],
])("of the same code in %s nothing is told", async (_, other) => {
	await investigate();
	const stage = await home.at(now, {
		events: [...usual(now), ...firstTrouble, ...steady(now - 4 * hour, now, 25, other)],
	});
	try {
		const { facts } = await call(stage.services, errorStats, {});
		const episode = facts.episodes.find(({ error_code }) => error_code === "ATS_TIMEOUT");
		expect(episode).toBeDefined();
		expect(episode?.known).toBeUndefined();
		expect(await textOf(stage, searchCodebase, { error_code: "ATS_TIMEOUT" })).not.toContain("Known of");
	} finally {
		await stage.close();
	}
});

describe("a skill's failures are known by their message", () => {
	const runs = (from: number, to: number, perHour: number, message: string | null, every = 1) =>
		steady(from, to, perHour).map(({ at, user }, index) => {
			const failed = message !== null && index % every === 0;
			return {
				id: `run-${from}-${index}`,
				skill_id: "skill-9",
				user_id: user ?? null,
				status: failed ? "error" : "success",
				error_message: failed ? message.replace("#", String(index)) : null,
				created_at: at,
				duration_ms: 5,
			};
		});
	const well = (until: number) => runs(until - 20 * day, until - 5 * hour, 2, null);
	const message = "Row # is locked by another import";

	test.each([
		["the same message", message, true],
		["another message", "Quota # exceeded", false],
	])("%s", async (_, again, isKnown) => {
		const reporting = await home.at(first, {
			events: usual(first),
			runs: [...well(first), ...runs(first - 5 * hour, first, 12, message)],
		});
		await textOf(reporting, debugReport, {
			issues: [{ skill: "skill-9", root_cause: "Two imports at once.", proposed_fix: "Queue them." }],
		});
		await reporting.close();
		const stage = await home.at(now, {
			events: usual(now),
			runs: [
				...runs(now - 20 * day, first - 5 * hour, 2, null),
				...runs(first + hour, now - 4 * hour, 2, null),
				...runs(now - 4 * hour, now, 12, again),
			],
		});
		try {
			const { facts } = await call(stage.services, failedSkillRuns, {});
			expect(facts.episodes).toHaveLength(1);
			expect(facts.episodes[0]?.known === undefined).toBe(!isKnown);
		} finally {
			await stage.close();
		}
	});
});

test("without a case production is asked nothing more", async () => {
	const stage = await home.at(first, { events: [...usual(first), ...firstTrouble] });
	try {
		await call(stage.services, errorStats, {});
		const queries = stage.queries();
		expect(queries.filter((query) => query.includes("AS stretch"))).toEqual([]);
	} finally {
		await stage.close();
	}
});

test("muted by the user, it is told only where it is asked for", async () => {
	await investigate();
	const stage = await home.at(first, { events: [...usual(first), ...firstTrouble] });
	try {
		const memory = stage.services.memory();
		for (const { id } of await memory.all()) await memory.mute(id, first);
		const { facts } = await call(stage.services, errorStats, {});
		expect(facts.episodes[0]?.known).toBeUndefined();
		const muted = await call(stage.services, recallCases, { status: "muted" });
		expect(muted.facts.cases.total).toBe(1);
	} finally {
		await stage.close();
	}
});
