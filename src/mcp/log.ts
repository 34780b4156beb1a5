// The server's log: one JSON object a line on stderr.

import { type Logger, pino } from "pino";
import type { LogLevel } from "../config/index.ts";
import type { RequestTrace } from "../source/index.ts";

export type { Logger };

/**
 * Never log the key or a row's content: only names, counts and times. Writes are synchronous, so that nothing is
 * lost when the process ends.
 */
export function createLogger(level: LogLevel): Logger {
	return pino(
		{
			level,
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
		},
		pino.destination({ fd: 2, sync: true }),
	);
}

/** One request to production, in the log's own names. */
export function requestFacts(trace: RequestTrace): Readonly<Record<string, string | number>> {
	const { route, sql, guardMs, roundTripMs, rows, bytes, failure } = trace;
	const tenths = (ms: number) => Math.round(10 * ms) / 10;
	return {
		request: route,
		...(sql === undefined ? {} : { sql }),
		...(guardMs === undefined ? {} : { guard_ms: tenths(guardMs) }),
		round_trip_ms: tenths(roundTripMs),
		...(rows === undefined ? {} : { rows }),
		...(bytes === undefined ? {} : { bytes }),
		...(failure === undefined ? {} : { failure }),
	};
}
