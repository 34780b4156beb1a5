// Chances of so many or more: of counts with an uncertain rate, and of failures with an uncertain share.

/** Lanczos's approximation with g = 7 and 9 terms, the first apart (Press et al., Numerical Recipes, 6.1); relative error about 1e-15. */
const lanczosFirst = 0.99999999999980993;
const lanczos = [
	676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
	-0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(x) for x > 0. */
function logGamma(x: number): number {
	// Near 0 the recurrence keeps the precision that the series loses.
	if (x < 0.5) return logGamma(x + 1) - Math.log(x);
	const shifted = x - 1;
	const series = lanczos.reduce((sum, term, index) => sum + term / (shifted + index + 1), lanczosFirst);
	const t = shifted + 7.5;
	return halfLogTwoPi + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}

/**
 * ln P(X ≥ count) of a negative binomial of the given mean and shape: the predictive law of a Poisson count whose
 * rate is known only up to a gamma law of that shape (Gelman et al., Bayesian Data Analysis, 2.6). Its variance is
 * mean + mean² / shape.
 *
 * P(X ≥ n) = I_q(n, shape) with q = mean / (mean + shape), I being the regularized incomplete beta function
 * (DLMF 8.17.24), here by its continued fraction (DLMF 8.17.22) in logarithms: counts in millions neither overflow
 * nor underflow.
 *
 * @param count a whole number ≥ 0
 * @param mean > 0
 * @param shape > 0
 */
export function logTail(count: number, mean: number, shape: number): number {
	if (count <= 0) return 0;
	const logQ = -Math.log1p(shape / mean);
	const logRest = -Math.log1p(mean / shape);
	const logBeta = logGamma(count) + logGamma(shape) - logGamma(count + shape);
	const logFront = count * logQ + shape * logRest - logBeta;
	const q = mean / (mean + shape);
	if (q < (count + 1) / (count + shape + 2)) {
		return Math.min(0, logFront - Math.log(count) + Math.log(betaFraction(q, count, shape)));
	}
	// On the far side of the mean the fraction converges for the complement.
	const below = Math.exp(logFront - Math.log(shape) + Math.log(betaFraction(1 - q, shape, count)));
	return below >= 1 ? Number.NEGATIVE_INFINITY : Math.log1p(-below);
}

const maxIterations = 100_000;
const precision = 1e-15;
const tiny = 1e-300;

/** The continued fraction of I_x(a, b) by Lentz's method (Numerical Recipes, 6.4); converges in O(√max(a, b)). */
function betaFraction(x: number, a: number, b: number): number {
	let c = 1;
	let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
	let result = d;
	for (let m = 1; m <= maxIterations; m++) {
		const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / awayFromZero(1 + even * d);
		c = awayFromZero(1 + even / c);
		result *= d * c;
		const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / awayFromZero(1 + odd * d);
		c = awayFromZero(1 + odd / c);
		const step = d * c;
		result *= step;
		if (Math.abs(step - 1) < precision) break;
	}
	return result;
}

function awayFromZero(value: number): number {
	return Math.abs(value) < tiny ? tiny : value;
}

/**
 * ln P(X >= count) of failures among `runs` whose share is known up to a beta law: a beta-binomial of the given mean
 * share and squared coefficient of variation of it (Gelman et al., 2.4). Summed term by term, each from the one before.
 *
 * @param count 0 <= count <= runs
 * @param share 0 < share < 1
 */
export function logBetaBinomialTail(count: number, runs: number, share: number, variance: number): number {
	if (count <= 0) return 0;
	if (count > runs) return Number.NEGATIVE_INFINITY;
	const total = Math.max(1e-6, (1 - share) / share / Math.max(variance, 1e-9) - 1);
	const [failing, passing] = [share * total, (1 - share) * total];
	const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b);
	const first =
		logGamma(runs + 1) -
		logGamma(count + 1) -
		logGamma(runs - count + 1) +
		logBeta(count + failing, runs - count + passing) -
		logBeta(failing, passing);
	let [term, sum] = [1, 1];
	for (let at = count; at < runs; at++) {
		term *= ((runs - at) * (at + failing)) / ((at + 1) * (runs - at - 1 + passing));
		sum += term;
		if (term < sum * 1e-12) break;
	}
	return Math.min(0, first + Math.log(sum));
}
