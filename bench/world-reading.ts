// Reads a world as the server reads production: hours of all codes and of the parts that moved, five minutes near edges.
import {
	type CodeEpisode,
	type CodeSeries,
	type EpisodesInput,
	findEpisodes,
} from "../src/episodes/index.ts";
import type { Column, Feed, FineSpan } from "./world-feed.ts";

const hour = 3600;
const day = 24 * hour;
/** The same as in src/production/history, which is not imported: it reads from a database. */
const historyDays = 28;
const fineHours = 48;
const edgeHours = 3;
const mostWishes = 40;
const mostParts = 40;
const leastScore = 16;
const leastEvents = 20;
const leastTop = 3;
const leastHour = 8;
const shareEvents = 64;
const dayVariance = 0.03;
const mostFineOfCodes = 32_000;
const mostFineOfParts = 24_000;

export interface Answer {
	readonly input: EpisodesInput;
	readonly episodes: readonly CodeEpisode[];
	/** Processor time of the search, of both passes together. */
	readonly milliseconds: number;
}

/** `production`: what the server reads; `fine`: five minutes of everything, which shows what the reading costs. */
export type Reading = "production" | "fine";

export function ask(feed: Feed, now: number, fed: Reading): Answer {
	const start = Math.max(feed.world.start, now - historyDays * day);
	const history = { start, now };
	const firstHour = Math.floor(start / hour) * hour;
	const fineFrom = Math.max(firstHour, Math.floor(now / hour - fineHours) * hour);
	const always: readonly FineSpan[] = [[fineFrom, now]];
	const spans = new Map<Column, readonly FineSpan[]>();
	const { columns: read, lookedAt } =
		fed === "fine" ? { columns: feed.columns, lookedAt: undefined } : chosen(feed, firstHour, now);
	const asked = (): EpisodesInput => ({
		history,
		codes: seriesOf(feed, spans, start, now).map((one, code) => {
			const parts = lookedAt?.get(code);
			return parts === undefined ? one : { ...one, partsLookedAt: parts };
		}),
	});
	const isPart = ({ part }: Column) => part !== undefined;
	const whole = new Set([
		...fewest(
			feed,
			read.filter((one) => !isPart(one)),
			mostFineOfCodes,
			{ start, now },
		),
		...fewest(feed, read.filter(isPart), mostFineOfParts, { start, now }),
	]);
	for (const column of read) {
		if (fed === "fine" || whole.has(column)) spans.set(column, [[0, now]]);
		else spans.set(column, isPart(column) ? [] : always);
	}
	const first = timed(asked());
	if (fed === "fine") return first;
	const wishes = first.episodes
		.flatMap((episode) => {
			const column = read.find((one) => isOf(one, episode, feed));
			if (column === undefined || whole.has(column)) return [];
			return edgesOf(episode, firstHour, fineFrom, now).map((span) => ({ column, span }));
		})
		.slice(0, mostWishes);
	if (wishes.length === 0) return first;
	for (const { column, span } of wishes) spans.set(column, [...(spans.get(column) ?? []), span]);
	const second = timed(asked());
	return { ...second, milliseconds: first.milliseconds + second.milliseconds };
}

/** Those with the fewest five minutes that have any, up to so many together. */
function fewest(
	feed: Feed,
	columns: readonly Column[],
	most: number,
	{ start, now }: { readonly start: number; readonly now: number },
): readonly Column[] {
	let upto = 0;
	return columns
		.map((column) => ({ column, cells: feed.counts(column, start, now, [[0, now]]).fine?.size ?? 0 }))
		.sort((one, other) => one.cells - other.cells)
		.filter(({ cells }) => {
			upto += cells;
			return upto <= most;
		})
		.map(({ column }) => column);
}

function timed(input: EpisodesInput): Answer {
	const begun = process.cpuUsage();
	const episodes = findEpisodes(input);
	return { input, episodes, milliseconds: process.cpuUsage(begun).user / 1000 };
}

function isOf({ code, part }: Column, episode: CodeEpisode, feed: Feed): boolean {
	const [where] = episode.where ?? [];
	return (
		feed.world.codes[code]?.name === episode.code &&
		part?.dimension === where?.dimension &&
		part?.value === where?.value
	);
}

function seriesOf(
	feed: Feed,
	spans: ReadonlyMap<Column, readonly FineSpan[]>,
	start: number,
	now: number,
): readonly CodeSeries[] {
	const columns = [...spans].map(([column, fine]) => ({
		column,
		counts: feed.counts(column, start, now, fine),
	}));
	return feed.world.codes.map(({ name }, code): CodeSeries => {
		const own = columns.filter(({ column }) => column.code === code);
		return {
			code: name,
			counts: own.find(({ column }) => column.part === undefined)?.counts ?? { hours: new Map() },
			parts: own.flatMap(({ column: { part }, counts }) =>
				part === undefined ? [] : [{ parts: [{ dimension: part.dimension, value: part.value }], counts }],
			),
		};
	});
}

interface Chosen {
	readonly columns: readonly Column[];
	/** Of how many parts they were chosen, by code. */
	readonly lookedAt: ReadonlyMap<number, number>;
}

/** Whole codes, and the parts that had an hour or a day with far more of their code than usual, those first that moved most. */
function chosen(feed: Feed, from: number, now: number): Chosen {
	const lookedAt = new Map<number, number>();
	const wholes = feed.columns.filter(({ part }) => part === undefined);
	const moved = wholes.flatMap((whole) => {
		const hours = feed.counts(whole, from, now, []).hours;
		const days = byDay(hours, from);
		return feed.columns.flatMap((column) => {
			if (column.part === undefined || column.code !== whole.code) return [];
			const own = feed.counts(column, from, now, []).hours;
			if (sumOf(own) < leastEvents) return [];
			const ownDays = byDay(own, from);
			const share = usualShare(ownDays, days, (now - from) / day);
			const weight = Math.max(furthest(own, hours, share, 0), furthest(ownDays, days, share, dayVariance));
			const isChosen = weight > leastScore;
			if (isChosen || Math.max(...own.values()) >= leastHour)
				lookedAt.set(whole.code, (lookedAt.get(whole.code) ?? 0) + 1);
			return isChosen ? [{ column, weight }] : [];
		});
	});
	const parts = moved.sort((one, other) => other.weight - one.weight).slice(0, mostParts);
	return { columns: [...wholes, ...parts.map(({ column }) => column)], lookedAt };
}

/** Squared standard deviations by which a part's count is at most above its share of the code's. */
function furthest(
	own: ReadonlyMap<number, number>,
	all: ReadonlyMap<number, number>,
	share: number,
	variance: number,
): number {
	let most = 0;
	for (const [at, count] of own) {
		const usual = (all.get(at) ?? 0) * share;
		if (count < leastTop || count <= usual) continue;
		most = Math.max(most, (count - usual) ** 2 / (1 + usual * (1 - share) + variance * usual ** 2));
	}
	return most;
}

/** The least mean of the days' shares in a third of the history, days without the code at 0, drawn towards the mean of all by a day and some events. */
function usualShare(
	own: ReadonlyMap<number, number>,
	all: ReadonlyMap<number, number>,
	days: number,
): number {
	const length = Math.max(1, Math.ceil(days));
	const thirds = Array.from({ length: 3 }, () => ({ sum: 0, days: 0 }));
	for (let index = 0; index < length; index++) {
		const third = thirds[Math.floor((3 * index) / length)];
		if (third === undefined) continue;
		third.days++;
		const count = own.get(index) ?? 0;
		if (count > 0) third.sum += count / (all.get(index) ?? count);
	}
	const mean = thirds.reduce((total, { sum }) => total + sum, 0) / length;
	const weight = 1 + (shareEvents * length) / sumOf(own);
	return Math.min(...thirds.map(({ sum, days }) => (sum + weight * mean) / (days + weight)));
}

/** Days are counted from the first hour read, as the server's are. */
function byDay(hours: ReadonlyMap<number, number>, from: number): ReadonlyMap<number, number> {
	const days = new Map<number, number>();
	for (const [at, count] of hours) {
		const index = Math.floor((at - from / hour) / 24);
		days.set(index, (days.get(index) ?? 0) + count);
	}
	return days;
}

function sumOf(counts: ReadonlyMap<number, number>): number {
	let sum = 0;
	for (const count of counts.values()) sum += count;
	return sum;
}

/** The hours around an episode's edges of which five minutes are not known. */
function edgesOf(
	episode: CodeEpisode,
	firstHour: number,
	fineFrom: number,
	now: number,
): readonly FineSpan[] {
	const { between, until, untilBetween, where = [] } = episode;
	const edges = until === undefined ? [between] : [between, untilBetween ?? [until, until]];
	return edges.flatMap(([earliest, latest]): FineSpan[] => {
		const from = Math.max(firstHour, (Math.floor(earliest / hour) - edgeHours) * hour);
		const last = Math.min(now, (Math.ceil(latest / hour) + edgeHours) * hour);
		const to = where.length === 0 ? Math.min(last, fineFrom) : last;
		return to <= from || to - from > fineHours * hour ? [] : [[from, to]];
	});
}
