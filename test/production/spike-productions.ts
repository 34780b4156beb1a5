/**
 * Generated productions for the spike rule: written from the field's picture of error logs, not from the rule's own
 * model. Events come as sessions that fail once or several times within minutes.
 */

export interface Planted {
	readonly code: string;
	/** Epoch seconds. */
	readonly from: number;
	readonly to: number;
	/** How many times the usual rate. */
	readonly factor: number;
	/** Events that would not have been there without it. */
	readonly extra: number;
}

export interface Production {
	readonly windowFrom: number;
	readonly windowTo: number;
	/** Event times in epoch seconds, unsorted, a code each, from the history's start to the window's end. */
	readonly events: ReadonlyMap<string, readonly number[]>;
	readonly planted: Planted | undefined;
}

export type World = "sessions" | "moody" | "office";

export interface ProductionOptions {
	readonly seed: number;
	readonly windowSeconds: number;
	/** Epoch seconds of history before the window. */
	readonly historySeconds: number;
	readonly spike: { readonly factor: number } | undefined;
	/**
	 * `sessions`: 4 to 1 between day and night as a wave, sessions of 1.25 events, days that differ by 10 %.
	 * `moody`: besides, each hour of each code is 30 % off by chance. `office`: a step from night to day and back.
	 */
	readonly world: World;
}

/** Events an hour of the ten codes: 0.2 to 200, evenly spaced on a logarithmic scale. */
export const hourlyRates: readonly number[] = Array.from(
	{ length: 10 },
	(_, index) => 0.2 * 1000 ** (index / 9),
);

const hour = 3600;
const day = 24 * hour;
const shortestSpike = 15 * 60;
const longestSpike = 6 * hour;

/** Mulberry32: 32 bits of state, good enough for simulation, the same everywhere. */
export function randomNumbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

export function generateProduction({
	seed,
	windowSeconds,
	historySeconds,
	spike,
	world,
}: ProductionOptions): Production {
	const random = randomNumbers(seed);
	// Any minute of the day, not on the grid.
	const windowTo = 1_760_000_000 + Math.floor(random() * 30 * day);
	const windowFrom = windowTo - windowSeconds;
	const begin = windowFrom - historySeconds;
	const peak = random() * day;
	const hit = Math.floor(random() * hourlyRates.length);
	const events = new Map<string, number[]>();
	let planted: Planted | undefined;
	for (const [index, rate] of hourlyRates.entries()) {
		const code = `CODE_${index}`;
		const busyness = codeRate(rate, peak + (random() - 0.5) * 2 * hour, world, random);
		const own = sessionsOf(busyness, begin, windowTo, random);
		events.set(code, own);
		if (spike === undefined || index !== hit) continue;
		const longest = Math.min(longestSpike, windowSeconds);
		const length = Math.round(shortestSpike * (longest / shortestSpike) ** random());
		const from = windowFrom + Math.floor(random() * (windowSeconds - length));
		const more = sessionsOf((at) => (spike.factor - 1) * busyness(at), from, from + length, random);
		own.push(...more);
		planted = { code, from, to: from + length, factor: spike.factor, extra: more.length };
	}
	return { windowFrom, windowTo, events, planted };
}

/** Events a second at an instant. */
function codeRate(rate: number, peak: number, world: World, random: () => number): (at: number) => number {
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
		const phase = ((at - peak) / day) * 2 * Math.PI;
		const shape = world === "office" ? (Math.cos(phase) > 0 ? 1.6 : 0.4) : 1 + 0.6 * Math.cos(phase);
		const mood = world === "moody" ? drawn(hours, Math.floor(at / hour), 0.3) : 1;
		return (rate / hour) * shape * mood * drawn(days, Math.floor(at / day), 0.1);
	};
}

const eventsPerSession = 1.25;

/** Sessions begin by a Poisson process, thinned to the rate; each has a geometric number of events within 5 minutes. */
function sessionsOf(rate: (at: number) => number, from: number, to: number, random: () => number): number[] {
	const found: number[] = [];
	const step = 600;
	for (let start = from; start < to; start += step) {
		const length = Math.min(step, to - start);
		const sessions = poisson((rate(start + length / 2) * length) / eventsPerSession, random);
		for (let session = 0; session < sessions; session++) {
			let at = start + random() * length;
			for (;;) {
				if (at < to) found.push(Math.floor(at));
				if (random() >= 1 - 1 / eventsPerSession) break;
				at += random() * 300;
			}
		}
	}
	return found;
}

function normal(random: () => number): number {
	return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function poisson(mean: number, random: () => number): number {
	let count = 0;
	// In pieces, so that exp does not underflow.
	for (let left = mean; left > 0; left -= 30) {
		const limit = Math.exp(-Math.min(left, 30));
		for (let product = random(); product > limit; product *= random()) count++;
	}
	return count;
}
