// Histories with a fix: what production would hold of one, up to any instant, and what is true of it.
import type { Counts } from "../src/episodes/index.ts";
import type { FixStory, VictimCounts } from "../src/verify/index.ts";
import { type Climate, day, hour, type Rate, sessions, usualRate } from "./world-climate.ts";
import { logUniform, type Random, randomNumbers } from "./world-random.ts";

export const truths = ["fixed", "half", "unfixed", "ended_before", "came_back"] as const;
export type Truth = (typeof truths)[number];

interface Run {
	readonly at: number;
	readonly user: number;
	readonly hasFailed: boolean;
}

export interface Planted {
	readonly seed: number;
	readonly truth: Truth;
	readonly fixAt: number;
	readonly endedAt: number;
	/** When it came back. */
	readonly backAt?: number;
	readonly hasRuns: boolean;
	/** Events an hour that the trouble adds, the mean of a weekday. */
	readonly excess: number;
	readonly tailHours: number;
	/** Events that the trouble would have added between two instants, were it not fixed. */
	extraExpected(from: number, to: number): number;
	/** Events between two instants. */
	countBetween(from: number, to: number): number;
	story(now: number): FixStory;
}

const historyDays = 28;
export const afterDays = 8;

/** What a history is drawn from: one trouble, on before the fix for two hours to six days. */
export function plantFix(seed: number): Planted {
	const random = randomNumbers(seed);
	const truth = truths[seed % truths.length] ?? "fixed";
	const hasRuns = random() < 0.35;
	const excess = logUniform(0.2, 200, random);
	const start = 1_760_000_000 + Math.floor(random() * 60 * day);
	const fixAt = start + (random() < 0.2 ? 8 + 8 * random() : 18 + 2 * random()) * day;
	const end = fixAt + afterDays * day;
	const climate: Climate = {
		zone: random() < 0.4 ? 0 : Math.round(random() * 16 - 8) * hour,
		isOffice: random() < 0.3,
		hourSpread: random() < 0.3 ? 0.25 : 0.1,
		daySpread: 0.1,
		slow: [0, 0],
		eventsPerSession: 1.15 + random() * 0.6,
	};
	const others = [0.5, 3, 20, 60].map((rate) =>
		sessions(usualRate(rate, climate, random), start, end, climate.eventsPerSession, random),
	);
	const course = drawCourse(truth, Math.floor(fixAt), excess, random);
	const made = (hasRuns ? makeRuns : makeEvents)({ course, climate, start, end, excess }, random);
	return {
		seed,
		truth,
		fixAt: course.fixAt,
		endedAt: course.endedAt,
		...(course.backAt === undefined ? {} : { backAt: course.backAt }),
		hasRuns,
		tailHours: course.tailHours,
		excess: made.excess,
		extraExpected: made.extraExpected,
		countBetween: (from, to) => made.events.filter((at) => at >= from && at < to).length,
		story(now) {
			const history = { start: Math.max(start, now - historyDays * day), now };
			const fed = (times: readonly number[]) => countsOf(times, history.start, now);
			return {
				history,
				deployedAt: course.fixAt,
				counts: fed(made.events),
				others: others.map(fed).map(({ hours }) => ({ hours })),
				...(made.runs === undefined
					? {}
					: {
							runs: fed(made.runs.map(({ at }) => at)),
							victims: victimsOf(made.runs, course, now),
						}),
			};
		},
	};
}

interface Course {
	readonly fixAt: number;
	readonly since: number;
	readonly endedAt: number;
	readonly backAt?: number;
	readonly tailHours: number;
	/** Share of what the trouble adds, at an instant. */
	share(at: number): number;
}

/** Nobody fixes what has hardly been seen: the trouble had so many events, or has been on for so long. */
const leastSeen = 12;
const longestHours = 12 * 24;

function drawCourse(truth: Truth, fixAt: number, excess: number, random: Random): Course {
	const endedAt = truth === "ended_before" ? fixAt - logUniform(1, 72, random) * hour : fixAt;
	const hours = Math.min(longestHours, Math.max(logUniform(2, 144, random), leastSeen / excess));
	const since = endedAt - hours * hour;
	const tailHours = random() < 0.4 ? logUniform(0.2, 6, random) : 0;
	const left = 0.25 + 0.45 * random();
	const backAt = truth === "came_back" ? fixAt + logUniform(6, 120, random) * hour : undefined;
	const tail = (at: number) => (tailHours === 0 ? 0 : Math.exp(-(at - fixAt) / hour / tailHours));
	const after: Readonly<Record<Truth, (at: number) => number>> = {
		fixed: tail,
		half: (at) => left + (1 - left) * tail(at),
		unfixed: () => 1,
		ended_before: () => 0,
		came_back: (at) => (backAt !== undefined && at >= backAt ? 1 : tail(at)),
	};
	return {
		fixAt,
		since,
		endedAt,
		tailHours,
		...(backAt === undefined ? {} : { backAt }),
		share: (at) => (at < since ? 0 : at < endedAt ? 1 : at < fixAt ? 0 : after[truth](at)),
	};
}

interface Made {
	readonly events: readonly number[];
	readonly runs?: readonly Run[];
	readonly excess: number;
	extraExpected(from: number, to: number): number;
}

interface Place {
	readonly course: Course;
	readonly climate: Climate;
	readonly start: number;
	readonly end: number;
	readonly excess: number;
}

function makeEvents({ course, climate, start, end, excess }: Place, random: Random): Made {
	const base = random() < 0.3 ? 0 : excess / logUniform(2, 60, random);
	const usual = usualRate(1, climate, random);
	// A trouble's own rate changes by chance from hour to hour, more than that of what is usual.
	const bursty = { ...climate, hourSpread: random() < 0.3 ? 0.6 : climate.hourSpread };
	const troubled = usualRate(1, bursty, random);
	const rate: Rate = (at) => base * usual(at) + excess * troubled(at) * course.share(at);
	const events = sessions(rate, start, end, climate.eventsPerSession, random).sort(
		(one, other) => one - other,
	);
	return { events, excess, extraExpected: (from, to) => summed((at) => excess * troubled(at), from, to) };
}

function makeRuns({ course, climate, start, end, excess }: Place, random: Random): Made {
	const base = random() < 0.3 ? 0 : logUniform(0.005, 0.05, random);
	const added = 0.15 + 0.8 * random();
	const busy = usualRate(excess / added, climate, random);
	const people = Math.ceil(logUniform(3, 300, random));
	// In some troubles it is the same people who are hit, every time.
	const isOfSome = random() < 0.5;
	const runs = sessions(busy, start, end, 1.1, random)
		.sort((one, other) => one - other)
		.map((at): Run => {
			const user = Math.floor(people * random() ** 1.5);
			const share = course.share(at);
			const chance = isOfSome ? (hash(user) < added ? share : 0) : added * share;
			return { at, user, hasFailed: random() < base + (1 - base) * chance };
		});
	const events = runs.filter(({ hasFailed }) => hasFailed).map(({ at }) => at);
	return {
		events,
		runs,
		excess,
		extraExpected: (from, to) => summed((at) => added * busy(at), from, to),
	};
}

function hash(user: number): number {
	return ((user * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;
}

function summed(rate: Rate, from: number, to: number): number {
	let sum = 0;
	for (let at = from; at < to; at += 600) sum += rate(at) * Math.min(600, to - at);
	return sum;
}

function countsOf(times: readonly number[], start: number, now: number): Counts {
	const hours = new Map<number, number>();
	const fine = new Map<number, number>();
	for (const at of times) {
		if (at < start || at >= now) continue;
		const [hourOf, bucket] = [Math.floor(at / hour), Math.floor(at / 300)];
		hours.set(hourOf, (hours.get(hourOf) ?? 0) + 1);
		fine.set(bucket, (fine.get(bucket) ?? 0) + 1);
	}
	return { hours, fine };
}

/** As production is asked: users with a failure in the fortnight before the fix at most, and their runs since. */
function victimsOf(runs: readonly Run[], { fixAt, since }: Course, now: number): VictimCounts {
	const before = new Map<number, { runs: number; failures: number }>();
	const [seen, hit] = [new Set<number>(), new Set<number>()];
	for (const { at, user, hasFailed } of runs) {
		if (at >= now) break;
		if (at >= since && at < fixAt) {
			const own = before.get(user) ?? { runs: 0, failures: 0 };
			before.set(user, { runs: own.runs + 1, failures: own.failures + (hasFailed ? 1 : 0) });
		} else if (at >= fixAt && (before.get(user)?.failures ?? 0) > 0) {
			seen.add(user);
			if (hasFailed) hit.add(user);
		}
	}
	const hitBefore = [...before.values()].filter(({ failures }) => failures > 0);
	return {
		before: hitBefore.length,
		runs: hitBefore.reduce((sum, one) => sum + one.runs, 0),
		failures: hitBefore.reduce((sum, one) => sum + one.failures, 0),
		seenSince: seen.size,
		hitSince: hit.size,
	};
}
