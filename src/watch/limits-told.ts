// The user's limits: told when one is exceeded, and when it has been kept for as long as it counts. Pure.

import type { LimitReading } from "./round.ts";
import type { WatchState } from "./state.ts";
import type { Told } from "./told.ts";

type Kept = WatchState["limits"];

/** A limit stands in what is kept from when it is exceeded until its end is told; after that only how often. */
export function tellLimits(
	before: Kept,
	readings: readonly LimitReading[],
	now: number,
): { readonly kept: Kept; readonly told: readonly Told[] } {
	const kept: Kept = {};
	const told: Told[] = [];
	for (const reading of readings) {
		const { limit, seconds, isExceeded } = reading;
		const known = before[limit] ?? { times: 0 };
		// Odd: it was told as exceeded, and not yet as kept again.
		const isTold = known.times % 2 === 1;
		const belowSince = isExceeded ? undefined : (known.belowSince ?? now);
		const isKeptAgain = isTold && belowSince !== undefined && now - belowSince >= seconds;
		const isToTell = isKeptAgain || (isExceeded && !isTold);
		const times = known.times + (isToTell ? 1 : 0);
		kept[limit] = { times, ...(belowSince === undefined ? {} : { belowSince }) };
		if (!isToTell) continue;
		const id = `${limit}-${times}`;
		told.push({
			id,
			alerts: isKeptAgain ? ["over", "limit"] : ["limit"],
			about: { of: "limit", limit: reading },
		});
	}
	return { kept, told };
}
