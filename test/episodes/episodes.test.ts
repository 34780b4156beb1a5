import { describe, expect, it } from "vitest";
import { type CodeEpisode, type EpisodesInput, findEpisodes } from "../../src/episodes/index.ts";
import { busyness, counted, day, events, hour, minute, monday, production } from "./planted.ts";

const start = monday - 21 * day;

function ofTroubled(input: EpisodesInput): readonly CodeEpisode[] {
	return findEpisodes(input).filter(({ code }) => code === "TROUBLED");
}

function near(told: number | undefined, at: number, within: number): void {
	expect(Math.abs((told ?? Number.NaN) - at)).toBeLessThanOrEqual(within);
}

describe("findEpisodes", () => {
	it("tells when a burst began and ended, and how many events it had", () => {
		const from = monday + 10 * hour + 7 * minute;
		const raised = [{ from, to: from + 2 * hour, rate: 60 }];
		const [episode, ...others] = findEpisodes(production({ start, now: monday + 2 * day, raised }));
		expect(others).toEqual([]);
		expect(episode).toMatchObject({ code: "TROUBLED", kind: "burst", isNew: false });
		near(episode?.since, from, 10 * minute);
		near(episode?.until, from + 2 * hour, 15 * minute);
		expect(episode?.count).toBeGreaterThan(90);
		expect(episode?.between[0]).toBeLessThan(episode?.between[1] ?? 0);
	});

	it("tells the same beginning whether an incident of three days is asked early, late or after its end", () => {
		const from = monday + 9 * hour;
		const raised = [{ from, to: from + 3 * day, rate: 25 }];
		const asked = [5 * hour, 30 * hour, 60 * hour, 5 * day].map((later) =>
			ofTroubled(production({ start, now: from + later, raised, rate: 0.1 })),
		);
		expect(asked.map((told) => told.map(({ kind }) => kind))).toEqual([["on"], ["on"], ["on"], ["burst"]]);
		for (const [told] of asked) near(told?.since, asked[0]?.[0]?.since ?? 0, 5 * minute);
	});

	it("tells nothing on a Monday, on the first day of data, and after a slow week", () => {
		expect(findEpisodes(production({ start, now: monday + 14 * hour }))).toEqual([]);
		expect(findEpisodes(production({ start: monday, now: monday + 20 * hour }))).toEqual([]);
		expect(findEpisodes(production({ start: monday - 3 * day, now: monday + 14 * hour }))).toEqual([]);
	});

	it("tells a job that fails at 07:00 and 16:00 since Thursday as one, with its hours", () => {
		const thursday = monday + 3 * day;
		const raised = [0, 1, 2, 3, 4].flatMap((after) =>
			[7, 16].map((at) => {
				const from = thursday + after * day + at * hour;
				return { from, to: from + 15 * minute, rate: 60 };
			}),
		);
		const now = thursday + 4 * day + 20 * hour;
		const [episode, ...others] = ofTroubled(production({ start, now, raised, rate: 1 }));
		expect(others).toEqual([]);
		expect(episode).toMatchObject({ kind: "recurring", hours: [7, 16] });
		expect(episode?.until).toBeUndefined();
		near(episode?.since, thursday + 7 * hour, 10 * minute);
		expect(episode?.spans).toHaveLength(10);
	});

	it("tells nothing of a job that has failed every morning since the history began", () => {
		const raised = Array.from({ length: 22 }, (_, index) => {
			const from = start + index * day + 7 * hour;
			return { from, to: from + 15 * minute, rate: 60 };
		});
		expect(ofTroubled(production({ start, now: monday + day, raised }))).toEqual([]);
	});

	it("tells a rise from 2 a day to 50 a day as growing", () => {
		const raised = Array.from({ length: 28 }, (_, step) => {
			const from = monday + step * 6 * hour;
			return { from, to: from + 6 * hour, rate: (2 * 25 ** (step / 28) - 2) / 24 };
		}).filter(({ rate }) => rate > 0);
		const [episode, ...others] = ofTroubled(
			production({ start, now: monday + 7 * day, raised, rate: 2 / 24 }),
		);
		expect(others).toEqual([]);
		expect(episode?.kind).toBe("growing");
		expect(episode?.perDay).toBeGreaterThan(1.2);
		expect(episode?.perDay).toBeLessThan(2.2);
	});

	it("is not moved by a few stray events hours before a sharp rise", () => {
		const from = monday + 12 * hour;
		const stray = [5, 4].map((before) => ({
			from: from - before * hour,
			to: from - before * hour + 60,
			rate: 120,
		}));
		const raised = [...stray, { from, to: from + 3 * hour, rate: 60 }];
		const [episode] = ofTroubled(production({ start, now: from + 6 * hour, raised, rate: 0.1 }));
		near(episode?.since, from, 10 * minute);
	});

	it("says that a code was never seen before", () => {
		const from = monday + 12 * hour;
		const raised = [{ from, to: from + day, rate: 20 }];
		const [episode] = ofTroubled(production({ start, now: from + 3 * hour, raised, rate: 0 }));
		expect(episode).toMatchObject({ kind: "on", isNew: true });
		expect(episode?.factor).toBeUndefined();
	});

	it("ignores rows dated in the future", () => {
		const now = monday + 12 * hour;
		const input = production({ start, now });
		const later = {
			code: "LATER",
			counts: counted(events(() => 100, now + hour, now + day, 100, 7)),
		};
		expect(findEpisodes({ ...input, codes: [...input.codes, later] })).toEqual(
			findEpisodes({ ...input, codes: [...input.codes, { code: "LATER", counts: { hours: new Map() } }] }),
		);
	});

	it("finds what is new in a part of a busy code, and names it", () => {
		const from = monday + 12 * hour;
		const now = from + 4 * hour;
		const skills = [30, 20, 10].map((rate, index) => ({
			value: `skill_${index}`,
			times: events((at) => rate * busyness(at), start, now, rate * 1.6, 900 + index),
		}));
		const bad = events(() => 12, from, now, 12, 950);
		const named = [...skills, { value: "new_skill", times: bad }];
		const codes = [
			{
				code: "VALIDATION_ERROR",
				counts: counted(named.flatMap(({ times }) => times)),
				parts: named.map(({ value, times }) => ({
					parts: [{ dimension: "skill" as const, value }],
					counts: counted(times),
				})),
			},
		];
		const [episode, ...others] = findEpisodes({ history: { start, now }, codes });
		expect(others).toEqual([]);
		expect(episode).toMatchObject({ kind: "on", where: [{ dimension: "skill", value: "new_skill" }] });
		near(episode?.since, from, 15 * minute);
	});

	it("does not take a pause for the end where what fails is tried again at once", () => {
		const from = monday + 8 * hour;
		const told = Array.from({ length: 12 }, (_, index) => {
			const now = from + (20 + index) * hour;
			// Of sessions, about three are missing.
			const sessions = events(() => 5, from, now - 40 * minute, 5, 2000 + index);
			const tries = sessions.flatMap((at) => [at, at + 20, at + 45]);
			const usual = events(() => 0.1, start, now, 0.1, 3000 + index);
			const counts = counted([...usual, ...tries].sort((one, other) => one - other));
			return findEpisodes({ history: { start, now }, codes: [{ code: "TROUBLED", counts }] });
		});
		expect(told.map(([episode]) => episode?.count ?? 0).every((count) => count > 100)).toBe(true);
		expect(told.filter(([episode]) => episode?.until !== undefined).length).toBeLessThan(4);
	});

	it("finds an episode by the hour where no finer counts are given", () => {
		const from = monday + 12 * hour;
		const raised = [{ from, to: from + 5 * hour, rate: 60 }];
		const { history, codes } = production({ start, now: from + 9 * hour, raised });
		const coarse = codes.map(({ code, counts }) => ({ code, counts: { hours: counts.hours } }));
		const [episode] = findEpisodes({ history, codes: coarse });
		expect(episode).toMatchObject({ code: "TROUBLED", kind: "burst" });
		near(episode?.since, from, hour);
	});

	it("finds a job of few events a time in hours alone, though one day it did not fail", () => {
		const raised = [0, 1, 3, 4, 5, 6].map((after) => {
			const from = monday + after * day + 6 * hour;
			return { from, to: from + 20 * minute, rate: 24 };
		});
		const { history, codes } = production({ start, now: monday + 7 * day, raised, rate: 0.3 });
		const coarse = codes.map(({ code, counts }) => ({ code, counts: { hours: counts.hours } }));
		const [episode, ...others] = findEpisodes({ history, codes: coarse });
		expect(others).toEqual([]);
		expect(episode).toMatchObject({ code: "TROUBLED", kind: "recurring", hours: [6] });
		expect(episode?.until).toBeUndefined();
	});

	it("does not take one burst for what recurs", () => {
		const from = monday + 2 * day + 6 * hour;
		const raised = [{ from, to: from + 20 * minute, rate: 120 }];
		const [episode, ...others] = ofTroubled(production({ start, now: monday + 6 * day, raised, rate: 0.3 }));
		expect(others).toEqual([]);
		expect(episode?.kind).toBe("burst");
	});

	it("refuses an empty history", () => {
		expect(() => findEpisodes({ history: { start: 10, now: 10 }, codes: [] })).toThrow(RangeError);
	});
});
