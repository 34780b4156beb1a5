// When each commit was on the main line, although clocks lie and branches wait.

export interface LineCommit {
	readonly id: string;
	/** Epoch seconds, as the commit says. */
	readonly at: number;
	readonly parents: readonly string[];
}

/** Seconds that a commit may be older than its parent: clocks of two machines. */
const slack = 3600;

/**
 * Times that can be true: the longest run of commits, oldest to newest, whose times rise and are not after `now` is
 * believed; any other commit (dated 1970, or in the future) gets the time of the believed one before it.
 *
 * The longest increasing subsequence by patience sorting (Fredman 1975), O(n log n).
 *
 * @param newestFirst the first-parent line
 */
export function believedTimes(newestFirst: readonly LineCommit[], now: number): ReadonlyMap<string, number> {
	const line = [...newestFirst].reverse();
	const tails: number[] = [];
	const previous = new Map<number, number>();
	const timeOf = (index: number) => line[index]?.at ?? 0;
	line.forEach(({ at }, index) => {
		if (at > now + slack || at <= 0) return;
		let [low, high] = [0, tails.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (timeOf(tails[middle] ?? 0) <= at + slack) low = middle + 1;
			else high = middle;
		}
		const before = tails[low - 1];
		if (before !== undefined) previous.set(index, before);
		tails[low] = index;
	});
	const believed = new Set<number>();
	for (let index = tails.at(-1); index !== undefined; index = previous.get(index)) believed.add(index);
	const times = new Map<string, number>();
	const first = [...believed].at(-1);
	let last = first === undefined ? now : timeOf(first);
	line.forEach(({ id }, index) => {
		if (believed.has(index)) last = Math.max(last, timeOf(index));
		times.set(id, last);
	});
	return times;
}

/**
 * Which commit of the first-parent line brought each other commit in: the oldest from which it can be reached.
 *
 * @param others every commit of the span, with its parents
 */
export function broughtInBy(
	newestFirst: readonly LineCommit[],
	others: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, string> {
	const onLine = new Set(newestFirst.map(({ id }) => id));
	const by = new Map<string, string>();
	for (const { id: merge, parents } of [...newestFirst].reverse()) {
		const open = parents.slice(1);
		for (let id = open.pop(); id !== undefined; id = open.pop()) {
			if (onLine.has(id) || by.has(id) || !others.has(id)) continue;
			by.set(id, merge);
			open.push(...(others.get(id) ?? []));
		}
	}
	return by;
}
