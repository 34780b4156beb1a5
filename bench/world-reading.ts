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
const mostParts = 90;
const leastScore = 16;
const leastEvents = 20;
const mostFineOfCodes = 32_000;
const mostFineOfParts = 0;

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
	const read = fed === "fine" ? feed.columns : chosen(feed, firstHour, now);
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
	const first = timed({ history, codes: seriesOf(feed, spans, start, now) });
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
	const second = timed({ history, codes: seriesOf(feed, spans, start, now) });
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

/** Whole codes, and the parts that had a day or an hour far above their ordinary ones, those first that moved most. */
function chosen(feed: Feed, from: number, now: number): readonly Column[] {
	const days = Math.max(1, Math.ceil((now - from) / day));
	const ordinary = Math.max(1, Math.floor(days * 0.4));
	const moved = feed.columns.flatMap((column) => {
		if (column.part === undefined) return [];
		const daily = new Float64Array(days);
		let [total, topHour] = [0, 0];
		for (const [at, count] of feed.counts(column, from, now, []).hours) {
			const place = Math.floor((at * hour - from) / day);
			daily[place] = (daily[place] ?? 0) + count;
			total += count;
			topHour = Math.max(topHour, count);
		}
		const usual = daily.toSorted()[ordinary - 1] ?? 0;
		const hours = Math.max(0, topHour - usual / 15) ** 2 / (usual / 15 + 1);
		const above = Math.max(0, Math.max(...daily) - 1.3 * usual) ** 2 / (1.3 * usual + 0.03 * usual ** 2 + 1);
		const weight = Math.max(hours, above);
		return total >= leastEvents && weight > leastScore ? [{ column, weight }] : [];
	});
	const parts = moved.sort((one, other) => other.weight - one.weight).slice(0, mostParts);
	return [...feed.columns.filter(({ part }) => part === undefined), ...parts.map(({ column }) => column)];
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
