// Even series with planted troubles, for tests of the search for episodes.
import type { CodeSeries, Counts, EpisodesInput } from "../../src/episodes/index.ts";

export const minute = 60;
export const hour = 3600;
export const day = 24 * hour;
/** A Monday, midnight UTC. */
export const monday = 1_760_313_600;

export interface Raised {
	readonly from: number;
	readonly to: number;
	/** Events an hour, beside the usual ones. */
	readonly rate: number;
}

/** Mulberry32. */
function randomNumbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/** Independent events: at each second of the rate's, one with the rate's chance. */
export function events(
	rate: (at: number) => number,
	from: number,
	to: number,
	most: number,
	seed: number,
): number[] {
	const random = randomNumbers(seed);
	const found: number[] = [];
	for (let at = from; ; ) {
		at += (-Math.log(1 - random()) / most) * hour;
		if (at >= to) return found;
		if (random() * most < rate(at)) found.push(Math.floor(at));
	}
}

/** Four to one between 13:00 and 01:00 UTC, a third of it on week-ends. */
export function busyness(at: number): number {
	const weekday = (Math.floor(at / day) + 4) % 7;
	const shape = 1 + 0.6 * Math.cos(((at - 13 * hour) / day) * 2 * Math.PI);
	return shape * (weekday === 0 || weekday === 6 ? 0.35 : 1);
}

export function counted(times: readonly number[]): Counts {
	const [hours, fine] = [new Map<number, number>(), new Map<number, number>()];
	for (const at of times) {
		const [one, other] = [Math.floor(at / hour), Math.floor(at / 300)];
		hours.set(one, (hours.get(one) ?? 0) + 1);
		fine.set(other, (fine.get(other) ?? 0) + 1);
	}
	return { hours, fine };
}

export interface Production {
	readonly start: number;
	readonly now: number;
	/** What is planted in the code TROUBLED, of 4 events an hour. */
	readonly raised?: readonly Raised[];
	readonly rate?: number;
	readonly seed?: number;
}

export function production({ start, now, raised = [], rate = 4, seed = 1 }: Production): EpisodesInput {
	const usual = (name: string, own: number, index: number): CodeSeries => ({
		code: name,
		counts: counted(events((at) => own * busyness(at), start, now, own * 1.6, seed * 100 + index)),
	});
	const own = [
		...events((at) => rate * busyness(at), start, now, Math.max(rate, 0.001) * 1.6, seed * 100 + 50),
		...raised.flatMap((one, index) =>
			events(() => one.rate, one.from, Math.min(one.to, now), one.rate, seed * 100 + 60 + index),
		),
	];
	return {
		history: { start, now },
		codes: [
			usual("RARE", 0.5, 1),
			usual("MIDDLE", 10, 2),
			usual("BUSY", 60, 3),
			{ code: "TROUBLED", counts: counted(own) },
		],
	};
}
