// What the database would answer about a world up to an instant: sparse counts by hour and by five minutes.
import type { CodeSeries, Counts, Dimension, EpisodesInput, PartSeries } from "../src/episodes/index.ts";
import { dimensions, valueName } from "./world-parts.ts";
import type { World } from "./worlds.ts";

export interface FeedOptions {
	readonly parts: "none" | "hours" | "fine";
}

interface Column {
	readonly code: number;
	readonly part: { readonly dimension: Dimension; readonly index: number } | undefined;
	/** By five minutes, from the world's first hour on. */
	readonly buckets: Uint16Array;
}

export class Feed {
	readonly #world: World;
	readonly #options: FeedOptions;
	readonly #firstBucket: number;
	readonly #columns: readonly Column[];

	constructor(world: World, options: FeedOptions) {
		this.#world = world;
		this.#options = options;
		this.#firstBucket = Math.floor(world.start / 3600) * 12;
		this.#columns = world.codes.flatMap((_, code) => this.#columnsOf(code));
	}

	#columnsOf(code: number): readonly Column[] {
		const { times, values } = this.#world.codes[code] ?? { times: new Float64Array(0), values: undefined };
		const length = Math.ceil(this.#world.end / 300) - this.#firstBucket;
		const buckets = new Uint16Array(length);
		for (const at of times) bump(buckets, Math.floor(at / 300) - this.#firstBucket);
		const whole: Column = { code, part: undefined, buckets };
		if (values === undefined || this.#options.parts === "none") return [whole];
		const parts = dimensions.flatMap((dimension) => {
			const found = new Map<number, Uint16Array>();
			for (const [event, index] of values[dimension].entries()) {
				const own = found.get(index) ?? new Uint16Array(length);
				found.set(index, own);
				bump(own, Math.floor((times[event] ?? 0) / 300) - this.#firstBucket);
			}
			return [...found].map(([index, own]): Column => ({ code, part: { dimension, index }, buckets: own }));
		});
		return [whole, ...parts];
	}

	at(now: number): EpisodesInput {
		const codes = this.#world.codes.map(
			({ name }, index): CodeSeries => ({ code: name, ...this.#counted(index, now) }),
		);
		return { history: { start: this.#world.start, now }, codes };
	}

	#counted(code: number, now: number): { counts: Counts; parts: PartSeries[] } {
		const [whole, ...parts] = this.#columns.filter((column) => column.code === code);
		return {
			counts: whole === undefined ? { hours: new Map() } : this.#counts(whole, now, true),
			parts: parts.flatMap((column) => {
				if (column.part === undefined) return [];
				const { dimension, index } = column.part;
				const counts = this.#counts(column, now, this.#options.parts === "fine");
				return [{ parts: [{ dimension, value: valueName(dimension, index) }], counts }];
			}),
		};
	}

	#counts(column: Column, now: number, isFine: boolean): Counts {
		const last = Math.floor(now / 300) - this.#firstBucket;
		const hours = new Map<number, number>();
		const fine = new Map<number, number>();
		for (let bucket = 0; bucket <= last; bucket++) {
			const count = bucket < last ? (column.buckets[bucket] ?? 0) : this.#partly(column, now);
			if (count === 0) continue;
			const number = this.#firstBucket + bucket;
			if (isFine) fine.set(number, count);
			const hour = Math.floor(number / 12);
			hours.set(hour, (hours.get(hour) ?? 0) + count);
		}
		return isFine ? { hours, fine } : { hours };
	}

	/** Events of the five minutes that `now` cuts. */
	#partly({ code, part }: Column, now: number): number {
		const { times, values } = this.#world.codes[code] ?? { times: new Float64Array(0), values: undefined };
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
