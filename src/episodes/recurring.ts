// Finds what comes at the same hours on several days.
import { isWeekend, type Span } from "./grid.ts";
import type { Found } from "./scan.ts";
import type { Baseline } from "./track.ts";

/** Longer than this is not an hour of the day any more. */
const mostHours = 6;
/** Hours by which a time may come earlier or later. */
const jitterHours = 0.25;
const leastTimes = 3;
/** Of the days between the first and the last, on so many it must come. */
const leastShare = 0.7;
/** A time has come where its count has a smaller chance than this, and so many events. */
const logPresent = Math.log(0.01);
const leastPresent = 3;

export interface Recurrence {
	/** Each time that it came, in order. */
	readonly times: readonly Span[];
	/** It did not come at the times that were due since. */
	readonly isOver: boolean;
	/** It is as old as the history: that is what is usual. */
	readonly isUsual: boolean;
}

interface Slot {
	readonly times: readonly Span[];
	readonly missed: number;
	readonly isUsual: boolean;
}

/**
 * Each short span that stands out is looked for at the same time of every other day, where much less is proof enough: it
 * is one question, not thousands. Days run from the first on which it came to the last; week-ends may be left out.
 */
export function recurrences(
	baseline: Baseline,
	found: readonly Found[],
): readonly (Recurrence & { readonly pieces: readonly Found[] })[] {
	const { perHour } = baseline.track;
	const left = new Set(found.filter(({ from, to }) => to - from <= mostHours * perHour));
	const slots: (Slot & { readonly pieces: readonly Found[] })[] = [];
	for (const seed of [...left].sort((one, other) => one.logChance - other.logChance)) {
		if (!left.has(seed)) continue;
		const slot = slotOf(baseline, seed);
		if (slot === undefined) continue;
		const pieces = [...left].filter((piece) => slot.times.some((time) => overlap(piece, time)));
		for (const piece of pieces) left.delete(piece);
		slots.push({ ...slot, pieces });
	}
	return together(slots);
}

function overlap(one: Span, other: Span): boolean {
	return one.from < other.to && other.from < one.to;
}

function slotOf(baseline: Baseline, seed: Found): Slot | undefined {
	const { counts, perHour, firstCell } = baseline.track;
	const { perDay } = baseline;
	const jitter = Math.ceil(jitterHours * perHour);
	const days: { day: number; span: Span; came: boolean; weekend: boolean }[] = [];
	for (let day = -Math.floor(seed.from / perDay) - 1; ; day++) {
		const span = { from: seed.from + day * perDay - jitter, to: seed.to + day * perDay + jitter };
		if (span.to > counts.length) break;
		if (span.from < 0) continue;
		const weekend = isWeekend(Math.floor((firstCell + seed.from + day * perDay) / perDay));
		days.push({ day, span, came: hasCome(baseline, span, seed), weekend });
	}
	const at = days.findIndex(({ day }) => day === 0);
	const isWeekdays = !days.some(({ came, weekend }) => came && weekend);
	const due = (index: number) => !(isWeekdays && days[index]?.weekend === true);
	const [first, last] = [-1, 1].map((step) => {
		let [end, missed] = [at, 0];
		for (let index = at; index >= 0 && index < days.length && missed < 2; index += step) {
			if (days[index]?.came) [end, missed] = [index, 0];
			else if (due(index)) missed++;
		}
		return end;
	});
	if (first === undefined || last === undefined) return undefined;
	const range = days.slice(first, last + 1);
	const came = range.filter((one) => one.came);
	const wanted = range.filter((_, index) => due(first + index)).length;
	if (came.length < leastTimes || came.length < leastShare * wanted) return undefined;
	const missed = days.slice(last + 1).filter((_, index) => due(last + 1 + index)).length;
	return {
		times: came.map(({ span }) => tight(baseline, span)),
		missed,
		isUsual: first <= 1 && (days[first]?.span.from ?? 0) < 2 * perDay,
	};
}

function hasCome(baseline: Baseline, span: Span, seed: Found): boolean {
	const count = baseline.count(span);
	const expected = baseline.load(span) * seed.usual.level;
	if (count < leastPresent || count < 2 * expected) return false;
	return baseline.logTail(span, seed.usual) < logPresent;
}

/** Without the empty cells at its ends. */
function tight(baseline: Baseline, { from, to }: Span): Span {
	const { counts } = baseline.track;
	let [first, last] = [from, to];
	while (first < last - 1 && counts[first] === 0) first++;
	while (last > first + 1 && counts[last - 1] === 0) last--;
	return { from: first, to: last };
}

/** Slots of the day whose days overlap are one trouble: 07:00 and 16:00 since Thursday. */
function together<Piece>(
	slots: readonly (Slot & { readonly pieces: readonly Piece[] })[],
): readonly (Recurrence & { readonly pieces: readonly Piece[] })[] {
	const found: { times: Span[]; isOver: boolean; isUsual: boolean; pieces: Piece[] }[] = [];
	for (const slot of slots) {
		const [first, last] = [slot.times[0]?.from ?? 0, slot.times.at(-1)?.to ?? 0];
		const same = found.find(
			({ times, isUsual }) =>
				isUsual === slot.isUsual && first < (times.at(-1)?.to ?? 0) && (times[0]?.from ?? 0) < last,
		);
		const isOver = slot.missed > 0;
		if (same === undefined) {
			found.push({ times: [...slot.times], isOver, isUsual: slot.isUsual, pieces: [...slot.pieces] });
			continue;
		}
		same.times = [...same.times, ...slot.times].sort((one, other) => one.from - other.from);
		same.isOver &&= isOver;
		same.pieces.push(...slot.pieces);
	}
	return found;
}
