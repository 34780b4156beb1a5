// Which trouble an episode is, by what production says of its events or failures.

import { maxStretches, type Production, type Stretch } from "../production/index.ts";
import { DeadlineExceeded, endDeadline, remainingMs, withDeadline } from "../system/index.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";

export interface Identified {
	readonly trouble: Fingerprint;
	/** Epoch seconds. */
	readonly lastSeen: number;
}

/** The answer stands without it, so production may take only so long, in milliseconds. */
const mostMs = 5000;

/**
 * @returns in their order; undefined where nothing is in a stretch
 * @throws {DeadlineExceeded} and what production throws
 */
export async function identify(
	production: Pick<Production, "profiles">,
	stretches: readonly Stretch[],
	signal: AbortSignal,
): Promise<readonly (Identified | undefined)[]> {
	const budgetMs = Math.min(mostMs, Math.ceil(remainingMs(signal) / 200) * 100);
	const within = withDeadline(signal, budgetMs);
	try {
		return await identified(production, stretches, within);
	} catch (error) {
		if (within.aborted && !signal.aborted) throw new DeadlineExceeded(budgetMs);
		throw error;
	} finally {
		endDeadline(within);
	}
}

async function identified(
	production: Pick<Production, "profiles">,
	stretches: readonly Stretch[],
	signal: AbortSignal,
): Promise<readonly (Identified | undefined)[]> {
	const found: (Identified | undefined)[] = [];
	for (let first = 0; first < stretches.length; first += maxStretches) {
		const some = stretches.slice(first, first + maxStretches);
		const profiles = await production.profiles(some, signal);
		some.forEach((stretch, index) => {
			const profile = profiles[index];
			const name = stretch.of === "code" ? stretch.code : stretch.skill;
			found.push(
				profile === undefined
					? undefined
					: { trouble: fingerprintOf(stretch.of, name, profile), lastSeen: profile.lastSeen },
			);
		});
	}
	return found;
}
