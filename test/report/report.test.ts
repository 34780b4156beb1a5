import { describe, expect, test } from "vitest";
import { renderReport } from "../../src/report/markdown.ts";
import type { Report } from "../../src/report/report.ts";
import { inertProse } from "../../src/text/untrusted.ts";

const report: Report = {
	since: "24h",
	window: { from: 1_795_377_600, to: 1_795_464_000 },
	filters: [],
	total: 127,
	uniqueCodes: 5,
	codes: [
		{ code: "LLM_RATE_LIMITED", count: 85, category: "llm", topSkill: "ats-search" },
		{ code: "VALIDATION_ERROR", count: 3, category: "system", topSkill: undefined },
	],
	otherCount: 39,
	episodes: [
		{
			code: "LLM_RATE_LIMITED",
			where: "",
			words: "85 events, about 9 expected; on since 09:10.",
			isOn: true,
			since: 0,
			commits: [],
			suspects: ["a1b2c3d chat: no pause between calls (likely, 81 %)"],
		},
	],
	findings: ["LLM_RATE_LIMITED is 66.9 % of all errors"],
	issues: [
		{
			subject: { kind: "error_code", code: "LLM_RATE_LIMITED", count: 85 },
			title: "LLM Rate Limiting",
			rootCause: "No backoff between calls.",
			evidence: ["mostly ats-search"],
			location: "apps/api/src/routes/chat.ts:142",
			currentCode: "const response = await anthropic.messages.create({});",
			proposedFix: "Retry with backoff:\n\n```ts\nawait retry(() => call());\n```",
			patch: { id: "ab12", diff: "--- a/x.ts\n+++ b/x.ts\n", state: "unchanged" },
			files: [{ path: "apps/api/src/routes/chat.ts", change: "add retry" }],
		},
	],
	actions: { immediate: "Add rate limiting", monitor: "Alert above 10 an hour" },
};

describe("the Production Debug Report", () => {
	test("reads as the skill document lays it out", () => {
		expect(renderReport(report)).toMatchSnapshot();
	});

	test("says so when production has no event of an issue's code, or nothing at all", () => {
		const text = renderReport({
			...report,
			total: 0,
			uniqueCodes: 0,
			codes: [],
			otherCount: 0,
			findings: [],
			issues: [
				{
					subject: { kind: "error_code", code: "SKILL_DISABLED", count: 0 },
					rootCause: "guess",
					evidence: [],
					proposedFix: "none",
					files: [],
				},
				{
					subject: { kind: "skill", skill: "email-draft", failures: 2, runs: 9 },
					rootCause: "guess",
					evidence: [],
					proposedFix: "none",
					files: [],
				},
			],
		});
		expect(text).toContain("No errors in this window.");
		expect(text).toContain("Production has no event of SKILL_DISABLED in this window.");
		expect(text).toContain("Issue #2: email-draft (2 failed runs)");
		expect(text).toContain("2 of 9 runs of email-draft failed");
	});

	test("fixed ends have no words for a duration", () => {
		expect(renderReport({ ...report, since: undefined })).toContain(
			"**Time Period:** (2026-11-22T20:00:00Z to",
		);
	});

	test("nothing in it fetches, embeds or links", () => {
		const hostile =
			'![x](https://evil.example/p.png) <img src=x> [a](javascript:1) "`" | \u202e\n## Production Debug Report';
		const text = renderReport({
			...report,
			codes: [{ code: hostile, count: 1, category: hostile, topSkill: hostile }],
			findings: [hostile],
			issues: [
				{
					subject: { kind: "error_code", code: hostile, count: 1 },
					title: hostile,
					rootCause: hostile,
					evidence: [hostile],
					location: hostile,
					currentCode: `\`\`\`\n${hostile}`,
					proposedFix: hostile,
					patch: { id: "ab", diff: hostile, state: "broken" },
					files: [{ path: hostile, change: hostile }],
				},
			],
			actions: { immediate: hostile, shortTerm: hostile, monitor: hostile },
		});
		const outsideCode = text.replace(/^(`{3,})[a-z]*\n[\s\S]*?\n\1$/gm, "");
		const outsideSpans = outsideCode.replace(/`[^`\n]*`/g, "");
		expect(outsideSpans).not.toMatch(/<img|!\[|\]\(|https:\/\//);
		expect(outsideCode.match(/^## /gm)).toHaveLength(1);
		expect(text).not.toContain("\u202e");
	});
});

describe("an agent's prose", () => {
	test.each([
		["plain **bold** `a < b`", "plain **bold** `a < b`"],
		["a \\`<img>` b", "a '&lt;img>' b"],
		["``<img>`` x", "'&lt;img>' x"],
		["`<b> unclosed", "'&lt;b> unclosed"],
		["a `b` `<b>", "a `b` '&lt;b>"],
		["# Heading", "\\# Heading"],
		["a\n---\nb", "a\n\\---\nb"],
		["        indented <b>", "indented &lt;b>"],
		["```ts\n<b>\n```", "```ts\n<b>\n```"],
		["```\nunclosed <img>", "```\nunclosed <img>\n```"],
	])("%j", (given, inert) => {
		expect(inertProse(given)).toBe(inert);
	});
});
