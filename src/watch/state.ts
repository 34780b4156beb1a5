// What a watch has told, as it is kept between two rounds and over a restart.

import { z } from "zod";
import { alerts } from "./round.ts";

/** Epoch seconds. */
const instant = z.number();

const amount = z.object({ count: z.number(), exposure: z.number(), seconds: z.number() });

const known = z.object({
	id: z.string(),
	of: z.enum(["code", "skill"]),
	names: z.string().array(),
	parts: z.string().array(),
	since: instant,
	between: z.tuple([instant, instant]),
	until: instant.optional(),
	/** The last round that it stood in. */
	seenAt: instant,
	/** False for one that was over before the first round, and for a new code that is no episode. */
	isWatched: z.boolean(),
	/** When the first round saw it over; missing while it goes on. */
	endedAt: instant.optional(),
	/** Its end was told, or needs no telling. */
	isOver: z.boolean(),
	toldRecurring: z.boolean(),
	toldBack: z.boolean(),
	/** Alerts of it so far: each has an id of its own. */
	alerts: z.number(),
	/** How much there was when it was told last. */
	level: amount.optional(),
	/** How much there was in the rounds of the last hours. */
	marks: amount.extend({ at: instant, since: instant }).array(),
});
export type KnownTrouble = z.output<typeof known>;

const message = z.object({
	id: z.string(),
	alerts: z.enum(alerts).array(),
	line: z.string(),
	facts: z.record(z.string(), z.unknown()),
});
/** One alert, ready to be told. */
export type Message = z.output<typeof message>;

export const stateSchema = z.object({
	/** Changes with every round: of two processes one alone keeps its round. */
	round: z.number(),
	now: instant,
	troubles: known.array(),
	limits: z.record(z.string(), z.object({ belowSince: instant.optional(), times: z.number() })),
	/** Not yet told, or not known to be. */
	outbox: message.array(),
});
export type WatchState = z.output<typeof stateSchema>;
