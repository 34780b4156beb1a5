// How likely it is that two independent groups share so many members.

/** Members of all, of each of two groups, and of both. */
export interface SharedCounts {
	readonly all: number;
	readonly one: number;
	readonly other: number;
	readonly both: number;
}

/**
 * ln P(X >= both) of the hypergeometric law: `other` members drawn of `all`, `one` of which are marked (Fisher's exact
 * test, one-sided). By the ratio of successive terms, from the smallest possible overlap on.
 */
export function logSharedTail({ all, one, other, both }: SharedCounts): number {
	const least = Math.max(0, one + other - all);
	const most = Math.min(one, other);
	if (both <= least) return 0;
	if (both > most) return Number.NEGATIVE_INFINITY;
	// Weights relative to the smallest overlap's, in logarithms: they may differ by hundreds of orders of magnitude.
	let log = 0;
	const logs = [0];
	for (let x = least; x < most; x++) {
		log += Math.log(((one - x) * (other - x)) / ((x + 1) * (all - one - other + x + 1)));
		logs.push(log);
	}
	const top = Math.max(...logs);
	const sum = (from: number) => logs.slice(from).reduce((total, each) => total + Math.exp(each - top), 0);
	return Math.log(sum(both - least)) - Math.log(sum(0));
}
