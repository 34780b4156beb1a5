import { describe, expect, it } from "vitest";
import { logBetaBinomialTail, logTail } from "../../src/episodes/tail.ts";

/** P(X >= count) of a negative binomial, term by term. */
function summed(count: number, mean: number, shape: number): number {
	let term = (shape / (shape + mean)) ** shape;
	let below = 0;
	for (let at = 0; at < count; at++) {
		below += term;
		term *= ((at + shape) / (at + 1)) * (mean / (mean + shape));
	}
	return 1 - below;
}

describe("the chances of so many or more", () => {
	it.each([
		[1, 0.5, 2],
		[5, 3, 1.5],
		[20, 12, 30],
		[3, 10, 0.7],
	])("is what its terms add up to: %d at %d, shape %d", (count, mean, shape) => {
		expect(Math.exp(logTail(count, mean, shape))).toBeCloseTo(summed(count, mean, shape), 10);
	});

	it("is a binomial's where the share is known", () => {
		// 1 - 0.9^10 and 0.1^10
		expect(Math.exp(logBetaBinomialTail(1, 10, 0.1, 1e-6))).toBeCloseTo(1 - 0.9 ** 10, 4);
		expect(logBetaBinomialTail(10, 10, 0.1, 1e-6)).toBeCloseTo(10 * Math.log(0.1), 3);
	});

	it("is larger where the share is less certain, and 0 beyond the runs", () => {
		expect(logBetaBinomialTail(8, 10, 0.1, 1)).toBeGreaterThan(logBetaBinomialTail(8, 10, 0.1, 0.01));
		expect(logBetaBinomialTail(11, 10, 0.1, 1)).toBe(Number.NEGATIVE_INFINITY);
		expect(logBetaBinomialTail(0, 10, 0.1, 1)).toBe(0);
	});
});
