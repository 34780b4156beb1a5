// Reads and counts the user's own limits: events in a time, or the share of a skill's runs that fail.

import type { Services } from "../services.ts";
import type { LimitReading } from "./round.ts";

export type Limit = { readonly written: string; readonly hours: 1 | 24 } & (
	| { readonly of: "events"; readonly code: string | undefined; readonly most: number }
	| { readonly of: "failures"; readonly skill: string; readonly mostPercent: number }
);

/** A limit as it was counted, with the numbers. */
export interface CountedLimit extends LimitReading {
	/** Such as `LLM_RATE_LIMITED: 41 events in the last hour`. */
	readonly words: string;
	readonly facts: Readonly<Record<string, string | number>>;
}

/** Fewer runs have no share. */
const leastRuns = 5;

/** @returns undefined where it is none */
export function readLimit(written: string): Limit | undefined {
	const text = written.trim();
	const [, code, most, per] = /^(?:([A-Za-z0-9][\w.:-]{0,119})\s+)?(\d{1,9})\/([hd])$/.exec(text) ?? [];
	if (most !== undefined)
		return { written: text, hours: per === "d" ? 24 : 1, of: "events", code, most: Number(most) };
	const [, skill, percent, unit] =
		/^skill\s+([\w.-]{1,120})\s+(\d{1,3}(?:\.\d{1,2})?)\s?%(?:\/([hd]))?$/.exec(text) ?? [];
	if (skill === undefined || Number(percent) > 100) return undefined;
	return {
		written: text,
		hours: unit === "h" ? 1 : 24,
		of: "failures",
		skill,
		mostPercent: Number(percent),
	};
}

/** @throws what production throws */
export async function countLimit(
	{ production }: Pick<Services, "production">,
	limit: Limit,
	signal: AbortSignal,
): Promise<CountedLimit> {
	const { written, hours } = limit;
	const since = `${hours}h`;
	const time = hours === 1 ? "in the last hour" : `in the last ${hours} hours`;
	const base = { limit: written, seconds: hours * 3600 };
	if (limit.of === "events") {
		const { code, most } = limit;
		const { total } = await production.errorStats(
			{ since, limit: 1, ...(code === undefined ? {} : { error_code: [code] }) },
			signal,
		);
		return {
			...base,
			isExceeded: total > most,
			words: `${code ?? "all codes"}: ${total} ${total === 1 ? "event" : "events"} ${time}, limit ${most}`,
			facts: { count: total },
		};
	}
	const { skill, mostPercent } = limit;
	const { total } = await production.failedSkillRuns({ since, skill, limit: 1, correlate: false }, signal);
	const { failures, runs } = total;
	const percent = runs === 0 ? 0 : (100 * failures) / runs;
	return {
		...base,
		isExceeded: runs >= leastRuns && percent > mostPercent,
		words: `skill ${skill}: ${failures} of ${runs} runs failed ${time}, limit ${mostPercent} %`,
		facts: { count: failures, runs },
	};
}
