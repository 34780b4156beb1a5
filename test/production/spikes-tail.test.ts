import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logGamma, logTail } from "../../src/production/spikes/tail.ts";

/**
 * P(X ≥ count) of a negative binomial of whole shape r and mean a/b, exactly: P(X = k) = C(k+r-1, k) qᵏ (1-q)ʳ with
 * q = a / (a + rb), summed as fractions of whole numbers. Returns its logarithm.
 */
function exactLogTail(count: number, a: bigint, b: bigint, r: bigint): number {
	const whole = a + r * b;
	const rest = r * b;
	// Over the common denominator whole^(r + count - 1).
	let below = 0n;
	let ways = 1n;
	for (let k = 0n; k < BigInt(count); k++) {
		if (k > 0n) ways = (ways * (k + r - 1n)) / k;
		below += ways * a ** k * rest ** r * whole ** (BigInt(count) - 1n - k);
	}
	const denominator = whole ** (r + BigInt(count) - 1n);
	return logOf(denominator - below) - logOf(denominator);
}

function logOf(value: bigint): number {
	const digits = value.toString();
	return Math.log(Number(`0.${digits.slice(0, 18)}`)) + digits.length * Math.LN10;
}

describe("logTail", () => {
	it("equals the exact sum of fractions, near the mean and far out", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 150 }),
				fc.bigInt({ min: 1n, max: 4000n }),
				fc.bigInt({ min: 1n, max: 100n }),
				fc.bigInt({ min: 1n, max: 40n }),
				(count, a, b, r) => {
					const exact = exactLogTail(count, a, b, r);
					const ours = logTail(count, Number(a) / Number(b), Number(r));
					expect(Math.abs(ours - exact)).toBeLessThan(1e-9 * Math.max(1, Math.abs(exact)));
				},
			),
			{ seed: 4, numRuns: 400 },
		);
	});

	it("equals a brute-force sum for shapes that are no whole number", () => {
		for (const [count, mean, shape] of [
			[1, 0.003, 0.4],
			[7, 0.5, 0.31],
			[25, 5, 6.7],
			[300, 120.5, 14.2],
		] as const) {
			const q = mean / (mean + shape);
			let term = (1 - q) ** shape;
			let sum = 0;
			for (let k = 0; k < 20_000; k++) {
				if (k >= count) sum += term;
				term *= (q * (k + shape)) / (k + 1);
			}
			expect(logTail(count, mean, shape)).toBeCloseTo(Math.log(sum), 8);
		}
	});

	it("holds for millions: never above 0, never NaN, falling as the count grows", () => {
		fc.assert(
			fc.property(
				fc.double({ min: 1e-6, max: 1e8, noNaN: true }),
				fc.double({ min: 1e-3, max: 1e7, noNaN: true }),
				fc.double({ min: 1.5, max: 1000, noNaN: true }),
				(mean, shape, factor) => {
					const count = Math.ceil(mean * factor);
					const tail = logTail(count, mean, shape);
					expect(tail).toBeLessThanOrEqual(0);
					expect(logTail(count * 2, mean, shape)).toBeLessThanOrEqual(tail + 1e-6 * Math.abs(tail));
				},
			),
			{ seed: 5, numRuns: 300 },
		);
		expect(logTail(0, 5, 2)).toBe(0);
	});
});

describe("logGamma", () => {
	it("equals the logarithm of factorials", () => {
		let factorial = 1n;
		for (let n = 1; n <= 170; n++) {
			expect(logGamma(n)).toBeCloseTo(logOf(factorial), 9);
			factorial *= BigInt(n);
		}
		expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
		expect(logGamma(1e-9)).toBeCloseTo(-Math.log(1e-9), 8);
	});
});
