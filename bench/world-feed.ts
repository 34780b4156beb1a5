// What the database would answer about a world up to an instant: sparse counts by hour and by five minutes.
import type { CodeSeries, Counts, EpisodesInput, PartSeries } from "../src/episodes/index.ts";
import { dimensions, valueName, type World, type WorldCode } from "./worlds.ts";

export interface FeedOptions {
	readonly parts: "none" | "hours" | "fine";
}

export class Feed {
	readonly #world: World;
	readonly #options: FeedOptions;

	constructor(world: World, options: FeedOptions = { parts: "fine" }) {
		this.#world = world;
		this.#options = options;
	}

	at(now: number): EpisodesInput {
		const { start, codes } = this.#world;
		const end = (times: Float64Array) => {
			let [low, high] = [0, times.length];
			while (low < high) {
				const middle = (low + high) >> 1;
				if ((times[middle] ?? 0) < now) low = middle + 1;
				else high = middle;
			}
			return low;
		};
		return {
			history: { start, now },
			codes: codes.map((code) => this.#code(code, end(code.times))),
		};
	}

	#code(code: WorldCode, to: number): CodeSeries {
		const counts = this.#counts(code.times, undefined, 0, to, true);
		return { code: code.name, counts, parts: this.#parts(code, to) };
	}

	#parts({ times, values }: WorldCode, to: number): readonly PartSeries[] {
		const { parts } = this.#options;
		if (values === undefined || parts === "none") return [];
		return dimensions.flatMap((dimension) => {
			const column = values[dimension];
			const seen = new Set(column.subarray(0, to));
			return [...seen].map((value) => ({
				parts: [{ dimension, value: valueName(dimension, value) }],
				counts: this.#counts(times, column, value, to, parts === "fine"),
			}));
		});
	}

	#counts(
		times: Float64Array,
		column: Uint8Array | undefined,
		value: number,
		to: number,
		isFine: boolean,
	): Counts {
		const hours = new Map<number, number>();
		const fine = new Map<number, number>();
		let [bucket, count] = [Number.NaN, 0];
		const flush = () => {
			if (count === 0) return;
			if (isFine) fine.set(bucket, count);
			const hour = Math.floor(bucket / 12);
			hours.set(hour, (hours.get(hour) ?? 0) + count);
		};
		for (let index = 0; index < to; index++) {
			if (column !== undefined && column[index] !== value) continue;
			const own = Math.floor((times[index] ?? 0) / 300);
			if (own === bucket) count++;
			else {
				flush();
				[bucket, count] = [own, 1];
			}
		}
		flush();
		return isFine ? { hours, fine, fineFrom: this.#world.start } : { hours };
	}
}
