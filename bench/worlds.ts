// Productions of four weeks with planted troubles, to measure the search for episodes on.

/**
 * Written from what error logs look like, not from the engine's model: events come as sessions that fail once or several
 * times within minutes; people live in a time zone, so that their day and their week-end do not begin at midnight UTC;
 * days and hours differ by chance; a week can be slow.
 */

import type { Dimension } from "../src/episodes/index.ts";

export const hour = 3600;
export const day = 24 * hour;
const worldDays = 28;

export type TroubleKind = "step" | "recurring" | "growing";

/** What was planted in one code. */
export interface Trouble {
	readonly code: number;
	readonly kind: TroubleKind;
	/** Epoch seconds; of a recurring one, the beginning of its first time and the end of its last. */
	readonly from: number;
	/** Excluded; may lie beyond the world's end: it goes on. */
	readonly to: number;
	readonly factor: number;
	readonly part: { readonly dimension: Dimension; readonly value: string } | undefined;
	/** Times of a recurring one. */
	readonly times: readonly { readonly from: number; readonly to: number }[];
	/** Events that would not have been there without it, in order. */
	readonly extra: readonly number[];
	/** Of a growing one: when it was half as much again as usual; else `from`. */
	readonly left: number;
	/** Events an hour as usual, of its code or part, at the onset and at the end. */
	readonly usualAtOnset: number;
	readonly usualAtEnd: number;
}

/** One code's events in order, with the value of each dimension as an index of `values`. */
export interface WorldCode {
	readonly name: string;
	readonly times: Float64Array;
	readonly values: Readonly<Record<Dimension, Uint8Array>> | undefined;
}

export interface World {
	readonly seed: number;
	readonly start: number;
	readonly end: number;
	readonly codes: readonly WorldCode[];
	readonly troubles: readonly Trouble[];
}

export type { Dimension };

export const dimensions: readonly Dimension[] = [
	"skill",
	"provider",
	"action",
	"http_status",
	"organization",
];

/** Events an hour, the mean of a weekday: ten codes from 0.2 to 200, evenly on a logarithmic scale. */
const rates: readonly number[] = Array.from({ length: 10 }, (_, index) => 0.2 * 1000 ** (index / 9));
/** From this code on, events have parts. */
const firstWithParts = 5;

type Random = () => number;

/** Mulberry32: 32 bits of state, good enough for simulation, the same everywhere. */
export function randomNumbers(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

function normal(random: Random): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function logUniform(from: number, to: number, random: Random): number {
	return from * (to / from) ** random();
}

function poisson(mean: number, random: Random): number {
	let count = 0;
	for (let left = mean; left > 0; left -= 30) {
		const limit = Math.exp(-Math.min(left, 30));
		for (let product = random(); product > limit; product *= random()) count++;
	}
	return count;
}

/** What all codes of a production share. */
interface Climate {
	readonly zone: number;
	readonly isOffice: boolean;
	readonly hourSpread: number;
	readonly daySpread: number;
	/** Days (local, since the epoch) of a slow week, from and to. */
	readonly slow: readonly [number, number];
	readonly eventsPerSession: number;
}

/** Events a second at an instant. */
type Rate = (at: number) => number;

function usualRate(rate: number, climate: Climate, random: Random): Rate {
	const shift = (random() - 0.5) * 2 * hour;
	const days = new Map<number, number>();
	const hours = new Map<number, number>();
	const drawn = (kept: Map<number, number>, key: number, spread: number) => {
		const known = kept.get(key);
		if (known !== undefined) return known;
		const value = Math.exp(spread * normal(random) - (spread * spread) / 2);
		kept.set(key, value);
		return value;
	};
	return (at) => {
		const local = at + climate.zone;
		const localDay = Math.floor(local / day);
		const phase = ((local - 13.5 * hour + shift) / day) * 2 * Math.PI;
		const shape = climate.isOffice ? (Math.cos(phase) > 0 ? 1.6 : 0.4) : 1 + 0.6 * Math.cos(phase);
		const weekend = (localDay + 4) % 7 === 0 || (localDay + 4) % 7 === 6 ? 0.35 : 1;
		const slow = localDay >= climate.slow[0] && localDay < climate.slow[1] ? 0.6 : 1;
		return (
			(rate / hour) *
			shape *
			weekend *
			slow *
			drawn(days, localDay, climate.daySpread) *
			drawn(hours, Math.floor(at / hour), climate.hourSpread)
		);
	};
}

/** Sessions begin by a Poisson process, thinned to the rate; each has a geometric number of events within minutes. */
function sessions(rate: Rate, from: number, to: number, perSession: number, random: Random): number[] {
	const found: number[] = [];
	const step = 600;
	for (let start = from; start < to; start += step) {
		const length = Math.min(step, to - start);
		const begun = poisson((rate(start + length / 2) * length) / perSession, random);
		for (let session = 0; session < begun; session++) {
			let at = start + random() * length;
			for (;;) {
				if (at < to) found.push(Math.floor(at));
				if (random() >= 1 - 1 / perSession) break;
				at += random() * 300;
			}
		}
	}
	return found;
}

/** How many values each dimension has; the shares fall as 1 / (rank + 1). */
const valueCounts: Readonly<Record<Dimension, number>> = {
	skill: 6,
	provider: 3,
	action: 12,
	http_status: 4,
	organization: 15,
};

/** Sums of the shares by rank, of so many values. */
const cumulative: readonly Float64Array[] = Array.from({ length: 16 }, (_, count) => {
	const shares = Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
	const total = shares.reduce((sum, one) => sum + one, 0);
	let sum = 0;
	return Float64Array.from(shares, (share) => {
		sum += share / total;
		return sum;
	});
});

function draw(count: number, random: Random): number {
	const place = random();
	const sums = cumulative[count] ?? new Float64Array(0);
	for (let rank = 0; rank < count; rank++) if (place < (sums[rank] ?? 1)) return rank;
	return count - 1;
}

/** The parts of one event. An action belongs to one skill, and most of a skill's events are of one provider. */
function drawParts(random: Random): Record<Dimension, number> {
	const skill = draw(valueCounts.skill, random);
	return {
		skill,
		provider: random() < 0.8 ? skill % valueCounts.provider : draw(valueCounts.provider, random),
		action: skill * 2 + (random() < 0.65 ? 0 : 1),
		http_status: draw(valueCounts.http_status, random),
		organization: draw(valueCounts.organization, random),
	};
}

export function valueName(dimension: Dimension, index: number): string {
	return dimension === "http_status" ? String(500 + index) : `${dimension}_${index}`;
}

export interface WorldOptions {
	readonly seed: number;
	readonly quiet: boolean;
}

/** Half of the worlds with troubles have one in a part. A fifth of all have less than two weeks of history. */
export function generateWorld({ seed, quiet }: WorldOptions): World {
	const random = randomNumbers(seed * 2 + (quiet ? 1 : 0));
	const isShort = random() < 0.2;
	const days = isShort ? 2 + Math.floor(random() * 11) : worldDays;
	const start = 1_760_000_000 + Math.floor(random() * 60 * day);
	const end = start + days * day + Math.floor(random() * day);
	const startDay = Math.floor(start / day);
	const slowFrom = random() < 0.25 ? startDay + Math.floor(random() * days) : 0;
	const climate: Climate = {
		zone: random() < 0.4 ? 0 : Math.round(random() * 16 - 8) * hour,
		isOffice: random() < 0.3,
		hourSpread: random() < 0.3 ? 0.25 : 0.1,
		daySpread: 0.1,
		slow: [slowFrom, slowFrom + 7],
		eventsPerSession: 1.15 + random() * 0.4,
	};
	const usual = rates.map((rate) => usualRate(rate, climate, random));
	const base = usual.map((rate) => sessions(rate, start, end, climate.eventsPerSession, random));
	const troubles: Trouble[] = [];
	const wanted = quiet ? 0 : 1 + Math.floor(random() * 3);
	const free = rates.map((_, index) => index);
	for (let planted = 0; planted < wanted; planted++) {
		const [code = 0] = free.splice(Math.floor(random() * free.length), 1);
		const trouble = plant({ code, usual: usual[code] ?? (() => 0), climate, start, end, isShort }, random);
		troubles.push(trouble);
	}
	return { seed, start, end, codes: finish(base, troubles, random), troubles };
}

interface Place {
	readonly code: number;
	readonly usual: Rate;
	readonly climate: Climate;
	readonly start: number;
	readonly end: number;
	readonly isShort: boolean;
}

function plant(place: Place, random: Random): Trouble {
	const { code, climate, end, usual } = place;
	const part =
		code >= firstWithParts && random() < 0.5 ? drawPart(random, code === rates.length - 1) : undefined;
	const share = part?.share ?? 1;
	const rate: Rate = (at) => usual(at) * share;
	const factor = logUniform(3, 30, random);
	const earliest = place.start + (place.isShort ? 0.4 : 0.12) * (end - place.start);
	const kinds: readonly TroubleKind[] = ["step", "step", "step", "recurring", "growing"];
	const kind = kinds[Math.floor(random() * kinds.length)] ?? "step";
	const made = shapes[kind]({ earliest, end, factor, rate, perSession: climate.eventsPerSession }, random);
	return {
		code,
		kind,
		part: part === undefined ? undefined : { dimension: part.dimension, value: part.value },
		...made,
		factor: kind === "recurring" ? realFactor(made, rate) : factor,
		extra: made.extra.sort((one, other) => one - other),
		usualAtOnset: rate(made.from) * hour,
		usualAtEnd: rate(Math.min(made.to, end)) * hour,
	};
}

/** What came of a job that fails so many times whatever is usual at its hour. */
function realFactor({ times, extra }: Made, rate: Rate): number {
	const usual = times.reduce((sum, { from, to }) => sum + rate((from + to) / 2) * (to - from), 0);
	return 1 + extra.length / Math.max(usual, 1e-9);
}

interface Course {
	readonly earliest: number;
	readonly end: number;
	readonly factor: number;
	readonly rate: Rate;
	readonly perSession: number;
}

type Made = Pick<Trouble, "from" | "to" | "times" | "left"> & { extra: number[] };

const shapes: Readonly<Record<TroubleKind, (course: Course, random: Random) => Made>> = {
	step: ({ earliest, end, factor, rate, perSession }, random) => {
		const length = logUniform(0.25 * hour, 6 * day, random);
		const from = Math.floor(earliest + random() * (end - earliest - 0.25 * hour));
		const to = Math.floor(from + length);
		const extra = sessions((at) => (factor - 1) * rate(at), from, Math.min(to, end), perSession, random);
		return { from, to, left: from, times: [{ from, to }], extra };
	},
	growing: ({ earliest, end, factor, rate, perSession }, random) => {
		const length = Math.min((4 + random() * 8) * day, end - earliest);
		const isOn = random() < 0.7;
		const from = Math.floor(
			isOn ? end - length * (0.6 + 0.4 * random()) : earliest + random() * (end - earliest - length),
		);
		const to = Math.floor(from + length);
		const isLinear = random() < 0.5;
		const rise = (at: number) => {
			const part = Math.min(1, (at - from) / length);
			return isLinear ? (factor - 1) * part : factor ** part - 1;
		};
		const extra = sessions((at) => rise(at) * rate(at), from, Math.min(to, end), perSession, random);
		const left = from + length * (isLinear ? 0.5 / (factor - 1) : Math.log(1.5) / Math.log(factor));
		return { from, to, left: Math.floor(left), times: [{ from, to }], extra };
	},
	recurring: ({ earliest, end, factor, rate, perSession }, random) => {
		const firstDay = Math.floor((earliest + random() * Math.max(0, end - earliest - 3 * day)) / day);
		const days = 3 + Math.floor(random() * 10);
		const hours = Array.from({ length: random() < 0.5 ? 1 : 2 }, () => random() * 24 * hour);
		const length = (5 + random() * 40) * 60;
		const weekdaysOnly = random() < 0.3;
		const times = Array.from({ length: days }, (_, index) => firstDay + index)
			.filter((one) => !weekdaysOnly || ((one + 4) % 7 !== 0 && (one + 4) % 7 !== 6))
			.flatMap((one) => hours.map((at) => Math.floor(one * day + at)))
			.filter((from) => from >= earliest)
			.sort((one, other) => one - other)
			.map((from) => ({ from, to: Math.floor(from + length) }));
		// A job fails as often whatever the hour: no less than six times a run, however quiet the code.
		const each = Math.max(6, (factor - 1) * rate(earliest) * length);
		const extra = times
			.filter(({ from }) => from < end)
			.flatMap(({ from, to }) => sessions(() => each / length, from, Math.min(to, end), perSession, random));
		const last = times.at(-1)?.to ?? earliest;
		const from = times[0]?.from ?? earliest;
		return { from, to: last, left: from, times, extra };
	},
};

/** A part of 3 to 30 % of a code's events. */
function drawPart(
	random: Random,
	any: boolean,
): { dimension: Dimension; value: string; share: number } | undefined {
	const dimension = dimensions[Math.floor(random() * dimensions.length)] ?? "skill";
	const value = Math.floor(random() * valueCounts[dimension]);
	const share = partShare(dimension, value);
	if (share < 0.03 || share > 0.3) return any ? drawPart(random, any) : undefined;
	return { dimension, value: valueName(dimension, value), share };
}

function rankShare(count: number, rank: number): number {
	const sums = cumulative[count] ?? new Float64Array(0);
	return (sums[rank] ?? 1) - (sums[rank - 1] ?? 0);
}

function partShare(dimension: Dimension, value: number): number {
	const ofSkill = (skill: number) => rankShare(valueCounts.skill, skill);
	switch (dimension) {
		case "action":
			return ofSkill(Math.floor(value / 2)) * (value % 2 === 0 ? 0.65 : 0.35);
		case "provider":
			return (
				0.2 * rankShare(valueCounts.provider, value) +
				0.8 * (ofSkill(value) + ofSkill(value + valueCounts.provider))
			);
		case "skill":
		case "http_status":
		case "organization":
			return rankShare(valueCounts[dimension], value);
	}
}

/** Puts the troubles' events among the usual ones, in order, and draws the parts of all. */
function finish(
	base: readonly (readonly number[])[],
	troubles: readonly Trouble[],
	random: Random,
): readonly WorldCode[] {
	return base.map((usual, code) => {
		const trouble = troubles.find((one) => one.code === code);
		// The lowest bit says which events were planted.
		const all = Float64Array.from([
			...usual.map((at) => at * 2),
			...(trouble?.extra.map((at) => at * 2 + 1) ?? []),
		]).sort();
		const times = all.map((one) => Math.floor(one / 2));
		const name = `CODE_${code}`;
		if (code < firstWithParts) return { name, times, values: undefined };
		const values: Record<Dimension, Uint8Array> = {
			skill: new Uint8Array(all.length),
			provider: new Uint8Array(all.length),
			action: new Uint8Array(all.length),
			http_status: new Uint8Array(all.length),
			organization: new Uint8Array(all.length),
		};
		for (const [index, one] of all.entries()) {
			const drawn = drawParts(random);
			const part = one % 2 === 1 ? trouble?.part : undefined;
			if (part !== undefined) place(drawn, part, random);
			for (const dimension of dimensions) values[dimension][index] = drawn[dimension];
		}
		return { name, times, values };
	});
}

/** Makes an event one of the part; what depends on it follows. */
function place(
	drawn: Record<Dimension, number>,
	{ dimension, value }: { readonly dimension: Dimension; readonly value: string },
	random: Random,
): void {
	for (let tries = 0; tries < 2000; tries++) {
		if (valueName(dimension, drawn[dimension]) === value) return;
		Object.assign(drawn, drawParts(random));
	}
}
