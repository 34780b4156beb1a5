// Finds what comes at the same hours on several days.
import { isWeekend, type Span } from "./grid.ts";
import type { Found } from "./scan.ts";
import type { Baseline, Usual } from "./track.ts";

/** Longer than this is not an hour of the day any more. */
const mostHours = 6;
/** Hours by which a time may come earlier or later. */
const jitterHours = 1 / 12;
const leastTimes = 3;
/** So many days without it there must be before, to say that it is new. */
const leastWithout = 2;
/** Of the days between the first and the last, on so many it must come. */
const leastShare = 0.6;
/** A time has come where its count has a smaller chance than this, and so many events. */
const logPresent = Math.log(0.06);
/** Beyond a day on which it did not come, more is wanted: by chance something comes on many days. */
const logAfterMiss = Math.log(0.003);
const leastPresent = 2;
const mostClumps = 12;
/** Last days that there are for each first one, as those in between must have come too. */
const ranges = 5;
/** The strongest day does not count, which leaves the chance to err far smaller than it is taken to be: e^2. */
const slack = 2;
/** One time that is missed says that it is over, where it has had so many events; else two. */
const leastMissed = 10;
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

/** A span that may be one of the times. */
interface Seed extends Span {
	readonly usual: Usual;
}

interface Day {
	readonly span: Span;
	readonly isWeekend: boolean;
	/** ln of the chance of so many; undefined where it did not come. */
	readonly logTail: number | undefined;
}

/**
 * Each short span that stands out, or nearly, is looked for at the same time of every other day, where much less is proof
 * enough: it is one question, not thousands. Days run from the first on which it came to the last; week-ends may be left
 * out. The chance is that of as many on all the days
 * that were due, times all that the hour and the days could have been.
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
	const seeds: Seed[] = [...pieces, ...suspects.filter(isShort)].sort(
		(one, other) => one.logChance - other.logChance,
	);
	seeds.push(
		...[...found, ...suspects].filter((one) => !isShort(one)).flatMap((one) => clumps(baseline, one)),
	);
	const taken: Span[] = [];
	const slots: Recurrence[] = [];
	for (const seed of seeds) {
		if (taken.some((time) => overlap(time, seed))) continue;
		const slot = slotOf(baseline, seed);
		if (slot === undefined || slot.logChance > logThreshold + slack) continue;
		taken.push(...slot.times);
		slots.push({
			...slot,
			pieces: pieces.filter((piece) => slot.times.some((time) => overlap(piece, time))),
		});
	}
	return together(slots).filter(({ times }) => isRare(baseline, times) && isAlone(baseline, times));
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

function overlap(one: Span, other: Span): boolean {
	return one.from < other.to && other.from < one.to;
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

function slotOf(baseline: Baseline, seed: Seed): Recurrence | undefined {
	const { days, at } = daysOf(baseline, seed);
	const isWeekdays = !days.some((day) => day.logTail !== undefined && day.isWeekend);
	const isDue = (index: number) => !(isWeekdays && days[index]?.isWeekend === true);
	const end = (step: 1 | -1) => {
		let [last, missed] = [at, 0];
		for (let index = at; index >= 0 && index < days.length && missed < 2; index += step) {
			if ((days[index]?.logTail ?? 0) < (missed > 0 ? logAfterMiss : logPresent)) [last, missed] = [index, 0];
			else if (isDue(index)) missed++;
		}
		return last;
	};
	const [first, last] = [end(-1), end(1)];
	const range = days.slice(first, last + 1);
	const came = range.filter(({ logTail }) => logTail !== undefined);
	const due = range.filter((_, index) => isDue(first + index)).length;
	if (came.length < leastTimes || came.length < leastShare * due) return undefined;
	const missed = days.slice(last + 1).filter((_, index) => isDue(last + 1 + index)).length;
	const mean = came.reduce((sum, { span }) => sum + baseline.count(span), 0) / came.length;
	const all = range.filter((_, index) => isDue(first + index)).map(({ span }) => span);
	return {
		times: came.map(({ span }) => tight(baseline, span)),
		isOver: missed >= (mean < leastMissed ? 2 : 1),
		isUsual: days.slice(0, first).filter((_, index) => isDue(index)).length < leastWithout,
		usual: seed.usual,
		// Without the strongest day: one burst is not a recurring trouble. Of all the hours of the day, first days and last days that there are.
		logChance:
			baseline.logTailOfAll(withoutMost(baseline, all), seed.usual) +
			Math.log(baseline.perDay / Math.max(1, seed.to - seed.from)) +
			Math.log(ranges * days.length),
		pieces: [],
	};
}

function withoutMost(baseline: Baseline, spans: readonly Span[]): readonly Span[] {
	return [...spans].sort((one, other) => baseline.count(one) - baseline.count(other)).slice(0, -1);
}

function daysOf(baseline: Baseline, seed: Seed): { readonly days: readonly Day[]; readonly at: number } {
	const { counts, perHour, firstCell } = baseline.track;
	const { perDay } = baseline;
	const jitter = Math.round(jitterHours * perHour);
	const days: Day[] = [];
	let at = 0;
	for (let day = -Math.floor(seed.from / perDay) - 1; ; day++) {
		const start = seed.from + day * perDay;
		const span = { from: start - jitter, to: seed.to + day * perDay + jitter };
		if (span.to > counts.length && day !== 0) break;
		if (span.from < 0 && day !== 0) continue;
		if (day === 0) at = days.length;
		days.push({
			span,
			isWeekend: isWeekend(Math.floor((firstCell + start) / perDay)),
			logTail: presence(baseline, span, seed),
		});
		if (span.to > counts.length) break;
	}
	return { days, at };
}

function presence(baseline: Baseline, span: Span, { usual }: Seed): number | undefined {
	const count = baseline.count(span);
	if (count < leastPresent || count < 2 * baseline.load(span) * usual.level) return undefined;
	const logTail = baseline.logTail(span, usual);
	return logTail < logPresent ? logTail : undefined;
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
