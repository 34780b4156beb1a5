// The demo started at any hour tells the same story, over a week-end and into a Monday.
import { describe, expect, test } from "vitest";
import { candidateSyncBefore, tokensExpireBefore } from "../../src/sandbox/story/events.ts";
import { part } from "../part.ts";
import { setStage } from "../production/stage.ts";

/** A Saturday's midnight: the hours go over a week-end and into a Monday. */
const midnight = Date.parse("2026-11-28T00:00:00Z") / 1000;
const hour = 3600;
/** Each takes seconds. */
const starts = part(
	Array.from({ length: 48 }, (_, index) => midnight + index * hour + (index % 7) * 500),
	8,
);

describe("the demo tells the same story whenever it starts", () => {
	test.each(starts.map((now) => [new Date(now * 1000).toISOString(), now] as const))("%s", async (_, now) => {
		const stage = await setStage({ now });
		try {
			const { facts } = await stage.stats();
			const of = (code: string) => facts.episodes.find((episode) => episode.error_code === code);
			const tokens = of("INTEGRATION_TOKEN_EXPIRED");
			expect(tokens?.kind).toBe("on");
			const [earliest = 0, latest = 0] = tokens?.between.map((at) => Date.parse(at) / 1000) ?? [];
			const expired = now - tokensExpireBefore;
			// The commit that broke the refresh came 31 minutes before: within the hours that are looked through.
			expect(earliest - 5 * hour).toBeLessThan(expired);
			expect(latest + 0.5 * hour).toBeGreaterThan(expired);
			expect(latest - earliest).toBeLessThan(6 * hour);

			const jobs = of("ATS_RATE_LIMITED");
			expect(jobs).toMatchObject({ kind: "recurring", hours: ["07:00", "16:00"] });
			expect(jobs?.where).toContain("sync_candidates");
			const since = Date.parse(jobs?.since ?? "") / 1000;
			expect(since).toBeGreaterThan(now - candidateSyncBefore);
			expect(since).toBeLessThan(now - candidateSyncBefore + 16 * hour);

			expect(of("SKILL_RENDER_FAILED")).toMatchObject({ is_new: true, users: 1 });
			expect(["growing", "on"]).toContain(of("LLM_RATE_LIMITED")?.kind);
		} finally {
			await stage.close();
		}
	});
});
