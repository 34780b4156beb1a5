import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logSharedTail } from "../../../src/production/history/shared-tail.ts";
import { randomNumbers } from "../../random-numbers.ts";
import { type EventRow, rowOf, type Stage, setStage } from "../stage.ts";
import { now } from "./events.ts";

const hour = 3600;
const users = Array.from({ length: 60 }, (_, index) => `user-${index}`);
const providers: Readonly<Record<string, string>> = {
	INTEGRATION_TOKEN_EXPIRED: "gmail",
	SKILL_RENDER_FAILED: "gmail",
	ATS_AUTH_FAILED: "greenhouse",
	SCRAPE_TIMEOUT: "linkedin",
	LLM_TIMEOUT: "anthropic",
	VALIDATION_ERROR: "none-of-these",
};

/**
 * Ten quiet days of six codes. Five hours ago the gmail tokens began to expire for some people, and each time the
 * rendering failed some seconds later, in the same session. At the same time the tracking system began to fail for
 * others.
 */
function plantedEvents(): readonly EventRow[] {
	const random = randomNumbers(77);
	const events: EventRow[] = [];
	let session = 0;
	const add = (code: string, at: number, user: string, of = `session-${session++}`) => {
		events.push({ at, code, user, session: of, provider: providers[code] ?? null, skill: "inbox-review" });
		return of;
	};
	const anyone = (from: number, to: number) => users[from + Math.floor(random() * (to - from))] ?? "";
	for (let at = now - 10 * 24 * hour; at < now; at += hour)
		for (const code of Object.keys(providers))
			if (random() < 0.5) add(code, at + Math.floor(random() * hour), anyone(0, 60));
	for (let at = now - 5 * hour; at < now - 60; at += 300) {
		const user = anyone(0, 12);
		const shared = add("INTEGRATION_TOKEN_EXPIRED", at, user);
		add("SKILL_RENDER_FAILED", at + 5 + Math.floor(random() * 20), user, shared);
		add("ATS_AUTH_FAILED", at + Math.floor(random() * 200), anyone(20, 60));
	}
	return events;
}

const events = plantedEvents();
let stage: Stage;
beforeAll(async () => {
	stage = await setStage({ now, fill: (db) => db.insert("error_events", events.map(rowOf)) });
});
afterAll(() => stage.close());

describe("codes that begin together", () => {
	test("what shares sessions is one trouble, the cause first; what does not is another", async () => {
		const { facts } = await stage.stats();
		expect(facts.episodes.map(({ error_code: code, with: others }) => [code, others])).toEqual(
			expect.arrayContaining([
				["INTEGRATION_TOKEN_EXPIRED", ["SKILL_RENDER_FAILED"]],
				["ATS_AUTH_FAILED", undefined],
			]),
		);
		expect(facts.episodes).toHaveLength(2);
		const cause = facts.episodes.find(({ with: others }) => others !== undefined);
		const from = Date.parse(cause?.since ?? "") / 1000;
		const its = events.filter(
			({ at, code }) =>
				at >= from && (code === "INTEGRATION_TOKEN_EXPIRED" || code === "SKILL_RENDER_FAILED"),
		);
		expect(cause?.users).toBe(new Set(its.map(({ user }) => user)).size);
		expect(cause?.count).toBe(its.filter(({ code }) => code === "INTEGRATION_TOKEN_EXPIRED").length);
		expect(facts.findings.join("\n")).toMatch(
			/INTEGRATION_TOKEN_EXPIRED .*on since [^:]*:\d\d UTC, with SKILL_RENDER_FAILED: \d+ events, .* users over all/,
		);
	});

	test("the consequence, asked alone, names its cause", async () => {
		const { facts } = await stage.stats({ error_code: "SKILL_RENDER_FAILED" });
		expect(facts.episodes).toMatchObject([
			{ error_code: "SKILL_RENDER_FAILED", with: ["INTEGRATION_TOKEN_EXPIRED"] },
		]);
	});

	test("pairs are compared once", async () => {
		stage.queries();
		await stage.stats();
		expect(stage.queries().filter((query) => query.includes("a_first"))).toEqual([]);
	});
});

test("the chance of so large an overlap is that of counting all draws", () => {
	/** C(n, k) exactly. */
	const choose = (n: number, k: number): number =>
		k < 0 || k > n ? 0 : Array.from({ length: k }).reduce<number>((c, _, i) => (c * (n - i)) / (i + 1), 1);
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 40 }).chain((all) =>
				fc.record({
					all: fc.constant(all),
					one: fc.integer({ min: 0, max: all }),
					other: fc.integer({ min: 0, max: all }),
					both: fc.integer({ min: 0, max: all }),
				}),
			),
			({ all, one, other, both }) => {
				let sum = 0;
				for (let x = both; x <= Math.min(one, other); x++)
					sum += (choose(one, x) * choose(all - one, other - x)) / choose(all, other);
				expect(Math.exp(logSharedTail({ all, one, other, both }))).toBeCloseTo(sum, 9);
			},
		),
		{ numRuns: 300 },
	);
});
