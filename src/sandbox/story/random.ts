// A seeded random number generator: the same seed, the same story.

const hexDigits = "0123456789abcdef";

export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** Uniform in [0, 1). mulberry32, by Tommy Ettinger (public domain). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** A whole number from `low` to `high`, both included. */
	integer(low: number, high: number): number {
		return low + Math.floor(this.next() * (high - low + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<T>(items: readonly T[]): T {
		const item = items[Math.floor(this.next() * items.length)];
		if (item === undefined) throw new RangeError("nothing to pick from");
		return item;
	}

	/** A count with this mean (Knuth's product method; means here are small). */
	poisson(mean: number): number {
		const bound = Math.exp(-mean);
		let count = 0;
		for (let product = this.next(); product > bound; product *= this.next()) count += 1;
		return count;
	}

	uuid(): string {
		let uuid = "";
		for (let digit = 0; digit < 32; digit += 1) {
			if (digit === 8 || digit === 12 || digit === 16 || digit === 20) uuid += "-";
			uuid += hexDigits[this.integer(0, 15)] ?? "";
		}
		return uuid;
	}
}
