// The grid of five minutes that episodes are found on, and sums over spans of it.

export const bucketSeconds = 300;
export const hourBuckets = 3600 / bucketSeconds;
export const dayBuckets = 24 * hourBuckets;
/** Hours of a week. */
export const slots = 168;

/** Buckets; `to` is excluded. 0 is the history's first. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** Sums over any span of a series in constant time; spans are clipped to the series. */
export class PrefixSums {
	readonly #sums: Float64Array;
	readonly #length: number;

	/** @param mask 1 for what counts as 0 */
	constructor(values: Float64Array, mask?: Uint8Array) {
		this.#length = values.length;
		const sums = new Float64Array(values.length + 1);
		let sum = 0;
		if (mask === undefined) {
			for (let index = 0; index < values.length; index++) sums[index + 1] = sum += values[index] ?? 0;
		} else {
			for (let index = 0; index < values.length; index++) {
				sums[index + 1] = sum += mask[index] === 1 ? 0 : (values[index] ?? 0);
			}
		}
		this.#sums = sums;
	}

	/** 0 for a span that is empty or reversed. */
	between(from: number, to: number): number {
		const first = Math.max(from, 0);
		const last = Math.min(to, this.#length);
		return first >= last ? 0 : (this.#sums[last] ?? 0) - (this.#sums[first] ?? 0);
	}

	get total(): number {
		return this.#sums[this.#length] ?? 0;
	}
}

/** Whole days since the epoch; 1 January 1970 was a Thursday. 0 is Sunday. */
function weekdayOf(day: number): number {
	return (((day + 4) % 7) + 7) % 7;
}

export function isWeekend(day: number): boolean {
	return weekdayOf(day) % 6 === 0;
}

/** The hour of the week, from Sunday 00:00 UTC on, of an hour since the epoch. */
export function slotOfHour(hour: number): number {
	const day = Math.floor(hour / 24);
	return weekdayOf(day) * 24 + hour - day * 24;
}

/** 0 on weekdays, 1 on week-ends. */
export function kindOfSlot(slot: number): 0 | 1 {
	return Math.floor(slot / 24) % 6 === 0 ? 1 : 0;
}
