// Whether an episode's events look as people's do: signs, one by one.
import { describe, expect, test } from "vitest";
import { beatOf } from "../../src/production/evidence/beat.ts";
import { type Held, judge, type Sample } from "../../src/production/evidence/evidence.ts";
import { randomNumbers } from "../random-numbers.ts";

const sample = (fields: Partial<Sample> = {}): Sample => ({
	events: 100,
	withSession: 95,
	sessions: 70,
	withUser: 90,
	unknownUser: 0,
	misfit: 0,
	borne: 0,
	begun: [],
	...fields,
});
const held = (inside: Partial<Sample>, fields: Partial<Held> = {}): Held => ({
	events: 100,
	largest: 4,
	sessions: 70,
	failedRuns: 0,
	inside: sample(inside),
	before: sample(),
	skill: sample(),
	any: sample(),
	...fields,
});

describe("an episode", () => {
	test.each<readonly [string, Held, string | undefined]>([
		["of ordinary sessions and users", held({}), undefined],
		["with failed runs of its users", held({ borne: 40 }, { failedRuns: 34 }), "borne_out"],
		["of one session", held({}, { largest: 80 }), "few_sessions"],
		["of three sessions", held({ sessions: 3 }, { sessions: 3, largest: 40 }), "few_sessions"],
		["without users", held({ withUser: 2 }), "no_users"],
		[
			"without users, of a code that never has any",
			held({ withUser: 2 }, { before: sample({ withUser: 0 }) }),
			undefined,
		],
		["of a job, which has no sessions", held({ withSession: 0, sessions: 0 }, { sessions: 0 }), undefined],
		["of users that do not exist", held({ unknownUser: 85 }), "unknown_users"],
		["of users of other organizations", held({ misfit: 80 }), "other_organizations"],
		[
			"whose runs do not fail as they do otherwise",
			held({}, { before: sample({ borne: 60 }) }),
			"no_failed_runs",
		],
		["too small to say", held({ events: 5, withUser: 0 }), undefined],
	])("%s", (_, one, sign) => {
		const found = judge(one);
		expect(found?.kind === "clients_alone" ? found.why.sign : found?.kind).toBe(sign);
	});
});

describe("a beat", () => {
	const random = randomNumbers(7);
	test("of a loop with some jitter", () => {
		const times = Array.from({ length: 40 }, (_, index) => 30 * index + Math.round(4 * (random() - 0.5)));
		expect(beatOf(times)).toBeGreaterThan(25);
	});

	test("of bursts", () => {
		const times = Array.from(
			{ length: 80 },
			(_, index) => 300 * Math.floor(index / 8) + Math.floor(3 * random()),
		);
		expect(beatOf(times)).toBeGreaterThan(290);
	});

	test("of bursts with people's events between and before them", () => {
		const burst = Array.from(
			{ length: 80 },
			(_, index) => 1600 * Math.floor(index / 8) + Math.floor(3 * random()),
		);
		const people = Array.from({ length: 12 }, () => Math.floor(random() * 16_000));
		expect(beatOf([...burst, ...people, 3150, 9560])).toBeGreaterThan(1550);
	});

	test("is not heard in people's sessions of several events", () => {
		for (let round = 0; round < 100; round++) {
			const times = Array.from({ length: 10 + (round % 20) }, () => Math.floor(random() * 90_000)).flatMap(
				(at) => Array.from({ length: 4 }, (_, turn) => at + turn * Math.floor(random() * 30)),
			);
			expect(beatOf(times)).toBeUndefined();
		}
	});

	test("is not heard in people's events, sparse or dense", () => {
		for (let round = 0; round < 200; round++) {
			const times = Array.from({ length: 20 + (round % 150) }, () => Math.floor(random() * 20_000));
			expect(beatOf(times)).toBeUndefined();
		}
	});

	test("is not heard in a daily job's hours", () => {
		expect(beatOf(Array.from({ length: 30 }, (_, index) => 86_400 * index))).toBeUndefined();
	});
});
