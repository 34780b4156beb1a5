// The server's log: one JSON object a line on stderr, every text in it through the door.

import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import type { LogLevel } from "../config/index.ts";
import type { RequestTrace } from "../source/index.ts";
import { nothingPersonal, safeFacts } from "../text/index.ts";

/**
 * Never log the key or a row's content: only names, counts and times. It takes objects alone, and every text in them
 * passes the door.
 */
export class Logger {
	readonly #lines: PinoLogger;

	constructor(level: LogLevel, destination: DestinationStream) {
		this.#lines = pino(
			{
				level,
				base: null,
				timestamp: pino.stdTimeFunctions.isoTime,
				formatters: { level: (label) => ({ level: label }) },
			},
			destination,
		);
	}

	error(facts: object): void {
		this.#write("error", facts);
	}

	warn(facts: object): void {
		this.#write("warn", facts);
	}

	info(facts: object): void {
		this.#write("info", facts);
	}

	debug(facts: object): void {
		this.#write("debug", facts);
	}

	isLevelEnabled(level: LogLevel): boolean {
		return this.#lines.isLevelEnabled(level);
	}

	#write(level: LogLevel, facts: object): void {
		if (this.isLevelEnabled(level)) this.#lines[level](safeFacts(facts, nothingPersonal));
	}
}

/** @param destination written at once by default, so that nothing is lost when the process ends */
export function createLogger(
	level: LogLevel,
	destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
	return new Logger(level, destination);
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
