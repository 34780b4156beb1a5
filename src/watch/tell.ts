// What a round has to tell: what was told before, and what is now, make the alerts and what is kept. Pure.

import { createHash } from "node:crypto";
import { tellLimits } from "./limits-told.ts";
import type { Alert, Round, Standing } from "./round.ts";
import { sameTroubles } from "./same.ts";
import type { KnownTrouble, WatchState } from "./state.ts";
import type { Subject, Told } from "./told.ts";
import { marked, worsened } from "./worse.ts";

const hour = 3600;
const day = 24 * hour;
/** The first round tells what is new within this time, beside what is on. */
const newSeconds = day;
/** One that ended longer ago than this before the last round was there to be seen then. */
const graceSeconds = 3 * hour;
/** An end is told when two rounds saw it, or when it is so long ago. */
const sureSeconds = hour;
/** A trouble that no round saw for so long is told as over. */
const goneSeconds = 2 * hour;
/** Kept after its end, as long as the history holds it. */
const keptSeconds = 30 * day;
const mostKept = 300;
/** New codes with fewer events may be a stray client's. */
const leastOfNew = 3;
/** A shorter history does not show which codes are new. */
const leastHistory = 7 * day;

export interface Outcome {
	/** Without the new messages. */
	readonly state: WatchState;
	readonly told: readonly Told[];
}

/** @param before undefined in the first round of all */
export function tell(before: WatchState | undefined, round: Round): Outcome {
	const { now } = round;
	const step = new Step(before, round);
	for (const trouble of round.troubles) step.take(trouble);
	step.takeNewCodes();
	step.takeGone();
	const limits = tellLimits(before?.limits ?? {}, round.limits, now);
	const troubles = [...step.known.values()]
		.filter(({ seenAt }) => seenAt >= now - keptSeconds)
		.sort((one, other) => other.seenAt - one.seenAt)
		.slice(0, mostKept);
	return {
		state: {
			round: (before?.round ?? 0) + 1,
			now: Math.max(now, before?.now ?? 0),
			troubles,
			limits: limits.kept,
			outbox: [],
		},
		told: [...step.told, ...limits.told],
	};
}

class Step {
	readonly told: Told[] = [];
	readonly known: Map<string, KnownTrouble>;
	/** Troubles that an episode of this round is. */
	readonly #taken = new Set<string>();

	constructor(
		private readonly before: WatchState | undefined,
		private readonly round: Round,
	) {
		this.known = new Map(before?.troubles.map((one) => [one.id, one]) ?? []);
	}

	take(trouble: Standing): void {
		const [same, ...joined] = sameTroubles(trouble, [...this.known.values()], this.round.now);
		if (trouble.isMuted === true) {
			// As one that is over: it is told as soon as its case is unmuted and it goes on.
			const one = { ...(same ?? this.#fresh(trouble)), seenAt: this.round.now };
			this.#keep({ ...one, isWatched: false, isOver: true });
			return;
		}
		if (same === undefined) {
			this.#keep(this.#unknown(trouble));
			return;
		}
		const isOver = trouble.until !== undefined;
		// What it joins is told with it from now on.
		for (const other of joined) {
			if (this.#taken.has(other.id)) continue;
			this.#keep({ ...other, seenAt: this.round.now, isOver: other.isOver || isOver });
		}
		// Another piece of the same trouble stands in this answer already.
		if (!this.#taken.has(same.id)) this.#keep(this.#stillKnown(same, trouble));
	}

	#keep(one: KnownTrouble): void {
		this.known.set(one.id, one);
		this.#taken.add(one.id);
	}

	#tell(one: KnownTrouble, alerts: readonly Alert[], about: Subject): KnownTrouble {
		this.told.push({ id: `${one.id}-${one.alerts + 1}`, alerts, about });
		return { ...one, alerts: one.alerts + 1 };
	}

	#unknown(trouble: Standing): KnownTrouble {
		const { now } = this.round;
		const one = this.#fresh(trouble);
		const isNew = trouble.isNew && trouble.since >= now - newSeconds;
		const isOn = trouble.until === undefined;
		const isFirst = this.before === undefined;
		const isRecent = (trouble.until ?? now) >= (this.before?.now ?? now) - graceSeconds;
		const isTold = isFirst ? isOn || isNew : isRecent;
		if (!isTold) return { ...one, isWatched: false, isOver: true };
		return this.#tellKind(one, trouble);
	}

	#fresh(trouble: Standing): KnownTrouble {
		const { of, names, parts, since, between, until } = trouble;
		const id = createHash("sha256")
			.update(JSON.stringify([of, names[0], parts, since]))
			.digest("hex");
		return {
			id: id.slice(0, 8),
			of,
			names: [...names],
			parts: [...parts],
			since,
			between: [...between],
			...(until === undefined ? {} : { until }),
			seenAt: this.round.now,
			isWatched: true,
			isOver: until !== undefined,
			toldRecurring: false,
			toldBack: false,
			alerts: 0,
			marks: [],
		};
	}

	/** As it stands: what kind it is, whether it is new, whether it is back. */
	#tellKind(one: KnownTrouble, trouble: Standing): KnownTrouble {
		const { count, exposure, seconds, kind, isNew, isBack, until } = trouble;
		const alerts: Alert[] = [
			...(isBack ? ["came_back" as const] : []),
			kind,
			...(isNew ? ["new" as const] : []),
		];
		const told = this.#tell(one, alerts, { of: "trouble", trouble });
		return {
			...told,
			isOver: until !== undefined,
			toldRecurring: one.toldRecurring || kind === "recurring",
			toldBack: isBack,
			level: { count, exposure, seconds },
			marks: marked([], trouble, this.round.now),
		};
	}

	#stillKnown(before: KnownTrouble, trouble: Standing): KnownTrouble {
		const { now } = this.round;
		const { names, parts, since, between, until } = trouble;
		const { until: _, endedAt, ...rest } = before;
		const one: KnownTrouble = {
			...rest,
			names: [...new Set([...names, ...before.names])],
			parts: [...parts],
			since,
			between: [...between],
			...(until === undefined ? {} : { until, endedAt: endedAt ?? now }),
			seenAt: Math.max(now, before.seenAt),
			isWatched: true,
			marks: marked(before.marks, trouble, now),
		};
		const about: Subject = { of: "trouble", trouble };
		if (until !== undefined) return this.#ended(one, trouble, endedAt !== undefined);
		if (before.isOver && now > (before.endedAt ?? before.seenAt)) return this.#tellKind(one, trouble);
		if (trouble.isBack && !before.toldBack) {
			return { ...this.#tell(one, ["came_back", trouble.kind], about), toldBack: true };
		}
		if (trouble.kind === "recurring" && !before.toldRecurring) return this.#tellKind(one, trouble);
		const more = worsened(before, trouble, now);
		return more === undefined ? one : { ...this.#tell(one, ["worse"], about), level: more };
	}

	/** @param wasEnded whether a round before saw the end too */
	#ended(one: KnownTrouble, trouble: Standing, wasEnded: boolean): KnownTrouble {
		const { until = 0, kind } = trouble;
		if (one.isOver) return one;
		if (!wasEnded && this.round.now - until < sureSeconds) return one;
		const alerts: Alert[] = kind === "recurring" && !one.toldRecurring ? ["over", "recurring"] : ["over"];
		return { ...this.#tell(one, alerts, { of: "trouble", trouble }), isOver: true };
	}

	takeNewCodes(): void {
		const { newCodes, now, historyFrom } = this.round;
		for (const code of newCodes) {
			if (code.count < leastOfNew || code.since - historyFrom < leastHistory) continue;
			const known = [...this.known.values()].some(
				({ of, names, seenAt }) => of === "code" && names.includes(code.code) && seenAt >= code.since,
			);
			if (known) continue;
			const seconds = Math.max(hour, now - code.since);
			const level = { count: code.count, exposure: 0, seconds };
			const fresh = this.#fresh({
				of: "code",
				names: [code.code],
				parts: [],
				kind: "on",
				since: code.since,
				between: [code.since, code.since + hour],
				isNew: true,
				isBack: false,
				...level,
			});
			this.#keep({ ...this.#tell(fresh, ["new"], { of: "code", code }), isWatched: false, level });
		}
	}

	/** A trouble that was told as going on is told as over even where no answer names it any more. */
	takeGone(): void {
		const { now } = this.round;
		for (const one of this.known.values()) {
			if (this.#taken.has(one.id) || one.isOver || now - one.seenAt < goneSeconds) continue;
			const ended = { ...one, isOver: true, endedAt: now };
			const gone = one.isWatched ? this.#tell(ended, ["over"], { of: "gone", known: one }) : ended;
			this.known.set(one.id, gone);
		}
	}
}
