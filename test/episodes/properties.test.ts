import { describe, expect, it } from "vitest";
import { type CodeEpisode, type EpisodesInput, findEpisodes } from "../../src/episodes/index.ts";
import { day, hour, monday, production } from "./planted.ts";

const week = 7 * day;
const start = monday - 21 * day;
const from = monday + 9 * hour;
const seeds = [1, 2, 3, 4, 5];

function planted(seed: number): EpisodesInput {
	const raised = [{ from, to: from + (2 + seed) * hour, rate: 30 + 10 * seed }];
	return production({ start, now: monday + 2 * day, raised, seed });
}

function shifted(input: EpisodesInput, by: number): EpisodesInput {
	const moved = (counts: ReadonlyMap<number, number>, size: number) =>
		new Map([...counts].map(([at, count]) => [at + by / size, count]));
	return {
		history: { start: input.history.start + by, now: input.history.now + by },
		codes: input.codes.map(({ code, counts }) => ({
			code,
			counts: {
				hours: moved(counts.hours, hour),
				fine: moved(counts.fine ?? new Map(), 300),
				fineFrom: input.history.start + by,
			},
		})),
	};
}

function facts({ kind, since, until, count }: CodeEpisode) {
	return { kind, since, until, count };
}

describe("findEpisodes, whatever the production", () => {
	it.each(seeds)("tells the same a week later (%i)", (seed) => {
		const input = planted(seed);
		const later = findEpisodes(shifted(input, week)).map((one) => ({
			...facts(one),
			since: one.since - week,
			until: one.until === undefined ? undefined : one.until - week,
		}));
		expect(later.length).toBeGreaterThan(0);
		expect(later).toEqual(findEpisodes(input).map(facts));
	});

	it.each(seeds)("tells the same whatever the order of the codes (%i)", (seed) => {
		const input = planted(seed);
		const byCode = (told: readonly CodeEpisode[]) =>
			told.map((one) => ({ code: one.code, ...facts(one) })).sort((a, b) => a.code.localeCompare(b.code));
		const reversed = findEpisodes({ ...input, codes: [...input.codes].reverse() });
		expect(byCode(reversed)).toEqual(byCode(findEpisodes(input)));
	});

	it.each(seeds)("tells the same of a code, whether it is asked for alone or not (%i)", (seed) => {
		const input = planted(seed);
		const alone = findEpisodes({ ...input, only: ["TROUBLED"] });
		expect(alone.length).toBeGreaterThan(0);
		expect(alone).toEqual(findEpisodes(input).filter(({ code }) => code === "TROUBLED"));
	});

	it.each(seeds)("finds it still where there are three times as many of all events (%i)", (seed) => {
		const input = planted(seed);
		const tripled = (counts: ReadonlyMap<number, number> = new Map()) =>
			new Map([...counts].map(([at, count]) => [at, 3 * count]));
		const codes = input.codes.map(({ code, counts }) => ({
			code,
			counts: { hours: tripled(counts.hours), fine: tripled(counts.fine), fineFrom: start },
		}));
		const [told] = findEpisodes({ ...input, only: ["TROUBLED"] });
		const more = findEpisodes({ ...input, codes }).filter(({ code }) => code === "TROUBLED");
		expect(more.some((one) => Math.abs(one.since - (told?.since ?? 0)) <= 600)).toBe(true);
	});
});
