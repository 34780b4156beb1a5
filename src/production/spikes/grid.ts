/** The grid that spikes are looked for on: 5 minutes, aligned to the epoch. */
export const bucketSeconds = 300;
export const hourBuckets = 3600 / bucketSeconds;
export const dayBuckets = 24 * hourBuckets;

/** A span of buckets: `from` counts, `to` does not. Indices on the grid, 0 being the first bucket given. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** Sums over any span of a series in constant time; spans are clipped to the series. */
export class PrefixSums {
	readonly #sums: Float64Array;
	readonly #length: number;

	constructor(values: ArrayLike<number>) {
		this.#length = values.length;
		this.#sums = new Float64Array(values.length + 1);
		let sum = 0;
		for (let index = 0; index < values.length; index++) {
			sum += values[index] ?? 0;
			this.#sums[index + 1] = sum;
		}
	}

	get total(): number {
		return this.#sums[this.#length] ?? 0;
	}

	/** 0 for a span that is empty or reversed. */
	between(from: number, to: number): number {
		const first = Math.max(from, 0);
		const last = Math.min(to, this.#length);
		return first >= last ? 0 : (this.#sums[last] ?? 0) - (this.#sums[first] ?? 0);
	}
}
