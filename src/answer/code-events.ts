// Asks production for the events of a code that a search has found several raising lines of.

import type { AskEvents } from "../codebase/index.ts";
import { asksProduction } from "../config/index.ts";
import type { Services } from "../services.ts";
import { carryMeter } from "../source/index.ts";
import { describeError } from "../text/index.ts";

/** The search has its answer without them, so they may take only so long. */
const timeoutMs = 5000;

/** @returns undefined where production may not be asked */
export function eventsOf({ config, production }: Services, errorCode: string): AskEvents | undefined {
	if (!asksProduction(config)) return undefined;
	return async (signal) => {
		const ends = AbortSignal.timeout(timeoutMs);
		const within = AbortSignal.any([signal, ends]);
		carryMeter(signal, within);
		try {
			const { shapes, total, window } = await production.eventShapes(errorCode, within);
			return { shapes, total, from: window.from, to: window.to };
		} catch (error) {
			signal.throwIfAborted();
			if (ends.aborted) return { none: "production did not answer within 5 s." };
			return { none: describeError(error) ?? "production could not be asked." };
		}
	};
}
