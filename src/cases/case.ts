// One trouble as it is remembered: what the server checked, what agents wrote of it, and what happened since.

import { z } from "zod";
import { fixOutcomes } from "../verify/index.ts";
import { fingerprintSchema } from "./fingerprint.ts";
import { statuses } from "./status.ts";

/** Epoch seconds. */
const instant = z.number().int();
const hash = z.string().regex(/^[0-9a-f]{7,40}$/);
const patchId = z.string().regex(/^[a-z0-9]{1,64}$/);

const happened = z.discriminatedUnion("kind", [
	z.object({
		kind: z.literal("reported"),
		at: instant,
		/** Of the episode; missing where none stood out. */
		onset: instant.optional(),
		until: instant.optional(),
		count: z.number().int().optional(),
	}),
	z.object({ kind: z.literal("patched"), at: instant, patch: patchId }),
	z.object({
		kind: z.literal("verified"),
		at: instant,
		verdict: z.enum(fixOutcomes),
		deployedAt: instant.optional(),
		commit: hash.optional(),
		patch: patchId.optional(),
	}),
	z.object({ kind: z.literal("muted"), at: instant }),
	z.object({ kind: z.literal("unmuted"), at: instant }),
]);
export type Happened = z.output<typeof happened>;

/** What an agent wrote, perhaps misled by a stranger's text. */
const told = z.object({
	at: instant,
	title: z.string().optional(),
	cause: z.string(),
	fix: z.string(),
	/** As it was given. */
	location: z.string().optional(),
});
export type Told = z.output<typeof told>;

/** The fix that was verified last, or the patch proposed last. */
const fix = z.object({
	patch: patchId.optional(),
	commit: hash.optional(),
	deployedAt: instant.optional(),
	/** When the verdict that the state rests on was given. */
	verifiedAt: instant.optional(),
});

/** What others found of the same trouble: nothing of it was checked by this machine. */
const others = z.object({
	importedAt: instant,
	status: z.enum(statuses),
	openedAt: instant,
	location: z.string().max(260).optional(),
	suspect: hash.optional(),
	fix: fix.optional(),
	told: told.array(),
	happened: happened.array(),
});
export type Others = z.output<typeof others>;

export const caseSchema = z.object({
	id: z.string().regex(/^[0-9a-f]{8}$/),
	trouble: fingerprintSchema,
	status: z.enum(statuses),
	mutedAt: instant.optional(),
	openedAt: instant,
	/** When it began, as the episode of the last report has it. */
	onset: instant.optional(),
	lastSeen: instant.optional(),
	/** Events or failures of the last report. */
	count: z.number().int().optional(),
	/** `path:line`, of a file that the repository has. */
	location: z.string().max(260).optional(),
	/** The commit that likely caused it. */
	suspect: hash.optional(),
	fix: fix.optional(),
	told: told.array(),
	happened: happened.array(),
	others: others.optional(),
});
export type Case = z.output<typeof caseSchema>;

export const mostTold = 5;
export const mostHappened = 60;

/** What of a case is older than the lists hold is left out, but for how it began. */
export function bounded(one: Case): Case {
	const { happened: all, told: words } = one;
	return {
		...one,
		told: words.slice(-mostTold),
		happened: all.length <= mostHappened ? all : [...all.slice(0, 1), ...all.slice(1 - mostHappened)],
	};
}
