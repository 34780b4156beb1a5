// Whether events come on a regular beat, as a loop or a script makes them.

/** Shorter gaps cannot be told apart in whole seconds. */
const leastSeconds = 4;
/** How regular gaps must be: so many of them, so much of them so near to their median. */
interface Regularity {
	readonly gaps: number;
	readonly share: number;
	readonly tolerance: number;
	/** What comes less often is a schedule, which people have too. */
	readonly mostSeconds: number;
}

/** By chance (a Poisson process) 17 % of the gaps are within a quarter of their median, and 7 % within a tenth. */
const single: Regularity = { gaps: 15, share: 0.65, tolerance: 0.25, mostSeconds: 3600 };
const bursts: Regularity = { gaps: 6, share: 0.8, tolerance: 0.1, mostSeconds: 3 * 3600 };
/** Gaps below this part of the long ones are within a burst. */
const burstPart = 0.2;
/** Fewer at once are a session's, or chance. */
const leastInBurst = 3;
/** So much of the events in bursts: the others may be people's. */
const inBursts = 0.6;

/** @param times epoch seconds, in any order @returns the beat in seconds; undefined where there is none */
export function beatOf(times: readonly number[]): number | undefined {
	const sorted = times.toSorted((one, other) => one - other);
	const found = burstsOf(sorted).filter(({ length }) => length >= leastInBurst);
	const isMost = found.reduce((sum, { length }) => sum + length, 0) >= inBursts * sorted.length;
	return (
		regularGap(gapsOf(sorted), single) ??
		(isMost ? regularGap(gapsOf(found.map(middleOf)), bursts) : undefined)
	);
}

function gapsOf(sorted: readonly number[]): readonly number[] {
	return sorted.slice(1).map((at, index) => at - (sorted[index] ?? at));
}

function regularGap(gaps: readonly number[], { gaps: least, share, tolerance, mostSeconds }: Regularity) {
	if (gaps.length < least) return undefined;
	const median = gaps.toSorted((one, other) => one - other)[Math.floor(gaps.length / 2)] ?? 0;
	if (median < leastSeconds || median > mostSeconds) return undefined;
	const near = gaps.filter((gap) => Math.abs(gap - median) <= tolerance * median).length;
	return near >= share * gaps.length ? median : undefined;
}

/** Runs of events with no long gap in them. */
function burstsOf(sorted: readonly number[]): readonly (readonly number[])[] {
	const gaps = gapsOf(sorted).toSorted((one, other) => one - other);
	const long = gaps[Math.floor(gaps.length * 0.95)] ?? 0;
	const found: number[][] = [];
	for (const at of sorted) {
		const open = found.at(-1);
		if (open === undefined || at - (open.at(-1) ?? at) > burstPart * long) found.push([at]);
		else open.push(at);
	}
	return found;
}

/** An event of someone else before a burst moves its start, not its middle. */
function middleOf(burst: readonly number[]): number {
	return burst[Math.floor(burst.length / 2)] ?? 0;
}
