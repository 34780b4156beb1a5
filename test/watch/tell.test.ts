import { describe, expect, test } from "vitest";
import type { LimitReading, Round, Standing } from "../../src/watch/round.ts";
import type { WatchState } from "../../src/watch/state.ts";
import { tell } from "../../src/watch/tell.ts";

const hour = 3600;
const day = 24 * hour;
const start = Date.parse("2026-11-23T08:00:00Z") / 1000;
const minutes = 300;

/** A trouble of 60 events an hour where 6 are usual, since `since`. */
function trouble(now: number, change: Partial<Standing> = {}): Standing {
	const since = change.since ?? start - hour;
	const hours = ((change.until ?? now) - since) / hour;
	return {
		of: "code",
		names: ["ATS_TIMEOUT"],
		parts: [],
		kind: change.until === undefined ? "on" : "burst",
		since,
		between: [since - 600, since + 600],
		isNew: false,
		isBack: false,
		count: Math.round(60 * hours),
		exposure: 6 * hours,
		seconds: hours * hour,
		...change,
	};
}

/** A watch over a production: rounds in order, and what each has told. */
function watch() {
	let state: WatchState | undefined;
	return {
		round(now: number, troubles: readonly Standing[], more: Partial<Round> = {}) {
			const base = { now, historyFrom: start - 20 * day, troubles, newCodes: [], limits: [] };
			const outcome = tell(state, { ...base, ...more });
			// What is kept is read from a file in the next round.
			state = JSON.parse(JSON.stringify(outcome.state)) as WatchState;
			return outcome.told.map(({ alerts }) => alerts.join("+"));
		},
		ids(now: number, troubles: readonly Standing[]) {
			return tell(state, {
				now,
				historyFrom: start - 20 * day,
				troubles,
				newCodes: [],
				limits: [],
			}).told.map(({ id }) => id);
		},
	};
}

describe("the first round", () => {
	test("tells what is on, and what is new within a day, but not what was over before", () => {
		const over = { names: ["A"], since: start - 10 * hour, until: start - 8 * hour };
		const told = watch().round(start, [
			trouble(start),
			trouble(start, over),
			trouble(start, { ...over, names: ["B"], isNew: true }),
			trouble(start, { ...over, names: ["C"], isNew: true, since: start - 3 * day }),
		]);
		expect(told).toEqual(["on", "burst+new"]);
	});
});

describe("a trouble", () => {
	test("is told once, and its end once two rounds have seen it", () => {
		const { round } = watch();
		const until = start + 2 * hour;
		expect(round(start, [trouble(start)])).toEqual(["on"]);
		expect(round(start + minutes, [trouble(start + minutes)])).toEqual([]);
		expect(round(until + 600, [trouble(until, { until })])).toEqual([]);
		expect(round(until + 900, [trouble(until, { until })])).toEqual(["over"]);
		expect(round(until + 1200, [trouble(until, { until })])).toEqual([]);
	});

	test("that seems over for one round is not told as over", () => {
		const { round } = watch();
		expect(round(start, [trouble(start)])).toEqual(["on"]);
		expect(round(start + minutes, [trouble(start, { until: start - 60 })])).toEqual([]);
		expect(round(start + 2 * minutes, [trouble(start + 2 * minutes)])).toEqual([]);
		expect(round(start + 3 * minutes, [trouble(start, { until: start })])).toEqual([]);
	});

	test("stays the same with edges, part and codes that are estimated anew", () => {
		const { round } = watch();
		expect(round(start, [trouble(start)])).toEqual(["on"]);
		const later = { since: start - 1.5 * hour, parts: ["provider greenhouse"] };
		expect(round(start + minutes, [trouble(start + minutes, later)])).toEqual([]);
		const other = { ...later, parts: ["skill ats-sync"], names: ["SYNC_FAILED", "ATS_TIMEOUT"] };
		expect(round(start + 2 * minutes, [trouble(start + 2 * minutes, other)])).toEqual([]);
	});

	test("of another part that began at another time is another", () => {
		const { round } = watch();
		expect(round(start, [trouble(start, { parts: ["skill a"] })])).toEqual(["on"]);
		const now = start + 5 * hour;
		const both = [
			trouble(now, { parts: ["skill a"] }),
			trouble(now, { parts: ["skill b"], since: now - hour }),
		];
		expect(round(now, both)).toEqual(["on"]);
	});

	test("that began and ended between two rounds is told as a burst, whole", () => {
		const { round } = watch();
		expect(round(start, [])).toEqual([]);
		const now = start + 6 * hour;
		const burst = trouble(now, { since: start + hour, until: start + 2 * hour });
		expect(round(now, [burst])).toEqual(["burst"]);
		expect(round(now + minutes, [burst])).toEqual([]);
	});

	test("that is on again after its end was told is told again, under another id", () => {
		const { round, ids } = watch();
		const until = start + hour;
		round(start, [trouble(start)]);
		round(until + 600, [trouble(until, { until })]);
		expect(round(until + 900, [trouble(until, { until })])).toEqual(["over"]);
		const now = until + 3 * hour;
		const [again = ""] = ids(now, [trouble(now)]);
		expect(again).toMatch(/^[0-9a-f]{8}-3$/);
		expect(round(now, [trouble(now)])).toEqual(["on"]);
	});

	test("that no answer names for two hours is told as over, once", () => {
		const { round } = watch();
		round(start, [trouble(start)]);
		expect(round(start + hour, [])).toEqual([]);
		expect(round(start + 2 * hour, [])).toEqual(["over"]);
		expect(round(start + 3 * hour, [])).toEqual([]);
	});

	test("is told as worse when it is three times what was told, each time", () => {
		const { round } = watch();
		expect(round(start, [trouble(start)])).toEqual(["on"]);
		const told: string[] = [];
		for (let step = 1; step <= 48; step++) {
			const now = start + step * minutes;
			// 240 an hour from the first hour on, where 60 were told.
			const more = Math.max(0, step - 12) * (180 / 12);
			const one = trouble(now);
			told.push(...round(now, [{ ...one, count: one.count + more }]));
		}
		expect(told).toEqual(["worse"]);
	});

	test("that only follows the day is not worse", () => {
		const { round } = watch();
		expect(round(start, [trouble(start)])).toEqual(["on"]);
		for (let step = 1; step <= 48; step++) {
			const now = start + step * minutes;
			const one = trouble(now);
			// Four times as many events, and four times as many are usual.
			const more = { count: one.count + step * 15, exposure: one.exposure + step * 1.5 };
			expect(round(now, [{ ...one, ...more }])).toEqual([]);
		}
	});

	test("is told as back after its fix, once", () => {
		const { round } = watch();
		expect(round(start, [trouble(start)])).toEqual(["on"]);
		expect(round(start + minutes, [trouble(start, { isBack: true })])).toEqual(["came_back+on"]);
		expect(round(start + 2 * minutes, [trouble(start, { isBack: true })])).toEqual([]);
	});

	test("is not told again by a clock that was set back", () => {
		const { round } = watch();
		const until = start + hour;
		round(start, [trouble(start)]);
		round(until + 600, [trouble(until, { until })]);
		expect(round(until + 900, [trouble(until, { until })])).toEqual(["over"]);
		expect(round(start + minutes, [trouble(start + minutes)])).toEqual([]);
		expect(round(until + 1200, [trouble(until, { until })])).toEqual([]);
	});
});

describe("a new code", () => {
	const newCodes = [{ code: "NEW_ONE", count: 3, since: start - hour }];

	test("is told once, and not again as an episode", () => {
		const { round } = watch();
		expect(round(start, [], { newCodes })).toEqual(["new"]);
		const episode = trouble(start + minutes, { names: ["NEW_ONE"], isNew: true });
		expect(round(start + minutes, [episode], { newCodes })).toEqual([]);
	});

	test("needs three events, and a week of history without it", () => {
		const few = newCodes.map((one) => ({ ...one, count: 2 }));
		expect(watch().round(start, [], { newCodes: few })).toEqual([]);
		expect(watch().round(start, [], { newCodes, historyFrom: start - 5 * day })).toEqual([]);
	});
});

describe("a limit", () => {
	const reading = (isExceeded: boolean): readonly LimitReading[] => [
		{ limit: "10/h", seconds: hour, isExceeded },
	];

	test("is told when it is exceeded, and when it was kept for as long as it counts", () => {
		const { round } = watch();
		const at = (minute: number, isExceeded: boolean) =>
			round(start + minute * 60, [], { limits: reading(isExceeded) });
		expect([at(0, false), at(5, true), at(10, true), at(15, false), at(20, true)].flat()).toEqual(["limit"]);
		expect([at(25, false), at(84, false)].flat()).toEqual([]);
		expect(at(85, false)).toEqual(["over+limit"]);
		expect([at(90, false), at(95, true)].flat()).toEqual(["limit"]);
	});
});

describe("a muted case", () => {
	test("is not told, nor that it got worse, ended, or has a new code; it is told when it is unmuted", () => {
		const { round } = watch();
		const muted = (now: number, change: Partial<Standing> = {}) => trouble(now, { isMuted: true, ...change });
		const newCodes = [{ code: "ATS_TIMEOUT", count: 60, since: start - hour }];
		expect(round(start, [muted(start)], { newCodes })).toEqual([]);
		const later = start + 2 * hour;
		expect(round(later, [muted(later, { count: 4000 })])).toEqual([]);
		expect(round(later + hour, [trouble(later + hour)])).toEqual(["on"]);
		const end = { until: later + hour };
		expect(round(later + 4 * hour, [muted(later + 4 * hour, end)])).toEqual([]);
		expect(round(later + 9 * hour, [])).toEqual([]);
	});
});
