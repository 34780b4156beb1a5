// Codes whose events follow another's within seconds in the same session.

import type { Row } from "../../source/index.ts";

/** Of the newest events of a code, those that follow another code's; most tell neither provider nor status. */
export interface Echo {
	readonly code: string;
	readonly of: string;
	readonly count: number;
	readonly among: number;
	readonly sessions: number;
	/** The share of its events that have one of the other code as near by chance, 0 to 1. */
	readonly byChance: number;
}

export function readEchoes(rows: readonly Row[]): readonly Echo[] {
	return rows
		.filter(({ kind }) => kind === "echo")
		.map(({ d1, d2, n, m, g, sessions }) => ({
			code: String(d1 ?? ""),
			of: String(d2 ?? ""),
			count: Number(n),
			among: Number(g),
			sessions: Number(sessions),
			byChance: Number(m) / Math.max(1, 2 * Number(g)),
		}));
}
