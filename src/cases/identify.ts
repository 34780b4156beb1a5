// Which trouble an episode is, by what production says of its events or failures.

import { maxStretches, type Production, type Stretch } from "../production/index.ts";
import { type Fingerprint, fingerprintOf } from "./fingerprint.ts";

export interface Identified {
	readonly trouble: Fingerprint;
	/** Epoch seconds. */
	readonly lastSeen: number;
}

/** @returns in their order; undefined where nothing is in a stretch */
export async function identify(
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
