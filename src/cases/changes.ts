// What each event makes of a case. Pure: instants and facts come from the caller.

import { bounded, type Case, type Happened, type Told } from "./case.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { isOwn } from "./others.ts";
import { nextStatus, type ShownStatus } from "./status.ts";

/** Epoch seconds, as all instants here. */
export interface Report {
	readonly at: number;
	/** Its episode; missing where none stood out. */
	readonly standing?: Standing | undefined;
	readonly count?: number | undefined;
	readonly lastSeen?: number | undefined;
	readonly location?: string | undefined;
	readonly suspect?: string | undefined;
	readonly patch?: string | undefined;
	readonly told: Told;
}

export interface Verification {
	readonly at: number;
	readonly verdict: Extract<Happened, { kind: "verified" }>["verdict"];
	readonly deployedAt?: number | undefined;
	readonly commit?: string | undefined;
	readonly patch?: string | undefined;
}

export function opened(id: string, trouble: Fingerprint, at: number): Case {
	return { id, trouble, status: "open", openedAt: at, told: [], happened: [] };
}

export function reported(one: Case, { patch, told, ...report }: Report): Case {
	const { at, standing, count, lastSeen, location, suspect } = report;
	const { since: onset, until } = standing ?? {};
	const sinceFix =
		standing !== undefined && (returnedAt(one, standing) !== undefined || goesOn(one, standing));
	const status = nextStatus(one.status, { kind: "reported", sinceFix });
	const event: Happened = {
		kind: "reported",
		at,
		...(onset === undefined ? {} : { onset }),
		...(until === undefined ? {} : { until }),
		...(count === undefined ? {} : { count }),
	};
	const words = one.told.filter(
		({ cause, fix, title }) => cause !== told.cause || fix !== told.fix || title !== told.title,
	);
	const known: Case = {
		...one,
		status,
		...(onset === undefined ? {} : { onset }),
		...(count === undefined ? {} : { count }),
		...(lastSeen === undefined ? {} : { lastSeen: Math.max(lastSeen, one.lastSeen ?? 0) }),
		...(location === undefined ? {} : { location }),
		...(suspect === undefined ? {} : { suspect }),
		told: [...words, told],
		happened: [...one.happened, event],
	};
	return bounded(patch === undefined ? known : patched(known, patch, at));
}

/** The same patch again is nothing new. */
export function patched(one: Case, patch: string, at: number): Case {
	if (one.happened.some((event) => event.kind === "patched" && event.patch === patch)) return one;
	const status = nextStatus(one.status, { kind: "patched" });
	return bounded({
		...one,
		status,
		// What is proven stays named until something else is.
		...(status === "fixed" ? {} : { fix: { patch } }),
		happened: [...one.happened, { kind: "patched", at, patch }],
	});
}

/** Asked again with the same result, only the time of asking is new. */
export function verified(one: Case, { at, verdict, deployedAt, commit, patch }: Verification): Case {
	const status = nextStatus(one.status, { kind: "verified", verdict });
	const facts = {
		...(deployedAt === undefined ? {} : { deployedAt }),
		...(commit === undefined ? {} : { commit }),
		...(patch === undefined ? {} : { patch }),
	};
	const event: Happened = { kind: "verified", at, verdict, ...facts };
	const last = one.happened.at(-1);
	const isRepeat =
		last?.kind === "verified" && JSON.stringify({ ...last, at: 0 }) === JSON.stringify({ ...event, at: 0 });
	const isOfState = verdict !== "not_deployed" && (status !== "fixed" || verdict === "fixed");
	return bounded({
		...one,
		status,
		...(isOfState ? { fix: { ...(patch === undefined ? one.fix : {}), ...facts, verifiedAt: at } } : {}),
		happened: [...(isRepeat ? one.happened.slice(0, -1) : one.happened), event],
	});
}

/** By the user alone. */
export function muted(one: Case, at: number): Case {
	if (one.mutedAt !== undefined) return one;
	return bounded({ ...one, mutedAt: at, happened: [...one.happened, { kind: "muted", at }] });
}

export function unmuted(one: Case, at: number): Case {
	if (one.mutedAt === undefined) return one;
	const { mutedAt: _, ...rest } = one;
	return bounded({ ...rest, happened: [...one.happened, { kind: "unmuted", at }] });
}

export function shownStatus(one: Case): ShownStatus {
	if (one.mutedAt !== undefined) return "muted";
	return isOwn(one) || one.others === undefined ? one.status : "imported";
}

/** When a trouble stood, epoch seconds; one that recurs has a span for each time. */
export interface Standing {
	readonly since: number;
	readonly until?: number;
	readonly spans?: readonly { readonly from: number }[];
	/** The last event or failure of it. */
	readonly lastSeen?: number;
}

/** When it began again after it was fixed: before the fix was live it was still the old trouble. */
export function returnedAt({ status, fix }: Case, standing: Standing | undefined): number | undefined {
	const fixedAt = fix?.deployedAt ?? fix?.verifiedAt;
	if (status !== "fixed" || fixedAt === undefined || standing === undefined) return undefined;
	return [standing.since, ...(standing.spans ?? []).map(({ from }) => from)].find((at) => at > fixedAt);
}

/** It goes on although it was found fixed: two bursts with nothing between may be one episode, which began before the fix. */
export function goesOn({ status, fix }: Case, { until, lastSeen }: Standing): boolean {
	const isSeen = lastSeen !== undefined && fix?.verifiedAt !== undefined && lastSeen > fix.verifiedAt;
	return status === "fixed" && until === undefined && isSeen;
}

/** The patches proposed for it, the newest last. */
export function patchesOf({ happened }: Case): readonly string[] {
	return happened.flatMap((event) => (event.kind === "patched" ? [event.patch] : []));
}

/** What happened to a case that was kept apart until its trouble was known joins what happened to that one. */
export function joinedBy(one: Case, apart: Case): Case {
	let joined = one;
	for (const event of apart.happened) {
		if (event.kind === "patched") joined = patched(joined, event.patch, event.at);
		if (event.kind === "verified") joined = verified(joined, event);
	}
	const happened = [...joined.happened].sort((first, second) => first.at - second.at);
	return bounded({ ...joined, openedAt: Math.min(one.openedAt, apart.openedAt), happened });
}
