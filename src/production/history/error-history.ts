// The history of error events that episodes are found in: read once, kept in the process, brought up to date.

import type { CodeEpisode, CodeSeries, Counts, EpisodesInput, Part } from "../../episodes/index.ts";
import { findEpisodes } from "../../episodes/index.ts";
import type { Sql, TimeStorage } from "../../sql/index.ts";
import type { Database, StoredTime } from "../database.ts";
import { FreshAnswer } from "./fresh-answer.ts";
import {
	codesQuery,
	type FineWish,
	fineQuery,
	fineSeconds,
	hourSeconds,
	maxCodes,
	maxHistoryRows,
	movedQuery,
	newsQuery,
	partsQuery,
	perHour,
	stepsOf,
} from "./history-query.ts";
import { chosenParts, KeptCounts, type KeptPart, partKey, readPlaces } from "./kept-counts.ts";
import { findTroubles, type KnownPairs, type Trouble } from "./troubles.ts";

const daySeconds = 24 * hourSeconds;
/** The history that is looked at: the platform deletes rows of more than 30 days. */
export const historyDays = 28;
/** Five-minute counts are read of so many hours with the history; of older episodes around their edges. */
export const fineHours = 48;
/** After so long all is read anew, so that parts that began to move slowly are found. */
export const wholeSeconds = hourSeconds;
/** An hour counts as over when so much time has passed since: rows may be late. */
const lateSeconds = 600;
/** How far around an edge that was found by the hour its five minutes are read. */
export const edgeHours = 3;
/** The most stretches that are read by five minutes in one request. */
export const maxWishes = 40;

/** The episodes of a production, and what they were found in. */
export interface ErrorEpisodes {
	readonly episodes: readonly CodeEpisode[];
	/** Those of them that belong together. */
	readonly troubles: readonly Trouble[];
	/** Epoch seconds: from here on the table has rows, or is looked at. */
	readonly from: number;
	readonly now: number;
}

interface Kept {
	readonly counts: KeptCounts;
	/** Epoch seconds, whole hours. */
	readonly from: number;
	/** When all was read. */
	readonly wholeAt: number;
	/** Hours before this are over, and were read after that. */
	closedUntil: number;
	/** Stretches that were read by five minutes. */
	readonly fineRead: Set<string>;
	answer: ErrorEpisodes;
}

/** One production's history. Calls at one time share one reading. */
export class ErrorHistory {
	#kept: Kept | undefined;
	readonly #knownPairs: KnownPairs = new Map();
	readonly #fresh = new FreshAnswer<ErrorEpisodes>();

	constructor(private readonly database: Database) {}

	/** @throws what the database throws */
	async episodes(stored: StoredTime, signal: AbortSignal): Promise<ErrorEpisodes> {
		const now = this.database.now().seconds;
		return this.#fresh.get(now, () => this.#read(stored, now, signal));
	}

	/** Every code's counts by the hour, as they were read for the last answer. */
	hours(): readonly Pick<CodeSeries, "code" | "counts">[] {
		const codes = this.#kept?.counts.codes.values() ?? [];
		return [...codes].map(({ code, hours }) => ({ code, counts: { hours } }));
	}

	/** The hour in which each code was first seen, epoch seconds; none where so many codes come that some are not read. */
	firstHours(): ReadonlyMap<string, number> {
		const codes = this.hours();
		if (codes.length >= maxCodes) return new Map();
		return new Map(codes.map(({ code, counts }) => [code, Math.min(...counts.hours.keys()) * hourSeconds]));
	}

	async #read(stored: StoredTime, now: number, signal: AbortSignal): Promise<ErrorEpisodes> {
		const { storage } = stored;
		const start = Math.max(stored.since, now - historyDays * daySeconds);
		// Without rows, and where all are dated in the future, there is no history.
		if (stored.empty || start >= now) return { episodes: [], troubles: [], from: now, now };
		const kept = (await this.#news(storage, now, signal)) ?? (await this.#whole(storage, start, now, signal));
		await this.#refine(kept, { storage, start, now }, signal);
		return kept.answer;
	}

	/** @returns undefined where all has to be read anew */
	async #news(storage: TimeStorage, now: number, signal: AbortSignal): Promise<Kept | undefined> {
		const kept = this.#kept;
		if (kept === undefined || now < kept.answer.now || now - kept.wholeAt > wholeSeconds) return undefined;
		const from = kept.closedUntil;
		const query = newsQuery({ storage, from, to: now, fineFrom: from });
		const rows = await this.database.rows({ query, maxRows: maxHistoryRows }, signal);
		if (kept.counts.hasMoved(rows)) return undefined;
		kept.counts.take(kept.counts.ofKept(rows), from);
		kept.closedUntil = closedHour(now);
		return kept;
	}

	async #whole(storage: TimeStorage, start: number, now: number, signal: AbortSignal): Promise<Kept> {
		const from = Math.floor(start / hourSeconds) * hourSeconds;
		const fineFrom = Math.max(from, Math.floor(now / hourSeconds - fineHours) * hourSeconds);
		const span = { storage, from, to: now, fineFrom };
		const read = (query: Sql) => this.database.rows({ query, maxRows: maxHistoryRows }, signal);
		const counts = new KeptCounts();
		counts.take(await read(codesQuery(span)), from);
		const parts = await read(movedQuery(span, stepsOf(counts.totals())));
		counts.take(parts, from);
		const chosen = chosenParts(parts);
		if (chosen.length > 0) counts.take(await read(partsQuery(span, chosen)), from);
		const kept: Kept = {
			counts,
			from,
			wholeAt: now,
			closedUntil: closedHour(now),
			fineRead: new Set(),
			answer: { episodes: [], troubles: [], from: start, now },
		};
		this.#kept = kept;
		return kept;
	}

	/** Finds the episodes by what is known, reads five minutes around the edges that were found by the hour, finds them again. */
	async #refine(
		kept: Kept,
		{ storage, start, now }: { storage: TimeStorage; start: number; now: number },
		signal: AbortSignal,
	): Promise<void> {
		const history = { start, now };
		const answer = async (episodes: readonly CodeEpisode[]) => {
			const known = this.#knownPairs;
			const troubles = await findTroubles(this.database, episodes, { storage, known }, signal);
			kept.answer = { episodes, troubles, from: start, now };
		};
		const found = findEpisodes({ history, codes: seriesOf(kept.counts) });
		const wishes = found.flatMap((episode) => edgesOf(episode, kept)).slice(0, maxWishes);
		if (wishes.length === 0) return answer(found);
		const rows = await this.database.rows(
			{ query: fineQuery(wishes, storage), maxRows: wishes.length },
			signal,
		);
		wishes.forEach((wish, index) => {
			const row = rows.find(({ number }) => number === index);
			takeFine(kept.counts, wish, readPlaces(row?.counts, perHour));
			kept.fineRead.add(JSON.stringify(wish));
		});
		return answer(findEpisodes({ history, codes: seriesOf(kept.counts) }));
	}
}

export function closedHour(now: number): number {
	return Math.floor((now - lateSeconds) / hourSeconds) * hourSeconds;
}

function seriesOf(kept: KeptCounts): EpisodesInput["codes"] {
	return [...kept.codes.values()].map(
		({ code, hours, fine, parts }): CodeSeries => ({
			code,
			counts: countsOf({ hours, fine }),
			parts: [...parts.values()].map((part) => ({
				parts: [{ dimension: part.dimension, value: part.value }],
				counts: countsOf(part),
			})),
			partsLookedAt: kept.lookedAt(code),
		}),
	);
}

/** Without five minutes of any hour, what is looked for is looked for by the hour. */
export function countsOf({ hours, fine }: Pick<KeptPart, "hours" | "fine">): Counts {
	return fine.size === 0 ? { hours } : { hours, fine };
}

/** The stretches around an episode's edges of which only hours are known. */
function edgesOf(episode: CodeEpisode, kept: Kept): readonly FineWish[] {
	const { code, where = [] } = episode;
	const edges =
		episode.until === undefined
			? [episode.between]
			: [episode.between, episode.untilBetween ?? [episode.until, episode.until]];
	return edges.flatMap(([earliest, latest]) => {
		const from = Math.max(kept.from, (Math.floor(earliest / hourSeconds) - edgeHours) * hourSeconds);
		const to = Math.min(kept.answer.now, (Math.ceil(latest / hourSeconds) + edgeHours) * hourSeconds);
		if (to <= from || to - from > fineHours * hourSeconds || isFine(kept.counts, episode, from, to))
			return [];
		const wish = { code, parts: where.map(plainPart), from, to };
		return kept.fineRead.has(JSON.stringify(wish)) ? [] : [wish];
	});
}

/** Whether the five minutes of a stretch are known. */
function isFine(counts: KeptCounts, { code, where = [] }: CodeEpisode, from: number, to: number): boolean {
	const [part] = where;
	const series = counts.codes.get(code);
	const kept = part === undefined ? series : series?.parts.get(partKey(code, part.dimension, part.value));
	if (kept === undefined) return false;
	for (let hour = from / hourSeconds; hour * hourSeconds < to; hour++) {
		let sum = 0;
		for (let slot = hour * perHour; slot < (hour + 1) * perHour; slot++) sum += kept.fine.get(slot) ?? 0;
		if (sum !== (kept.hours.get(hour) ?? 0)) return false;
	}
	return true;
}

function plainPart({ dimension, value }: Part): Pick<KeptPart, "dimension" | "value"> {
	return { dimension, value };
}

function takeFine(
	counts: KeptCounts,
	{ code, parts, from }: FineWish,
	places: readonly (readonly [number, number])[],
): void {
	const [part] = parts;
	const fine =
		part === undefined
			? counts.codes.get(code)?.fine
			: parts.length === 1
				? counts.part(code, part.dimension, part.value).fine
				: undefined;
	for (const [place, count] of places) fine?.set(from / fineSeconds + place, count);
}
