// Hours of the day at which a skill has always failed: no episode, since that is what is usual of it.

import { logBetaBinomialTail } from "./tail.ts";
import type { History, RunSeries } from "./types.ts";

const hourSeconds = 3600;
/** Days that are looked at, the newest. */
const days = 14;
const leastDays = 3;
/** Of the days with runs at that hour, on so many it must fail. */
const leastShare = 0.6;
const leastFailures = 6;
/** How many times the share of the other hours. */
const leastFactor = 3;
/** The chance that one of a skill's hours stands out so, if all hours failed alike. */
const falseChance = 0.001;
/** More hours than these are not hours of the day any more. */
const mostHours = 6;

/** What fails every morning, as long as the history goes. */
export interface UsualHours {
	readonly skill: string;
	/** Of the day, UTC, in order. */
	readonly hours: readonly number[];
	/** Days on which it failed at one of them, and days on which it ran then. */
	readonly failedDays: number;
	readonly days: number;
	/** At these hours of those days, and the share that fails at other hours. */
	readonly failures: number;
	readonly runs: number;
	readonly restRate: number;
}

interface HourOfDay {
	readonly hour: number;
	runs: number;
	failures: number;
	readonly days: Set<number>;
	readonly failedDays: Set<number>;
}

/**
 * Each hour of the day is held against the other hours of the same days by a binomial tail, corrected for 24 hours.
 *
 * @returns undefined where no hour stands out
 */
export function usualHours({ now }: History, { skill, runs, failed }: RunSeries): UsualHours | undefined {
	const from = Math.floor(now / hourSeconds) - days * 24;
	const all: HourOfDay[] = Array.from({ length: 24 }, (_, hour) => ({
		hour,
		runs: 0,
		failures: 0,
		days: new Set(),
		failedDays: new Set(),
	}));
	for (const [hour, count] of runs.hours) {
		const of = all[((hour % 24) + 24) % 24];
		if (hour < from || count === 0 || of === undefined) continue;
		const failures = failed.hours.get(hour) ?? 0;
		of.runs += count;
		of.failures += failures;
		of.days.add(Math.floor(hour / 24));
		if (failures > 0) of.failedDays.add(Math.floor(hour / 24));
	}
	const total = sumOf(all);
	const found = all.filter((one) => standsOut(one, total));
	if (found.length === 0 || found.length > mostHours) return undefined;
	const those = sumOf(found);
	const failedDays = new Set(found.flatMap((one) => [...one.failedDays])).size;
	return {
		skill,
		hours: found.map(({ hour }) => hour),
		failedDays,
		days: new Set(found.flatMap((one) => [...one.days])).size,
		...those,
		restRate: (total.failures - those.failures) / Math.max(1, total.runs - those.runs),
	};
}

function sumOf(hours: readonly HourOfDay[]) {
	return {
		runs: hours.reduce((sum, { runs }) => sum + runs, 0),
		failures: hours.reduce((sum, { failures }) => sum + failures, 0),
	};
}

function standsOut(
	{ runs, failures, days, failedDays }: HourOfDay,
	total: { readonly runs: number; readonly failures: number },
): boolean {
	if (failures < leastFailures || failedDays.size < leastDays || failedDays.size < leastShare * days.size)
		return false;
	// One failure and one success more than seen, so that hours without any have a share.
	const rest = (total.failures - failures + 1) / (total.runs - runs + 2);
	if (failures / runs < leastFactor * rest) return false;
	return logBetaBinomialTail(failures, runs, rest, 0) < Math.log(falseChance / 24);
}
