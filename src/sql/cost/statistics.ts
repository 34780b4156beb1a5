// What a table's values are like: how often they repeat, how long they are, how its times are spread.

/** A column's values, as a sample tells. */
export interface ColumnStatistics {
	/** The share of the rows that the most common value has; NULL is none. */
	readonly top: number;
	/** The share of the rows that are NULL. */
	readonly nulls: number;
	/** The chance that two rows have the same value: the share of a table that a row of it finds by equality. */
	readonly alike: number;
	/** Different values, at most. */
	readonly distinct: number;
	/** Characters, on average. */
	readonly width: number;
	/** Characters of the longest that a sample has. */
	readonly widest: number;
}

export interface TableStatistics {
	readonly rows: number;
	column(name: string): ColumnStatistics;
	/** Whether a column has no value twice. */
	isKey(name: string): boolean;
	/** The chance that two rows between two instants have the same value of a column. */
	alikeBetween(name: string, from: number, to: number): number;
	/** The share of the rows whose column has this value. */
	shareOf(name: string, value: string): number;
	/** Seconds from the earliest `created_at` to the latest. */
	readonly span: number;
	/** Into how many pieces of so many seconds the rows' `created_at` fall, at most; a few may be far from all others. */
	pieces(seconds: number): number;
	/** The share of the rows whose `created_at` lies between two instants. */
	between(from: number, to: number): number;
	/** The chance that two rows' `created_at` lie in a window so long, and that they have the same value of a column. */
	together(seconds: number, column?: string): number;
	/** The share of the rows that the fullest window so long holds. */
	fullest(seconds: number): number;
}

/** Rows of a sample. */
export const sampleRows = 2000;
/** As much of a text as tells it from others. */
export const shownCharacters = 40;
const secondsOfAllTime = 90 * 86_400;

/** Columns with many values; asked only where no sample is at hand. */
const manyValued = /(?:^|_)(?:id|slug|name|email|key|hash|at)$/i;
const supposedWidth = 60;
/** A text of a table that was not asked, or does not tell, may be as long as the instructions of a skill. */
const unseenWidth = 4000;

/** Of a table that cannot be asked: what most tables are like. */
export function supposedStatistics(rows: number, key?: string): TableStatistics {
	const id = { top: 1 / rows, nulls: 0, alike: 1 / rows, distinct: rows, width: 36, widest: 36 };
	const many = { top: 1 / 200, nulls: 1 / 20, alike: 1 / 200, distinct: rows, width: 36, widest: 36 };
	const width = supposedWidth;
	const few = { top: 1 / 5, nulls: 1 / 5, alike: 1 / 20, distinct: 100, width, widest: width };
	return {
		rows,
		isKey: (name) => name === key?.toLowerCase(),
		column: (name) => (name === "id" ? id : manyValued.test(name) ? many : few),
		alikeBetween(name) {
			return this.column(name).alike;
		},
		shareOf: (name) => (name === "id" ? 1 / rows : manyValued.test(name) ? 1 / 200 : 1 / 5),
		fullest: (seconds) => Math.min(1, (4 * seconds) / secondsOfAllTime),
		between: (from, to) =>
			from === Number.NEGATIVE_INFINITY || to === Number.POSITIVE_INFINITY ? 1 / 4 : 1 / 16,
		together: (seconds) => Math.min(1, seconds / secondsOfAllTime),
		span: secondsOfAllTime,
		pieces: (seconds) => secondsOfAllTime / seconds + 2,
	};
}

/** Of a table that was not asked yet. */
export const unseenStatistics = worstStatistics(1);

/**
 * Where nothing is known: every value may be the same, every time in the window, and texts long.
 *
 * @param seen of which only the lengths of texts are taken
 */
export function worstStatistics(rows: number, key?: string, seen?: TableStatistics): TableStatistics {
	return {
		rows,
		isKey: (name) => name === key?.toLowerCase(),
		column(name) {
			const supposed = name === "id" ? 36 : unseenWidth;
			const { width, widest } = seen?.column(name) ?? { width: supposed, widest: supposed };
			return { top: 1, nulls: 1, alike: 1, distinct: rows, width, widest };
		},
		span: 5 * 366 * 86_400,
		pieces: () => rows,
		alikeBetween: () => 1,
		shareOf: () => 1,
		between: () => 1,
		together: () => 1,
		fullest: () => 1,
	};
}

type Cell = string | number | null;

export interface Sampled {
	/** Rows of the table; a column's length is in it as `column:length`. */
	readonly sample: readonly Readonly<Record<string, unknown>>[];
	/** The column that is the primary key by itself. */
	readonly key: string | undefined;
	/** The rows are of all times. */
	readonly isSpread: boolean;
}

export function statisticsOf(rows: number, { sample, key, isSpread }: Sampled): TableStatistics {
	const size = sample.length;
	const cells = (name: string): readonly Cell[] =>
		sample.map((row) => {
			const value = row[name];
			return typeof value === "string" || typeof value === "number" ? value : null;
		});
	const known = new Map<string, ColumnStatistics>();
	const times = (isSpread ? cells("created_at") : [])
		.filter((value) => typeof value === "number")
		.sort((one, other) => one - other);
	const counts = new Map<string, ReadonlyMap<string, number>>();
	const isKey = (name: string) => name.toLowerCase() === key?.toLowerCase();
	return {
		rows,
		isKey,
		// A sample may miss the ends.
		span:
			times.length < size || size < 2
				? worstStatistics(rows).span
				: ((times.at(-1) ?? 0) - (times[0] ?? 0)) * 1.1,
		pieces(seconds) {
			if (times.length < size || size < 2) return rows;
			const counts = [...countsIn(times.map((time) => String(Math.floor(time / seconds)))).values()];
			const once = counts.filter((count) => count === 1).length;
			return Math.min(this.span / seconds, supposedDistinct(counts) + once) + 2;
		},
		column(name) {
			const folded = name.toLowerCase();
			let found = known.get(folded);
			if (found === undefined) {
				const written = Object.keys(sample[0] ?? {}).find((column) => column.toLowerCase() === folded);
				const read =
					written === undefined || size < 2
						? worstStatistics(rows).column(name)
						: columnOf(rows, cells(written), cells(`${written}:length`));
				found = isKey(name) ? { ...read, top: 1 / rows, nulls: 0, alike: 1 / rows, distinct: rows } : read;
				known.set(folded, found);
			}
			return found;
		},
		alikeBetween(name, from, to) {
			if (times.length < size) return 1;
			const written = Object.keys(sample[0] ?? {}).find(
				(column) => column.toLowerCase() === name.toLowerCase(),
			);
			const values = sample.flatMap(({ created_at: at, [written ?? ""]: value }) =>
				typeof at === "number" && at >= from && at <= to ? [value] : [],
			);
			if (written === undefined || values.length < 3) return 1;
			// NULL is like none.
			const texts = values.flatMap((value) => (value === null ? [] : [asText(String(value))]));
			const counts = [...countsIn(texts).values()];
			const pairs = counts.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
			return Math.min(1, shareOfPairs(pairs, values.length) + 1 / rows);
		},
		shareOf(name, value) {
			const { top } = this.column(name);
			if (isKey(name)) return top;
			const folded = name.toLowerCase();
			const found = counts.get(folded) ?? countsOf(sample, folded);
			counts.set(folded, found);
			if (found.size === 0) return top;
			const most = Math.max(found.get(asText(value)) ?? 0, found.get(asText(String(Number(value)))) ?? 0);
			return Math.min(1, (most + 2 * Math.sqrt(most) + 2) / size);
		},
		between(from, to) {
			if (times.length < size || size < 2) return 1;
			const inside = times.filter((time) => time >= from && time <= to).length;
			// What a sample misses may still be there.
			return Math.min(1, (inside + 2 * Math.sqrt(inside) + 2) / size);
		},
		together(seconds, column) {
			if (times.length < size || size < 2) return 1;
			const values = column === undefined ? times.map(() => "") : valuesInTime(sample, column);
			const inside = new Map<string, number>();
			let pairs = 0;
			let from = 0;
			const count = (at: number, by: number) => {
				const value = values[at];
				const before = value === undefined ? 0 : (inside.get(value) ?? 0);
				if (value !== undefined) inside.set(value, before + by);
				return before;
			};
			times.forEach((time, at) => {
				for (; (times[from] ?? time) < time - seconds; from += 1) count(from, -1);
				pairs += count(at, 1);
			});
			return Math.min(1, shareOfPairs(pairs, size) + 1 / rows);
		},
		fullest(seconds) {
			if (times.length < size || size < 2) return 1;
			let most = 0;
			let from = 0;
			times.forEach((time, at) => {
				while ((times[from] ?? time) < time - seconds) from += 1;
				most = Math.max(most, at - from + 1);
			});
			return Math.min(1, (most + 2 * Math.sqrt(most) + 2) / size);
		},
	};
}

/** A column's values in the order of their rows' times; NULL is like none. */
function valuesInTime(
	sample: readonly Readonly<Record<string, unknown>>[],
	column: string,
): readonly (string | undefined)[] {
	const written = Object.keys(sample[0] ?? {}).find((name) => name.toLowerCase() === column) ?? "";
	return [...sample]
		.sort((one, other) => Number(one.created_at) - Number(other.created_at))
		.map((row) => (typeof row[written] === "object" ? undefined : asText(String(row[written]))));
}

function asText(value: string): string {
	return value.slice(0, shownCharacters);
}

/** How often a sample has each value of a column, as a text; of none that it lacks. */
function countsOf(
	sample: readonly Readonly<Record<string, unknown>>[],
	folded: string,
): ReadonlyMap<string, number> {
	const written = Object.keys(sample[0] ?? {}).find((column) => column.toLowerCase() === folded);
	return countsIn(written === undefined ? [] : sample.map((row) => asText(String(row[written]))));
}

function countsIn(values: readonly string[]): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	return counts;
}

/** Pairs of a sample as the chance of one, on the safe side of what the sample may have missed. */
function shareOfPairs(pairs: number, size: number): number {
	return (pairs + 2 * Math.sqrt(pairs) + 2) / ((size * (size - 1)) / 2);
}

/** By how many values a sample has once and twice (Chao 1984). */
function supposedDistinct(counts: readonly number[]): number {
	const once = counts.filter((count) => count === 1).length;
	const twice = counts.filter((count) => count === 2).length;
	return counts.length + once ** 2 / (2 * Math.max(0.1, twice)) + 2;
}

function columnOf(rows: number, values: readonly Cell[], lengths: readonly Cell[]): ColumnStatistics {
	const counts = new Map<Cell, number>();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	const nulls = counts.get(null) ?? 0;
	counts.delete(null);
	const size = values.length;
	const most = Math.max(0, ...counts.values());
	const pairs = [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
	const isWhole = size >= rows;
	const supposed = supposedDistinct([...counts.values()]);
	const hasOnce = [...counts.values()].includes(1);
	const long = lengths.map((length) => (typeof length === "number" ? length : 9));
	return {
		top: Math.min(1, (isWhole ? most : most + 2 * Math.sqrt(most)) / size),
		nulls: Math.min(1, (isWhole ? nulls : nulls + 2 * Math.sqrt(nulls) + 2) / size),
		alike: Math.min(1, isWhole ? (2 * pairs + size) / (size * size) : shareOfPairs(pairs, size) + 1 / rows),
		distinct: isWhole ? counts.size : Math.min(rows, supposed * (hasOnce ? 2 : 1)),
		width: long.reduce((sum, length) => sum + length, 0) / Math.max(1, size) + 2,
		widest: Math.max(9, ...long) + 2,
	};
}
