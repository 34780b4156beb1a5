import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureSpikes, promised } from "../../bench/spikes.ts";
import { baselineStart, findSpikes, type SpikeInput } from "../../src/production/spikes/spikes.ts";

const hour = 3600;
const day = 24 * hour;
/** Midnight UTC. */
const midnight = 1_760_054_400;

interface Burst {
	readonly from: number;
	readonly to: number;
	readonly each: number;
}

/** A code with the same count in every bucket, and bursts on top. */
function flat(code: string, start: number, end: number, each: number, bursts: readonly Burst[] = []) {
	const counts = Array.from({ length: Math.ceil((end - start) / 300) }, (_, index) => {
		const at = start + index * 300;
		return bursts.reduce((sum, one) => sum + (at >= one.from && at < one.to ? one.each : 0), each);
	});
	return { code, counts };
}

function input(
	windowFrom: number,
	windowTo: number,
	series: (start: number) => SpikeInput["series"],
): SpikeInput {
	const start = baselineStart(windowFrom);
	return { start, windowFrom, windowTo, series: series(start) };
}

describe("findSpikes", () => {
	it("finds a burst, with its edges, and counts what is in it", () => {
		const from = midnight + 10 * hour;
		const burst = { from, to: from + hour, each: 9 };
		const asked = input(midnight, midnight + day, (start) => [
			flat("A", start, midnight + day, 1, [burst]),
			flat("B", start, midnight + day, 2),
		]);
		const spikes = findSpikes(asked);
		expect(spikes).toHaveLength(1);
		const [spike] = spikes;
		expect(spike).toMatchObject({ code: "A", from, to: from + hour, count: 120 });
		expect(spike?.expected).toBeGreaterThan(11);
		expect(spike?.expected).toBeLessThan(13);
		expect(spike?.factor).toBeCloseTo(120 / (spike?.expected ?? 0), 12);
		expect(spike?.pValue).toBeLessThan(1e-6);
	});

	it("answers nothing for no series, silent series, a single event and steady counts of any size", () => {
		const of = (each: number) =>
			findSpikes(input(midnight, midnight + day, (start) => [flat("A", start, midnight + day, each)]));
		expect(findSpikes(input(midnight, midnight + day, () => []))).toEqual([]);
		expect(of(0)).toEqual([]);
		expect(of(1)).toEqual([]);
		expect(of(1_000_000)).toEqual([]);
		const single = { from: midnight + hour, to: midnight + hour + 300, each: 1 };
		expect(
			findSpikes(input(midnight, midnight + day, (start) => [flat("A", start, midnight + day, 0, [single])])),
		).toEqual([]);
	});

	it("finds a new code's events in one bucket, alone or beside others, and at either edge of the window", () => {
		for (const at of [midnight, midnight + 7 * hour, midnight + day - 300]) {
			const burst = { from: at, to: at + 300, each: 40 };
			for (const others of [0, 1]) {
				const spikes = findSpikes(
					input(midnight, midnight + day, (start) => [
						flat("NEW", start, midnight + day, 0, [burst]),
						flat("OLD", start, midnight + day, others),
					]),
				);
				expect(spikes).toMatchObject([{ code: "NEW", from: at, to: at + 300, count: 40 }]);
			}
		}
	});

	it("finds a spike across midnight, in a window that is not on the grid", () => {
		const windowFrom = midnight - 9 * hour + 17;
		const windowTo = windowFrom + day;
		const burst = { from: midnight - hour, to: midnight + hour, each: 12 };
		const spikes = findSpikes(
			input(windowFrom, windowTo, (start) => [flat("A", start, windowTo, 2, [burst])]),
		);
		expect(spikes).toMatchObject([{ code: "A", from: burst.from, to: burst.to, count: 24 * 14 }]);
	});

	it("ends a span at the window's end, not beyond", () => {
		const windowTo = midnight + day + 100;
		const burst = { from: midnight + day - hour, to: windowTo, each: 20 };
		const [spike] = findSpikes(
			input(midnight + 100, windowTo, (start) => [flat("A", start, windowTo, 2, [burst])]),
		);
		expect(spike?.to).toBeLessThanOrEqual(windowTo);
		expect(spike?.from).toBe(burst.from);
	});

	it("does not tell what began and ended before the window, and is not blinded by it", () => {
		const yesterday = { from: midnight - 20 * hour, to: midnight - 14 * hour, each: 100 };
		const today = { from: midnight + 15 * hour, to: midnight + 16 * hour, each: 8 };
		const spikes = findSpikes(
			input(midnight, midnight + day, (start) => [flat("A", start, midnight + day, 1, [yesterday, today])]),
		);
		expect(spikes).toMatchObject([{ from: today.from, to: today.to }]);
	});

	it("does not call a job that fails every morning a spike", () => {
		const bursts = [-1, 0].map((days) => ({
			from: midnight + days * day + 6 * hour,
			to: midnight + days * day + 6 * hour + 600,
			each: 30,
		}));
		expect(
			findSpikes(
				input(midnight, midnight + day, (start) => [flat("CRON", start, midnight + day, 0, bursts)]),
			),
		).toEqual([]);
	});

	it("finds what broke and stayed broken", () => {
		const broken = { from: midnight + 8 * hour, to: midnight + day, each: 6 };
		expect(
			findSpikes(
				input(midnight, midnight + day, (start) => [
					flat("A", start, midnight + day, 1, [broken]),
					flat("B", start, midnight + day, 1),
				]),
			),
		).toMatchObject([{ code: "A", from: broken.from, to: broken.to, count: 192 * 7 }]);
	});

	it("takes a hole of two days in a week's records for a hole, not for quiet", () => {
		const windowTo = midnight + 7 * day;
		const spikes = findSpikes(
			input(midnight, windowTo, (start) =>
				["A", "B"].map((code) => {
					const { counts } = flat(code, start, windowTo, 3);
					const from = (midnight + 2 * day - start) / 300;
					return { code, counts: counts.map((n, at) => (at >= from && at < from + 576 ? 0 : n)) };
				}),
			),
		);
		expect(spikes).toEqual([]);
	});

	it("judges by the rest of the window where there is no history at all", () => {
		const burst = { from: midnight + 3 * hour, to: midnight + 4 * hour, each: 20 };
		const series = [flat("A", midnight, midnight + day, 1, [burst])];
		expect(
			findSpikes({ start: midnight, windowFrom: midnight, windowTo: midnight + day, series }),
		).toMatchObject([{ from: burst.from, to: burst.to }]);
	});

	it("finds a spike in millions, its numbers finite", () => {
		const burst = { from: midnight + 5 * hour, to: midnight + 6 * hour, each: 9_000_000 };
		const spikes = findSpikes(
			input(midnight, midnight + day, (start) => [flat("A", start, midnight + day, 1_000_000, [burst])]),
		);
		expect(spikes).toMatchObject([{ from: burst.from, to: burst.to, count: 120_000_000 }]);
		for (const value of [spikes[0]?.expected, spikes[0]?.factor, spikes[0]?.pValue]) {
			expect(Number.isFinite(value)).toBe(true);
		}
	});

	it("refuses a start off the grid or after the window's, and an empty window", () => {
		const series = [flat("A", midnight, midnight + day, 1)];
		for (const [start, windowFrom, windowTo] of [
			[midnight + 1, midnight + day, midnight + 2 * day],
			[midnight + 300, midnight, midnight + day],
			[midnight, midnight + day, midnight + day],
		] as const) {
			expect(() => findSpikes({ start, windowFrom, windowTo, series })).toThrow(RangeError);
		}
	});

	it("keeps its word for any counts: within the window, sums right, twice the expected, at most 10", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 300, max: 12 * hour }),
				fc.integer({ min: 0, max: 299 }),
				fc.array(
					fc.array(
						fc.oneof(
							{ arbitrary: fc.constant(0), weight: 5 },
							{ arbitrary: fc.nat(20), weight: 3 },
							{ arbitrary: fc.nat(1e6), weight: 1 },
						),
						{ minLength: 300, maxLength: 450, size: "max" },
					),
					{ maxLength: 4 },
				),
				(length, offset, all) => {
					const windowFrom = midnight + offset;
					const windowTo = windowFrom + length;
					const start = baselineStart(windowFrom);
					const most = Math.ceil((windowTo - start) / 300);
					const series = all.map((counts, index) => ({
						code: `C${index}`,
						counts: counts.slice(0, most),
					}));
					const spikes = findSpikes({ start, windowFrom, windowTo, series });
					expect(spikes.length).toBeLessThanOrEqual(10);
					for (const spike of spikes) {
						expect(spike.from).toBeGreaterThanOrEqual(windowFrom);
						expect(spike.to).toBeLessThanOrEqual(windowTo);
						expect(spike.to).toBeGreaterThan(spike.from);
						const counts = series.find(({ code }) => code === spike.code)?.counts ?? [];
						const count = counts
							.filter((_, at) => start + at * 300 >= spike.from && start + at * 300 < spike.to)
							.reduce((sum, n) => sum + n, 0);
						expect(spike.count).toBe(count);
						expect(spike.factor).toBeGreaterThanOrEqual(2);
						expect(spike.pValue).toBeGreaterThanOrEqual(0);
						expect(spike.pValue).toBeLessThan(0.05);
					}
				},
			),
			{ seed: 6, numRuns: 60 },
		);
	});
});

describe("on generated productions", () => {
	it("finds 95 % of the spikes of 5 times and more in windows of 24 h, and hardly ever one that is none", () => {
		const result = measureSpikes({
			world: "sessions",
			window: "24h",
			spikes: 200,
			quiet: 400,
			seed: 70_000,
			factors: [promised],
		});
		const counted = result.planted.reduce((sum, one) => sum + one.counted, 0);
		const found = result.planted.reduce((sum, one) => sum + one.found, 0);
		expect(counted).toBe(200);
		expect(found / counted).toBeGreaterThanOrEqual(0.95);
		expect(result.quietWithSpike / result.quietWindows).toBeLessThan(1 / 200);
	});
});

describe("baselineStart", () => {
	it("lies on the grid, and holds the same hours of the day before", () => {
		for (const from of [midnight, midnight + 1, midnight + 299]) {
			const start = baselineStart(from);
			expect(start % 300).toBe(0);
			expect(from - start).toBeGreaterThanOrEqual(25 * hour);
			expect(from - start).toBeLessThan(25 * hour + 300);
		}
	});
});
