// Counts the arguments of calls in a text.

import type { Place } from "./structure.ts";
import { is } from "./tokens.ts";

/** How many arguments the call at a place has; 0 where none stands there. */
export function argumentsAt(places: readonly Place[], at: number): number {
	if (!is(places[at + 1]?.token, "(") || is(places[at + 2]?.token, ")")) return 0;
	let count = 1;
	for (let next = at + 2; next < places.length; next += 1) {
		const place = places[next];
		if (place === undefined || place.depth <= (places[at + 1]?.depth ?? 0)) break;
		if (place.open === at + 1 && is(place.token, ",")) count += 1;
	}
	return count;
}
