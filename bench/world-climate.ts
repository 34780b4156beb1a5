// How busy a generated production is as usual, and the events that come of it.
import { normal, poisson, type Random } from "./world-random.ts";

export const hour = 3600;
export const day = 24 * hour;

/** What all codes of a production share. */
export interface Climate {
	readonly zone: number;
	readonly isOffice: boolean;
	readonly hourSpread: number;
	readonly daySpread: number;
	/** Days (local, since the epoch) of a slow week, from and to. */
	readonly slow: readonly [number, number];
	readonly eventsPerSession: number;
}

/** Events a second at an instant. */
export type Rate = (at: number) => number;

export function usualRate(rate: number, climate: Climate, random: Random): Rate {
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
export function sessions(rate: Rate, from: number, to: number, perSession: number, random: Random): number[] {
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
