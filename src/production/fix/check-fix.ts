// What production says of a fix: the verdict, whom it hit before and since, and what rose since.

import type { Counts } from "../../episodes/index.ts";
import type { Row } from "../../source/index.ts";
import type { TimeStorage } from "../../sql/index.ts";
import { type FixJudgement, type FixStory, judgeFix, type VictimCounts } from "../../verify/index.ts";
import type { Database, StoredTime } from "../database.ts";
import type { ErrorHistory } from "../history/error-history.ts";
import { historyDays } from "../history/error-history.ts";
import type { RunHistory } from "../history/run-history.ts";
import { daySeconds, type Window } from "../window.ts";
import { type FixSubject, fineSeconds, fixCountsQuery, fixPeopleQuery } from "./fix-query.ts";

export interface FixSide {
	readonly window: Window;
	readonly count: number;
	readonly users: number;
	/** Of events. */
	readonly sessions?: number;
	/** Of a skill: the count is that of its failures. */
	readonly runs?: number;
}

export interface FixCheck {
	readonly judgement: FixJudgement;
	readonly before: FixSide;
	readonly after: FixSide;
	readonly victims: {
		readonly before: number;
		readonly seenSince: number;
		readonly hitSince: number;
		/** Those with a run since that succeeded. */
		readonly wellSince: number;
	};
	/** Events since, of sessions that began before the fix; undefined for runs, which have no sessions. */
	readonly tail?: number;
	/** Codes and skills with an episode that began after the fix. */
	readonly sideEffects: readonly SideEffect[];
	/** Epoch seconds: from here on the table has rows, or is looked at. */
	readonly historyFrom: number;
}

export interface SideEffect {
	readonly of: "code" | "skill";
	readonly name: string;
	readonly since: number;
	readonly isOn: boolean;
	readonly count: number;
	readonly expected: number;
}

export interface FixQuestion {
	readonly subject: FixSubject;
	/** Epoch seconds. */
	readonly deployedAt: number;
	readonly now: number;
	readonly events: StoredTime | undefined;
	readonly runs: StoredTime | undefined;
}

export interface FixSources {
	readonly database: Database;
	readonly history: ErrorHistory;
	readonly runHistory: RunHistory;
}

/** The oldest instant whose rows are looked at. */
export function fixHistoryFrom({ subject, now, events, runs }: Omit<FixQuestion, "deployedAt">): number {
	const stored = subject.of === "events" ? events : runs;
	return Math.max(stored?.since ?? now, now - historyDays * daySeconds);
}

/** Two requests of its own; the histories of errors and runs are those that error_stats keeps. */
export async function checkFix(
	{ database, history, runHistory }: FixSources,
	question: FixQuestion,
	signal: AbortSignal,
): Promise<FixCheck> {
	const { subject, deployedAt, now, events, runs } = question;
	const storage = storageOf(question);
	const from = fixHistoryFrom(question);
	const window = { from, to: now };
	const [[row], errors, failing] = await Promise.all([
		database.rows({ query: fixCountsQuery(subject, { window, storage }), maxRows: 1 }, signal),
		events === undefined ? undefined : history.episodes(events, signal),
		runs === undefined ? undefined : runHistory.episodes(runs, signal),
	]);
	const asked = new Set(subject.of === "events" ? (subject.filters.errorCodes ?? []) : []);
	const others = subject.of === "runs" ? [] : history.hours().filter(({ code }) => !asked.has(code));
	const story: FixStory = {
		history: { start: from, now },
		deployedAt,
		...readCounts(row, from, subject),
		others: others.map(({ counts }) => counts),
	};
	const first = judgeFix(story);
	const { trouble } = first;
	const before = {
		from: trouble.since,
		to: Math.max(trouble.since + 1, Math.min(deployedAt, trouble.until ?? deployedAt)),
	};
	const after = { from: deployedAt, to: now };
	const query = fixPeopleQuery(subject, { before, after, storage, runStorage: runs?.storage });
	const [people] = await database.rows({ query, maxRows: 1 }, signal);
	const of = (cell: string) => Number(people?.[cell] ?? 0);
	const victims: VictimCounts = {
		before: of("victims"),
		runs: of("victim_runs"),
		failures: of("victim_failures"),
		seenSince: of("seen"),
		hitSince: of("hit_again"),
	};
	const side = (name: "before" | "after", window: Window): FixSide => ({
		window,
		count: of(`count_${name}`),
		users: of(`users_${name}`),
		...(subject.of === "events" ? { sessions: of(`sessions_${name}`) } : { runs: of(`runs_${name}`) }),
	});
	const own = subject.of === "runs" ? subject.filters.skill : undefined;
	return {
		judgement: subject.of === "runs" ? judgeFix({ ...story, victims }) : first,
		before: side("before", before),
		after: side("after", after),
		victims: {
			before: victims.before,
			seenSince: victims.seenSince,
			hitSince: victims.hitSince,
			wellSince: of("well"),
		},
		...(subject.of === "events" ? { tail: of("tail") } : {}),
		sideEffects: [
			...(errors?.episodes ?? [])
				.filter(({ code, between }) => !asked.has(code) && between[0] >= deployedAt)
				.map((one): SideEffect => ({ of: "code", name: one.code, ...effectOf(one) })),
			...(failing?.episodes ?? [])
				.filter(({ skill, between }) => skill !== own && between[0] >= deployedAt)
				.map((one): SideEffect => ({ of: "skill", name: one.skill, ...effectOf(one) })),
		],
		historyFrom: from,
	};
}

function effectOf(one: { since: number; until?: number; count: number; expected: number }) {
	return { since: one.since, isOn: one.until === undefined, count: one.count, expected: one.expected };
}

function storageOf({ subject, events, runs }: FixQuestion): TimeStorage {
	return (subject.of === "events" ? events : runs)?.storage ?? "seconds";
}

function readCounts(
	row: Row | undefined,
	from: number,
	{ of }: FixSubject,
): { readonly counts: Counts; readonly runs?: Counts } {
	const first = Math.floor(from / fineSeconds);
	const [counts, runs] = [emptyCounts(), emptyCounts()];
	for (const entry of String(row?.counts ?? "").split(" ")) {
		const [place, n, failures = 0] = entry.split(":").map(Number);
		if (place === undefined || n === undefined) continue;
		if (of === "events") put(counts, first + place, n);
		else {
			put(runs, first + place, n);
			put(counts, first + place, failures);
		}
	}
	return of === "events" ? { counts } : { counts, runs };
}

interface Filled {
	readonly hours: Map<number, number>;
	readonly fine: Map<number, number>;
}

function emptyCounts(): Filled {
	return { hours: new Map(), fine: new Map() };
}

function put({ hours, fine }: Filled, bucket: number, count: number): void {
	if (count === 0) return;
	const hour = Math.floor((bucket * fineSeconds) / 3600);
	fine.set(bucket, count);
	hours.set(hour, (hours.get(hour) ?? 0) + count);
}
