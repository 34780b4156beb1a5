// Reads the flags of `watch`.

import { nearest, quoteUntrusted } from "../text/index.ts";
import { type Alert, alerts, type Limit, readLimit } from "../watch/index.ts";
import { UsageError } from "./usage-error.ts";

export interface WatchFlags {
	readonly everyMs: number;
	/** One round, and an exit code. */
	readonly once: boolean;
	/** What makes the exit code 1. */
	readonly failOn: readonly Alert[];
	readonly limits: readonly Limit[];
	/** The program that is started for each alert. */
	readonly exec: string | undefined;
}

const minute = 60_000;
const unitMs = { m: minute, h: 60 * minute } as const;
const mostMs = 24 * 60 * minute;
/** Each is one more question in every round. */
const mostLimits = 10;

/** @throws {UsageError} */
export function readWatchFlags(values: {
	readonly every?: string | undefined;
	readonly once: boolean;
	readonly failOn?: string | undefined;
	readonly limits: readonly string[];
	readonly exec?: string | undefined;
}): WatchFlags {
	const { every, once, failOn, limits, exec } = values;
	if (once && every !== undefined) throw new UsageError("--once and --every exclude each other. See --help.");
	if (!once && failOn !== undefined) throw new UsageError("--fail-on belongs to --once. See --help.");
	if (limits.length > mostLimits)
		throw new UsageError(`--limit is given ${limits.length} times: at most ${mostLimits}. See --help.`);
	if (exec?.trim() === "") throw new UsageError("--exec is empty: it takes a program. See --help.");
	return {
		everyMs: every === undefined ? 5 * minute : readEvery(every),
		once,
		failOn: failOn === undefined ? ["limit"] : readFailOn(failOn),
		limits: limits.map(limitOf),
		exec,
	};
}

function readEvery(value: string): number {
	const [, count, unit] = /^(\d{1,4})([mh])$/.exec(value) ?? [];
	const ms = Number(count) * unitMs[unit === "h" ? "h" : "m"];
	if (count !== undefined && ms >= minute && ms <= mostMs) return ms;
	throw new UsageError(`--every is ${quoteUntrusted(value)}: it takes 1m to 24h, such as 5m. See --help.`);
}

function readFailOn(value: string): readonly Alert[] {
	return value.split(",").map((named) => {
		const alert = alerts.find((known) => known === named.trim());
		if (alert !== undefined) return alert;
		const near = nearest(named, alerts);
		throw new UsageError(
			`--fail-on ${quoteUntrusted(named)} is nothing that is told${near === undefined ? "" : ` (did you mean ${near}?)`}: ${alerts.join(", ")}. See --help.`,
		);
	});
}

function limitOf(written: string): Limit {
	const limit = readLimit(written);
	if (limit !== undefined) return limit;
	throw new UsageError(
		`--limit is ${quoteUntrusted(written)}: it takes '10/h', 'LLM_RATE_LIMITED 30/h' or 'skill email-draft 20%'. See --help.`,
	);
}
