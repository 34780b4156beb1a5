// Productions of four weeks with planted troubles, to measure the search for episodes on.

/**
 * Written from what error logs look like, not from the engine's model: events come as sessions that fail once or several
 * times within minutes; people live in a time zone, so that their day and their week-end do not begin at midnight UTC;
 * days and hours differ by chance; a week can be slow.
 */

import type { Dimension } from "../src/episodes/index.ts";
import { type Climate, day, hour, sessions, usualRate } from "./world-climate.ts";
import { dimensions, drawParts, placeInPart } from "./world-parts.ts";
import { type Random, randomNumbers } from "./world-random.ts";
import { firstWithParts, plant, type Trouble } from "./world-troubles.ts";

const worldDays = 28;

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

/** Events an hour, the mean of a weekday: ten codes from 0.2 to 200, evenly on a logarithmic scale. */
const rates: readonly number[] = Array.from({ length: 10 }, (_, index) => 0.2 * 1000 ** (index / 9));
/** Where what fails is tried again at once. */
const retriedEvents = 2.2;

export interface WorldOptions {
	readonly seed: number;
	readonly quiet: boolean;
	/** The sessions of a trouble fail twice or more often each. */
	readonly retried?: boolean;
}

/** Half of the worlds with troubles have one in a part. A fifth of all have less than two weeks of history. */
export function generateWorld({ seed, quiet, retried = false }: WorldOptions): World {
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
	const failing = retried ? { ...climate, eventsPerSession: retriedEvents } : climate;
	const troubles: Trouble[] = [];
	const wanted = quiet ? 0 : 1 + Math.floor(random() * 3);
	const free = rates.map((_, index) => index);
	for (let planted = 0; planted < wanted; planted++) {
		const [code = 0] = free.splice(Math.floor(random() * free.length), 1);
		const trouble = plant(
			{
				code,
				last: rates.length - 1,
				usual: usual[code] ?? (() => 0),
				climate: failing,
				start,
				end,
				isShort,
			},
			random,
		);
		troubles.push(trouble);
	}
	return { seed, start, end, codes: finish(base, troubles, random), troubles };
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
			if (part !== undefined) placeInPart(drawn, part, random);
			for (const dimension of dimensions) values[dimension][index] = drawn[dimension];
		}
		return { name, times, values };
	});
}
