// How busy each hour of a weekday and of a week-end's day is: of all codes, and of one.
import type { Calendar } from "./calendar.ts";
import { slots } from "./grid.ts";

/** How far (squared coefficient of variation) an hour may be from the day's mean: day and night 4 to 1 give 0.18. */
const hourVariance = 0.25;
/** How far a week-end may be from the weekdays, and its hours from theirs. */
const weekendVariance = 0.4;
const slotVariance = 0.08;
/** How far one code's day may be from the shape that all codes share. */
const codeVariance = 0.06;
/** What an hour has more than this many times the usual, and this much beyond, is left out: it may be a trouble. */
const outlierFactor = 2.5;
const outlierMargin = 6;

/** Busyness by slot (48), 1 being the mean, and how far off it may be: a squared coefficient of variation. */
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
	for (let round = 0; round < 4; round++) {
		const seen = new Float64Array(slots);
		const expected = new Float64Array(slots);
		for (const [index, hours] of codes.entries()) {
			addCode(hours, kept[index] ?? held, calendar, shape, seen, expected);
		}
		shape = leaning(seen, expected);
		if (round < 3) kept = codes.map((hours) => withoutOutliers(hours, calendar, shape));
	}
	return shape;
}

/** The shape of one code: its own counts correct the shared one. */
export function ownShape(
	hours: Float64Array,
	held: Float64Array,
	calendar: Calendar,
	shared: WeekShape,
	dispersion: number,
): WeekShape {
	const seen = new Float64Array(slots);
	const exposed = new Float64Array(slots);
	let [total, load] = [0, 0];
	for (let hour = 0; hour < hours.length; hour++) {
		const part = held[hour] ?? 0;
		if (part === 0) continue;
		const slot = calendar.slots[hour] ?? 0;
		const weight = part * (shared.busyness[slot] ?? 1);
		seen[slot] = (seen[slot] ?? 0) + (hours[hour] ?? 0);
		exposed[slot] = (exposed[slot] ?? 0) + weight;
		total += hours[hour] ?? 0;
		load += weight;
	}
	const level = load === 0 ? 0 : total / load / dispersion;
	const prior = 1 / codeVariance;
	const busyness = new Float64Array(slots);
	const variance = new Float64Array(slots);
	for (let slot = 0; slot < slots; slot++) {
		const known = level * (exposed[slot] ?? 0);
		const factor = (prior + (seen[slot] ?? 0) / dispersion) / (prior + known);
		busyness[slot] = factor * (shared.busyness[slot] ?? 1);
		const ofShared = shared.variance[slot] ?? 0;
		// The own counts speak for themselves, the more of them there are.
		const own = known / (prior + known);
		variance[slot] = (1 - own) * (1 - own) * (ofShared + codeVariance) + (own * own) / Math.max(known, 1);
	}
	return { busyness, variance };
}

/** Busyness of each bucket, on straight lines between the middles of the hours of its day. */
export function bucketBusyness(shape: WeekShape, calendar: Calendar): Float64Array {
	const found = new Float64Array(calendar.length);
	for (let hour = 0; hour < calendar.hours; hour++) {
		const slot = calendar.slots[hour] ?? 0;
		const before = calendar.slots[hour - 1] ?? (slot % 24 === 0 ? slot + 23 : slot - 1);
		const after = calendar.slots[hour + 1] ?? (slot % 24 === 23 ? slot - 23 : slot + 1);
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
	const at = (values: ArrayLike<number>, index: number) => values[index] ?? 0;
	const weekend = new Float64Array(2).fill(1);
	const hourly = new Float64Array(24).fill(1);
	for (let round = 0; round < 4; round++) {
		let [weekendSeen, weekendExpected] = [0, 0];
		for (let hour = 0; hour < 24; hour++) {
			weekendSeen += at(seen, 24 + hour);
			weekendExpected += at(expected, 24 + hour) * at(hourly, hour);
		}
		weekend[1] = (1 / weekendVariance + weekendSeen) / (1 / weekendVariance + weekendExpected);
		for (let hour = 0; hour < 24; hour++) {
			let [hourSeen, hourExpected] = [1 / hourVariance, 1 / hourVariance];
			for (const [step, weight] of neighbours) {
				const other = (hour + step) % 24;
				hourSeen += weight * (at(seen, other) + at(seen, 24 + other));
				hourExpected += weight * (at(expected, other) + at(expected, 24 + other) * at(weekend, 1));
			}
			hourly[hour] = hourSeen / hourExpected;
		}
	}
	const busyness = new Float64Array(slots);
	const variance = new Float64Array(slots);
	for (let slot = 0; slot < slots; slot++) {
		const model = at(hourly, slot % 24) * at(weekend, slot < 24 ? 0 : 1);
		const known = model * at(expected, slot);
		busyness[slot] = (model * (1 / slotVariance + at(seen, slot))) / (1 / slotVariance + known);
		const ofHour = 1 / (1 / hourVariance + at(seen, slot % 24) + at(seen, 24 + (slot % 24)));
		const ofKind = known < 1 ? weekendVariance / (1 + weekendVariance * weekendSum(seen, slot)) : 0;
		variance[slot] = 1 / (1 / slotVariance + known) + ofHour + ofKind;
	}
	return { busyness, variance };
}

const neighbours = [
	[23, 0.5],
	[0, 1],
	[1, 0.5],
] as const;

function weekendSum(seen: Float64Array, slot: number): number {
	const from = slot < 24 ? 0 : 24;
	return seen.subarray(from, from + 24).reduce((sum, one) => sum + one, 0);
}

/** Hours and whole days that stand far above the code's usual are left out. */
function withoutOutliers(hours: Float64Array, calendar: Calendar, shape: WeekShape): Float64Array {
	const load = calendar.hourExtent.map(
		(part, hour) => part * (shape.busyness[calendar.slots[hour] ?? 0] ?? 1),
	);
	const level = robustLevel(hours, load);
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

/** Events per load on the usual days: of the days ranked by it, those from a fifth to six tenths. */
export function robustLevel(hours: ArrayLike<number>, load: ArrayLike<number>): number {
	const days: { count: number; load: number }[] = [];
	for (let from = 0; from < hours.length; from += 24) {
		const one = { count: 0, load: 0 };
		for (let hour = from; hour < Math.min(hours.length, from + 24); hour++) {
			one.count += hours[hour] ?? 0;
			one.load += load[hour] ?? 0;
		}
		if (one.load > 0) days.push(one);
	}
	days.sort((one, other) => one.count / one.load - other.count / other.load);
	const middle = days.slice(Math.floor(days.length * 0.2), Math.max(1, Math.ceil(days.length * 0.65)));
	const count = middle.reduce((sum, one) => sum + one.count, 0);
	const all = middle.reduce((sum, one) => sum + one.load, 0);
	return all === 0 ? 0 : count / all;
}
