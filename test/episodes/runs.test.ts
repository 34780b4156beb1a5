import { describe, expect, it } from "vitest";
import { findRunEpisodes } from "../../src/episodes/index.ts";
import { busyness, counted, day, events, hour, monday } from "./planted.ts";

const start = monday - 14 * day;

/** Runs of a skill, of which one in twenty fails, and all of them from one instant to another. */
function skill(rate: number, now: number, bad: readonly [number, number] | undefined) {
	const runs = events((at) => rate * busyness(at), start, now, rate * 1.6, 5);
	const failed = runs.filter(
		(at, index) => index % 20 === 0 || (bad !== undefined && at >= bad[0] && at < bad[1]),
	);
	return { skill: "sync", runs: counted(runs), failed: counted(failed) };
}

describe("findRunEpisodes", () => {
	it("finds that all runs of a night fail, with the shares", () => {
		const night = monday + 22 * hour;
		const now = monday + day + 6 * hour;
		const [episode, ...others] = findRunEpisodes({
			history: { start, now },
			skills: [skill(10, now, [night, now])],
		});
		expect(others).toEqual([]);
		expect(episode).toMatchObject({ skill: "sync", kind: "on" });
		expect(episode?.rate).toBeGreaterThan(0.85);
		expect(episode?.usualRate).toBeCloseTo(0.05, 1);
		expect(Math.abs((episode?.since ?? 0) - night)).toBeLessThanOrEqual(hour);
	});

	it("finds nothing in a skill whose runs have always failed", () => {
		const now = monday + 15 * hour;
		expect(findRunEpisodes({ history: { start, now }, skills: [skill(5, now, [start, now])] })).toEqual([]);
	});

	it("finds nothing at noon of a Monday, where more fail because more run", () => {
		const now = monday + 15 * hour;
		expect(findRunEpisodes({ history: { start, now }, skills: [skill(40, now, undefined)] })).toEqual([]);
	});
});
