// Whether an episode can be believed: error events are written by anyone, failed runs by the server alone.

import type { Row } from "../../source/index.ts";
import { TimeStorageUnknown } from "../../sql/index.ts";
import { type Database, TableMissing } from "../database.ts";
import { beatOf } from "./beat.ts";
import { maxFailedRuns } from "./evidence-query.ts";
import type { EvidenceStorage } from "./storage.ts";

/**
 * `borne_out`: so many failed runs of the same users stand beside its events. `clients_alone`: nothing that the server
 * wrote does, and it looks as no outage does.
 */
export type Evidence =
	| { readonly kind: "borne_out"; readonly runs: number; readonly isMore: boolean }
	| { readonly kind: "clients_alone"; readonly why: ClientsAlone };

export type ClientsAlone =
	| { readonly sign: "few_sessions"; readonly sessions: number }
	| { readonly sign: "no_users" | "unknown_users" | "other_organizations" | "not_raised" }
	| { readonly sign: "beat"; readonly seconds: number }
	/** Of the same events before, so many in a hundred had a failed run beside them. */
	| { readonly sign: "no_failed_runs"; readonly usualPercent: number };

/** What a sample of events shows, in events. */
export interface Sample {
	readonly events: number;
	readonly withSession: number;
	readonly sessions: number;
	readonly withUser: number;
	readonly unknownUser: number;
	readonly misfit: number;
	readonly borne: number;
	/** When its sessions began; all of its events where it has few sessions. */
	readonly begun: readonly number[];
}

export interface Held {
	readonly events: number;
	/** Of the largest session. */
	readonly largest: number;
	readonly sessions: number;
	readonly failedRuns: number;
	readonly inside: Sample;
	/** Events before it: of the same code, of its skill, of all codes. */
	readonly before: Sample;
	readonly skill: Sample;
	readonly any: Sample;
}

/** How runs store time; undefined where this deployment logs none. */
export async function storageOfRuns(
	database: Database,
	signal: AbortSignal,
): Promise<EvidenceStorage["runs"]> {
	try {
		const { storage, empty } = await database.storedTime("skill_usage_logs", signal);
		return empty ? undefined : storage;
	} catch (error) {
		if (error instanceof TableMissing || error instanceof TimeStorageUnknown) return undefined;
		throw error;
	}
}

export function readHeld(rows: readonly Row[]): Held {
	const of = (kind: string) => rows.find((row) => row.kind === kind);
	const whole = of("whole");
	return {
		events: Number(whole?.n ?? 0),
		largest: Number(whole?.a ?? 0),
		sessions: Number(whole?.b ?? 0),
		failedRuns: Number(whole?.c ?? 0),
		inside: readSample(of("inside")),
		before: readSample(of("before")),
		skill: readSample(of("skill")),
		any: readSample(of("any")),
	};
}

function readSample(row: Row | undefined): Sample {
	const of = (cell: string) => Number(row?.[cell] ?? 0);
	const times = String(row?.times ?? "")
		.split(" ")
		.filter((one) => one !== "")
		.map((one) => one.split(":").map(Number));
	const first = times.filter(([, isFirst]) => isFirst === 1);
	return {
		events: of("n"),
		withSession: of("a"),
		sessions: of("b"),
		withUser: of("c"),
		unknownUser: of("d"),
		misfit: of("f"),
		borne: of("g"),
		begun: (first.length >= fewSessions ? first : times).map(([at = 0]) => at),
	};
}

/** Fewer events say nothing of how they came. */
const least = 8;
/** Events before it that are enough to know what is usual. */
const enough = 20;
/** Sessions that are few, of an episode of many events. */
const fewSessions = 6;
const manyEvents = 40;
/** One session with so much of an episode is behind it. */
const oneSession = 0.6;
/** A part that is nearly nothing, and one that is usual. */
const hardlyAny = 0.1;
const usually = 0.5;
/** Failed runs beside so much of an episode's events bear it out. */
const borneShare = 0.15;
const leastRuns = 3;
/** ln of the chance that so few events have a failed run beside them, if as many had one as before. */
const unlikely = Math.log(1e-4);

/** The surest sign alone is told. */
export function judge(held: Held): Evidence | undefined {
	const { inside, failedRuns } = held;
	const isBorne = failedRuns >= leastRuns && inside.borne >= borneShare * inside.events;
	if (isBorne) return { kind: "borne_out", runs: failedRuns, isMore: failedRuns >= maxFailedRuns };
	const why = inside.events < least ? undefined : signOf(held);
	return why === undefined ? undefined : { kind: "clients_alone", why };
}

function signOf(held: Held): ClientsAlone | undefined {
	const { inside, before, any } = held;
	const usual = before.events >= enough ? before : any;
	const isKnown = usual.events >= enough;
	const named = (sample: Sample) => sample.withUser / sample.events;
	const ofUsers = (sample: Sample, part: "unknownUser" | "misfit") =>
		sample.withUser < least ? 0 : sample[part] / sample.withUser;
	if (held.largest >= oneSession * held.events) return { sign: "few_sessions", sessions: 1 };
	if (isFewSessions(held, usual)) return { sign: "few_sessions", sessions: held.sessions };
	if (isKnown && named(inside) <= hardlyAny && named(usual) >= usually) return { sign: "no_users" };
	if (ofUsers(inside, "unknownUser") >= usually && ofUsers(any, "unknownUser") <= hardlyAny)
		return { sign: "unknown_users" };
	if (ofUsers(inside, "misfit") >= usually && ofUsers(any, "misfit") <= hardlyAny)
		return { sign: "other_organizations" };
	const seconds = beatOf(inside.begun);
	if (seconds !== undefined) return { sign: "beat", seconds };
	return unborne(held);
}

function isFewSessions({ events, sessions, inside }: Held, usual: Sample): boolean {
	if (events < manyEvents || sessions === 0 || sessions >= fewSessions) return false;
	const each = inside.withSession / Math.max(1, inside.sessions);
	return each >= 5 * (usual.withSession / Math.max(1, usual.sessions));
}

/** Its skill has runs, and as its events go they fail beside them: none does now. */
function unborne({ inside, before, skill }: Held): ClientsAlone | undefined {
	const usual = before.withUser >= enough ? before : skill;
	if (usual.withUser < enough || inside.withUser < least) return undefined;
	const rate = usual.borne / usual.withUser;
	const isFew = inside.borne / inside.withUser <= rate / 5;
	return isFew && inside.withUser * Math.log1p(-Math.min(rate, 0.99)) < unlikely
		? { sign: "no_failed_runs", usualPercent: Math.round(100 * rate) }
		: undefined;
}
