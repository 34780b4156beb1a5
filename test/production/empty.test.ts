import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { SandboxOptions } from "../../src/sandbox/server.ts";
import { type EventRow, rowOf, type Stage, setStage } from "./stage.ts";
import { storedAs } from "./world.ts";

/** 2026-11-23T20:00:00Z, a Monday. */
const now = 1_795_464_000;
const hour = 3600;
const day = 24 * hour;

let stage: Stage | undefined;
afterEach(async () => {
	await stage?.close();
	stage = undefined;
});

async function hintOf(
	events: readonly EventRow[],
	args: Record<string, unknown>,
	options: SandboxOptions = {},
): Promise<string | undefined> {
	stage = await setStage({
		now,
		fill: (db) => db.insert("error_events", events.map(rowOf)),
		...options,
	});
	const { facts } = await stage.stats(args);
	expect(facts.summary.total).toBe(0);
	expect(facts.findings.filter((finding) => !finding.includes("dated in the future"))).toEqual([]);
	expect(facts.other_count).toBe(0);
	expect(facts.timeline.counts.every((count) => count === 0)).toBe(true);
	return facts.hint;
}

const some: readonly EventRow[] = [
	{ at: now - 5 * day, code: "LLM_TIMEOUT", skill: "candidate-search", user: "u-1" },
	{ at: now - 2 * hour, code: "LLM_RATE_LIMITED", skill: "candidate-search", provider: "anthropic" },
	{ at: now - hour, code: "ATS_NOT_FOUND", skill: "cold-leads", user: "u-1" },
];

describe("an empty answer", () => {
	test("of an empty table says so, and asks nothing more", async () => {
		expect(await hintOf([], {})).toMatchInlineSnapshot(
			`"error_events has no rows at all: nothing was ever reported here."`,
		);
		// Both tables are asked how they store time.
		expect(stage?.queries()).toHaveLength(3);
	});

	test("asks production once more than a full one", async () => {
		await hintOf(some, { skill: "email-draft" });
		// The history that episodes are found in was read by the first call; runs are looked for, twice, while there are none.
		stage?.queries();
		await stage?.stats({ skill: "email-draft" });
		expect(stage?.queries()).toHaveLength(4);
		await stage?.stats({ skill: "cold-leads" });
		expect(stage?.queries()).toHaveLength(2);
	});

	describe("explains", () => {
		let shared: Stage;
		beforeAll(async () => {
			shared = await setStage({ now, fill: (db) => db.insert("error_events", some.map(rowOf)) });
		});
		afterAll(() => shared.close());

		test.each([
			["a misspelt code", { error_code: "LLM_RATELIMITED" }],
			["a misspelt code among several", { error_code: ["LLM_RATELIMITED", "SKILL_DISABLED"] }],
			["a code that nothing has heard of", { error_code: "BANANA" }],
			["a code that is accepted but does not occur", { error_code: "SCRAPE_BLOCKED" }],
			["a code that occurred before", { error_code: "LLM_TIMEOUT" }],
			["a misspelt skill", { skill: "candidat-serch" }],
			["a category that is none", { category: "LLMS" }],
			["a quiet hour", { since: "30m" }],
			["two filters that fit alone", { skill: "cold-leads", error_code: "LLM_RATE_LIMITED" }],
			["filters of which one fits nothing", { user: "u-1", http_status: "5xx", provider: "none" }],
			["the future", { since: "2026-11-24T00:00:00Z", until: "2026-11-25T00:00:00Z" }],
			["long ago", { since: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" }],
			["hostile words", { skill: "'; DROP TABLE users; --", action: '%_\\"`<b>\u202e' }],
		])("%s", async (_, args) => {
			const { facts } = await shared.stats(args);
			expect(facts.summary.total).toBe(0);
			expect(facts.hint).toMatchSnapshot();
		});
	});

	test("names a later event where that is nearer, and one dated in the future only where there is no other", async () => {
		const events = [{ at: now - day }, { at: now + 2 * hour, code: "NETWORK_ERROR" }];
		const until = "2026-11-22T19:00:00Z";
		expect(await hintOf(events, { since: "2026-11-20T00:00:00Z", until })).toContain(
			"The nearest event: 2026-11-22T20:00:00Z.",
		);
		await stage?.close();
		expect(await hintOf(events, { error_code: "NETWORK_ERROR" })).toContain(
			"The nearest matching event: 2026-11-23T22:00:00Z, dated in the future.",
		);
	});

	test.each(["seconds", "milliseconds", "iso_text", "sqlite_text"] as const)(
		"tells the nearest event's time however it is stored: %s",
		async (timeStorage) => {
			const newest = now - 3 * hour - 7;
			const rows = [now - day, newest, now - 2 * day].map((at) => ({
				at,
				code: "SKILL_RENDER_FAILED",
				provider: "greenhouse",
			}));
			const other = { at: now - 60, code: "LLM_TIMEOUT", provider: "gmail" };
			stage = await setStage({
				now,
				fill: (db) =>
					db.insert(
						"error_events",
						[...rows, other].map((row, index) => ({
							...rowOf(row, index),
							created_at: storedAs(timeStorage, row.at * 1000),
						})),
					),
			});
			const iso = `${new Date(newest * 1000).toISOString().slice(0, 19)}Z`;
			const { facts } = await stage.stats({
				error_code: "SKILL_RENDER_FAILED",
				provider: "gmail",
				since: "7d",
			});
			expect(facts.hint).toContain("No matching event");
			const late = await stage.stats({ error_code: "SKILL_RENDER_FAILED", since: "5m" });
			expect(late.facts.hint).toContain(`The nearest matching event: ${iso}.`);
		},
	);

	test("of a table that is not there is an error that says so", async () => {
		stage = await setStage({ now, missingTables: ["error_events"], fill: "empty" });
		await expect(stage.stats()).rejects.toMatchObject({
			kind: "table_missing",
			table: "error_events",
		});
	});

	test("is no answer to a window that is reversed", async () => {
		stage = await setStage({ now, fill: "empty" });
		await expect(stage.stats({ since: "1h", until: "2h" })).rejects.toMatchObject({
			kind: "invalid_argument",
			argument: "since",
		});
		await expect(stage.stats({ since: "2099-01-01T00:00:00Z" })).rejects.toMatchObject({
			argument: "since",
			problem: "it is not before now, which is the end of the window.",
		});
	});
});
