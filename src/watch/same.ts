// Whether an episode is a trouble that is known already, although its edges and its part were estimated anew.

import type { Standing } from "./round.ts";
import type { KnownTrouble } from "./state.ts";

/** Edges that were estimated anew may lie so far apart, in seconds. */
const slack = 3600;

/** @returns the trouble that it is, and others that it joins: those of the same part and the nearest onset first */
export function sameTroubles(
	trouble: Standing,
	known: readonly KnownTrouble[],
	now: number,
): readonly KnownTrouble[] {
	const distance = (one: KnownTrouble) =>
		(one.names[0] === trouble.names[0] ? 0 : 2e9) +
		(one.parts.join() === trouble.parts.join() ? 0 : 1e9) +
		Math.abs(one.since - trouble.since);
	return known
		.filter((one) => isSame(trouble, one, now))
		.sort((first, second) => distance(first) - distance(second));
}

function isSame(trouble: Standing, known: KnownTrouble, now: number): boolean {
	if (trouble.of !== known.of || !trouble.names.some((name) => known.names.includes(name))) return false;
	const end = trouble.until ?? now;
	const knownEnd = Math.max(known.until ?? known.seenAt, known.since);
	if (trouble.since > knownEnd + slack || end < known.since - slack) return false;
	const isWhole = trouble.parts.length === 0 || known.parts.length === 0;
	return isWhole || trouble.parts.some((part) => known.parts.includes(part)) || beginTogether(trouble, known);
}

/** The same excess may be named by its provider first and by its skill later. */
function beginTogether(trouble: Standing, known: KnownTrouble): boolean {
	const overlap = trouble.between[0] <= known.between[1] && known.between[0] <= trouble.between[1];
	return overlap || Math.abs(trouble.since - known.since) <= slack;
}
