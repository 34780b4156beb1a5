// What the database would answer about a world up to an instant: sparse counts by hour and by five minutes.
import type { Counts, Part } from "../src/episodes/index.ts";
import { dimensions, valueName } from "./world-parts.ts";
import type { World } from "./worlds.ts";

/** A code, or one of its parts, with its events by five minutes. */
export interface Column {
	readonly code: number;
	readonly part: (Part & { readonly index: number }) | undefined;
	/** From the world's first hour on. */
	readonly buckets: Uint16Array;
}

/** Stretches of epoch seconds, whole hours, of which five minutes are read. */
export type FineSpan = readonly [from: number, to: number];

export class Feed {
	readonly world: World;
	readonly columns: readonly Column[];
	readonly #firstBucket: number;

	constructor(world: World) {
		this.world = world;
		this.#firstBucket = Math.floor(world.start / 3600) * 12;
		this.columns = world.codes.flatMap((_, code) => this.#columnsOf(code));
	}

	#columnsOf(code: number): readonly Column[] {
		const { times, values } = this.world.codes[code] ?? { times: new Float64Array(0), values: undefined };
		const length = Math.ceil(this.world.end / 300) - this.#firstBucket;
		const buckets = new Uint16Array(length);
		for (const at of times) bump(buckets, Math.floor(at / 300) - this.#firstBucket);
		const whole: Column = { code, part: undefined, buckets };
		if (values === undefined) return [whole];
		const parts = dimensions.flatMap((dimension) => {
			const found = new Map<number, Uint16Array>();
			for (const [event, index] of values[dimension].entries()) {
				const own = found.get(index) ?? new Uint16Array(length);
				found.set(index, own);
				bump(own, Math.floor((times[event] ?? 0) / 300) - this.#firstBucket);
			}
			return [...found].map(([index, own]): Column => {
				const part = { dimension, value: valueName(dimension, index), index };
				return { code, part, buckets: own };
			});
		});
		return [whole, ...parts];
	}

	/** A column's counts in [start, now): of all hours, and of the five minutes in the stretches named. */
	counts(column: Column, start: number, now: number, fineSpans: readonly FineSpan[]): Counts {
		const first = Math.max(0, Math.floor(start / 300) - this.#firstBucket);
		const last = Math.floor(now / 300) - this.#firstBucket;
		const hours = new Map<number, number>();
		const fine = new Map<number, number>();
		for (let bucket = first; bucket <= last; bucket++) {
			const count = bucket < last ? (column.buckets[bucket] ?? 0) : this.#partly(column, now);
			if (count === 0) continue;
			const number = this.#firstBucket + bucket;
			const at = number * 300;
			if (fineSpans.some(([from, to]) => at >= from && at < to)) fine.set(number, count);
			const hour = Math.floor(number / 12);
			hours.set(hour, (hours.get(hour) ?? 0) + count);
		}
		return fine.size === 0 ? { hours } : { hours, fine };
	}

	/** Events of the five minutes that `now` cuts. */
	#partly({ code, part }: Column, now: number): number {
		const { times, values } = this.world.codes[code] ?? { times: new Float64Array(0), values: undefined };
		let count = 0;
		for (let event = firstFrom(times, now) - 1; (times[event] ?? 0) >= Math.floor(now / 300) * 300; event--) {
			if (part === undefined || values?.[part.dimension][event] === part.index) count++;
		}
		return count;
	}
}

function bump(buckets: Uint16Array, at: number): void {
	buckets[at] = (buckets[at] ?? 0) + 1;
}

/** The first event at an instant or later. */
function firstFrom(times: Float64Array, at: number): number {
	let [low, high] = [0, times.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((times[middle] ?? 0) < at) low = middle + 1;
		else high = middle;
	}
	return low;
}
