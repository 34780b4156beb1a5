// Reads when: a duration back from now, or an instant, in the forms that mean one thing.

import { InvalidArgument, isoInstant, quoteUntrusted } from "../text/index.ts";

export const daySeconds = 86_400;

type Argument = "since" | "until" | "since_about" | "fixed_at";

/**
 * A duration back from now (`45m`, `24h`, `7d`, `2w`, `last 24 hours`), or an ISO 8601 instant with its zone.
 *
 * @param now epoch seconds
 * @returns epoch seconds
 * @throws {InvalidArgument}
 */
export function resolveInstant(argument: Argument, given: string, now: number): number {
	const value = given.trim().replace(/\s+/g, " ");
	if (value.toLowerCase() === "now") return now;
	const back = durationOf(value);
	if (back !== undefined) return Math.floor(now - back);
	const [, date = "", time, zone] = isoForm.exec(value) ?? [];
	if (date !== "" && zone === undefined && isDay(date)) {
		throw new InvalidArgument(
			argument,
			"the instant has no zone, so it could mean several.",
			"Add one: 2026-11-23T20:00:00Z.",
		);
	}
	const instant =
		date === "" || !isDay(date) ? Number.NaN : Date.parse(`${date}T${time ?? "00:00"}${zoneOf(zone ?? "")}`);
	if (!Number.isNaN(instant)) return Math.floor(instant / 1000);
	throw new InvalidArgument(argument, ...refusal(value, now));
}

/** RFC 3339's space for T, and ISO 8601's zone without minutes. A fraction of a second is not read. */
const isoForm =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i;

/** As JavaScript reads it: `+01` is `+01:00`. */
function zoneOf(zone: string): string {
	const [, hours, minutes = "00"] = /^([+-]\d\d):?(\d\d)?$/.exec(zone) ?? [];
	return hours === undefined ? "Z" : `${hours}:${minutes}`;
}

const unitSeconds: Readonly<Record<string, number>> = {
	s: 1,
	m: 60,
	h: 3600,
	d: daySeconds,
	w: 7 * daySeconds,
};
const unitNames = /^(?:s(?:ecs?|econds?)?|m(?:ins?|inutes?)?|h(?:rs?|ours?)?|d(?:ays?)?|w(?:ks?|eeks?)?)$/;

/** `24h`, `-24h`, `1h30m`, `24 hours`, `last 24 hours`, `past hour`, `7 days ago`. @returns seconds */
function durationOf(value: string): number | undefined {
	const [, before, amounts = ""] =
		/^(?:the )?(last |past |-)?(.{1,40}?)(?: ago)?$/.exec(value.toLowerCase()) ?? [];
	// `past hour` is an hour; `last day` and `last week` may be the calendar's.
	if (/^(?:hour|minute)$/.test(amounts) && before !== undefined) return unitSeconds[amounts.charAt(0)];
	if (!/^(?:\d{1,6}(?:\.\d{1,3})? ?[a-z]+ ?)+$/.test(amounts)) return undefined;
	let seconds = 0;
	for (const [, amount, name = ""] of amounts.matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/g)) {
		if (!unitNames.test(name)) return undefined;
		seconds += Number(amount) * (unitSeconds[name.charAt(0)] ?? 0);
	}
	return seconds;
}

/** The 30th of February is invalid, although JavaScript reads it as a day in March. */
function isDay(day: string): boolean {
	const midnight = new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

/** What is wrong, and what to give instead. */
function refusal(value: string, now: number): readonly [problem: string, next: string] {
	const day = Math.floor(now / daySeconds) * daySeconds;
	const several = `${quoteUntrusted(value, 40)} could mean several spans, since a day begins at another hour in every zone.`;
	switch (value.toLowerCase()) {
		case "yesterday":
			return [
				several,
				`In UTC it is since ${isoInstant(day - daySeconds)} until ${isoInstant(day)}; 24h is the last 24 hours.`,
			];
		case "today":
			return [several, `In UTC it begins at ${isoInstant(day)}; 24h is the last 24 hours.`];
	}
	const [, calendar] = /\b(day|week|month|quarter|year)s?\b/i.exec(value) ?? [];
	if (calendar !== undefined) {
		return [
			`${quoteUntrusted(value, 40)} could mean several spans.`,
			"Give days (7d, 30d), or ISO 8601 instants with their zone (2026-11-23T20:00:00Z).",
		];
	}
	return [
		"it is neither a duration nor an instant.",
		"Give a duration back from now (45m, 24h, 7d, 2w) or an ISO 8601 instant with its zone (2026-11-23T20:00:00Z).",
	];
}
