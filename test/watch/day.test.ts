// A day of `watch` as a service: its own loop over HTTP, production away for an hour, and an end by a signal.

import { expect, test } from "vitest";
import { watchDay } from "../../bench/watch-day.ts";

test("tells the day's trouble once and its end once, says that production is away once, and goes on", async () => {
	const { rounds, told, notes, mostRequests, samples } = await watchDay({ minutes: 60 });
	expect(rounds).toBe(25);
	expect(told.map(({ alerts }) => alerts)).toEqual([expect.stringMatching(/^(?:on|burst)$/), "over"]);
	const [first, last] = told;
	// Within two rounds of its beginning and, an hour being asked for to be sure, of its end.
	expect(first?.hour).toBeLessThanOrEqual(9 + 2);
	expect(last?.hour).toBeGreaterThanOrEqual(15);
	expect(last?.hour).toBeLessThanOrEqual(15 + 3);
	expect(notes.map((words) => words.replace(/127\.0\.0\.1:\d+/g, "HOST"))).toEqual([
		"watching HOST, every 60 min; end with Ctrl-C",
		expect.stringMatching(/^No connection to HOST .*Trying again every 60 min\.$/),
		"answered again",
	]);
	expect(mostRequests).toBeLessThan(60);
	const handles = samples.map(({ handles }) => handles ?? 0);
	expect((handles.at(-1) ?? 0) - (handles[1] ?? 0)).toBeLessThanOrEqual(4);
});
