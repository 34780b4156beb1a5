// Asks production for the events of a code that a search has found several raising lines of.

import type { AskEvents } from "../codebase/index.ts";
import type { Services } from "../services.ts";
import { describeError } from "../text/index.ts";

/** The search has its answer without them, so they may take only so long. */
const timeoutMs = 5000;

/** @returns undefined without a key */
export function eventsOf({ config, production }: Services, errorCode: string): AskEvents | undefined {
	if (config.apiKey === undefined) return undefined;
	return async (signal) => {
		const ends = AbortSignal.timeout(timeoutMs);
		try {
			const { shapes, total, window } = await production.eventShapes(
				errorCode,
				AbortSignal.any([signal, ends]),
			);
			return { shapes, total, from: window.from, to: window.to };
		} catch (error) {
			signal.throwIfAborted();
			if (ends.aborted) return { none: "production did not answer within 5 s." };
			return { none: describeError(error) ?? "production could not be asked." };
		}
	};
}
