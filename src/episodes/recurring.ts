// Finds what comes at the same hours on several days.
import { bestRange, type Day, dailySeeds, leastPresent } from "./daily.ts";
import { isWeekend, type Span } from "./grid.ts";
import { type Found, logLooks } from "./scan.ts";
import type { Baseline, Usual } from "./track.ts";

/** Longer than this is not an hour of the day any more. */
const mostHours = 6;
/** Hours by which a time may come earlier or later. */
const jitterHours = 1 / 12;
/** So many days without it there must be before, to say that it is new. */
const leastWithout = 2;
const mostClumps = 12;
/** One time that is missed says that it is over, where it has had so many events; else two. */
const leastMissed = 20;
/** Two hours have the same days where the first and the last are so many days apart; ln of the looks that it takes. */
const sameDays = 2.5;
const nearDays = Math.log(25);
/** The later half of its days may have so many times the events of the earlier half. */
const mostGrowth = 3;
/** Of the excess in its hours, the other hours may have so much. */
const mostOutside = 0.2;

export interface Recurrence {
	/** Each time that it came, in order. */
	readonly times: readonly Span[];
	/** It did not come at the times that were due since. */
	readonly isOver: boolean;
	/** It is as old as the history: that is what is usual. */
	readonly isUsual: boolean;
	readonly usual: Usual;
	readonly logChance: number;
	/** What was found by itself and is one of its times. */
	readonly pieces: readonly Found[];
}

/** One stretch of the day. */
interface Slot extends Recurrence {
	/** ln of how many runs of days were looked at for it. */
	readonly dayLooks: number;
}

/** A span that may be one of the times. */
interface Seed extends Span {
	readonly usual: Usual;
}

/**
 * Each short span that stands out, or nearly, is looked for at the same time of every other day, where much less is proof
 * enough: it is one question, not thousands. So is each hour that has more than usual on several days together. Days run
 * from the first on which it came to the last; week-ends may be left out. The chance is that of as many on all the days
 * that were due, times all that the hour and the days could have been. Where one is proven, the days are no longer looked for:
 * another hour that comes on the same days has only its hour looked for.
 *
 * @param found what stands out by itself
 * @param suspects what nearly does
 */
export function recurrences(
	baseline: Baseline,
	found: readonly Found[],
	suspects: readonly Found[],
	logThreshold: number,
): readonly Recurrence[] {
	const most = mostHours * baseline.track.perHour;
	const isShort = ({ from, to }: Span) => to - from <= most;
	const pieces = found.filter(isShort);
	const seeds: readonly Seed[] = [
		...pieces,
		...suspects.filter(isShort),
		...[...found, ...suspects].filter((one) => !isShort(one)).flatMap((one) => clumps(baseline, one)),
		...hourSeeds(baseline),
	];
	const slots = seeds
		.flatMap((seed) => slotOf(baseline, seed) ?? [])
		.sort((one, other) => one.logChance - other.logChance);
	const taken: Slot[] = [];
	const take = (isProven: (slot: Slot) => boolean) => {
		for (const slot of slots) {
			if (!isProven(slot) || taken.some(({ times }) => times.some((time) => overlapsAny(time, slot.times))))
				continue;
			taken.push({ ...slot, pieces: pieces.filter((piece) => overlapsAny(piece, slot.times)) });
		}
	};
	take(({ logChance }) => logChance < logThreshold);
	const first = [...taken];
	take(
		(slot) =>
			slot.logChance - slot.dayLooks + nearDays < logThreshold &&
			first.some((other) => haveSameDays(baseline, slot, other)),
	);
	return together(taken).filter(({ times }) => {
		const hours = wholeHours(baseline, times);
		return isRare(baseline, hours) && isAlone(baseline, hours) && isSteady(baseline, hours);
	});
}

/**
 * A first look at what comes at the same hours: the times that seem to be new. They would pass for the day's shape of
 * the series.
 */
export function recurringSuspects(baseline: Baseline, logThreshold: number): readonly Span[] {
	return hourSeeds(baseline)
		.flatMap((seed) => slotOf(baseline, seed) ?? [])
		.filter(({ isUsual, logChance }) => !isUsual && logChance < logThreshold)
		.flatMap(({ times }) => times);
}

function hourSeeds(baseline: Baseline): readonly Seed[] {
	return dailySeeds(baseline).flatMap((span) => {
		const usual = baseline.usualBefore(span.from);
		return usual === undefined ? [] : [{ ...span, usual }];
	});
}

/** Within a long span, the hours that have most: a rare code's few times a day can look like one long trouble. */
function clumps(baseline: Baseline, { from, to, usual }: Found): readonly Seed[] {
	const { counts, perHour } = baseline.track;
	if (to - from < baseline.perDay) return [];
	const found: Seed[] = [];
	let open: { from: number; to: number; usual: Usual } | undefined;
	for (let cell = from; cell < to; cell++) {
		if (counts[cell] === 0) continue;
		if (open !== undefined && cell - open.to < perHour / 2) open.to = cell + 1;
		else {
			open = { from: cell, to: cell + 1, usual };
			found.push(open);
		}
	}
	return found
		.filter((one) => one.to - one.from <= mostHours * perHour && baseline.count(one) > leastPresent)
		.sort((one, other) => baseline.count(other) - baseline.count(one))
		.slice(0, mostClumps);
}

function overlapsAny(one: Span, others: readonly Span[]): boolean {
	return others.some((other) => one.from < other.to && other.from < one.to);
}

/** From the first to the last, a day more or less. */
function haveSameDays({ perDay }: Baseline, one: Recurrence, other: Recurrence): boolean {
	const edges = ({ times }: Recurrence) => [times[0]?.from ?? 0, times.at(-1)?.from ?? 0];
	const others = edges(other);
	return edges(one).every((edge, index) => Math.abs(edge - (others[index] ?? 0)) < sameDays * perDay);
}

/**
 * The hours that hold the times. Times of five minutes are there only where events are: held against all the minutes
 * between them, any trouble of whole days would come at some minutes alone.
 */
function wholeHours({ track: { counts, perHour } }: Baseline, times: readonly Span[]): readonly Span[] {
	const hours: { from: number; to: number }[] = [];
	for (const { from, to } of times) {
		const [first, last] = [Math.floor(from / perHour) * perHour, Math.ceil(to / perHour) * perHour];
		const before = hours.at(-1);
		if (before !== undefined && first <= before.to)
			before.to = Math.max(before.to, Math.min(last, counts.length));
		else hours.push({ from: first, to: Math.min(last, counts.length) });
	}
	return hours;
}

/** All its times together are some hours of each day: else it is a trouble of whole days. */
function isRare(baseline: Baseline, times: readonly Span[]): boolean {
	const days = ((times.at(-1)?.to ?? 0) - (times[0]?.from ?? 0)) / baseline.perDay;
	const cells = times.reduce((sum, { from, to }) => sum + to - from, 0);
	return cells <= mostHours * baseline.track.perHour * Math.max(1, days);
}

/** Between its times it is as usual: else it is a longer trouble. */
function isAlone(baseline: Baseline, times: readonly Span[]): boolean {
	const [from, to] = [times[0]?.from ?? 0, times.at(-1)?.to ?? 0];
	const usual = baseline.usualBefore(from);
	if (usual === undefined) return true;
	const sum = (of: (span: Span) => number) => times.reduce((total, span) => total + of(span), 0);
	const [count, load] = [sum((span) => baseline.count(span)), sum((span) => baseline.load(span))];
	const outside = (baseline.count({ from, to }) - count) / (baseline.load({ from, to }) - load) / usual.level;
	return outside - 1 < mostOutside * (count / load / usual.level - 1);
}

/** It comes about as strongly each day: what becomes many times as much from day to day grows. */
function isSteady(baseline: Baseline, times: readonly Span[]): boolean {
	const days = new Map<number, number>();
	for (const time of times) {
		const day = Math.floor(time.from / baseline.perDay);
		days.set(day, (days.get(day) ?? 0) + baseline.count(time));
	}
	const counts = [...days].sort(([one], [other]) => one - other).map(([, count]) => count);
	const half = Math.floor(counts.length / 2);
	const sum = (of: readonly number[]) => of.reduce((total, one) => total + one, 0);
	const [early, late] = [sum(counts.slice(0, half)), sum(counts.slice(counts.length - half))];
	// Four standard deviations of counts that come together as this series' do.
	const isCertain = late - early > 4 * Math.sqrt(baseline.spread.dispersion * (late + early));
	return !(isCertain && late > mostGrowth * early);
}

function slotOf(baseline: Baseline, seed: Seed): Slot | undefined {
	const days = daysOf(baseline, seed);
	const range = bestRange(baseline, days, seed.usual);
	if (range === undefined) return undefined;
	const { first, last, came, due } = range;
	const spansOf = (indices: readonly number[]) => indices.flatMap((index) => days[index]?.span ?? []);
	const times = spansOf(came);
	const isWeekdays = !due.some((index) => days[index]?.isWeekend === true);
	const isDue = ({ isWeekend }: Day) => !(isWeekdays && isWeekend);
	const missed = days.slice(last + 1).filter(isDue).length;
	const mean = times.reduce((sum, span) => sum + baseline.count(span), 0) / times.length;
	const dayLooks = logLooks(due.length, days.length);
	return {
		times: times.map((span) => tight(baseline, span)),
		isOver: missed >= (mean < leastMissed ? 2 : 1),
		isUsual: days.slice(0, first).filter(isDue).length < leastWithout,
		usual: seed.usual,
		// Of all the hours of the day, of lengths that double, and all the runs of days.
		logChance:
			baseline.logTailOfAll(spansOf(due), seed.usual) +
			Math.log((baseline.perDay / Math.max(1, seed.to - seed.from)) * Math.log2(baseline.perDay)) +
			dayLooks,
		dayLooks,
		pieces: [],
	};
}

function daysOf(baseline: Baseline, seed: Seed): readonly Day[] {
	const { counts, perHour, firstCell } = baseline.track;
	const { perDay } = baseline;
	const jitter = Math.round(jitterHours * perHour);
	const days: Day[] = [];
	for (let start = seed.from % perDay; start < counts.length; start += perDay) {
		const span = { from: Math.max(0, start - jitter), to: start + seed.to - seed.from + jitter };
		if (span.to > counts.length) {
			// A time that goes on counts with what it has so far; one that has not come yet is not missed.
			span.to = counts.length;
			if (start !== seed.from && baseline.count(span) < leastPresent) break;
		}
		days.push({ span, isWeekend: isWeekend(Math.floor((firstCell + start) / perDay)) });
	}
	return days;
}

/** Without the empty cells at its ends. */
function tight(baseline: Baseline, { from, to }: Span): Span {
	const { counts } = baseline.track;
	let [first, last] = [Math.max(0, from), Math.min(to, counts.length)];
	while (first < last - 1 && counts[first] === 0) first++;
	while (last > first + 1 && counts[last - 1] === 0) last--;
	return { from: first, to: last };
}

/** Slots of the day whose days overlap are one trouble: 07:00 and 16:00 since Thursday. */
function together(slots: readonly Recurrence[]): readonly Recurrence[] {
	const found: Recurrence[] = [];
	for (const slot of slots) {
		const [first, last] = [slot.times[0]?.from ?? 0, slot.times.at(-1)?.to ?? 0];
		const index = found.findIndex(
			({ times, isUsual }) =>
				isUsual === slot.isUsual && first < (times.at(-1)?.to ?? 0) && (times[0]?.from ?? 0) < last,
		);
		const same = found[index];
		if (same === undefined) found.push(slot);
		else {
			found[index] = {
				...same,
				times: [...same.times, ...slot.times].sort((one, other) => one.from - other.from),
				isOver: same.isOver && slot.isOver,
				logChance: Math.min(same.logChance, slot.logChance),
				pieces: [...same.pieces, ...slot.pieces],
			};
		}
	}
	return found;
}
