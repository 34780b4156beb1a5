import { type Logger, pino } from "pino";
import type { LogLevel } from "../config.ts";

export type { Logger };

/**
 * One JSON object a line on stderr. Never the key, never a row's content: callers log names, counts and times.
 * Written at once, so that nothing is lost when the process ends.
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
