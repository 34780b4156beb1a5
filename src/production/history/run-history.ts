// The history of skill runs that episodes of failing skills are found in: kept in the process, brought up to date.

import {
	findRunEpisodes,
	type History,
	type Interval,
	type RunEpisode,
	type RunSeries,
	type UsualHours,
	usualHours,
} from "../../episodes/index.ts";
import type { Row } from "../../source/index.ts";
import type { TimeStorage } from "../../sql/index.ts";
import type { Database, StoredTime } from "../database.ts";
import type { RunStatus } from "../runs/filters.ts";
import {
	closedHour,
	countsOf,
	edgeHours,
	fineHours,
	historyDays,
	maxWishes,
	wholeSeconds,
} from "./error-history.ts";
import { FreshAnswer } from "./fresh-answer.ts";
import { fineSeconds, hourSeconds } from "./history-query.ts";
import {
	type FineRunsWish,
	fineRunsQuery,
	leastFailures,
	maxRunHistoryRows,
	runHistoryQuery,
} from "./run-query.ts";

export interface FailingSkills {
	readonly episodes: readonly RunEpisode[];
	/** Skills that have always failed at certain hours. */
	readonly usualHours: readonly UsualHours[];
	/** Epoch seconds: from here on the table has rows, or is looked at. */
	readonly from: number;
	readonly now: number;
}

type Places = Map<number, number>;

interface KeptSkill {
	readonly runs: { readonly hours: Places; readonly fine: Places };
	readonly failed: { readonly hours: Places; readonly fine: Places };
}

interface Kept {
	readonly skills: Map<string, KeptSkill>;
	/** Epoch seconds, whole hours. */
	readonly from: number;
	readonly fineFrom: number;
	/** When all was read, and when anything was. */
	readonly wholeAt: number;
	readAt: number;
	/** Hours before this are over, and were read after that. */
	closedUntil: number;
	/** Stretches that were read by five minutes. */
	readonly fineRead: Set<string>;
}

/** The runs of one production, of which those with one status count as failed. */
export class RunHistory {
	#kept: Kept | undefined;
	readonly #fresh = new FreshAnswer<FailingSkills>();

	constructor(
		private readonly database: Database,
		private readonly status: RunStatus,
	) {}

	/** @throws what the database throws */
	async episodes(stored: StoredTime, signal: AbortSignal): Promise<FailingSkills> {
		const now = this.database.now().seconds;
		return this.#fresh.get(now, () => this.#read(stored, now, signal));
	}

	async #read(stored: StoredTime, now: number, signal: AbortSignal): Promise<FailingSkills> {
		const { storage } = stored;
		const start = Math.max(stored.since, now - historyDays * 24 * hourSeconds);
		// Without rows, and where all are dated in the future, there is no history.
		if (stored.empty || start >= now) return { episodes: [], usualHours: [], from: now, now };
		const kept =
			(await this.#news(storage, now, signal)) ?? (await this.#whole(storage, { start, now }, signal));
		const found = answerOf(kept, { start, now });
		const wishes = found.episodes.flatMap((episode) => edgesOf(episode, kept, now)).slice(0, maxWishes);
		if (wishes.length === 0) return found;
		const query = fineRunsQuery(wishes, { storage, status: this.status });
		const rows = await this.database.rows({ query, maxRows: wishes.length }, signal);
		for (const [index, wish] of wishes.entries()) {
			const skill = kept.skills.get(wish.skill);
			const row = rows.find(({ number }) => number === index);
			if (skill !== undefined) fill(skill, "fine", row?.counts, wish.from / fineSeconds);
			kept.fineRead.add(JSON.stringify(wish));
		}
		return answerOf(kept, { start, now });
	}

	/** @returns undefined where all has to be read anew */
	async #news(storage: TimeStorage, now: number, signal: AbortSignal): Promise<Kept | undefined> {
		const kept = this.#kept;
		if (kept === undefined || now < kept.readAt || now - kept.wholeAt > wholeSeconds) return undefined;
		const from = kept.closedUntil;
		const query = runHistoryQuery({ storage, from, to: now, fineFrom: from }, this.status, 0);
		const rows = await this.database.rows({ query, maxRows: maxRunHistoryRows }, signal);
		if (rows.some((row) => !kept.skills.has(String(row.k)) && failuresOf(row) >= leastFailures))
			return undefined;
		take(
			kept,
			rows.filter((row) => kept.skills.has(String(row.k))),
			{ from, fineFrom: from },
		);
		kept.closedUntil = closedHour(now);
		kept.readAt = now;
		return kept;
	}

	async #whole(
		storage: TimeStorage,
		{ start, now }: { readonly start: number; readonly now: number },
		signal: AbortSignal,
	): Promise<Kept> {
		const from = Math.floor(start / hourSeconds) * hourSeconds;
		const fineFrom = Math.max(from, Math.floor(now / hourSeconds - fineHours) * hourSeconds);
		const query = runHistoryQuery({ storage, from, to: now, fineFrom }, this.status, leastFailures);
		const rows = await this.database.rows({ query, maxRows: maxRunHistoryRows }, signal);
		const kept: Kept = {
			skills: new Map(),
			from,
			fineFrom,
			wholeAt: now,
			readAt: now,
			closedUntil: closedHour(now),
			fineRead: new Set(),
		};
		take(kept, rows, { from, fineFrom });
		this.#kept = kept;
		return kept;
	}
}

function answerOf(kept: Kept, history: History): FailingSkills {
	const skills = seriesOf(kept);
	const episodes = findRunEpisodes({ history, skills });
	const recurring = new Set(episodes.filter(({ kind }) => kind === "recurring").map(({ skill }) => skill));
	return {
		episodes,
		usualHours: skills
			.filter(({ skill }) => !recurring.has(skill))
			.flatMap((series) => usualHours(history, series) ?? []),
		from: history.start,
		now: history.now,
	};
}

/** Places that a row names replace what was kept, since an hour that goes on is read again. */
function take(
	{ skills }: Kept,
	rows: readonly Row[],
	{ from, fineFrom }: { readonly from: number; readonly fineFrom: number },
): void {
	for (const row of rows) {
		const slug = String(row.k);
		const skill = skills.get(slug) ?? {
			runs: { hours: new Map(), fine: new Map() },
			failed: { hours: new Map(), fine: new Map() },
		};
		skills.set(slug, skill);
		if (row.kind === "hours") fill(skill, "hours", row.counts, from / hourSeconds);
		else fill(skill, "fine", row.counts, fineFrom / fineSeconds);
	}
}

function fill({ runs, failed }: KeptSkill, grain: "hours" | "fine", cell: unknown, first: number): void {
	for (const { place, runs: n, failures } of readTriples(cell)) {
		runs[grain].set(first + place, n);
		failed[grain].set(first + place, failures);
	}
}

function failuresOf(row: Row): number {
	return row.kind === "hours" ? readTriples(row.counts).reduce((sum, { failures }) => sum + failures, 0) : 0;
}

/** `place:runs`, and `:failures` where there are some. */
function readTriples(cell: unknown) {
	return String(cell ?? "")
		.split(" ")
		.flatMap((triple) => {
			const [place, runs, failures = 0] = triple.split(":").map(Number);
			return place === undefined || runs === undefined ? [] : [{ place, runs, failures }];
		});
}

function seriesOf({ skills }: Kept): readonly RunSeries[] {
	return [...skills].map(([skill, { runs, failed }]) => ({
		skill,
		runs: countsOf(runs),
		failed: countsOf(failed),
	}));
}

/** The stretches around an episode's edges of which only hours are known. */
function edgesOf(episode: RunEpisode, kept: Kept, now: number): readonly FineRunsWish[] {
	const { skill, between, until, untilBetween } = episode;
	const edges: readonly Interval[] =
		until === undefined ? [between] : [between, untilBetween ?? [until, until]];
	return edges.flatMap(([earliest, latest]) => {
		const from = Math.max(kept.from, (Math.floor(earliest / hourSeconds) - edgeHours) * hourSeconds);
		const to = Math.min(now, kept.fineFrom, (Math.ceil(latest / hourSeconds) + edgeHours) * hourSeconds);
		if (to <= from || to - from > fineHours * hourSeconds) return [];
		const wish = { skill, from, to };
		return kept.fineRead.has(JSON.stringify(wish)) ? [] : [wish];
	});
}
