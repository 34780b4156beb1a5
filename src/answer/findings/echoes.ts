// A code that is another's echo: what a client reports of itself when the server refuses it.

import type { Echo, ErrorStats } from "../../production/index.ts";
import type { Show } from "./episode-words.ts";
import { logUnlikely } from "./unlikely.ts";

/** So much of a code follows the other. */
const mostShare = 0.6;
/** So many of its events, in so many sessions, are needed to say it. */
const enough = 8;
const enoughSessions = 4;
/** It is so much more often near than by chance. */
const above = 3;
/** ln of the chance below which it is told, of all codes. */
const unlikely = Math.log(1e-4);

/** By code, the one that it follows most. */
export function echoesOf({ echoes, codes }: Pick<ErrorStats, "echoes" | "codes">): ReadonlyMap<string, Echo> {
	const limit = unlikely - Math.log(Math.max(1, codes.length ** 2));
	const sure = echoes.filter((echo) => isSure(echo, limit));
	const found = new Map<string, Echo>();
	for (const echo of sure) if (!found.has(echo.code)) found.set(echo.code, echo);
	return found;
}

function isSure({ count, among, sessions, byChance }: Echo, limit: number): boolean {
	if (count < enough || sessions < enoughSessions || count < mostShare * among) return false;
	const twice = { of: 2 * among * byChance, among: 2 * among };
	return count >= above * byChance * among && logUnlikely(count, among, twice, count / sessions) < limit;
}

export function echoWords({ of, count, among }: Echo, show: Show): string {
	return `an echo of ${show(of)}: ${count} of its ${among} newest events came within 5 s after one, in the same session`;
}
