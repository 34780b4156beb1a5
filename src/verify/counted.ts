// Counts by five minutes, cut at an instant, and sums over stretches of them.
import type { Counts } from "../episodes/index.ts";

export const bucketSeconds = 300;
const perHour = 12;

/** What lies before an instant; the hour that it cuts is counted from its five minutes. */
export function countsBefore({ hours, fine = new Map() }: Counts, at: number): Counts {
	const hour = Math.floor(at / 3600);
	const last = Math.floor(at / bucketSeconds);
	const kept = new Map([...hours].filter(([one]) => one < hour));
	const keptFine = new Map<number, number>();
	let cut = 0;
	for (const [bucket, count] of fine) {
		if (bucket >= last) continue;
		keptFine.set(bucket, count);
		if (Math.floor(bucket / perHour) === hour) cut += count;
	}
	if (fine.size === 0) {
		const whole = hours.get(hour) ?? 0;
		cut = Math.round((whole * (at - hour * 3600)) / 3600);
	}
	if (cut > 0) kept.set(hour, cut);
	return keptFine.size === 0 ? { hours: kept } : { hours: kept, fine: keptFine };
}

/** By bucket from `first` on; hours whose five minutes do not add up are spread evenly. */
export function bucketsOf({ hours, fine = new Map() }: Counts, first: number, length: number): Float64Array {
	const found = new Float64Array(length);
	const sums = new Map<number, number>();
	for (const [bucket, count] of fine) {
		const hour = Math.floor(bucket / perHour);
		sums.set(hour, (sums.get(hour) ?? 0) + count);
		if (bucket >= first && bucket < first + length) found[bucket - first] = count;
	}
	for (const [hour, count] of hours) {
		if (sums.get(hour) === count) continue;
		for (let bucket = hour * perHour; bucket < (hour + 1) * perHour; bucket++) {
			if (bucket >= first && bucket < first + length) found[bucket - first] = count / perHour;
		}
	}
	return found;
}

/** Sums over stretches of buckets, in constant time. */
export class Sums {
	readonly #sums: Float64Array;

	constructor(values: Float64Array) {
		this.#sums = new Float64Array(values.length + 1);
		let sum = 0;
		for (let index = 0; index < values.length; index++) {
			sum += values[index] ?? 0;
			this.#sums[index + 1] = sum;
		}
	}

	between(from: number, to: number): number {
		const last = Math.min(this.#sums.length - 1, Math.max(0, to));
		const first = Math.min(last, Math.max(0, from));
		return (this.#sums[last] ?? 0) - (this.#sums[first] ?? 0);
	}
}
