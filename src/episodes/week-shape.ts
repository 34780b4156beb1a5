// How busy each hour of a weekday and of a week-end's day is: of all codes, and of one.
import type { Calendar } from "./calendar.ts";
import { kindOfSlot, slots } from "./grid.ts";

/** How far (squared coefficient of variation) an hour may be from the day's mean: day and night 4 to 1 give 0.18. */
const hourVariance = 0.25;
/** How far a week-end may be from the weekdays, and its hours from theirs. */
const weekendVariance = 0.4;
const slotVariance = 0.15;
/** How far one code's day may be from the shape that all codes share. */
const codeVariance = 0.06;
/** What an hour has more than this many times the usual, and this much beyond, is left out: it may be a trouble. */
const outlierFactor = 2.5;
const outlierMargin = 6;

const rounds = 4;
/** Events a day, of so many codes, that say how busy a day was; and how much they may say. */
const leastDaily = 8;
const leastCodes = 3;
const leastDayFactor = 0.4;
const mostDayFactor = 1.6;

/** Busyness by hour of the week, 1 being the mean, and how far off it may be: a squared coefficient of variation. */
export interface WeekShape {
	readonly busyness: Float64Array;
	readonly variance: Float64Array;
}

/**
 * The shape that all codes share. Each code weighs as a code of about 1 / codeVariance events a slot at the most, so that one
 * busy code does not bend it, and hours far above the usual are left out, in three rounds. The slots are gamma-Poisson
 * estimates that lean towards (hour of the day) × (kind of day), and these towards a flat week.
 */
export function sharedShape(codes: readonly Float64Array[], calendar: Calendar): WeekShape {
	const held = calendar.hourExtent;
	let shape = flat();
	let kept: readonly Float64Array[] = codes.map(() => held);
	for (let round = 0; round < rounds; round++) {
		const seen = new Float64Array(slots);
		const expected = new Float64Array(slots);
		for (const [index, hours] of codes.entries()) {
			addCode(hours, kept[index] ?? held, calendar, shape, seen, expected);
		}
		shape = leaning(seen, expected);
		kept = codes.map((hours) => withoutOutliers(hours, calendar, shape));
	}
	return shape;
}

/**
 * How busy each day of the history was against the same day of other weeks, for all codes: the median of the codes that
 * have enough events. A slow week or a holiday is not one code's affair.
 */
export function dayFactors(
	codes: readonly Float64Array[],
	calendar: Calendar,
	shape: WeekShape,
): Float64Array {
	const load = calendar.hourExtent.map(
		(part, hour) => part * (shape.busyness[calendar.slots[hour] ?? 0] ?? 1),
	);
	const ratios: number[][] = [];
	for (const hours of codes) {
		const days = daily(hours, load);
		const level = robustLevel(days);
		for (const [day, { count, load: own }] of days.entries()) {
			const expected = level * own;
			if (expected < leastDaily) continue;
			const known = ratios[day] ?? [];
			ratios[day] = [...known, (count + leastDaily) / (expected + leastDaily)];
		}
	}
	return Float64Array.from({ length: Math.ceil(calendar.hours / 24) }, (_, day) => {
		const ranked = [...(ratios[day] ?? [])].sort((one, other) => one - other);
		if (ranked.length < leastCodes) return 1;
		const middle = ranked.length / 2;
		const median = ((ranked[Math.ceil(middle) - 1] ?? 1) + (ranked[Math.floor(middle)] ?? 1)) / 2;
		return Math.min(mostDayFactor, Math.max(leastDayFactor, median));
	});
}

/** The shape of one code: its own counts correct the shared one. */
export function ownShape(
	hours: Float64Array,
	held: Float64Array,
	calendar: Calendar,
	shared: WeekShape,
	dispersion: number,
): WeekShape {
	const seen = new Float64Array(48);
	const exposed = new Float64Array(48);
	let [total, load] = [0, 0];
	for (let hour = 0; hour < hours.length; hour++) {
		const part = held[hour] ?? 0;
		if (part === 0) continue;
		const slot = calendar.slots[hour] ?? 0;
		const own = ownSlot(slot);
		const weight = part * (shared.busyness[slot] ?? 1);
		seen[own] = (seen[own] ?? 0) + (hours[hour] ?? 0);
		exposed[own] = (exposed[own] ?? 0) + weight;
		total += hours[hour] ?? 0;
		load += weight;
	}
	const level = load === 0 ? 0 : total / load / dispersion;
	const prior = 1 / codeVariance;
	const known = exposed.map((one) => one * level);
	return {
		busyness: shared.busyness.map((one, slot) => {
			const own = ownSlot(slot);
			return (one * (prior + (seen[own] ?? 0) / dispersion)) / (prior + (known[own] ?? 0));
		}),
		variance: shared.variance.map((one, slot) => {
			// The own counts speak for themselves, the more of them there are.
			const count = known[ownSlot(slot)] ?? 0;
			const own = count / (prior + count);
			return (1 - own) * (1 - own) * (one + codeVariance) + (own * own) / Math.max(count, 1);
		}),
	};
}

/** A code's own day is distinguished by the hour and the kind of day. */
function ownSlot(slot: number): number {
	return (slot % 24) + 24 * kindOfSlot(slot);
}

/** Busyness of each bucket, on straight lines between the middles of the hours of its day. */
export function bucketBusyness(shape: WeekShape, calendar: Calendar): Float64Array {
	const found = new Float64Array(calendar.length);
	for (let hour = 0; hour < calendar.hours; hour++) {
		const slot = calendar.slots[hour] ?? 0;
		const before = (slot + slots - 1) % slots;
		const after = (slot + 1) % slots;
		const [own, left, right] = [slot, before, after].map((one) => shape.busyness[one] ?? 1);
		for (let part = 0; part < 12; part++) {
			const index = hour * 12 + part;
			if (index >= found.length) break;
			const place = (part + 0.5) / 12;
			const other = place < 0.5 ? (left ?? 1) : (right ?? 1);
			const far = Math.abs(place - 0.5);
			found[index] = (own ?? 1) * (1 - far) + other * far;
		}
	}
	return found;
}

function flat(): WeekShape {
	return {
		busyness: new Float64Array(slots).fill(1),
		variance: new Float64Array(slots).fill(hourVariance + slotVariance),
	};
}

function addCode(
	hours: Float64Array,
	held: Float64Array,
	calendar: Calendar,
	shape: WeekShape,
	seen: Float64Array,
	expected: Float64Array,
): void {
	let [total, load] = [0, 0];
	for (let hour = 0; hour < hours.length; hour++) {
		const part = held[hour] ?? 0;
		if (part === 0) continue;
		total += hours[hour] ?? 0;
		load += part * (shape.busyness[calendar.slots[hour] ?? 0] ?? 1);
	}
	if (total === 0) return;
	const weight = 1 / (1 + (codeVariance * total) / slots / 1.5) / 1.5;
	const level = total / load;
	for (let hour = 0; hour < hours.length; hour++) {
		const part = held[hour] ?? 0;
		if (part === 0) continue;
		const slot = calendar.slots[hour] ?? 0;
		seen[slot] = (seen[slot] ?? 0) + weight * (hours[hour] ?? 0);
		expected[slot] = (expected[slot] ?? 0) + weight * level * part;
	}
}

function leaning(seen: Float64Array, expected: Float64Array): WeekShape {
	const hourly = new Float64Array(24).fill(1);
	let weekend = 1;
	const [hourSeen, weekendSeen] = [new Float64Array(24), sumOf(seen, isOnWeekend)];
	for (const [slot, one] of seen.entries()) hourSeen[slot % 24] = (hourSeen[slot % 24] ?? 0) + one;
	for (let round = 0; round < 4; round++) {
		const weekendExpected = sumOf(expected, isOnWeekend, (slot) => hourly[slot % 24] ?? 1);
		weekend = (1 / weekendVariance + weekendSeen) / (1 / weekendVariance + weekendExpected);
		const hourExpected = new Float64Array(24);
		for (const [slot, one] of expected.entries()) {
			const kind = isOnWeekend(slot) ? weekend : 1;
			hourExpected[slot % 24] = (hourExpected[slot % 24] ?? 0) + one * kind;
		}
		for (let hour = 0; hour < 24; hour++) {
			hourly[hour] = blended(hourSeen, hourExpected, hour, 1 / hourVariance);
		}
	}
	const model = Float64Array.from(
		seen,
		(_, slot) => (hourly[slot % 24] ?? 1) * (isOnWeekend(slot) ? weekend : 1),
	);
	const known = expected.map((one, slot) => one * (model[slot] ?? 1));
	const kinds = [sumOf(seen, (slot) => !isOnWeekend(slot)), weekendSeen];
	return {
		busyness: model.map((one, slot) => one * blended(seen, known, slot, 1 / slotVariance)),
		variance: known.map((one, slot) => {
			const ofKind = weekendVariance / (1 + weekendVariance * (kinds[kindOfSlot(slot)] ?? 0));
			const ofHour = 1 / (1 / hourVariance + (hourSeen[slot % 24] ?? 0));
			return 1 / (1 / slotVariance + one) + ofHour + ofKind;
		}),
	};
}

function isOnWeekend(slot: number): boolean {
	return kindOfSlot(slot) === 1;
}

function sumOf(
	values: Float64Array,
	isIn: (slot: number) => boolean,
	weight: (slot: number) => number = () => 1,
): number {
	return values.reduce((sum, one, slot) => (isIn(slot) ? sum + one * weight(slot) : sum), 0);
}

/** Seen over expected, the neighbours counting half, drawn towards 1. */
function blended(seen: Float64Array, expected: Float64Array, at: number, prior: number): number {
	const size = seen.length;
	let [own, usual] = [prior, prior];
	for (const [step, weight] of neighbours) {
		const other = (at + step + size) % size;
		own += weight * (seen[other] ?? 0);
		usual += weight * (expected[other] ?? 0);
	}
	return own / usual;
}

const neighbours = [
	[-1, 0.5],
	[0, 1],
	[1, 0.5],
] as const;

/** Hours and whole days that stand far above the code's usual are left out. */
function withoutOutliers(hours: Float64Array, calendar: Calendar, shape: WeekShape): Float64Array {
	const load = calendar.hourExtent.map(
		(part, hour) => part * (shape.busyness[calendar.slots[hour] ?? 0] ?? 1),
	);
	const level = robustLevel(daily(hours, load));
	const kept = Float64Array.from(calendar.hourExtent);
	for (let from = 0; from < hours.length; from++) {
		for (const length of [1, 6, 24]) {
			if (from % length !== 0) continue;
			let [count, expected] = [0, 0];
			for (let hour = from; hour < Math.min(hours.length, from + length); hour++) {
				count += hours[hour] ?? 0;
				expected += level * (load[hour] ?? 0);
			}
			if (count > outlierFactor * expected + outlierMargin) kept.fill(0, from, from + length);
		}
	}
	return kept;
}

/** Events per load on the usual days: of the days ranked by it, those from a fifth to two thirds. */
export function robustLevel(days: readonly { readonly count: number; readonly load: number }[]): number {
	const ranked = days
		.filter(({ load }) => load > 0)
		.sort((one, other) => one.count / one.load - other.count / other.load);
	const middle = ranked.slice(Math.floor(ranked.length * 0.2), Math.max(1, Math.ceil(ranked.length * 0.65)));
	const count = middle.reduce((sum, one) => sum + one.count, 0);
	const load = middle.reduce((sum, one) => sum + one.load, 0);
	return load === 0 ? 0 : count / load;
}

function daily(hours: Float64Array, load: Float64Array): { count: number; load: number }[] {
	return Array.from({ length: Math.ceil(hours.length / 24) }, (_, day) => {
		const one = { count: 0, load: 0 };
		for (let hour = day * 24; hour < Math.min(hours.length, day * 24 + 24); hour++) {
			one.count += hours[hour] ?? 0;
			one.load += load[hour] ?? 0;
		}
		return one;
	});
}
