// Random numbers of the generated worlds: the same everywhere for one seed.

export type Random = () => number;

/** Mulberry32: 32 bits of state, good enough for simulation, the same everywhere. */
export function randomNumbers(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

export function normal(random: Random): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function logUniform(from: number, to: number, random: Random): number {
	return from * (to / from) ** random();
}

export function poisson(mean: number, random: Random): number {
	let count = 0;
	for (let left = mean; left > 0; left -= 30) {
		const limit = Math.exp(-Math.min(left, 30));
		for (let product = random(); product > limit; product *= random()) count++;
	}
	return count;
}
