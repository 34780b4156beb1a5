// Which trouble is which: the code, or the skill and its message, and what bounds it.

import { createHash } from "node:crypto";
import { z } from "zod";
import { profileFields, type TopValue, type TroubleProfile } from "../production/index.ts";
import { maskPersonal, maskSecrets } from "../text/index.ts";

const maxName = 200;
const topValue = z.object({ value: z.string().max(maxName).nullable(), share: z.number().min(0).max(1) });

export const fingerprintSchema = z.object({
	of: z.enum(["code", "skill"]),
	/** The code, or the skill's slug. */
	name: z.string().min(1).max(maxName),
	/** The most frequent values. Missing where production was not asked: such a trouble is like no other. */
	top: z
		.object({
			provider: topValue.optional(),
			skill: topValue.optional(),
			organization: topValue.optional(),
			message: topValue.optional(),
		})
		.optional(),
});
export type Fingerprint = z.output<typeof fingerprintSchema>;

/** From this share on a value bounds a trouble. */
const boundShare = 0.75;
/** The same value, near that share on both sides. */
const nearShare = 0.2;
/** Two values that each have so much are different troubles. */
const leadingShare = 0.6;

export function fingerprintOf(
	of: Fingerprint["of"],
	name: string,
	profile: TroubleProfile | undefined,
): Fingerprint {
	const plain = (text: string) => maskPersonal(maskSecrets(text)).slice(0, maxName).toWellFormed();
	if (profile === undefined) return { of, name: plain(name) };
	const top = Object.fromEntries(
		Object.entries(profile.top).map(([field, { value, share }]) => [
			field,
			{ value: value === null ? null : plain(value), share: Math.round(100 * share) / 100 },
		]),
	);
	return { of, name: plain(name), top };
}

/** The values that bound it: those that most of it has. */
export function boundsOf({
	top = {},
}: Pick<Fingerprint, "top">): Readonly<Partial<Record<(typeof profileFields)[number], string | null>>> {
	return Object.fromEntries(
		profileFields.flatMap((field) => {
			const value = top[field];
			return value === undefined || value.share < boundShare ? [] : [[field, value.value]];
		}),
	);
}

/** Whether it is the same trouble again. What was never bound is like no other. */
export function isSame(one: Fingerprint, other: Fingerprint): boolean {
	if (one.of !== other.of || one.name !== other.name) return false;
	const [first, second] = [one.top, other.top];
	if (first === undefined || second === undefined) return false;
	return profileFields.every((field) => isLike(first[field], second[field]));
}

function isLike(one: TopValue | undefined, other: TopValue | undefined): boolean {
	if (one === undefined || other === undefined) return one === other;
	const isBound = one.share >= boundShare || other.share >= boundShare;
	if (one.value !== other.value) {
		return !isBound && Math.min(one.share, other.share) < leadingShare;
	}
	const areBound = one.share >= boundShare && other.share >= boundShare;
	return areBound || !isBound || Math.abs(one.share - other.share) <= nearShare;
}

/** Eight hex digits, the same for whoever sees the same trouble. @param taken whether another trouble has the id */
export function caseId(fingerprint: Fingerprint, taken: (id: string) => boolean): string {
	const { of, name, top } = fingerprint;
	const bounds = top === undefined ? "unbound" : profileFields.map((field) => boundsOf(fingerprint)[field]);
	for (let number = 0; ; number += 1) {
		const text = JSON.stringify([of, name, bounds, number]);
		const id = createHash("sha256").update(text).digest("hex").slice(0, 8);
		if (!taken(id)) return id;
	}
}
